"""Divide the text of a page into headline, paragraphs, captions and the page's furniture.

The steps, in the order of :func:`divide`:

1. Cut the text into lines and look at each by itself (``block_lines``).
2. Find the body: the run of lines with the most prose for the least furniture.
3. Find the head above it: headline, standfirst, byline, dateline.
4. Name each line of the body; all other lines are boilerplate.
5. Stretch the pieces over the white space between them, so that they cover the text.

No model and no markup: rules that an editor can predict, because an editor corrects them.
"""

from articles.text.block_captions import caption_pieces
from articles.text.block_head import find_head
from articles.text.block_kinds import Block, BlockKind, Piece
from articles.text.block_lines import Line, lines_of

__all__ = ["Block", "BlockKind", "divide"]


def divide(text: str, *, title: str | None = None) -> list[Block]:
    """The blocks of ``text``, in its order; they cover it exactly and none is empty.

    White space between two blocks belongs to the first, but for a line's own indent. ``title``
    is the headline, if it is known from elsewhere; it need not be in the text.
    """
    lines = lines_of(text)
    if not lines:
        return [Block(BlockKind.PARAGRAPH, 0, len(text))] if text else []
    scraped = is_scraped(lines)
    body = find_body(lines) if scraped else range(len(lines))
    head = find_head(lines, body, title=title, scraped=scraped)
    pieces: list[Piece] = []
    for index, line in enumerate(lines):
        if index in head:
            pieces += head[index]
        elif index in body:
            pieces += _body_pieces(lines, index, scraped)
        else:
            pieces.append(Piece(line.start, BlockKind.BOILERPLATE))
    return _cover(text, lines, pieces)


def is_scraped(lines: list[Line]) -> bool:
    """Whether a page came with its furniture; a clean article has none, however short its lines."""
    if sum(line.furniture for line in lines) >= max(2, len(lines) // 50):
        return True
    run = 0
    for line in lines:
        run = run + 1 if line.ink < 25 and not line.sentence else 0
        if run >= 15:
            return True
    return False


def find_body(lines: list[Line]) -> range:
    """The run of lines with the highest sum of merits.

    Source: J. Bentley, "Programming Pearls: Algorithm Design Techniques", CACM 27(9), 1984
    (maximum subarray); J. Pasternack, D. Roth, "Extracting Article Text from the Web with
    Maximum Subsequence Segmentation", WWW 2009.
    """
    best, best_sum = range(0), 0.0
    start, total = 0, 0.0
    for index, line in enumerate(lines):
        if total <= 0:
            start, total = index, 0.0
        total += merit(line)
        if total > best_sum:
            best, best_sum = range(start, index + 1), total
    return best


def merit(line: Line) -> float:
    """How much a line speaks for being in an article's body (above 0) or not (below)."""
    if line.furniture:
        return -1.0
    if line.copies > 1:
        return -0.5
    if line.sentence or line.has_sentences():
        return min(line.ink, 400) / 100 if line.ink >= 40 else 0.0
    if line.ink >= 200:
        return 0.5
    return -0.4


def _body_pieces(lines: list[Line], index: int, scraped: bool) -> list[Piece]:
    line = lines[index]
    if captioned := caption_pieces(line):
        return captioned
    return [Piece(line.start, _body_kind(lines, index, scraped))]


def _body_kind(lines: list[Line], index: int, scraped: bool) -> BlockKind:
    line = lines[index]
    if line.is_quoted():
        return BlockKind.BLOCK_QUOTE
    if scraped and (line.furniture or line.copies > 1):
        return BlockKind.BOILERPLATE
    if line.is_list_item():
        return BlockKind.LIST_ITEM
    return BlockKind.PARAGRAPH


def _cover(text: str, lines: list[Line], pieces: list[Piece]) -> list[Block]:
    """Blocks that begin at the pieces' starts, or at the start of the line they open."""
    opens_line = {line.start for line in lines}
    starts = []
    for piece in pieces:
        start = piece.start
        if start in opens_line:
            start = text.rfind("\n", 0, start) + 1
        starts.append(start)
    starts[0] = 0
    ends = [*starts[1:], len(text)]
    return [
        Block(piece.kind, start, end)
        for piece, start, end in zip(pieces, starts, ends, strict=True)
    ]
