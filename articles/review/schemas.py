"""What the API takes and gives about articles, with where they stand and the work on them."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from articles.annotations.models import Layer
from articles.annotations.schemas import annotator_of
from articles.intake.models import Article, Block, Revision
from articles.review.listing import ArticleFilters, ArticleRow
from newsdesk.api_shapes import Asked, Listing, Moment, Paging

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

Status = Literal[
    "imported", "ready", "annotating", "awaiting_review", "in_review", "adjudicated",
    "released", "parked", "excluded",
]  # fmt: skip
BlockKind = Literal[
    "headline", "standfirst", "byline", "dateline", "paragraph",
    "list_item", "block_quote", "caption", "credit", "boilerplate",
]  # fmt: skip


class ArticleChoice(Asked):
    """Which articles, wherever some of a project's are asked for."""

    status: Status | None = Field(None, examples=["adjudicated"])
    label: str = Field(
        "", description="A label's key: articles with an annotation of it.", examples=["claim"]
    )
    updated_since: Moment | None = Field(
        None,
        description="Articles that changed then or later, or work on them did.",
        examples=["2026-11-21T00:00:00Z"],
    )

    def filters(self) -> ArticleFilters:
        return ArticleFilters(
            status=self.status or "", label=self.label, updated_since=self.updated_since
        )


class ArticleQuery(ArticleChoice, Paging):
    """Which articles to list."""

    q: str = Field("", description="Words of the text, title, byline, publisher or external id.")
    annotator: str = Field("", description="A user name: articles that this person works on.")
    language: str = Field("", description="BCP 47, exactly.")
    publisher: str = Field("", description="Exactly.")

    def filters(self) -> ArticleFilters:
        return replace(
            super().filters(),
            q=self.q,
            annotator=self.annotator,
            language=self.language,
            publisher=self.publisher,
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
    story: str = Field(description="A name that articles about the same event share.")
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
            "story": row.story,
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
                "annotator": annotator_of(layer),
                "annotation_count": layer.annotation_count,
                "relation_count": layer.relation_count,
                "submitted_at": layer.submitted_at,
            }
        )


Articles = Listing[ArticleOut]
