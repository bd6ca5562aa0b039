"""The head of an article on a page: headline, standfirst, byline and dateline."""

import re
from collections.abc import Iterable

from articles.text.block_bylines import byline_pieces
from articles.text.block_captions import caption_pieces
from articles.text.block_kinds import BlockKind, Piece
from articles.text.block_lines import Line, key_of

REACH_UP = 60
"""How many lines above the body a headline may stand: menus and share buttons lie between."""

REACH_DOWN = 25
"""How many lines may stand between a headline and the first paragraph."""

LONGEST_HEADLINE = 200
SHORTEST_STANDFIRST = 40
LONGEST_STANDFIRST = 500
MOST_STANDFIRSTS = 2

_WORD = re.compile(r"[^\W\d_]{4,}")
_WIDE_PAIR = re.compile("(?=([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}))")


def find_head(lines: list[Line], body: range, *, title: str | None) -> dict[int, list[Piece]]:
    """The pieces of the lines from the headline to the first paragraph, by line.

    A page often has headline and standfirst several times: in its title, over its breadcrumbs,
    over the article. The last copy above the text is the article's own.
    """
    headline = _find_headline(lines, body, title)
    if headline is None:
        return {}
    head = {headline: [Piece(lines[headline].start, BlockKind.HEADLINE)]}
    below = range(headline + 1, _first_paragraph(lines, headline, body))
    bylines = standfirsts = 0
    for index in below:
        line = lines[index]
        if pieces := byline_pieces(line, expected=not bylines):
            bylines += any(piece.kind == BlockKind.BYLINE for piece in pieces)
        elif standfirsts < MOST_STANDFIRSTS and _may_be_standfirst(line):
            standfirsts += 1
            pieces = [Piece(line.start, BlockKind.STANDFIRST)]
        if pieces:
            head[index] = pieces
    return head


def _find_headline(lines: list[Line], body: range, title: str | None) -> int | None:
    """The line above the body that the body and the rest of the page repeat most."""
    wanted = key_of(title) if title else None
    told = _words_of(line.text for line in lines[body.start : body.start + TOLD_LINES])
    page = "\n".join(line.look.key for line in lines)
    best, best_score = None, LEAST_HEADLINE
    for index in range(max(0, body.start - REACH_UP), body.start):
        line = lines[index]
        if wanted and line.look.key == wanted:
            score = SURE_HEADLINE
        else:
            score = _headline_score(line, told, page)
        score -= (body.start - index) * FURTHER_UP
        if score > best_score or (best is not None and line.look.key == lines[best].look.key):
            best, best_score = index, score
    return best


TOLD_LINES = 12
LEAST_HEADLINE = 1.2
SURE_HEADLINE = 10.0
FURTHER_UP = 0.01
MOST_COPIES = 5


def _headline_score(line: Line, told: frozenset[str], page: str) -> float:
    if line.look.furniture or not 18 <= line.look.ink <= LONGEST_HEADLINE or line.seams() > 1:
        return 0.0
    own = _words_of([line.text])
    if not own or caption_pieces(line) or byline_pieces(line):
        return 0.0
    score = min(1.5, 3.0 * len(own & told) / len(own))
    copies = page.count(line.look.key)  # a headline has more of them than a standfirst
    score += 0.3 + 0.15 * min(copies, MOST_COPIES) if copies > 1 else 0.0
    score += 0.5 if 30 <= line.look.ink <= 130 else 0.0
    score -= 0.7 if line.look.sentence and line.text[-1] == "." else 0.0
    return score


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for text in texts:
        low = text.casefold()
        found.update(_WORD.findall(low))
        found.update(_WIDE_PAIR.findall(low))
    return frozenset(found)


def _first_paragraph(lines: list[Line], headline: int, body: range) -> int:
    """The first line of prose behind the headline that has prose behind it."""
    stop = min(headline + REACH_DOWN, body.stop)
    for index in range(headline + 1, stop):
        line = lines[index]
        after = lines[index + 1 : index + 2]
        if index >= body.start and line.prose and (not after or after[0].prose):
            return index
    return min(stop, max(body.start, headline + 1))


def _may_be_standfirst(line: Line) -> bool:
    look = line.look
    return (
        not look.furniture
        and SHORTEST_STANDFIRST <= look.ink <= LONGEST_STANDFIRST
        and line.seams() <= 2
        and not caption_pieces(line)
    )
