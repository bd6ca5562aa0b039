"""What the API takes and gives about suggestions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, FiniteFloat, StrictInt

from articles.suggestions.models import Suggestion, SuggestionVerdict
from articles.suggestions.services import LONGEST_ORIGIN, MOST, GivenSuggestion
from newsdesk.api_shapes import CHOSEN_ID, Body, Listing, Name, Object, Words


class SuggestionIn(Body):
    """A label that a machine proposes for a span of the current text."""

    id: UUID | None = Field(None, description=CHOSEN_ID)
    label: Name = Field(description="A label's key.", examples=["claim"])
    start: StrictInt = Field(description="The first code point.", examples=[120])
    end: StrictInt = Field(description="The one after the last.", examples=[149])
    quote: Words = Field(description="The words there; they must be the text's.")
    score: FiniteFloat | None = Field(
        None, ge=0, le=1, strict=True, description="Its own opinion of it."
    )
    origin: Name = Field(
        max_length=LONGEST_ORIGIN, description="What proposes it.", examples=["spacy:claims-3"]
    )
    attributes: Object = {}

    def given(self, at: str = "") -> GivenSuggestion:
        return GivenSuggestion(**self.model_dump(), at=at)


class SuggestionsIn(Body):
    """Several at once: all are taken, or none."""

    items: list[SuggestionIn] = Field(min_length=1, max_length=MOST)


class SuggestionOut(BaseModel):
    id: UUID
    article: UUID
    revision: UUID
    label: str = Field(examples=["claim"])
    start: int
    end: int
    quote: str
    attributes: dict[str, Any]
    score: float | None
    origin: str = Field(examples=["spacy:claims-3"])
    decision: Literal["accept", "reject"] | None = Field(
        description="The caller's own; each annotator decides for themselves."
    )
    annotation: UUID | None = Field(description="What accepting it made, in the caller's layer.")
    created_at: datetime

    @classmethod
    def of(
        cls, row: Suggestion, quote: str, verdicts: Mapping[UUID, SuggestionVerdict]
    ) -> "SuggestionOut":
        """``row`` with its label fetched, and what the caller decided."""
        own = verdicts.get(row.pk)
        return cls.model_validate(
            {
                "id": row.pk,
                "article": row.article_id,
                "revision": row.revision_id,
                "label": row.label.key,
                "start": row.start,
                "end": row.end,
                "quote": quote,
                "attributes": row.attributes,
                "score": row.score,
                "origin": row.origin,
                "decision": own.decision if own else None,
                "annotation": own.annotation_id if own else None,
                "created_at": row.created_at,
            }
        )


class SuggestionsOut(BaseModel):
    """What was sent at once, in its order."""

    items: list[SuggestionOut]


class SuggestionVerdictIn(Body):
    """What the caller makes of it."""

    decision: SuggestionVerdict.Decision


Suggestions = Listing[SuggestionOut]
