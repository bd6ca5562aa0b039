"""What comes out of Newsdesk. Offsets count code points, as ``str`` does; ``end`` is exclusive."""

from typing import Any, NotRequired, TypedDict


class Annotation(TypedDict):
    """One label on ``text[start:end]``, which is ``quote``, by ``annotator``."""

    id: str
    label: str
    start: int
    end: int
    quote: str
    attributes: dict[str, Any]
    annotator: str
    layer: str
    version: int
    created_at: str
    updated_at: str
    origin: str
    note: str
    unsure: bool


# In functional form, because ``from`` is a word of Python.
Relation = TypedDict(
    "Relation",
    {
        "id": str,
        "type": str,
        "from": str,
        "to": str | None,
        "to_name": str | None,
        "version": int,
        "created_at": str,
    },
)
"""A link between two annotations, by their ids, or to a name that is not in the text."""


class Record(TypedDict):
    """An article and what was said about it: one line of the JSONL export."""

    id: str
    external_id: str | None
    title: str
    url: str | None
    text: str
    revision: int
    sha256: str
    offset_unit: str
    blocks: list[dict[str, Any]]
    annotations: list[Annotation]
    relations: list[Relation]
    split: str | None
    byline: str
    publisher: str
    published_at: str | None
    language: str
    metadata: dict[str, Any]
    placement: str
    story: str
    layers: list[dict[str, Any]]


class Suggestion(TypedDict):
    """What a machine proposes for ``text[start:end]``; ``score`` goes from 0 to 1."""

    label: str
    start: int
    end: int
    quote: str
    score: NotRequired[float]
    attributes: NotRequired[dict[str, Any]]
