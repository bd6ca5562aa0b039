"""The head of a clean article: headline, standfirst, byline and dateline, and nothing else.

What stands under the headline is told by what stands under it: a text is a standfirst if a byline
or a dateline comes below, or if it has no full stop as prose has. In doubt it is a paragraph.
"""

from articles.text import block_names as names
from articles.text.block_bylines import is_signature, signed_pieces
from articles.text.block_captions import caption_pieces
from articles.text.block_kinds import BlockKind, Piece
from articles.text.block_lines import Line, key_of
from articles.text.block_phrases import Openings

REACH = 12
"""How many lines a head may have, pictures and all."""

LONGEST_HEADLINE = 200
SHORTEST_STANDFIRST = 15
SHORTEST_OPEN_STANDFIRST = 40
LONGEST_STANDFIRST = 400
MOST_STANDFIRSTS = 2

_SALUTATION = Openings(names.SALUTATIONS)


def find_clean_head(lines: list[Line], *, title: str | None) -> dict[int, list[Piece]]:
    """The pieces of the lines above the first paragraph, by line; pictures are left out."""
    head: dict[int, list[Piece]] = {}
    headline = _find_headline(lines, title)
    if headline is not None:
        head[headline] = [Piece(lines[headline].start, BlockKind.HEADLINE)]
    top = 0 if headline is None else headline + 1
    most = MOST_STANDFIRSTS if head or title else 0
    waiting: list[int] = []
    found: set[BlockKind] = set()
    for index in range(top, min(top + REACH, len(lines))):
        line = lines[index]
        if pieces := _signed(lines, index):
            kinds = {piece.kind for piece in pieces}
            if waiting and (kinds <= found or _goes_on(lines, index)):
                break  # the days of a chronicle, or words of a broken line
            for above in waiting:
                head[above] = [Piece(lines[above].start, BlockKind.STANDFIRST)]
            most -= len(waiting)
            waiting = []
            head[index] = pieces
            found |= kinds
        elif caption_pieces(line):
            continue
        else:
            waiting.append(index)
            if len(waiting) > most or len(found) == len(SIGNED) or not _may_be_standfirst(line):
                break
    if most == MOST_STANDFIRSTS and waiting and _is_open_standfirst(lines, waiting[0]):
        head[waiting[0]] = [Piece(lines[waiting[0]].start, BlockKind.STANDFIRST)]
    return head


SIGNED = (BlockKind.BYLINE, BlockKind.DATELINE)


def _find_headline(lines: list[Line], title: str | None) -> int | None:
    """The line that is the title; else the first, if it is alone and has no full stop."""
    if title:
        wanted = key_of(title)
        for index, line in enumerate(lines[:REACH]):
            if line.look.key == wanted:
                return index
    first, below = lines[0], lines[1:2]
    if not below or first.look.sentence or first.look.ink > LONGEST_HEADLINE:
        return None
    if first.text[-1] in ",;:—-" or first.is_list_item() or first.is_quoted():
        return None
    if [piece.kind for piece in signed_pieces(first)] == [BlockKind.DATELINE]:
        return None
    over_prose = below[0].prose and 2 * first.look.ink < below[0].look.ink
    over_byline = any(map(signed_pieces, lines[1:3]))
    return 0 if below[0].after_blank or over_prose or over_byline else None


def _signed(lines: list[Line], index: int) -> list[Piece]:
    """Byline and dateline of a line; a name alone is a byline over prose, but not over a verse."""
    line = lines[index]
    if pieces := signed_pieces(line):
        return pieces
    below = lines[index + 1 : index + 2]
    over_text = bool(below) and (below[0].prose or bool(signed_pieces(below[0])))
    if over_text and is_signature(line.text) and not _SALUTATION.opening(line.text):
        return [Piece(line.start, BlockKind.BYLINE)]
    return []


def _goes_on(lines: list[Line], index: int) -> bool:
    """Whether a line is in the middle of a sentence that an old program broke."""
    return not (lines[index].after_blank or lines[index - 1].look.sentence)


def _may_be_standfirst(line: Line) -> bool:
    return SHORTEST_STANDFIRST <= line.look.ink <= LONGEST_STANDFIRST and not (
        line.is_list_item() or line.is_quoted()
    )


def _is_open_standfirst(lines: list[Line], index: int) -> bool:
    """Whether a line over prose is long as a sentence, but has no full stop as a headline has."""
    line = lines[index]
    below = lines[index + 1 : index + 2]
    return (
        _may_be_standfirst(line)
        and not line.look.sentence
        and line.look.ink >= SHORTEST_OPEN_STANDFIRST
        and line.text[-1] not in ",;:—-"
        and bool(below)
        and below[0].after_blank
        and below[0].prose
    )
