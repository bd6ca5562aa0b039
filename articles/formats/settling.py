"""From a foreign file's text and offsets to ours: canonical text, offsets in code points.

A foreign tool may count UTF-16 code units or bytes, and its text may have CRLF, letters in two
parts or control characters, which ``canonicalise`` changes, and with them every offset behind.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Literal

from articles.formats.shapes import Found
from articles.text.canonical import MAX_TEXT_BYTES, canonicalise
from articles.text.errors import TextTooLong
from articles.text.places import Places
from articles.text.words import words

type Unit = Literal["code_point", "utf_16", "utf_8"]
type Offsets = tuple[int | None, int | None]
"""A span in code points of the foreign text; ``None`` for what is not between two of them."""

#: Code points of a foreign text. Ours has a byte for each two of them at least, as in CR LF, and
#: what is made to find places in it takes a hundred bytes for each.
LONGEST_TEXT = 2 * MAX_TEXT_BYTES
_NAMES: Mapping[Unit, str] = {
    "code_point": "code points",
    "utf_16": "UTF-16 code units",
    "utf_8": "UTF-8 bytes",
}


class Unplaced(ValueError):
    """A span that is not in its text; the words say which and why."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Marked:
    """A label on a span as a foreign file has it: offsets in the file's unit, of the file's text.

    ``quote`` is what the file itself says the words are, if it does, and ``layer`` who said so.
    ``more`` has further fields of an annotation of our record.
    """

    label: str
    start: int
    end: int
    quote: str | None = None
    id: str = ""
    layer: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """A relation as a foreign file has it: from one ``Marked.id`` to another, or to a name.

    ``more`` has further fields of a relation of our record.
    """

    type: str
    source: str
    target: str | None
    target_name: str = ""
    id: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """The canonical text, the span of each mark in it, and in words what was done to get there."""

    text: str
    spans: list[tuple[int, int]]
    said: str


def found(
    number: int,
    text: str,
    marks: Sequence[Marked],
    joins: Iterable[Joined] = (),
    *,
    usual: Unit = "code_point",
    stated: Unit | None = None,
    said: str = "",
    **fields: Any,
) -> Found:
    """What a reader found at place ``number``, as a record; ``fields`` are its other fields.

    ``usual`` and ``stated`` are as in ``settle``. What is said twice of a span is taken once.
    """
    if len(text) > LONGEST_TEXT:
        words = f"This text has {len(text):,} characters: no article is so long."
        return Found(number, problem=words, code=TextTooLong.code)
    try:
        settled = settle(text, marks, usual=usual, stated=stated)
    except Unplaced as unplaced:
        return Found(number, problem=str(unplaced), code=unplaced.code)
    annotations, ids = _annotations(settled, marks)
    if repeated := len(marks) - len(annotations):
        said = f"{said} Annotations that say the same as another were left out: {repeated}."
    record = {
        **fields,
        "text": settled.text,
        "annotations": annotations,
        "relations": [_relation(join, ids) for join in joins],
    }
    return Found(number, record, said=f"{settled.said} {said}".strip())


def _annotations(
    settled: Settled, marks: Sequence[Marked]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The annotations of the record, and for each id of ``marks`` the one that they have there."""
    annotations: list[dict[str, Any]] = []
    ids: dict[str, str] = {}
    first: dict[tuple[object, ...], str] = {}
    for mark, (start, end) in zip(marks, settled.spans, strict=True):
        says = (mark.layer, mark.label, start, end, repr(sorted(mark.attributes.items())))
        ids[mark.id] = first.setdefault(says, mark.id)
        if len(first) == len(annotations):
            continue
        optional = {"id": mark.id, "layer": mark.layer, "attributes": dict(mark.attributes)}
        annotations.append(
            {"label": mark.label, "start": start, "end": end, "quote": settled.text[start:end]}
            | {key: value for key, value in optional.items() if value}
            | dict(mark.more)
        )
    return annotations, ids


def _relation(join: Joined, ids: Mapping[str, str]) -> dict[str, Any]:
    relation = {"type": join.type, "from": ids.get(join.source, join.source)} | dict(join.more)
    if join.id:
        relation["id"] = join.id
    if join.target is None:
        return relation | {"to_name": join.target_name}
    return relation | {"to": ids.get(join.target, join.target)}


def settle(
    text: str, marks: Sequence[Marked], *, usual: Unit = "code_point", stated: Unit | None = None
) -> Settled:
    """Bring ``text`` into our form, and the spans of ``marks`` with it.

    The offsets count what the file itself has ``stated``. If it states nothing, they count that by
    which every span has the words that it quotes; without quotes that by which every span is in
    the text and most begin and end with words; and if that is the same by two, the ``usual``.

    Raises:
        Unplaced: if a span is not in the text, or has other words there than it quotes.
    """
    unit, said = (stated, "") if stated else _recognised(text, marks, usual)
    spans = _read(text, marks, unit)
    if not said and unit != "code_point" and spans != _read(text, marks, "code_point"):
        said = f"Offsets counted {_NAMES[unit]}; they were converted."
    places = Places(text)
    settled = [
        _placed(f"Annotation {number}", mark, span, text, places)
        for number, (mark, span) in enumerate(zip(marks, spans, strict=True), 1)
    ]
    return Settled(places.text, settled, said)


def _recognised(text: str, marks: Sequence[Marked], usual: Unit) -> tuple[Unit, str]:
    """What the offsets of ``marks`` count, and what is to be said of it where that is a guess."""
    if text.isascii() or not marks:
        return "code_point", ""
    units = [usual, *(unit for unit in _NAMES if unit != usual)]
    readings = {unit: _read(text, marks, unit) for unit in units}
    if any(mark.quote is not None for mark in marks):
        return _by_quotes(text, marks, readings) or usual, ""
    possible = {unit: spans for unit, spans in readings.items() if all(map(_is_span, spans))}
    if len({tuple(spans) for spans in possible.values()}) < 2 and usual in possible:
        return usual, ""
    fitting = {unit: _on_words(text, spans) for unit, spans in possible.items()}
    best = max(fitting, key=fitting.__getitem__, default=usual)
    said = f"The file does not say what its offsets count; {_NAMES[best]} "
    if usual not in possible:
        said += "were taken, because otherwise some would be outside of the text."
    elif fitting[best] > fitting[usual]:
        said += "were taken, because otherwise they would cut more words."
    elif any(fitting[unit] == fitting[best] for unit in fitting if unit != best):
        said += "were taken, as is usual."
    else:
        said = ""
    return best, said


def _by_quotes(
    text: str, marks: Sequence[Marked], readings: Mapping[Unit, list[Offsets]]
) -> Unit | None:
    """The first unit by which all marks have their quotes; exact ones go before similar ones."""
    for compare in (str.__eq__, _is_alike):
        for unit, spans in readings.items():
            if all(
                _is_span(span) and (mark.quote is None or compare(_cut(text, span), mark.quote))
                for mark, span in zip(marks, spans, strict=True)
            ):
                return unit
    return None


def _is_span(span: Offsets) -> bool:
    return None not in span


def _cut(text: str, span: Offsets) -> str:
    return text[slice(*span)]


def _is_alike(words: str, quote: str) -> bool:
    """Whether two differ in white space and form only: some tools write line ends as ``\\n``."""
    same = [canonicalise(one).replace("\\n", " ").split() for one in (words, quote)]
    return "".join(same[0]) == "".join(same[1])


def _on_words(text: str, spans: Iterable[Offsets]) -> int:
    """How many of ``spans`` begin where a word begins and end where one ends."""
    stops = words(text)
    starts, ends = {word.start for word in stops}, {word.end for word in stops}
    return sum(start in starts and end in ends for start, end in spans)


def _read(text: str, marks: Sequence[Marked], unit: Unit) -> list[Offsets]:
    """The spans of ``marks`` in code points of ``text``, if their offsets count ``unit``."""
    if unit == "code_point" or text.isascii():
        last = len(text)
        return [
            (mark.start if mark.start >= 0 else None, mark.end if mark.end <= last else None)
            for mark in marks
        ]
    if unit == "utf_16":
        sizes = (1 + (character > "\uffff") for character in text)
    else:
        sizes = (len(character.encode("utf-8", "surrogatepass")) for character in text)
    borders = array("Q", accumulate(sizes, initial=0))
    return [(_border(borders, mark.start), _border(borders, mark.end)) for mark in marks]


def _border(borders: Sequence[int], offset: int) -> int | None:
    at = bisect_left(borders, offset)
    return at if at < len(borders) and borders[at] == offset else None


def _placed(name: str, mark: Marked, span: Offsets, text: str, places: Places) -> tuple[int, int]:
    """The span of ``mark``, called ``name``, in canonical text.

    Raises:
        Unplaced: if there is none.
    """
    start, end = span
    if mark.start >= mark.end:
        raise Unplaced(f"{name} is empty: it goes from {mark.start} to {mark.end}.", "span_empty")
    if start is None or end is None:
        raise Unplaced(
            f"{name}, from {mark.start} to {mark.end}, begins or ends outside of the text, "
            f"which has {len(text):,} characters.",
            "span_out_of_range",
        )
    has = text[start:end]
    if mark.quote is not None and not _is_alike(has, mark.quote):
        raise Unplaced(
            f"{name}: from {mark.start} to {mark.end} the text has “{_short(has)}”, "
            f"not “{_short(mark.quote)}”.",
            "quote_mismatch",
        )
    start, end = places.start(start), places.end(end)
    if start == end:
        raise Unplaced(f"{name} is empty: it has only characters that are not kept.", "span_empty")
    return start, end


def _short(quote: str) -> str:
    return quote if len(quote) <= 60 else f"{quote[:59]}…"
