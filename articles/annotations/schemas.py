"""What the API takes and gives about articles with their work, annotations and relations."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt

from articles.annotations.listing import ArticleFilters, ArticleRow
from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.relation_services import LONGEST_NAME
from articles.annotations.services import LONGEST_NOTE
from articles.intake.models import Article, Block, Revision
from newsdesk.api_shapes import CHOSEN_ID, Body, Listing, Name, Object, Paging, Words, optional

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

Status = Literal["imported", "ready", "annotating", "awaiting_review", "parked", "excluded"]
BlockKind = Literal[
    "headline", "standfirst", "byline", "dateline", "paragraph",
    "list_item", "block_quote", "caption", "credit", "boilerplate",
]  # fmt: skip


class ArticleQuery(Paging):
    """Which articles to list."""

    q: str = Field("", description="Words of the text, title, byline, publisher or external id.")
    status: Status | None = None
    label: str = Field("", description="A label's key: articles with an annotation of it.")
    annotator: str = Field("", description="A user name: articles that this person works on.")
    language: str = Field("", description="BCP 47, exactly.")
    publisher: str = Field("", description="Exactly.")
    updated_since: AwareDatetime | None = Field(
        None, description="Articles that changed then or later, or work on them did."
    )

    def filters(self) -> ArticleFilters:
        return ArticleFilters(
            q=self.q,
            status=self.status or "",
            label=self.label,
            annotator=self.annotator,
            language=self.language,
            publisher=self.publisher,
            updated_since=self.updated_since,
        )


class RevisionOut(BaseModel):
    id: UUID
    number: int = Field(description="Counts from 1.")
    sha256: str = Field(description="Of the text in UTF-8, in hexadecimal.")
    length: int = Field(description="Code points.")

    @classmethod
    def of(cls, revision: Revision) -> "RevisionOut":
        return cls.model_validate(
            {
                "id": revision.pk,
                "number": revision.number,
                "sha256": bytes(revision.sha256).hex(),
                "length": revision.length,
            }
        )


class BlockOut(BaseModel):
    """A part of the text; the blocks of a revision cover it without gap or overlap."""

    id: UUID
    kind: BlockKind
    start: int
    end: int

    @classmethod
    def of(cls, block: Block) -> "BlockOut":
        return cls.model_validate(
            {"id": block.pk, "kind": block.kind, "start": block.start, "end": block.end}
        )


class ArticleOut(BaseModel):
    id: UUID
    project: str = Field(description="The project's slug.")
    title: str
    url: str | None
    byline: str
    publisher: str
    published_at: datetime | None
    language: str
    external_id: str | None
    metadata: dict[str, Any]
    status: Status
    revision: RevisionOut
    annotators: list[str] = Field(description="User names of those who work on it.")
    annotation_count: int = Field(description="Of the annotations that you may see.")
    version: int
    created_at: datetime
    updated_at: datetime = Field(description="When it, or any work on it, last changed.")

    @classmethod
    def values_of(cls, row: "WithAnnotations[Article, ArticleRow]", slug: str) -> dict[str, Any]:
        """The fields for a listed article, with its revision fetched."""
        return {
            "id": row.pk,
            "project": slug,
            "title": row.title,
            "url": row.url,
            "byline": row.byline,
            "publisher": row.publisher,
            "published_at": row.published_at,
            "language": row.language,
            "external_id": row.external_id,
            "metadata": row.metadata,
            "status": row.status,
            "revision": RevisionOut.of(row.revision),
            "annotators": row.annotator_names,
            "annotation_count": row.note_count,
            "version": row.version,
            "created_at": row.created_at,
            "updated_at": row.touched_at,
        }


class ArticleDetail(ArticleOut):
    blocks: list[BlockOut] = Field(description="In the order of the text.")


class LayerQuery(Paging):
    """Whose work to list."""

    layer: Name = Field("all", description="`mine`, `gold`, a user name, or `all` you may see.")


class AnnotationIn(Body):
    """A label on a span, for your own layer."""

    id: UUID | None = Field(None, description=CHOSEN_ID)
    label: Name = Field(description="A label's key.", examples=["quote"])
    start: StrictInt = Field(description="The first code point.", examples=[120])
    end: StrictInt = Field(description="The one after the last.", examples=[149])
    quote: str = Field(description="The words there; they must be the text's.")
    attributes: Object = Field({}, examples=[{"form": "direct"}])
    revision: UUID | None = Field(None, description="The text that you saw; else the current one.")


class AnnotationPatch(Body):
    """What to change. New edges need the `quote` between them."""

    label: Name = optional(description="A label's key.", examples=["claim"])
    start: StrictInt = optional()
    end: StrictInt = optional()
    quote: str = optional()
    attributes: Object = optional(description="All of them; replaces what there was.")
    note: Words = optional(max_length=LONGEST_NOTE)
    unsure: StrictBool = optional()


class AnnotationOut(BaseModel):
    id: UUID
    article: UUID
    revision: UUID
    layer: str
    annotator: str | None = Field(description="A user name; null if an import knew nobody by it.")
    label: str = Field(examples=["quote"])
    start: int
    end: int
    quote: str
    attributes: dict[str, Any]
    note: str
    unsure: bool
    origin: Literal["manual", "import", "suggestion", "adjudication"]
    version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None

    @classmethod
    def of(cls, annotation: Annotation, quote: str) -> "AnnotationOut":
        """``annotation`` with its label, layer and annotator fetched."""
        return cls.model_validate(
            {
                "id": annotation.pk,
                "article": annotation.article_id,
                "revision": annotation.revision_id,
                "layer": annotation.layer.name,
                "annotator": _annotator(annotation.layer),
                "label": annotation.label.key,
                "start": annotation.start,
                "end": annotation.end,
                "quote": quote,
                "attributes": annotation.attributes,
                "note": annotation.note,
                "unsure": annotation.unsure,
                "origin": annotation.origin,
                "version": annotation.version,
                "created_at": annotation.created_at,
                "updated_at": annotation.updated_at,
                "deleted_at": annotation.deleted_at,
            }
        )


class RelationIn(Body):
    """A link from one of your annotations to another, or to a name that the text does not give."""

    model_config = ConfigDict(populate_by_name=True)

    id: UUID | None = Field(None, description=CHOSEN_ID)
    type: Name = Field(description="A relation label's key.", examples=["attributed_to"])
    from_: UUID = Field(alias="from", description="An annotation, such as a quote.")
    to: UUID | None = Field(None, description="An annotation, such as its source.")
    to_name: Words = Field("", max_length=LONGEST_NAME, description="In place of `to`.")


class RelationOut(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    id: UUID
    article: UUID
    layer: str
    annotator: str | None
    type: str = Field(examples=["attributed_to"])
    from_: UUID = Field(alias="from")
    to: UUID | None
    to_name: str = Field(description="Empty if `to` is an annotation.")
    version: int
    created_at: datetime
    deleted_at: datetime | None

    @classmethod
    def of(cls, relation: Relation) -> "RelationOut":
        """``relation`` with its label, layer and annotator fetched."""
        return cls.model_validate(
            {
                "id": relation.pk,
                "article": relation.article_id,
                "layer": relation.layer.name,
                "annotator": _annotator(relation.layer),
                "type": relation.label.key,
                "from": relation.source_id,
                "to": relation.target_id,
                "to_name": relation.target_name,
                "version": relation.version,
                "created_at": relation.created_at,
                "deleted_at": relation.deleted_at,
            }
        )


class SubmissionOut(BaseModel):
    """A layer that was handed in."""

    article: UUID
    layer: str
    annotator: str | None
    annotation_count: int
    relation_count: int
    submitted_at: datetime | None

    @classmethod
    def of(cls, layer: Layer) -> "SubmissionOut":
        """``layer`` with its annotator fetched."""
        return cls.model_validate(
            {
                "article": layer.article_id,
                "layer": layer.name,
                "annotator": _annotator(layer),
                "annotation_count": layer.annotation_count,
                "relation_count": layer.relation_count,
                "submitted_at": layer.submitted_at,
            }
        )


def _annotator(layer: Layer) -> str | None:
    return layer.annotator.username if layer.annotator else None


Articles = Listing[ArticleOut]
Annotations = Listing[AnnotationOut]
Relations = Listing[RelationOut]
