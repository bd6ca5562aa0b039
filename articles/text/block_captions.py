"""Captions, their credits and the buttons between them, which scrapers leave glued together."""

import re

from articles.text import block_words as words
from articles.text.block_kinds import BlockKind, Piece
from articles.text.block_lines import Line, key_of
from articles.text.block_phrases import Openings

LONGEST_LINE = 3000
LONGEST_CAPTION = 700
LONGEST_CREDIT = 120

_CREDIT = Openings(words.CREDIT_BEGINS)
_LEAD = re.compile(
    "(?:" + "|".join(re.escape(lead) for lead in sorted(words.CREDIT_BEGINS, key=len)[::-1]) + ")",
    re.IGNORECASE,
)
_BUTTON = re.compile("|".join(map(re.escape, sorted(words.PICTURE_BUTTONS))), re.IGNORECASE)
_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,120})[)\]]\.?")
_SIGNATURE = re.compile(r"[.!?”\"')|=＝] ?([^.!?|]{2,60}(?:\.|$))$")
_AGENCY = "(?:" + "|".join(map(re.escape, sorted(words.AGENCIES, key=len)[::-1])) + ")"
_WITH_SLASH = re.compile(
    rf"(?:(?<!\w){_AGENCY} ?/ ?[^/!?]{{2,50}}|[^./!?]{{2,50}} ?/ ?{_AGENCY}\.?)$", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,3}$")
_BETWEEN = re.compile(r"[/|,;=＝]| via | - ")


def caption_pieces(line: Line) -> list[Piece]:
    """The caption, credit and furniture of a line under a picture; none if it is no such line."""
    text = line.text
    if len(text) > LONGEST_LINE:
        return []
    if (button := _BUTTON.search(text)) and button.end() - button.start() < len(text):
        return _around_button(line, button.start(), button.end())
    return _with_credits(line, 0)


def _around_button(line: Line, start: int, end: int) -> list[Piece]:
    """The copy behind the button is the caption: it is the one that has its credit."""
    end += len(line.text[end:]) - len(line.text[end:].lstrip(" :"))
    if end >= len(line.text):
        before = _with_credits(line, 0) or [Piece(line.start, BlockKind.CAPTION)]
        return [*before, Piece(line.start + start, BlockKind.BOILERPLATE)]
    behind = _with_credits(line, end, pictured=True) or [Piece(line.start + end, BlockKind.CAPTION)]
    return [Piece(line.start, BlockKind.BOILERPLATE), *behind]


def _with_credits(line: Line, begin: int, *, pictured: bool = False) -> list[Piece]:
    """Captions from ``begin``, each with its credit; none if there is no credit.

    ``pictured`` says that it is surely a caption: then names in brackets are its credit.
    """
    pieces: list[Piece] = []
    for start, end in _find_credits(line.text, begin, pictured):
        if start - begin > LONGEST_CAPTION:
            return []
        if line.text[begin:start].strip():
            pieces.append(Piece(line.start + begin, BlockKind.CAPTION))
        pieces.append(Piece(line.start + start, BlockKind.CREDIT))
        begin = end + len(line.text[end:]) - len(line.text[end:].lstrip())
    if pieces and begin < len(line.text):
        pieces.append(Piece(line.start + begin, BlockKind.BOILERPLATE))
    return pieces


def _find_credits(text: str, begin: int, pictured: bool) -> list[tuple[int, int]]:
    """Where the credits are: in brackets anywhere, or one at the end."""
    bracketed = [
        match.span()
        for match in _BRACKET.finditer(text, begin)
        if _is_credit(match.group(1)) or _ends_with_name(text, match, pictured)
    ]
    if bracketed and (len(bracketed) > 1 or len(text) - bracketed[-1][1] <= LONGEST_CREDIT):
        return bracketed
    tail = max(begin, len(text) - LONGEST_CREDIT)
    for match in _LEAD.finditer(text, tail):
        if _begins_word(text, match.start(), begin):
            return [(match.start(), len(text))]
    if (signed := _SIGNATURE.search(text, tail)) and _names_agency(signed.group(1)):
        return [(signed.start(1), len(text))]
    if slashed := _WITH_SLASH.search(text, max(begin, len(text) - 60)):
        return [(_name_start(text, slashed.start(), begin), len(text))]
    if len(text) - begin <= 60 and _names_agency(text[begin:]):
        return [(begin, len(text))]
    return []


def _ends_with_name(text: str, bracket: re.Match[str], pictured: bool) -> bool:
    """Whether a full sentence has a name or "name/agency" in brackets behind it, and no more."""
    before = text[: bracket.start()].rstrip()
    return (
        bracket.end() == len(text)
        and not bracket.group().endswith(".")
        and (pictured or before[-1:] in (".", "!", "?", "”", '"', "'"))
        and is_names(bracket.group(1).replace("/", " "))
    )


def _name_start(text: str, at: int, begin: int) -> int:
    """Where the name begins that stands directly before a slash or an agency."""
    slash = text.find("/", at)
    name = _NAME.search(text[begin:slash].rstrip())
    return begin + name.start() if name else at


def _begins_word(text: str, at: int, begin: int) -> bool:
    """Whether a credit may begin at ``at``: glued to a full stop, but not inside a word."""
    return at == begin or not text[at - 1].isalnum() or text[at].isupper()


def is_names(text: str) -> bool:
    """Whether words may be the names of people: two to eight, each with a capital."""
    parts = text.replace(",", " ").split()
    return 1 < len(parts) <= 8 and all(
        part[0].isupper() or part.casefold() in words.NAME_PARTICLES for part in parts
    )


def _is_credit(inside: str) -> bool:
    """Whether words in brackets name a photographer or an agency."""
    low = inside.casefold()
    return bool(_CREDIT.opening(inside)) or "copyright" in low or "©" in low or _names_agency(low)


def _names_agency(credit: str) -> bool:
    return any(key_of(part) in words.AGENCIES for part in _BETWEEN.split(credit))
