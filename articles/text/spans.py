"""Spans: half-open ranges of a text."""

from dataclasses import dataclass

from articles.text.errors import TextError


class InvalidSpan(TextError):
    """A span needs a start before its end, and neither may be negative."""

    code = "span_empty"


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A half-open range ``[start, end)`` of one revision's text.

    Offsets count Unicode code points, as ``len(str)`` does: not bytes, and not
    the UTF-16 units of a browser selection (``offsets.js`` converts those).

    Raises:
        InvalidSpan: unless ``0 <= start < end``.

    Source: W3C Web Annotation Data Model (2017), 4.2.5 Text Position Selector.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise InvalidSpan(
                f"[{self.start}, {self.end}) marks nothing: start must come before end."
            )

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one code point; touching is not overlap."""
        return self.start < other.end and other.start < self.end

    def text_in(self, text: str) -> str:
        """The words that the span marks in ``text``."""
        return text[self.start : self.end]


def occurrences(text: str, words: str) -> list[Span]:
    """Where ``words`` stand in ``text``, left to right, overlapping ones too.

    White space in ``words`` matches any run of white space, as a reader would expect.
    """
    parts = words.split()
    if not parts:
        return []
    found = []
    at = text.find(parts[0])
    while at != -1:
        end = _match_at(text, at, parts)
        if end is not None:
            found.append(Span(at, end))
        at = text.find(parts[0], at + 1)
    return found


def _match_at(text: str, at: int, parts: list[str]) -> int | None:
    """Where the match of ``parts``, separated by white space, ends; ``None`` if there is none."""
    for number, part in enumerate(parts):
        if number:
            gap = at
            while at < len(text) and text[at].isspace():
                at += 1
            if at == gap:
                return None
        if not text.startswith(part, at):
            return None
        at += len(part)
    return at
