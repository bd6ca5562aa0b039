"""What the API gives of the feed."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from newsdesk.api_shapes import Asked

#: Events that one answer is made from at most, and unless asked otherwise.
MOST_EVENTS, USUAL_EVENTS = 1000, 100

CURSOR = "4711-9fc2a10b"


class FeedQuery(Asked):
    """Where to go on, and how far."""

    after: str | None = Field(
        None,
        max_length=60,
        description="The `cursor` that you came to; without one, from the very beginning.",
        examples=[CURSOR],
    )
    limit: int = Field(
        USUAL_EVENTS, ge=1, le=MOST_EVENTS, description="Events to look at, at most."
    )


class ChangeOut(BaseModel):
    """One thing that an event touched."""

    type: Literal["article", "layer", "annotation", "relation", "label", "snapshot"]
    id: str
    action: Literal["created", "updated", "deleted"] = Field(description="What the event did.")
    object: dict[str, Any] | None = Field(
        description="The thing as it stands now, in the shape that its own address gives; null "
        "when it is gone, also if that came later. An article has its `text` where that is new."
    )


class ItemOut(BaseModel):
    """One event."""

    cursor: str = Field(description="The place right behind it.", examples=[CURSOR])
    id: int
    at: datetime
    kind: str = Field(
        description="Such as `annotation.created`. Two are the feed's own: `article_withheld` "
        "(the article must not be used any more: drop it, with all that is on it) and "
        "`article_restored` (it may be again, and here is all of it).",
        examples=["annotation.created"],
    )
    actor: str | None = Field(description="A user name.", examples=["ada"])
    article: UUID | None
    layer: str | None = Field(description="Its name.", examples=["ada"])
    undoes: int | None = Field(description="The event that this one took back.")
    changes: list[ChangeOut]


class FeedOut(BaseModel):
    """A stretch of the feed."""

    items: list[ItemOut]
    next: str | None = Field(description="The address of what follows; null if nothing does yet.")
    cursor: str | None = Field(
        description="Where this ends. Keep it, and come back with it as `after`.",
        examples=[CURSOR],
    )
