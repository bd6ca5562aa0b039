"""Label spans, change what was labelled, and take it back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from articles.annotations import saving
from articles.annotations.errors import (
    AnnotationDeleted,
    ArticleNotOpen,
    DuplicateAnnotation,
    LabelUnknown,
    LayerClosed,
    NoFreeSlot,
    QuoteMismatch,
    RevisionNotCurrent,
    SpanEmpty,
    SpanOutOfRange,
)
from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.permissions import can_write
from articles.annotations.queries import link_rules
from articles.annotations.saving import NewAnnotation
from articles.annotations.writing import (
    check_version,
    drop_links,
    fitting,
    lease_end,
    locked,
    take_place,
    truth,
    write,
    writing,
)
from articles.desk.attributes import check_values, parse_schema
from articles.desk.events import Event
from articles.desk.models import LARGEST_INTEGER, Label, User
from articles.desk.permissions import can_annotate, role_in
from articles.desk.recording import Recording, recorded
from articles.intake.models import Article
from articles.text.canonical import text_hash
from newsdesk.errors import IdReused, Invalid, NotAllowed, refused_by
from newsdesk.live_announcing import announce
from newsdesk.live_wire import Change

#: Code points of a note.
LONGEST_NOTE = 2_000


def open_layer(*, actor: User, article: Article) -> Layer:
    """The actor's layer on ``article``, in a place of its own; made when there is none yet.

    A layer that was imported under their user name is theirs. One that lost its place gets a new
    one, if there is one. On the project's practice article it is for practice, and takes none.

    Raises:
        NotAllowed: unless the actor annotates in the project.
        ArticleNotOpen: if the article is not ready, and the layer would be new.
        NoFreeSlot: if the article has all its annotators; never one too many.
    """
    layer = Layer.objects.filter(article=article, annotator=actor).first()
    if layer is not None and layer.lapsed_at is None:
        return layer
    if not can_annotate(role_in(article.project, actor)):
        raise NotAllowed("Only annotators, reviewers and managers label articles.")
    if article.placement != Article.Placement.READY:
        raise ArticleNotOpen(f"This article is {article.placement}, not open for work.")
    with (
        refused_by(layer_slot_once_per_article=NoFreeSlot()),
        recorded(
            "layer.opened", actor=actor, project=article.project, article_id=article.pk
        ) as recording,
    ):
        # Whoever opens a layer holds the article: two cannot see the same place free.
        rows = Article.objects.select_for_update(of=["self"]).select_related("project")
        article = rows.get(pk=article.pk)
        layer = Layer.objects.filter(article=article, annotator=actor).first()
        if layer is not None and layer.lapsed_at is None:
            return layer
        if layer is None and article.project.practice_id == article.pk:
            return _practice(recording, article, actor)
        slot = take_place(recording, article)
        imported = Layer.objects.filter(article=article, name=actor.username).first()
        if imported is not None and imported.lapsed_at is None:
            return _adopt(recording, imported, actor, slot)
        if slot is None:
            raise NoFreeSlot()
        if layer is not None:
            return _back_in_place(recording, layer, slot)
        layer = Layer.objects.create(
            project=article.project,
            article=article,
            annotator=actor,
            name=actor.username,
            slot=slot,
            guidelines_version=article.project.guidelines_version,
            lease_expires_at=lease_end(article.project),
        )
        recording.made(layer)
    return layer


def _practice(recording: Recording, article: Article, actor: User) -> Layer:
    layer = Layer.objects.create(
        project=article.project,
        article=article,
        annotator=actor,
        name=actor.username,
        kind=Layer.Kind.PRACTICE,
        guidelines_version=article.project.guidelines_version,
    )
    recording.made(layer)
    return layer


def _back_in_place(recording: Recording, layer: Layer, slot: int) -> Layer:
    """Give a layer that lost its place a new one."""
    recording.touching(layer)
    layer.slot, layer.lapsed_at = slot, None
    layer.lease_expires_at = lease_end(layer.project)
    layer.save(update_fields=["slot", "lapsed_at", "lease_expires_at"])
    return layer


def _adopt(recording: Recording, layer: Layer, actor: User, slot: int | None) -> Layer:
    """Give a layer that came in under the actor's name, before they were a member, to them."""
    recording.touching(layer)
    layer.annotator = actor
    layer.slot = layer.slot or slot
    layer.save(update_fields=["annotator", "slot"])
    return layer


def create_annotation(
    *,
    actor: User,
    article: Article,
    label: Label,
    start: int,
    end: int,
    quote: str,
    chosen_id: UUID | None = None,
    revision_id: UUID | None = None,
    attributes: Mapping[str, Any] | None = None,
    origin: Annotation.Origin = Annotation.Origin.MANUAL,
) -> tuple[Annotation, bool]:
    """Label ``[start, end)`` in the actor's own layer; returns the annotation and whether it
    is new.

    ``quote`` is what the actor saw there, ``revision_id`` the text they saw it in. The same
    ``chosen_id`` with the same content again changes nothing.

    Raises:
        SpanEmpty, SpanOutOfRange, QuoteMismatch, LabelUnknown, AttributeInvalid: to be mended.
        DuplicateAnnotation, RevisionNotCurrent, LayerClosed, NoFreeSlot, IdReused: conflicts.
        NotAllowed: if the actor may not annotate here.
    """
    values = dict(attributes or {})
    _check_span(start, end)
    if revision_id not in (None, article.revision_id):
        raise RevisionNotCurrent()
    if label.project_id != article.project_id or label.kind != Label.Kind.SPAN:
        raise LabelUnknown()
    check_values(parse_schema(label.attributes), values)
    layer = open_layer(actor=actor, article=article)
    if not can_write(actor, role_in(article.project, actor), layer):
        raise NotAllowed("You no longer annotate in this project.")
    new = NewAnnotation(
        id=chosen_id,
        revision_id=article.revision_id,
        label_id=label.pk,
        start=start,
        end=end,
        quote=quote,
        attributes=values,
        origin=origin,
    )
    try:
        with truth(), transaction.atomic():
            row = saving.save(actor_id=actor.pk, layer_id=layer.pk, new=new)
            announce(Change(article.project_id, article.pk, layer.pk))
    except (DuplicateAnnotation, LayerClosed):
        there = _same_again(layer, new)
        if there is None:
            raise
        return there, False
    if row is None:
        there = _same_again(layer, new)
        if there is None:
            raise IdReused("This id already belongs to another annotation.")
        return there, False
    annotation = Annotation(
        id=row[0],
        project_id=article.project_id,
        article_id=article.pk,
        layer=layer,
        revision_id=new.revision_id,
        label=label,
        start=start,
        end=end,
        quote_sha256=text_hash(quote),
        attributes=values,
        origin=origin,
        created_at=row[1],
        updated_at=row[2],
    )
    annotation._state.adding = False
    return annotation, True


def change_annotation(
    *,
    actor: User,
    annotation: Annotation,
    version: int,
    label: Label | None = None,
    start: int | None = None,
    end: int | None = None,
    quote: str | None = None,
    attributes: Mapping[str, Any] | None = None,
    note: str | None = None,
    unsure: bool | None = None,
) -> Annotation:
    """Change the given parts of an annotation. Giving what it has already changes nothing.

    New edges need the ``quote`` between them. Another label drops the attributes that it does not
    know and the relations that it does not allow; undo brings them back.

    Raises:
        StaleVersion: if the annotation has moved on since ``version``.
        AnnotationDeleted: if it is deleted.
        NotAllowed, Invalid and the errors of ``create_annotation``.
    """
    with writing("annotation.changed", actor, annotation.layer) as (recording, _layer):
        annotation = locked(annotation)
        if annotation.deleted_at is not None:
            raise AnnotationDeleted()
        check_version(annotation, version)
        wanted: dict[str, Any] = {}
        if label is not None and label.pk != annotation.label_id:
            if label.project_id != annotation.project_id or label.kind != Label.Kind.SPAN:
                raise LabelUnknown()
            wanted["label"] = label
        schema = parse_schema((label or annotation.label).attributes)
        if attributes is not None:
            check_values(schema, attributes)
            wanted["attributes"] = dict(attributes)
        elif "label" in wanted:
            wanted["attributes"] = fitting(schema, annotation.attributes)
        if start is not None or end is not None:
            wanted |= _new_edges(annotation, start, end, quote)
        if note is not None:
            if len(note) > LONGEST_NOTE:
                raise Invalid(f"A note may have {LONGEST_NOTE:,} characters.", field="note")
            wanted["note"] = note.strip()
        if unsure is not None:
            wanted["unsure"] = unsure
        changed = {key: value for key, value in wanted.items() if getattr(annotation, key) != value}
        # The links go first and so, when this is undone, come back last: onto ends that fit again.
        if "label" in changed:
            _drop_unfitting_links(recording, annotation, changed["label"])
        if changed:
            recording.touching(annotation)
            write(annotation, **changed)
    return annotation


def delete_annotation(*, actor: User, annotation: Annotation, version: int) -> Annotation:
    """Take an annotation and its relations back; history keeps them, and undo restores both.

    Deleting twice is not an error: the second call changes nothing and appends nothing.

    Raises:
        StaleVersion: if it has moved on since ``version``.
        NotAllowed, LayerClosed: if the layer is not the actor's, or is submitted.
    """
    with writing("annotation.deleted", actor, annotation.layer) as (recording, _layer):
        annotation = locked(annotation)
        if annotation.deleted_at is not None:
            return annotation
        check_version(annotation, version)
        drop_links(recording, Relation.objects.ending_at(annotation))
        recording.touching(annotation)
        write(annotation, deleted_at=timezone.now())
    return annotation


def restore_annotation(*, actor: User, annotation: Annotation, version: int) -> Annotation:
    """Bring a deleted annotation back, without the relations that went with it.

    Raises:
        StaleVersion: if it has moved on since ``version``.
        DuplicateAnnotation: if another one stands in its place by now.
        NotAllowed, LayerClosed: if the layer is not the actor's, or is submitted.
    """
    with writing("annotation.restored", actor, annotation.layer) as (recording, _layer):
        annotation = locked(annotation)
        if annotation.deleted_at is None:
            return annotation
        check_version(annotation, version)
        recording.touching(annotation)
        write(annotation, deleted_at=None)
    return annotation


def _check_span(start: int, end: int) -> None:
    if start >= end or start < 0:
        raise SpanEmpty()
    if end > LARGEST_INTEGER:
        raise SpanOutOfRange()


def _new_edges(
    annotation: Annotation, start: int | None, end: int | None, quote: str | None
) -> dict[str, Any]:
    start = annotation.start if start is None else start
    end = annotation.end if end is None else end
    _check_span(start, end)
    if (start, end) == (annotation.start, annotation.end):
        return {}
    if quote is None:
        raise QuoteMismatch("New edges need the words between them as quote.")
    return {"start": start, "end": end, "quote_sha256": text_hash(quote)}


def _drop_unfitting_links(recording: Recording, annotation: Annotation, label: Label) -> None:
    """Delete the relations that may not join ``annotation`` once it carries ``label``."""
    rules = link_rules(annotation.project_id)

    def label_at(end: Annotation) -> UUID:
        return label.pk if end == annotation else end.label_id

    links = Relation.objects.live().ending_at(annotation).select_related("source", "target")
    unfitting = [
        link.pk
        for link in links
        if not rules.allow(
            link.label_id, label_at(link.source), label_at(link.target) if link.target else None
        )
    ]
    drop_links(recording, Relation.objects.filter(pk__in=unfitting))


def _same_again(layer: Layer, new: NewAnnotation) -> Annotation | None:
    """The annotation with this id if a repeated request made it: same layer, label and span.

    Compared with what was first written, which the event keeps, because it may have changed since.
    """
    if new.id is None:
        return None
    there = Annotation.objects.select_related("label", "layer").filter(pk=new.id).first()
    if there is None or there.layer_id != layer.pk:
        return None
    first = Event.objects.filter(
        layer_id=layer.pk, kind="annotation.created", changes__0__id=str(new.id)
    ).first()
    written = first.changes[0]["after"] if first else {}
    same = (
        written.get("start") == new.start
        and written.get("end") == new.end
        and written.get("label_id") == str(new.label_id)
        and written.get("attributes") == new.attributes
    )
    return there if same else None
