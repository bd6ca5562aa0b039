"""A record as it comes in, checked.

Checks all that can be known from a record alone; ``record_services.py`` checks it against a
project.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from articles.annotations.errors import (
    DuplicateAnnotation,
    QuoteMismatch,
    RelationInvalid,
    SpanEmpty,
    SpanOutOfRange,
)
from articles.annotations.models import Annotation
from articles.annotations.relation_services import LONGEST_NAME
from articles.annotations.services import LONGEST_NOTE
from articles.imports.errors import RecordInvalid
from articles.imports.fields import Fields, refuse_unstorable
from articles.intake.incoming import Incoming, pasted
from articles.intake.models import Article
from articles.text.blocks import Block, BlockKind
from articles.text.canonical import canonicalise, text_hash

#: Code points of a layer's name.
LONGEST_LAYER_NAME = 150
#: What fields may say; asked of an enumeration each time, it would take a third of the check.
_PLACEMENTS = [str(placement) for placement in Article.Placement]
_BLOCK_KINDS = [str(kind) for kind in BlockKind]
_ORIGINS = [str(origin) for origin in Annotation.Origin]


@dataclass(frozen=True, slots=True)
class GivenLayer:
    """All that one person said, as a record gives it."""

    name: str
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GivenAnnotation:
    """An annotation as a record gives it; ``id`` is the record's own and names it for relations.

    ``at`` is its place in the record, and ``label`` is a key.
    """

    at: str
    id: str
    layer: str
    label: str
    start: int
    end: int
    quote: str
    attributes: dict[str, Any]
    note: str
    unsure: bool
    origin: str
    version: int
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class GivenRelation:
    """A relation as a record gives it, between its annotations or from one of them to a name."""

    at: str
    type: str
    source: GivenAnnotation
    target: GivenAnnotation | None
    target_name: str
    version: int
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """A line of JSONL: an article and what was said about it."""

    incoming: Incoming
    layers: list[GivenLayer]
    annotations: list[GivenAnnotation]
    relations: list[GivenRelation]


def parse_record(given: Mapping[str, Any]) -> Record:
    """Read one record of the JSONL export. Only ``text`` is needed, all else may be missing.

    Raises:
        RecordInvalid: if something is missing, unknown or of the wrong type; ``field`` says where.
        SpanEmpty, SpanOutOfRange, QuoteMismatch: if an annotation is not in the text.
        DuplicateAnnotation, RelationInvalid: if the annotations do not go together.
    """
    refuse_unstorable({key: value for key, value in given.items() if key != "text"}, "The record")
    fields = Fields(given)
    for ignored in ("id", "split"):
        fields.has(ignored)
    text = _text(fields)
    blocks = [_block(one) for one in fields.objects("blocks")]
    annotations = [_annotation(one, text) for one in fields.objects("annotations")]
    if (blocks or annotations) and canonicalise(text) != text:
        raise fields.refusal(
            "text",
            "has line ends, control characters or composed letters that Newsdesk would change, and "
            "with them every offset: send it with LF, in NFC and without control characters",
        )
    record = Record(
        incoming=_incoming(fields, text, blocks),
        layers=_layers(fields, annotations),
        annotations=annotations,
        relations=_relations(fields, annotations),
    )
    fields.no_more()
    _refuse_repeated(annotations)
    return record


def _text(fields: Fields) -> str:
    """The text, if it is the one that offsets and hash are about."""
    text = fields.text("text")
    unit = fields.text("offset_unit", "code_point")
    if unit != "code_point":
        raise fields.refusal("offset_unit", f"must be code_point; “{unit}” is not read")
    digest = fields.text("sha256", "")
    if digest and digest != text_hash(text).hex():
        raise fields.refusal("sha256", "is not that of the text: the text was changed on its way")
    return text


def _incoming(fields: Fields, text: str, blocks: list[Block]) -> Incoming:
    return pasted(
        text,
        title=fields.text("title", ""),
        url=fields.text("url", "") or None,
        byline=fields.text("byline", ""),
        publisher=fields.text("publisher", ""),
        published_at=fields.time("published_at"),
        language=fields.text("language", ""),
        external_id=fields.text("external_id", "") or None,
        story=fields.text("story", ""),
        metadata=fields.mapping("metadata"),
        placement=Article.Placement(fields.choice("placement", _PLACEMENTS, "ready")),
        revision_number=fields.number("revision", 1, least=1),
        blocks=blocks or None,
        # Somebody looked for annotations in it, and tools are full of headlines and of tweets.
        may_be_title=fields.has("annotations"),
    )


def _block(fields: Fields) -> Block:
    kind = BlockKind(fields.choice("kind", _BLOCK_KINDS))
    block = Block(kind, fields.number("start"), fields.number("end"))
    fields.no_more()
    return block


def _layers(fields: Fields, annotations: list[GivenAnnotation]) -> list[GivenLayer]:
    """The layers that are listed, and then those that only their annotations name."""
    layers: dict[str, GivenLayer] = {}
    for one in fields.objects("layers"):
        name = one.text("name", longest=LONGEST_LAYER_NAME)
        if not name or name in layers:
            raise one.refusal("name", f"“{name}” is there twice" if name else "is empty")
        layers[name] = GivenLayer(name, one.time("submitted_at"))
        one.no_more()
    for annotation in annotations:
        layers.setdefault(annotation.layer, GivenLayer(annotation.layer))
    return list(layers.values())


def _annotation(fields: Fields, text: str) -> GivenAnnotation:
    annotator = fields.text("annotator", "", longest=LONGEST_LAYER_NAME)
    annotation = GivenAnnotation(
        at=fields.at,
        id=fields.text("id", ""),
        layer=fields.text("layer", annotator, longest=LONGEST_LAYER_NAME),
        label=fields.text("label"),
        start=fields.number("start"),
        end=fields.number("end"),
        quote=fields.text("quote"),
        attributes=fields.mapping("attributes"),
        note=fields.text("note", "", longest=LONGEST_NOTE),
        unsure=fields.yes_or_no("unsure", default=False),
        origin=fields.choice("origin", _ORIGINS, "import"),
        version=fields.number("version", 1, least=1),
        created_at=fields.time("created_at"),
        updated_at=fields.time("updated_at"),
    )
    fields.no_more()
    if not annotation.layer:
        raise fields.refusal("layer", "is missing: whose annotation is it?")
    start, end, at = annotation.start, annotation.end, annotation.at
    if start >= end:
        raise SpanEmpty(f"{at} is empty: it goes from {start} to {end}.", field=at)
    if end > len(text):
        raise SpanOutOfRange(
            f"{at} ends at {end}, and the text at {len(text)}. Offsets count code points.", field=at
        )
    if text[start:end] != annotation.quote:
        raise QuoteMismatch(
            f"{at}: at [{start}, {end}) the text has “{_short(text[start:end])}”, not "
            f"“{_short(annotation.quote)}”. Offsets count code points, and the end is exclusive.",
            field=fields.where("quote"),
        )
    return annotation


def _relations(fields: Fields, annotations: list[GivenAnnotation]) -> list[GivenRelation]:
    named = {one.id: one for one in annotations if one.id}
    if len(named) < sum(bool(one.id) for one in annotations):
        raise RecordInvalid("Two annotations have the same id.", field="annotations")
    return [_relation(one, named) for one in fields.objects("relations")]


def _relation(fields: Fields, named: Mapping[str, GivenAnnotation]) -> GivenRelation:
    at = fields.at
    fields.has("id")
    ends: dict[str, GivenAnnotation | None] = {"from": None, "to": None}
    for key in ends:
        if fields.has(key):
            ends[key] = named.get(fields.text(key))
            if ends[key] is None:
                raise fields.refusal(key, "is no annotation of this record")
    source, target = ends["from"], ends["to"]
    name = fields.text("to_name", "", longest=LONGEST_NAME)
    if source is None:
        raise fields.refusal("from", "is missing")
    if (target is None) == (not name):
        raise RelationInvalid(f"{at} needs either to or to_name.", field=at)
    if target is not None and target.layer != source.layer:
        raise RelationInvalid(f"{at} joins two layers.", field=at)
    if target is source:
        raise RelationInvalid(f"{at} joins an annotation to itself.", field=at)
    relation = GivenRelation(
        at=at,
        type=fields.text("type"),
        source=source,
        target=target,
        target_name=name,
        version=fields.number("version", 1, least=1),
        created_at=fields.time("created_at"),
    )
    fields.no_more()
    return relation


def _refuse_repeated(annotations: list[GivenAnnotation]) -> None:
    seen: dict[tuple[str, str, int, int], str] = {}
    for one in annotations:
        first = seen.setdefault((one.layer, one.label, one.start, one.end), one.at)
        if first != one.at:
            raise DuplicateAnnotation(f"{one.at} says the same as {first}.")


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:59]}…"
