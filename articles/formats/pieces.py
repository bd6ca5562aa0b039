"""Articles that come in pieces, one for each annotator: those of one article, put together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from articles.formats.foreign import Malformed, a_name, articles, objects
from articles.formats.settling import Joined, Marked, Unit, found
from articles.formats.shapes import Found


@dataclass(frozen=True, slots=True)
class Piece:
    """An article as one annotator has it, at place ``number`` of a file.

    ``layer`` is empty if the file does not say whose it is, and ``article`` names the article, if
    it has a name. ``usual`` and ``stated`` say what its offsets count, as in ``settle``; ``said``
    are sentences.
    """

    number: int
    text: str
    layer: str
    marks: list[Marked]
    joins: list[Joined] = field(default_factory=list)
    article: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    usual: Unit = "code_point"
    stated: Unit | None = None
    said: Sequence[str] = ()


def read_lines(
    file: BinaryIO, convert: Callable[[int, dict[str, Any]], Piece], name: str
) -> Iterator[Found]:
    """The articles of ``file``, whose lines are JSON, a piece each, and called ``name``.

    What ``convert`` raises as ``Malformed`` is the problem of its line.
    """
    return put_together(articles(file, convert, name))


def put_together(pieces: Iterable[Piece | Found]) -> Iterator[Found]:
    """The articles that ``pieces`` make, and in its place what could not be read of them.

    Those that follow one another and have the same text, each by somebody else, are one article.
    """
    gathered: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Piece) and _goes_on(gathered, piece):
            gathered.append(piece)
            continue
        if gathered:
            yield _article(gathered)
        gathered = [piece] if isinstance(piece, Piece) else []
        if isinstance(piece, Found):
            yield piece
    if gathered:
        yield _article(gathered)


def _goes_on(gathered: Sequence[Piece], piece: Piece) -> bool:
    if not gathered:
        return False
    first, known = gathered[0], {one.layer for one in gathered}
    is_same = (piece.text, piece.article) == (first.text, first.article)
    return is_same and bool(piece.layer) and not known & {"", piece.layer}


def _article(pieces: Sequence[Piece]) -> Found:
    first = pieces[0]
    try:
        fields = _fields(pieces)
    except Malformed as malformed:
        return Found(first.number, problem=str(malformed))
    return found(
        first.number,
        first.text,
        [mark for one in pieces for mark in one.marks],
        [join for one in pieces for join in one.joins],
        usual=first.usual,
        stated=first.stated,
        said=" ".join(dict.fromkeys(words for one in pieces for words in one.said)),
        **fields,
    )


def _fields(pieces: Sequence[Piece]) -> dict[str, Any]:
    """Those of the first, with the layers of all.

    Raises:
        Malformed: if there are layers that are none.
    """
    layers = {
        a_name(layer.get("name")): layer
        for piece in pieces
        for layer in objects(piece.fields.get("layers"), "layers")
    }
    return pieces[0].fields | ({"layers": list(layers.values())} if layers else {})
