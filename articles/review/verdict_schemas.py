"""What the API takes and gives about decisions, verdicts and adjudication."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt

from articles.review.models import Decision, Verdict
from newsdesk.api_shapes import CHOSEN_ID, Body, Listing, Name, Object, Paging, optional

Ruling = Literal["accept", "fix", "reject"]
Reason = Literal["guideline_gap", "ambiguous", "slip", "wrong_label", "edge_habit"]
Kind = Literal["unanimous", "boundary", "label", "missing", "relation"]


class DecisionQuery(Paging):
    """Which decisions to list."""

    state: Literal["open", "decided"] | None = Field(
        None, description="`open`: without a verdict, or with one that must be confirmed."
    )


class VariantOut(BaseModel):
    """One answer that can be accepted, with who gave it."""

    number: int = Field(description="Counts from 1; the first is proposed.")
    label: str = Field(description="A label's key.", examples=["quote"])
    start: int
    end: int
    attributes: dict[str, Any]
    annotations: list[UUID] = Field(description="Or relations, that say exactly this.")
    layers: list[str] = Field(description="Whose they are.")
    source: UUID | None = Field(description="Of a link: the decision at its source.")
    target: UUID | None = Field(description="Of a link: the decision at its target.")
    target_name: str = Field(description="Of a link to what the text does not name.")


class VerdictOut(BaseModel):
    """What a reviewer ruled. Where the decision is `reject`, nothing belongs here."""

    id: UUID
    decision: Ruling
    variant: int | None = Field(description="Which one was accepted; counts from 1.")
    label: str | None
    start: int | None
    end: int | None
    attributes: dict[str, Any]
    reason: Reason | None
    reviewer: str = Field(description="A user name.")
    created_at: datetime

    @classmethod
    def of(cls, verdict: Verdict) -> "VerdictOut":
        """``verdict`` with its label and reviewer fetched."""
        return cls.model_validate(
            {
                "id": verdict.pk,
                "decision": verdict.ruling,
                "variant": verdict.variant,
                "label": verdict.label.key if verdict.label else None,
                "start": verdict.start,
                "end": verdict.end,
                "attributes": verdict.attributes,
                "reason": verdict.reason or None,
                "reviewer": verdict.reviewer.username,
                "created_at": verdict.created_at,
            }
        )


class DecisionOut(BaseModel):
    """One place on which reviewers rule, in reading order."""

    id: UUID
    article: UUID
    kind: Kind
    start: int = Field(description="Of all variants together.")
    end: int
    variants: list[VariantOut]
    sampled: bool = Field(description="Unanimous, but to be looked at anyway.")
    unsure: bool = Field(description="One of the annotators doubted.")
    changed: bool = Field(description="The work changed under the verdict: to be confirmed.")
    verdict: VerdictOut | None
    version: int

    @classmethod
    def of(
        cls,
        decision: Decision,
        verdict: Verdict | None,
        labels: Mapping[str, str],
        layers: Mapping[int, str],
    ) -> "DecisionOut":
        """``labels`` are keys by id, ``layers`` names by id."""
        variants = [
            {
                **{key: one[key] for key in ("start", "end", "attributes", "source", "target")},
                "number": number,
                "label": labels[one["label"]],
                "annotations": one["members"],
                "layers": [layers[layer] for layer in one["layers"]],
                "target_name": one["target_name"],
            }
            for number, one in enumerate(decision.variants, 1)
        ]
        return cls.model_validate(
            {
                "id": decision.pk,
                "article": decision.article_id,
                "kind": decision.kind,
                "start": decision.start,
                "end": decision.end,
                "variants": variants,
                "sampled": decision.is_sampled,
                "unsure": decision.is_unsure,
                "changed": decision.changed_at is not None,
                "verdict": VerdictOut.of(verdict) if verdict else None,
                "version": decision.version,
            }
        )


class VerdictIn(Body):
    """A ruling. What a `fix` leaves out stays as it is in the variant."""

    id: UUID | None = Field(None, description=CHOSEN_ID)
    decision: Ruling
    variant: StrictInt = Field(1, description="Which one to accept or to fix; counts from 1.")
    start: StrictInt = optional(description="Of a fix: the first code point.")
    end: StrictInt = optional(description="Of a fix: the one after the last.")
    quote: str = optional(description="The words there; if given, they must be the text's.")
    label: Name = optional(description="Of a fix: a label's key.")
    attributes: Object = optional(description="Of a fix: all of them.")
    reason: Reason | None = None


class AdjudicationOut(BaseModel):
    """A review that is closed, and the gold layer that it wrote."""

    article: UUID
    status: Literal["adjudicated"]
    annotation_count: int
    relation_count: int
    left_out: int = Field(description="Links that were kept, but whose ends were not.")
    adjudicated_at: datetime


Decisions = Listing[DecisionOut]
