"""What all formats share: the record of an article, what a reader finds, what a writer is told.

A record is one line of our own JSONL (docs/api.md), as plain data. Readers make records, writers
take them, and neither knows of projects or of the database. Offsets count code points, half-open.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal, Protocol, TypedDict


class BlockRecord(TypedDict):
    """A part of the text, such as its headline; the parts of a text cover it without gaps."""

    kind: str
    start: int
    end: int


class AnnotationRecord(TypedDict):
    """One label on ``text[start:end]``, which is ``quote``, in the layer of one annotator."""

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
RelationRecord = TypedDict(
    "RelationRecord",
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
"""A directed join of two annotations, by their ids, or of one to a name that is not in the text."""


class LayerRecord(TypedDict):
    """One annotator's work on the article; ``submitted_at`` is null while it is open."""

    name: str
    submitted_at: str | None


class ArticleRecord(TypedDict):
    """An article and what was said about it, as our export has it; times are RFC 3339, UTC."""

    id: str
    external_id: str | None
    title: str
    url: str | None
    text: str
    revision: int
    sha256: str
    offset_unit: Literal["code_point"]
    blocks: list[BlockRecord]
    annotations: list[AnnotationRecord]
    relations: list[RelationRecord]
    split: str | None
    byline: str
    publisher: str
    published_at: str | None
    language: str
    metadata: dict[str, Any]
    placement: str
    story: str
    layers: list[LayerRecord]


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader found at one place of a file, counted from 1: a record, or why there is none.

    ``record`` may leave out whatever the format does not say: only ``text`` is needed. An
    annotation of it that names no layer belongs to whichever the importer chose. ``said`` tells
    what was done to it on the way, such as offsets that counted something else. ``original`` is
    kept with the article, byte for byte; without it the text itself is. ``name`` is what it is
    called where there is no title: its address.
    """

    number: int
    record: dict[str, Any] | None = None
    problem: str = ""
    code: str = "record_invalid"
    said: str = ""
    original: bytes | None = None
    original_type: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class LabelAbout:
    """A label of the project: ``kind`` is ``span`` or ``relation``; see ``desk.models.Label``."""

    key: str
    name: str
    kind: str
    definition: str
    attributes: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself: whose articles, which labels, and where they can be looked up.

    ``home`` is the server's address without a slash at its end, for the IRIs of what is exported.
    ``options`` are the format's own, such as ``{"scheme": "bilou"}``; each has a default.
    """

    project: str
    name: str
    labels: list[LabelAbout]
    home: str
    options: Mapping[str, str] = field(default_factory=dict)


class Read(Protocol):
    """A format's reader: needs memory for one article, whatever the size of ``file``.

    What is wrong with one article is said in its place and does not hide the next.
    """

    def __call__(self, file: BinaryIO) -> Iterator[Found]: ...


class Write(Protocol):
    """A format's writer: the same records give the same bytes, without a look at the clock."""

    def __call__(self, records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]: ...
