"""One annotation by its name, and annotations as the documents that the protocol gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from articles.annotations.models import Annotation
from articles.desk.models import Project, User
from articles.formats.shapes import AnnotationRecord
from articles.formats.web_annotation import Addresses, SourceText, annotation_document
from articles.intake.models import Revision
from articles.w3c.container_queries import Piece, readable_kept, readable_layers
from articles.w3c.documents import Json, kept_document, moment, with_rest
from articles.w3c.models import WebAnnotation


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands behind an IRI: an annotation of ours, what a program sent, or both of one."""

    annotation: Annotation | None
    web: WebAnnotation | None

    @property
    def name(self) -> str:
        """The last part of its IRI."""
        return self.web.name if self.web else str(self.annotation.pk if self.annotation else "")

    @property
    def is_gone(self) -> bool:
        """Whether it was deleted."""
        row = self.annotation or self.web
        return row is not None and row.deleted_at is not None


def find_entry(user: User, project: Project, name: str) -> Entry | None:
    """What has this name, deleted or not, if the user may read it. Up to four queries.

    An annotation of ours is found by its id, too, whatever another program called it.
    """
    web = WebAnnotation.objects.filter(project=project, name=name).first()
    if web is not None and web.annotation_id is None:
        kept = readable_kept(user, project).filter(pk=web.pk).select_related("made_by").first()
        return Entry(None, kept) if kept else None
    key = web.annotation_id if web else _uuid(name)
    rows = Annotation.objects.select_related(
        "label", "layer__project", "layer__annotator", "article", "web"
    )
    found = rows.filter(pk=key, layer__in=readable_layers(user, project)).first() if key else None
    return Entry(found, web_of(found)) if found else None


def web_of(annotation: Annotation) -> WebAnnotation | None:
    """What a program said of ``annotation`` besides, if it was fetched with it."""
    return getattr(annotation, "web", None)


def entries(piece: Piece) -> list[Entry]:
    """What is in a piece of a container, in its order."""
    ours = [Entry(one, web_of(one)) for one in piece.annotations]
    return ours + [Entry(None, one) for one in piece.kept]


def documents(found: Sequence[Entry], at: Addresses) -> list[Json]:
    """The documents of ``found``. One query, for the texts that they are on."""
    wanted = {one.annotation.revision_id for one in found if one.annotation}
    revisions = Revision.objects.without_original().in_bulk(wanted) if wanted else {}
    return [
        _on_text(one.annotation, one.web, revisions[one.annotation.revision_id], at)
        if one.annotation
        else _kept(one.web, at)
        for one in found
        if one.annotation or one.web
    ]


def _on_text(
    annotation: Annotation, web: WebAnnotation | None, revision: Revision, at: Addresses
) -> Json:
    source: SourceText = {
        "id": str(annotation.article_id),
        "text": revision.body,
        "language": annotation.article.language,
        "revision": revision.number,
        "sha256": bytes(revision.sha256).hex(),
    }
    record: AnnotationRecord = {
        "id": web.name if web else str(annotation.pk),
        "label": annotation.label.key,
        "start": annotation.start,
        "end": annotation.end,
        "quote": revision.body[annotation.start : annotation.end],
        "attributes": annotation.attributes,
        "annotator": annotation.layer.name,
        "layer": annotation.layer.name,
        "version": annotation.version,
        "created_at": moment(annotation.created_at),
        "updated_at": moment(annotation.updated_at),
        "origin": annotation.origin,
        "note": annotation.note,
        "unsure": annotation.unsure,
    }
    document = annotation_document(
        source,
        record,
        at,
        cached=f"{at.home}/api/v1/revisions/{revision.pk}/text",
        revised_at=moment(revision.created_at),
    )
    return with_rest(document, web.document if web else {})


def _kept(web: WebAnnotation | None, at: Addresses) -> Json:
    assert web is not None  # an entry has one of both
    return kept_document(
        web.document,
        name=web.name,
        at=at,
        maker=web.made_by.username,
        version=web.version,
        created=web.created_at,
        modified=web.updated_at,
    )


def _uuid(name: str) -> UUID | None:
    try:
        key = UUID(name)
    except ValueError:
        return None
    return key if str(key) == name else None
