"""Divide the text of a page into headline, paragraphs, captions and the page's furniture.

The steps, in the order of :func:`divide`:

1. Cut the text into lines and look at each by itself (``block_lines``).
2. Find the body: the run of lines with the most prose for the least furniture, or all lines of a
   clean article, in which nothing is furniture but the button of a picture.
3. Find the head above it: headline, standfirst, byline, dateline (``block_head``, or
   ``block_clean_head``).
4. Name each line of the body; all other lines are boilerplate.
5. Stretch the pieces over the white space between them, so that they cover the text.

No model and no markup: rules that an editor can predict, because an editor corrects them.
"""

from articles.text.block_captions import caption_pieces
from articles.text.block_clean_head import find_clean_head
from articles.text.block_head import find_head
from articles.text.block_kinds import Block, BlockKind, Piece
from articles.text.block_lines import SHORTEST_PROSE, Line, lines_of

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
    head = find_head(lines, body, title=title) if scraped else find_clean_head(lines, title=title)
    article = range(min([*head, body.start]), body.stop)
    captions = _find_captions(lines, article, scraped)
    pieces: list[Piece] = []
    for index, line in enumerate(lines):
        if index in head:
            pieces += head[index]
            continue
        if index in captions:
            pieces += captions[index]
            continue
        kind = BlockKind.BOILERPLATE
        if index in body:
            kind = _body_kind(lines, index, scraped)
            if _stands_over_credit(line, captions.get(index + 1)):
                kind = BlockKind.CAPTION
        if not (pieces and pieces[-1].kind == kind and _continues(lines[index - 1], line, kind)):
            pieces.append(Piece(line.start, kind))
    return _cover(text, lines, pieces)


def _find_captions(lines: list[Line], article: range, scraped: bool) -> dict[int, list[Piece]]:
    """The pieces of the lines under pictures; a clean one has a caption behind its credit too."""
    captions = {}
    for index in article:
        pieces = caption_pieces(lines[index], apart=_stands_apart(lines, index))
        if not scraped and [piece.kind for piece in pieces[-2:]] == CREDIT_AND_REST:
            pieces[-1] = Piece(pieces[-1].start, BlockKind.CAPTION)
        if pieces:
            captions[index] = pieces
    return captions


CREDIT_AND_REST = [BlockKind.CREDIT, BlockKind.BOILERPLATE]


def _stands_apart(lines: list[Line], index: int) -> bool:
    """Whether a line without a full stop has paragraphs around it, as a caption has."""
    line = lines[index]
    around = lines[max(0, index - 1) : index] + lines[index + 1 : index + 2]
    return not (line.look.sentence or line.is_list_item() or line.is_quoted()) and (
        bool(around) and all(other.look.prose for other in around)
    )


def is_scraped(lines: list[Line]) -> bool:
    """Whether a page came with its furniture; a clean article has none, however short its lines.

    A sentence that speaks of newsletters is no furniture's witness, and a poem no menu.
    """
    worded = sum(
        line.look.furniture and not (line.look.rule or _is_long_sentence(line)) for line in lines
    )
    if worded >= max(2, len(lines) // 50):
        return True
    run = 0
    for line in lines:
        run = run + 1 if _may_be_menu(line) else 0
        if run > LONGEST_CLEAN_RUN:
            return any(line.prose for line in lines)
    return False


LONGEST_CLEAN_RUN = 14


def _is_long_sentence(line: Line) -> bool:
    return line.look.sentence and line.look.ink >= SHORTEST_PROSE


def _may_be_menu(line: Line) -> bool:
    return line.look.ink < 25 and not line.look.sentence and line.text[-1] not in ",;:—"


def find_body(lines: list[Line]) -> range:
    """The run of lines with the highest sum of merits; all lines if none has any merit.

    Source: J. Bentley, "Programming Pearls: Algorithm Design Techniques", CACM 27(9), 1984
    (maximum subarray); J. Pasternack, D. Roth, "Extracting Article Text from the Web with
    Maximum Subsequence Segmentation", WWW 2009.
    """
    best, best_sum = range(len(lines)), 0.0
    start, total = 0, 0.0
    for index, merit in enumerate(_merits(lines)):
        if total <= 0:
            start, total = index, 0.0
        total += merit
        if total > best_sum:
            best, best_sum = range(start, index + 1), total
    return best


def _merits(lines: list[Line]) -> list[float]:
    """How much each line speaks for being in the body (above 0) or not (below).

    Prose counts by its length, and more beside other prose: alone among short lines it is
    rather the summary of another story. It counts less towards the end of a page, where
    comments and other stories are.
    """
    near = _prose_near(lines)
    merits = []
    for index, line in enumerate(lines):
        if line.prose:
            depth = 1 - LESS_AT_THE_END * index / len(lines)
            merits.append(min(line.look.ink, FULL_INK) / 100 * PROSE_NEAR[near[index]] * depth)
        elif line.look.ending:
            merits.append(ENDING_MERIT)
        elif line.look.furniture or line.look.stamp:
            merits.append(FURNITURE_MERIT)
        elif line.copies > 1:
            merits.append(COPY_MERIT)
        elif line.look.sentence:
            merits.append(SHORT_SENTENCE_MERIT)
        elif line.seams() > 1:
            merits.append(GLUED_MERIT)
        else:
            merits.append(SHORT_MERIT)
    return merits


# Found by trying on the pages that benchmarks/blocks.py reads; none is sharp.
FULL_INK = 600
PROSE_NEAR = (0.3, 0.5, 0.7, 1.0, 0.9)
LESS_AT_THE_END = 0.4
ENDING_MERIT = -3.0
FURNITURE_MERIT = -0.5
COPY_MERIT = -0.6
GLUED_MERIT = -1.0
SHORT_MERIT = -0.7
SHORT_SENTENCE_MERIT = 0.0


def _prose_near(lines: list[Line]) -> dict[int, int]:
    """How many of the two lines before and after are prose; furniture between does not count."""
    written = [index for index, line in enumerate(lines) if not line.look.furniture]
    prose = [lines[index].prose for index in written]
    return {
        index: sum(prose[max(0, at - 2) : at + 3]) - prose[at] for at, index in enumerate(written)
    }


def _body_kind(lines: list[Line], index: int, scraped: bool) -> BlockKind:
    line = lines[index]
    if line.is_quoted():
        return BlockKind.BLOCK_QUOTE
    repeated = line.copies > 1 and not line.look.prose
    if scraped and (
        line.look.furniture or line.look.ending or repeated or _is_teaser(lines, index)
    ):
        return BlockKind.BOILERPLATE
    if line.is_list_item():
        return BlockKind.LIST_ITEM
    return BlockKind.PARAGRAPH


def _is_teaser(lines: list[Line], index: int) -> bool:
    """Whether a short line stands over another: a subheading stands over text."""
    below = lines[index + 1 : index + 2]
    return _is_short(lines[index]) and bool(below) and _is_short(below[0])


def _is_short(line: Line) -> bool:
    unfinished = line.text.endswith((",", ";", ":"))
    return not (line.prose or line.look.sentence or line.look.furniture or unfinished) and (
        not line.is_list_item()
    )


def _stands_over_credit(line: Line, below: list[Piece] | None) -> bool:
    """Whether a line is the caption of the credit that stands in the next line by itself."""
    return (
        below is not None
        and below[0].kind == BlockKind.CREDIT
        and 15 <= line.look.ink <= 300
        and not line.look.furniture
    )


LONGEST_SET_LINE = 100
"""Longer lines are paragraphs; shorter ones may be a verse, or prose broken by an old program."""


def _continues(above: Line, line: Line, kind: BlockKind) -> bool:
    """Whether a line is of one paragraph or quote with the line directly above it."""
    if line.after_blank or kind not in (BlockKind.PARAGRAPH, BlockKind.BLOCK_QUOTE):
        return False
    if kind == BlockKind.BLOCK_QUOTE:
        return True
    heading = 2 * len(above.text) < len(line.text)
    set_lines = max(len(above.text), len(line.text)) <= LONGEST_SET_LINE
    return set_lines and not heading and not above.look.sentence


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
