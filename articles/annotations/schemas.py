"""What the API takes and gives about annotations and relations."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.relation_services import LONGEST_NAME
from articles.annotations.services import LONGEST_NOTE
from newsdesk.api_shapes import CHOSEN_ID, Body, Listing, Name, Object, Paging, Words, optional

if TYPE_CHECKING:
    pass


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
                "annotator": annotator_of(annotation.layer),
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
                "annotator": annotator_of(relation.layer),
                "type": relation.label.key,
                "from": relation.source_id,
                "to": relation.target_id,
                "to_name": relation.target_name,
                "version": relation.version,
                "created_at": relation.created_at,
                "deleted_at": relation.deleted_at,
            }
        )


def annotator_of(layer: Layer) -> str | None:
    return layer.annotator.username if layer.annotator else None


Annotations = Listing[AnnotationOut]
Relations = Listing[RelationOut]
