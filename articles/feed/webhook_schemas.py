"""What the API takes and gives of webhooks."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool

from articles.feed.models import Delivery, Webhook
from articles.feed.posting import LONGEST_ADDRESS
from articles.feed.schemas import CURSOR
from newsdesk.api_shapes import CHOSEN_ID, Body, Listing, Words, optional

Kind = Literal["article", "layer", "annotation", "relation", "label", "snapshot"]

ADDRESS = "https://data.example.org/newsdesk"
WANTED = "What it is told of; empty for everything. That an article must go is always told."


class WebhookIn(Body):
    """An address to tell of what changes from now on."""

    id: UUID | None = Field(None, description=CHOSEN_ID)
    url: Words = Field(max_length=LONGEST_ADDRESS, description="Public, https.", examples=[ADDRESS])
    kinds: list[Kind] = Field([], max_length=6, description=WANTED)


class WebhookPatch(Body):
    url: Words = optional(max_length=LONGEST_ADDRESS, examples=[ADDRESS])
    kinds: list[Kind] = optional(max_length=6, description=WANTED)
    enabled: StrictBool = optional(description="Switched on again, it goes on where it stopped.")


class ReplayIn(Body):
    """What to send again: the events behind `after`, up to `until`."""

    after: str | None = Field(
        None, max_length=60, description="Without one, from the very beginning.", examples=[CURSOR]
    )
    until: str | None = Field(
        None, max_length=60, description="Without one, up to where the webhook has come."
    )


class WebhookOut(BaseModel):
    id: UUID
    project: str = Field(description="The project's slug.")
    url: str
    kinds: list[Kind]
    enabled: bool
    reason: str = Field(description="Why it is switched off.")
    cursor: str | None = Field(description="Where it has come to in the feed.", examples=[CURSOR])
    failures: int = Field(description="In a row.")
    version: int
    created_at: datetime
    secret: str | None = Field(
        None, description="Shown when it is made or renewed, and never again.",
        examples=["nd_whs_…"],
    )  # fmt: skip

    @classmethod
    def of(cls, webhook: Webhook, secret: str | None = None) -> "WebhookOut":
        """``webhook`` with its project fetched."""
        shown = {"secret": secret} if secret is not None else {}
        return cls.model_validate(
            {
                "id": webhook.pk,
                "project": webhook.project.slug,
                "url": webhook.url,
                "kinds": webhook.kinds,
                "enabled": webhook.disabled_at is None,
                "reason": webhook.disabled_reason,
                "cursor": webhook.cursor or None,
                "failures": webhook.failures,
                "version": webhook.version,
                "created_at": webhook.created_at,
                **shown,
            }
        )


class DeliveryOut(BaseModel):
    """One request, however often it was tried."""

    id: UUID = Field(description="As in `Newsdesk-Delivery`.")
    reason: Literal["events", "replay", "test"]
    after: str | None
    until: str | None
    items: int
    attempts: int
    status: int | None = Field(description="What the other side answered; null if it did not.")
    problem: str = Field(description="Why it was not taken, in words.")
    milliseconds: int | None
    created_at: datetime
    tried_at: datetime | None
    delivered_at: datetime | None

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryOut":
        plain = ("reason", "attempts", "status", "problem", "milliseconds", "created_at",
                 "tried_at", "delivered_at")  # fmt: skip
        return cls.model_validate(
            {
                "id": delivery.pk,
                "after": delivery.after or None,
                "until": delivery.until or None,
                "items": delivery.events,
                **{name: getattr(delivery, name) for name in plain},
            }
        )


class Accepted(BaseModel):
    """It will be done in a moment."""

    until: str = Field(description="Where the replay ends.", examples=[CURSOR])


Webhooks = Listing[WebhookOut]
Deliveries = Listing[DeliveryOut]
