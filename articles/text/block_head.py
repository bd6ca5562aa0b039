"""The head of an article: headline, standfirst, byline and dateline."""

import re
from collections.abc import Iterable

from articles.text import block_words as words
from articles.text.block_captions import caption_pieces, is_names
from articles.text.block_kinds import BlockKind, Piece
from articles.text.block_lines import Line, find_date, is_prose, key_of
from articles.text.block_phrases import Openings

REACH_UP = 60
"""How many lines above the body a headline may stand: menus and share buttons lie between."""

REACH_DOWN = 25
"""How many lines may stand between a headline and the first paragraph."""

LONGEST_HEADLINE = 200
LONGEST_BYLINE = 120

_BYLINE = Openings(words.BYLINE_BEGINS)
_WORD = re.compile(r"[^\W\d_]{4,}")
_WIDE_PAIR = re.compile("(?=([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}))")


def find_head(
    lines: list[Line], body: range, *, title: str | None, scraped: bool
) -> dict[int, list[Piece]]:
    """The pieces of the lines from the headline to the first paragraph, by line.

    A page often has headline and standfirst several times: in its title, over its breadcrumbs,
    over the article. The last copy above the text is the article's own.
    """
    headline = _find_headline(lines, body, title) if scraped else _clean_headline(lines, title)
    if headline is None:
        return {}
    head = {headline: [Piece(lines[headline].start, BlockKind.HEADLINE)]}
    seen_byline = False
    standfirsts = 0
    for index in range(headline + 1, _first_paragraph(lines, headline, body)):
        line = lines[index]
        pieces = byline_pieces(line, near_date=_near_date(lines, index))
        if pieces:
            seen_byline = True
        elif not line.furniture and _may_be_standfirst(line, seen_byline) and standfirsts < 2:
            standfirsts += 1
            pieces = [Piece(line.start, BlockKind.STANDFIRST)]
        if pieces:
            head[index] = pieces
    return head


def _clean_headline(lines: list[Line], title: str | None) -> int | None:
    """In a clean article the headline is the first line, alone and without a full stop."""
    first = lines[0]
    if title and first.key == key_of(title):
        return 0
    if len(lines) < 2 or first.sentence or first.ink > LONGEST_HEADLINE:
        return None
    if first.text[-1] in ",;:—-" or first.is_list_item() or first.is_quoted():
        return None
    return 0 if lines[1].after_blank else None


def _find_headline(lines: list[Line], body: range, title: str | None) -> int | None:
    """The line above the body that the body and the rest of the page repeat most."""
    wanted = key_of(title) if title else None
    told = _words_of(line.text for line in lines[body.start : body.start + TOLD_LINES])
    page = "\n".join(line.key for line in lines)
    best, best_score = None, LEAST_HEADLINE
    for index in range(max(0, body.start - REACH_UP), body.start):
        line = lines[index]
        if wanted and line.key == wanted:
            score = SURE_HEADLINE
        else:
            score = _headline_score(line, told, page)
        score -= (body.start - index) * FURTHER_UP
        if score > best_score or (best is not None and line.key == lines[best].key):
            best, best_score = index, score
    return best


TOLD_LINES = 12
LEAST_HEADLINE = 1.2
SURE_HEADLINE = 10.0
FURTHER_UP = 0.01


def _headline_score(line: Line, told: frozenset[str], page: str) -> float:
    if line.furniture or not 18 <= line.ink <= LONGEST_HEADLINE or line.seams() > 1:
        return 0.0
    own = _words_of([line.text])
    if not own or caption_pieces(line) or byline_pieces(line):
        return 0.0
    score = min(1.5, 3.0 * len(own & told) / len(own))
    score += 0.7 if page.count(line.key) > 1 else 0.0
    score += 0.5 if 30 <= line.ink <= 130 else 0.0
    score -= 0.7 if line.sentence and line.text[-1] == "." else 0.0
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
    for index in range(headline + 1, min(headline + REACH_DOWN, body.stop)):
        line = lines[index]
        if index >= body.start and is_prose(line):
            after = lines[index + 1 : index + 2]
            if not after or is_prose(after[0]):
                return index
    return min(headline + REACH_DOWN, max(body.start, headline + 1), body.stop)


def _may_be_standfirst(line: Line, seen_byline: bool) -> bool:
    if line.ink < 40 or caption_pieces(line) or line.seams() > 2:
        return False
    return line.ink <= 500


def _near_date(lines: list[Line], index: int) -> bool:
    return any(
        find_date(lines[near].text) and len(lines[near].text) < LONGEST_BYLINE
        for near in (index - 1, index + 1)
        if 0 <= near < len(lines)
    )


def byline_pieces(line: Line, *, near_date: bool = False) -> list[Piece]:
    """Byline, dateline and what is glued to them; none if there is no byline and no date."""
    text = line.text
    lead = _BYLINE.opening(text)
    date = find_date(text)
    if date is None:
        if lead and len(text) <= LONGEST_BYLINE and not line.sentence:
            return [Piece(line.start, BlockKind.BYLINE)]
        if near_date and is_names(text):
            return [Piece(line.start, BlockKind.BYLINE)]
        return []
    if date[0] > LONGEST_BYLINE or line.sentence:
        return []
    pieces = []
    before = text[: date[0]].strip()
    if before and (lead or is_names(before)):
        pieces.append(Piece(line.start, BlockKind.BYLINE))
    elif before:
        pieces.append(Piece(line.start, BlockKind.BOILERPLATE))
    pieces.append(Piece(line.start + date[0], BlockKind.DATELINE))
    behind = text[date[1] :]
    if behind.strip():
        skip = len(behind) - len(behind.lstrip())
        pieces.append(Piece(line.start + date[1] + skip, BlockKind.BOILERPLATE))
    return pieces
