"""Captions, their credits and the buttons between them, which scrapers leave glued together."""

from articles.text import block_words as words
from articles.text.block_kinds import BlockKind, Piece
from articles.text.block_lines import Line, key_of
from articles.text.block_phrases import Openings

_CREDIT = Openings(words.CREDIT_BEGINS)

LONGEST_CAPTION = 700
LONGEST_CREDIT = 120


def caption_pieces(line: Line, *, doubtful: bool = False) -> list[Piece]:
    """The caption, credit and furniture of a line under a picture; none if it is no such line.

    ``doubtful`` also takes a caption whose only sign is an agency at its end, which a sentence
    of an article can have too.
    """
    if len(line.text) > 3 * LONGEST_CAPTION:
        return []
    low = line.text.casefold()
    if len(low) != len(line.text):  # ß and the like: offsets would not fit
        low = line.text.lower()
        if len(low) != len(line.text):
            low = line.text
    if button := _find_button(low):
        return _around_button(line, low, button)
    return _with_credit(line, 0, low, doubtful)


def _find_button(low: str) -> tuple[int, int] | None:
    for phrase in words.PICTURE_BUTTONS:
        at = low.find(phrase)
        if at >= 0 and len(low) > len(phrase):
            return at, at + len(phrase)
    return None


def _around_button(line: Line, low: str, button: tuple[int, int]) -> list[Piece]:
    """The copy behind the button is the caption: it is the one that has its credit."""
    pieces = [Piece(line.start, BlockKind.BOILERPLATE)]
    behind = button[1] + len(line.text[button[1] :]) - len(line.text[button[1] :].lstrip())
    if behind < len(line.text):
        pieces += _with_credit(line, behind, low, doubtful=True) or [
            Piece(line.start + behind, BlockKind.CAPTION)
        ]
    elif button[0] > 0:
        pieces = [
            Piece(line.start, BlockKind.CAPTION),
            Piece(line.start + button[0], BlockKind.BOILERPLATE),
        ]
    return pieces


def _with_credit(line: Line, begin: int, low: str, doubtful: bool) -> list[Piece]:
    """The caption from ``begin`` and the credit at its end; none if there is no credit."""
    at = _find_credit(low, begin, doubtful)
    if at is None or at - begin > LONGEST_CAPTION:
        return []
    if not line.text[begin:at].strip():
        return [Piece(line.start + at, BlockKind.CREDIT)]
    return [
        Piece(line.start + begin, BlockKind.CAPTION),
        Piece(line.start + at, BlockKind.CREDIT),
    ]


def _find_credit(low: str, begin: int, doubtful: bool) -> int | None:
    """Where the credit at the end of a line begins, its bracket included."""
    tail = max(begin, len(low) - LONGEST_CREDIT)
    if low.endswith((")", "]")):
        opening = max(low.rfind("(", tail), low.rfind("[", tail))
        if opening >= 0 and _is_credit(low[opening + 1 : -1]):
            return opening
    for word in words.CREDIT_BEGINS:
        at = low.find(word, tail)
        if at >= 0 and (at == begin or not low[at - 1].isalnum() or word.endswith(":")):
            bracket = at > begin and low[at - 1] in "(["
            return at - 1 if bracket else at
    if doubtful:
        return None
    return None


def _is_credit(inside: str) -> bool:
    """Whether words in brackets name a photographer or an agency."""
    if _CREDIT.opening(inside) or "copyright" in inside or "©" in inside:
        return True
    return any(key_of(part) in words.AGENCIES for part in _parts(inside))


def _parts(credit: str) -> list[str]:
    for separator in ("/", "|", ",", " via "):
        credit = credit.replace(separator, ";")
    return credit.split(";")
