"""The head of an article: headline, standfirst, byline and dateline."""

from articles.text import block_words as words
from articles.text.block_captions import caption_pieces
from articles.text.block_kinds import BlockKind, Piece
from articles.text.block_lines import Line, find_date, key_of
from articles.text.block_phrases import Openings

_BYLINE = Openings(words.BYLINE_BEGINS)

_REACH = 40
"""How many lines above the first paragraph a headline may stand."""

_LONGEST_HEADLINE = 250
_LONGEST_BYLINE = 120


def find_head(
    lines: list[Line], body: range, *, title: str | None, scraped: bool
) -> dict[int, list[Piece]]:
    """The pieces of the lines from the headline to the first paragraph, by line.

    A page often has headline and standfirst several times: in its title, over its breadcrumbs,
    over the article. The last copy above the text is the article's own.
    """
    headline = _find_headline(lines, body, title=title, scraped=scraped)
    if headline is None:
        return {}
    head = {headline: [Piece(lines[headline].start, BlockKind.HEADLINE)]}
    end = _first_paragraph(lines, headline + 1, body.stop)
    for index in range(headline + 1, end):
        head[index] = _head_pieces(lines[index])
    return head


def _find_headline(
    lines: list[Line], body: range, *, title: str | None, scraped: bool
) -> int | None:
    if not scraped:
        first = lines[0]
        if first.sentence or first.ink > _LONGEST_HEADLINE or len(lines) < 2:
            return None
        return 0 if lines[1].after_blank else None
    wanted = key_of(title) if title else None
    best, best_score = None, 1.0
    for index in range(max(0, body.start - _REACH), min(body.start + 3, body.stop)):
        line = lines[index]
        score = _headline_score(line, wanted) - (body.start - index) * 0.02
        if score >= best_score:
            best, best_score = index, score
    return best


def _headline_score(line: Line, wanted: str | None) -> float:
    if wanted and line.key == wanted:
        return 10.0
    if line.furniture or line.ink > _LONGEST_HEADLINE or line.ink < 15:
        return 0.0
    score = 1.0 if line.ink >= 30 else 0.5
    score += 1.0 if line.copies > 1 else 0.0
    score += 0.5 if not line.sentence else -0.5
    return score


def _first_paragraph(lines: list[Line], start: int, stop: int) -> int:
    """The line after the last byline, dateline or furniture that still belongs to the head."""
    end = start
    for index in range(start, min(start + 12, stop)):
        line = lines[index]
        if _byline_pieces(line) or line.furniture:
            end = index + 1
    return end


def _head_pieces(line: Line) -> list[Piece]:
    if pieces := _byline_pieces(line):
        return pieces
    if captioned := caption_pieces(line):
        return captioned
    if line.furniture:
        return [Piece(line.start, BlockKind.BOILERPLATE)]
    if line.ink >= 40:
        return [Piece(line.start, BlockKind.STANDFIRST)]
    return [Piece(line.start, BlockKind.BOILERPLATE)]


def _byline_pieces(line: Line) -> list[Piece]:
    """Byline, dateline and what is glued to them; none if there is no byline and no date."""
    text = line.text
    lead = _BYLINE.opening(text)
    date = find_date(text)
    if date is None:
        if lead and len(text) <= _LONGEST_BYLINE and not line.sentence:
            return [Piece(line.start, BlockKind.BYLINE)]
        return []
    if date[0] > _LONGEST_BYLINE:
        return []
    pieces = []
    before = text[: date[0]].strip()
    if before and (lead or _is_names(before)):
        pieces.append(Piece(line.start, BlockKind.BYLINE))
    elif before:
        pieces.append(Piece(line.start, BlockKind.BOILERPLATE))
    pieces.append(Piece(line.start + date[0], BlockKind.DATELINE))
    behind = text[date[1] :]
    if behind.strip():
        skip = len(behind) - len(behind.lstrip())
        pieces.append(Piece(line.start + date[1] + skip, BlockKind.BOILERPLATE))
    return pieces


def _is_names(text: str) -> bool:
    parts = [part for part in text.replace(",", " ").split() if part.isalpha() or "-" in part]
    return 1 < len(parts) <= 8 and all(
        part[0].isupper() or part.casefold() in words.NAME_PARTICLES for part in parts
    )
