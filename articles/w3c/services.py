"""Take what other programs say by the Web Annotation Protocol, change it, and take it back.

What is said of a text of ours becomes an annotation in the caller's own layer, by the rules that
hold for everybody; beside it is kept what our tables have no place for. What is said of something
else is kept as it came, and belongs to whoever sent it.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from articles.annotations.errors import DuplicateAnnotation
from articles.annotations.models import Annotation
from articles.annotations.services import (
    change_annotation,
    create_annotation,
    delete_annotation,
)
from articles.desk.models import Project, User
from articles.desk.permissions import can_annotate, role_in
from articles.desk.recording import recorded
from articles.w3c.errors import AnnotationThere, CanonicalKept, NameTaken, StaysInItsText
from articles.w3c.models import WebAnnotation
from articles.w3c.queries import Entry
from articles.w3c.received import Json, Received
from articles.w3c.target_queries import Meant
from newsdesk.errors import NotAllowed, StaleVersion, refused_by

#: What a program may call its annotation. What looks like an id of ours is none of its names.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,99}")
LIKE_AN_ID = re.compile(r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?.*")


@transaction.atomic
def add_entry(
    *, actor: User, project: Project, received: Received, meant: Meant | None, slug: str = ""
) -> Entry:
    """Keep what was sent, as a label on a text of ours if it is ``meant`` so.

    ``slug`` is the name that it asks for; it gets another one if that cannot be.

    Raises:
        AnnotationThere: if the actor has labelled this span so; it is not made twice.
        NotAllowed, LayerClosed, NoFreeSlot, Invalid: as for any annotation.
    """
    name = _free(project, slug)
    if meant is None:
        return Entry(None, _keep(actor, project, name, received.document))
    annotation = _label(actor, meant)
    if not (name or meant.rest):
        return Entry(annotation, None)
    return Entry(annotation, _keep(actor, project, name, meant.rest, annotation))


@transaction.atomic
def change_entry(*, actor: User, entry: Entry, received: Received, meant: Meant | None) -> Entry:
    """Put what was sent in the place of what ``entry``, as the actor saw it, says.

    The canonical IRI stays when it is left out.

    Raises:
        StaleVersion: if it has moved on since ``entry`` was read.
        StaysInItsText: if it is about another text now.
        CanonicalKept: if it has another canonical IRI.
        NotAllowed, LayerClosed, Invalid: as for any annotation.
    """
    annotation, web = entry.annotation, entry.web
    if (meant.article.pk if meant else None) != (annotation.article_id if annotation else None):
        raise StaysInItsText()
    wanted = _with_canonical(web, meant.rest if meant else received.document)
    if annotation is not None and meant is not None:
        try:
            annotation = change_annotation(
                actor=actor,
                annotation=annotation,
                version=annotation.version,
                label=meant.label,
                start=meant.span.start,
                end=meant.span.end,
                quote=meant.quote,
                attributes=meant.attributes,
                note=meant.note,
            )
        except DuplicateAnnotation:
            raise _there(actor, meant) from None
        _check_beside(annotation, web)
        if web is None and wanted:
            web = _keep(actor, annotation.project, "", wanted, annotation)
            return Entry(annotation, web)
    return Entry(annotation, _rewritten(actor, web, wanted) if web else None)


@transaction.atomic
def delete_entry(*, actor: User, entry: Entry) -> None:
    """Take back what ``entry``, as the actor saw it, says; its name is not given again.

    Raises:
        StaleVersion: if it has moved on since ``entry`` was read.
        NotAllowed, LayerClosed: as for any annotation.
    """
    if entry.annotation is not None:
        version = entry.annotation.version
        delete_annotation(actor=actor, annotation=entry.annotation, version=version)
        _check_beside(entry.annotation, entry.web)
    elif entry.web is not None:
        _require_maker(actor, entry.web)
        with recorded("web.deleted", actor=actor, project=entry.web.project) as recording:
            web = _locked(entry.web)
            recording.touching(web)
            web.deleted_at = timezone.now()
            _save(web, "deleted_at")


def _label(actor: User, meant: Meant) -> Annotation:
    try:
        annotation, _ = create_annotation(
            actor=actor,
            article=meant.article,
            label=meant.label,
            start=meant.span.start,
            end=meant.span.end,
            quote=meant.quote,
            attributes=meant.attributes,
        )
    except DuplicateAnnotation:
        raise _there(actor, meant) from None
    if not meant.note:
        return annotation
    return change_annotation(
        actor=actor, annotation=annotation, version=annotation.version, note=meant.note
    )


def _there(actor: User, meant: Meant) -> DuplicateAnnotation:
    """The refusal that says which annotation of the actor's is like ``meant``."""
    same = Annotation.objects.live().filter(
        article=meant.article,
        layer__annotator=actor,
        label=meant.label,
        start=meant.span.start,
        end=meant.span.end,
    )
    found = same.values_list("pk", "web__name").first()
    if found is None:  # it was deleted just now
        return DuplicateAnnotation()
    key, name = found
    return AnnotationThere(name or str(key))


def _keep(
    actor: User,
    project: Project,
    name: str,
    document: Mapping[str, Any],
    annotation: Annotation | None = None,
) -> WebAnnotation:
    if not can_annotate(role_in(project, actor)):
        raise NotAllowed("Only annotators, reviewers and managers annotate here.")
    place: dict[str, Any] = {}
    if annotation is not None:
        place = {"article_id": annotation.article_id, "layer_id": annotation.layer_id}
    with (
        refused_by(web_annotation_name_once=NameTaken()),
        recorded("web.kept", actor=actor, project=project, **place) as recording,
    ):
        web = WebAnnotation.objects.create(
            project=project,
            name=name or str(annotation.pk if annotation else uuid4()),
            layer=annotation.layer if annotation else None,
            annotation=annotation,
            document=dict(document),
            made_by=actor,
        )
        recording.made(web)
    return web


def _rewritten(actor: User, seen: WebAnnotation, document: Json) -> WebAnnotation:
    if seen.annotation_id is None:
        _require_maker(actor, seen)
    place: dict[str, Any] = {}
    if seen.annotation is not None:
        place = {"article_id": seen.annotation.article_id, "layer_id": seen.layer_id}
    with recorded("web.changed", actor=actor, project=seen.project, **place) as recording:
        web = _locked(seen)
        if web.document != document:
            recording.touching(web)
            web.document = document
            _save(web, "document")
    return web


def _check_beside(annotation: Annotation, seen: WebAnnotation | None) -> None:
    """Refuse to go on if what is kept beside an annotation, which is locked, is not as ``seen``.

    Raises:
        StaleVersion: if somebody added to it, or changed it.
    """
    if seen is not None:
        _locked(seen)
    elif WebAnnotation.objects.filter(annotation=annotation).exists():
        raise StaleVersion()


def _locked(seen: WebAnnotation) -> WebAnnotation:
    """The row as it stands now, locked.

    Raises:
        StaleVersion: if that is not as it was ``seen``.
    """
    rows = WebAnnotation.objects.select_for_update(of=["self"]).select_related("made_by")
    web = rows.get(pk=seen.pk)
    if web.version != seen.version:
        raise StaleVersion()
    return web


def _save(web: WebAnnotation, *fields: str) -> None:
    web.version += 1
    web.updated_at = timezone.now()
    web.save(update_fields=[*fields, "version", "updated_at"])


def _require_maker(actor: User, web: WebAnnotation) -> None:
    """Refuse whoever did not send it, or annotates here no more.

    Raises:
        NotAllowed: in words.
    """
    if web.made_by_id != actor.pk or not can_annotate(role_in(web.project, actor)):
        raise NotAllowed("Only whoever sent an annotation changes it.")


def _free(project: Project, slug: str) -> str:
    """``slug`` if it can be a name here, and never was one; else nothing."""
    if not NAME.fullmatch(slug) or LIKE_AN_ID.fullmatch(slug):
        return ""
    taken = WebAnnotation.objects.filter(project=project, name=slug).exists()
    return "" if taken else slug


def _with_canonical(web: WebAnnotation | None, wanted: Json) -> Json:
    """``wanted`` with the canonical IRI that ``web`` has.

    Raises:
        CanonicalKept: if it has another one.
    """
    standing = web.document.get("canonical") if web else None
    if standing is None:
        return wanted
    if wanted.get("canonical", standing) != standing:
        raise CanonicalKept()
    return {**wanted, "canonical": standing}
