"""Who wrote an article, where and when: its byline and dateline."""

from articles.text import block_names as names
from articles.text.block_captions import is_names, skip_space
from articles.text.block_kinds import BlockKind, Piece
from articles.text.block_lines import Line, find_date
from articles.text.block_phrases import Openings

LONGEST_BYLINE = 120
LONGEST_NAMES = 40
LONGEST_ROLE = 60
LONGEST_PLACE = 40

_BYLINE = Openings(names.BYLINE_BEGINS)
_COMMAS = ",،、，"
_BARS = "|·•/–—-"
_MARKS = _COMMAS + _BARS + ":：()（）"


def byline_pieces(line: Line, *, expected: bool = False) -> list[Piece]:
    """Byline, dateline and what is glued to them; none if there is no byline and no date.

    Where a byline is ``expected``, a name alone is one.
    """
    text = line.text
    lead = _BYLINE.opening(text)
    date = find_date(text[: 2 * LONGEST_BYLINE])
    if date is None:
        if lead and len(text) <= LONGEST_BYLINE and not line.look.sentence:
            return [Piece(line.start, BlockKind.BYLINE)]
        if expected and len(text) <= LONGEST_NAMES and is_names(text) and text.count(" ") < 5:
            return [Piece(line.start, BlockKind.BYLINE)]
        return []
    if date[0] > LONGEST_BYLINE or line.look.sentence:
        return []
    pieces = []
    at, before = date[0], text[: date[0]].strip()
    if before and not lead and _is_place(before):
        at = 0
    elif before:
        kind = BlockKind.BYLINE if lead or is_names(before) else BlockKind.BOILERPLATE
        pieces.append(Piece(line.start, kind))
    pieces.append(Piece(line.start + at, BlockKind.DATELINE))
    behind = skip_space(text, date[1])
    if behind < len(text):
        pieces.append(Piece(line.start + behind, BlockKind.BOILERPLATE))
    return pieces


def _is_place(before: str) -> bool:
    """Whether words before a day are a place: with a comma behind, one word or all capitals."""
    return before[-1] in _COMMAS and (" " not in before or before.isupper())


def signed_pieces(line: Line) -> list[Piece]:
    """Byline and dateline of a clean article's line, all of it; none if it has neither.

    "Orrin Point, 3 November 2026" is a place and a day, though a person may be called so.
    A name alone is left to :func:`is_signature`: only its place tells whether it is a byline.
    """
    text = line.text
    if len(text) > LONGEST_BYLINE:
        return []
    date = find_date(text)
    if date is None:
        signed = _begins_byline(text) and not line.look.sentence
        return [Piece(line.start, BlockKind.BYLINE)] if signed else []
    before, behind = text[: date[0]].strip(), text[date[1] :].strip()
    if line.look.sentence and len(behind) > LONGEST_YEAR_SIGN:
        return []
    if _begins_byline(before) or (before[-1:] in _BARS and is_signature(before.rstrip(_BARS))):
        return [
            Piece(line.start, BlockKind.BYLINE),
            Piece(line.start + date[0], BlockKind.DATELINE),
        ]
    if len(before) > LONGEST_PLACE or not _is_aside(before, before[-1:]):
        return []
    dateline = Piece(line.start, BlockKind.DATELINE)
    name = behind.lstrip(_MARKS + " ")
    if _begins_byline(name) or is_signature(name):
        return [dateline, Piece(line.start + text.rindex(name), BlockKind.BYLINE)]
    return [dateline] if _is_aside(behind, behind[:1]) else []


LONGEST_YEAR_SIGN = 3
"""A line may end with a full stop right behind its day, or with an abbreviated "year"."""


def _begins_byline(text: str) -> bool:
    """Whether a byline's word and then a name open ``text``: "By Mara" does, "By the way" not."""
    lead = _BYLINE.opening(text)
    behind = text[len(lead) :].lstrip(_MARKS + " ").split(maxsplit=2)[:2]
    return bool(lead) and any(not word[0].islower() for word in behind)


def is_signature(text: str) -> bool:
    """Whether ``text`` is a name alone, or a name with what its bearer is: "Ann Lee, reporter"."""
    name, comma, role = text.partition(",")
    if comma and role.strip()[:1].islower():
        return len(role) <= LONGEST_ROLE and is_signature(name)
    if len(text) > LONGEST_NAMES or text[-1:] in _MARKS:
        return False
    return text.endswith(names.BYLINE_ENDS) or (is_names(text) and text.count(" ") < 5)


def _is_aside(words: str, mark: str) -> bool:
    """Whether ``words`` beside a day belong to it: two at most, or with a mark between."""
    return words.count(" ") < 2 or mark in _MARKS
