"""JSON lines with an article and one annotator's work each: those of one article, put together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from articles.formats.foreign import Malformed, an_object
from articles.formats.json_items import items
from articles.formats.settling import Joined, Marked, Unit, found
from articles.formats.shapes import Found


@dataclass(frozen=True, slots=True)
class Line:
    """An article as one annotator has it; ``layer`` is empty if the line does not say who.

    ``usual`` and ``stated`` say what its offsets count, as in ``settle``.
    """

    text: str
    layer: str
    marks: list[Marked]
    joins: list[Joined]
    fields: dict[str, Any] = field(default_factory=dict)
    usual: Unit = "code_point"
    stated: Unit | None = None
    said: str = ""


def read_lines(
    file: BinaryIO, convert: Callable[[int, dict[str, Any]], Line], name: str
) -> Iterator[Found]:
    """The articles of ``file``, whose lines are each called ``name``.

    Lines that follow one another and have the same text, each by somebody else, are one article.
    What ``convert`` raises as ``Malformed`` is the problem of its line.
    """
    gathered: list[Line] = []
    begun = 0
    for item in items(file):
        problem, line = item.problem, None
        if not problem:
            try:
                line = convert(item.number, an_object(item.value, name))
            except Malformed as malformed:
                problem = str(malformed)
        if gathered and not (line and _goes_on(gathered, line)):
            yield _article(begun, gathered)
            gathered = []
        if line:
            begun = begun if gathered else item.number
            gathered.append(line)
        else:
            yield Found(item.number, problem=problem)
    if gathered:
        yield _article(begun, gathered)


def _goes_on(gathered: list[Line], line: Line) -> bool:
    first, known = gathered[0], {one.layer for one in gathered}
    is_same = line.text == first.text and line.fields.get("id") == first.fields.get("id")
    return is_same and bool(line.layer) and not known & {"", line.layer}


def _article(number: int, lines: list[Line]) -> Found:
    first = lines[0]
    return found(
        number,
        first.text,
        [mark for line in lines for mark in line.marks],
        [join for line in lines for join in line.joins],
        usual=first.usual,
        stated=first.stated,
        said=" ".join(dict.fromkeys(line.said for line in lines if line.said)),
        **_fields(lines),
    )


def _fields(lines: list[Line]) -> dict[str, Any]:
    """Those of the first line, with the layers of all."""
    layers = {layer["name"]: layer for line in lines for layer in line.fields.get("layers", [])}
    return lines[0].fields | ({"layers": list(layers.values())} if layers else {})
