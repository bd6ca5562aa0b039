"""Captions, their credits and the buttons between them, which scrapers leave glued together."""

import re

from articles.text import block_names as names
from articles.text.block_kinds import BlockKind, Piece
from articles.text.block_lines import INNER_SENTENCE_END, Line, key_of
from articles.text.block_phrases import UNSPACED, Openings, find_phrase

# Longest and shortest of what is looked at, in code points.
SHORTEST_CREDIT = 2
LONGEST_LINE = 3000
LONGEST_CAPTION = 700
LONGEST_MARKED_CAPTION = 300
LONGEST_CREDIT = 120
LONGEST_SIGNATURE = 60
MOST_SMALL_WORDS = 2
"""Of a credit that begins without a capital, as "Foto: dpa"; more of them are a sentence."""

MOST_NAME_WORDS = 6
LONG_UNSPACED_NAME = 4
"""Characters of a name without spaces that is no remark, as "to be continued" may be in two."""

_CREDIT = Openings(names.CREDIT_BEGINS)
_BRACKET = re.compile(r"[(\[（［]([^()\[\]（）［］]{2,120})[)\]）］][.。]?")
_LAST_BRACKET = re.compile(r"[(（]([^()（）]{2,120})[)）]([.。]?)$")
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,3}$")
_GLUED_CAPITALS = re.compile(r"(?<=[a-zß-ÿ])[A-Z]{2,}$")
_SIDES = re.compile(r" ?[/／|] ?|(?<=[報聞信社局])・")  # a dot is inside foreign names too
_BETWEEN = re.compile(r"[/|,;=＝]| via | - ")
_BEFORE_CREDIT = ".!?”\"')]|/([-–—"
_BEFORE_SIGNATURE = ".!?”\"')|=＝"


def caption_pieces(line: Line, *, apart: bool = False) -> list[Piece]:
    """The caption, credit and furniture of a line under a picture; none if it is no such line.

    ``apart`` says that it stands between paragraphs and is none: then a name in brackets at its
    end is a credit, though it may be anybody's: "The quay in 1910 (Saltmere Archive)".
    """
    text = line.text
    if not SHORTEST_CREDIT <= len(text) <= LONGEST_LINE:
        return []
    if (button := find_phrase(text, names.PICTURE_BUTTONS)) and len(button) < len(text):
        return _around_button(line, button.start, button.stop)
    if pieces := _with_credits(line, 0, len(text)):
        return pieces
    if start := _find_outlet(text, apart):
        return [Piece(line.start, BlockKind.CAPTION), Piece(line.start + start, BlockKind.CREDIT)]
    if len(text) <= LONGEST_MARKED_CAPTION and find_phrase(text, names.CAPTION_MARKS):
        return [Piece(line.start, BlockKind.CAPTION)]
    return []


def _around_button(line: Line, start: int, end: int) -> list[Piece]:
    """The copy behind the button is the caption, since it has its credit; else the one before."""
    behind = skip_space(line.text, end)
    pieces = _with_credits(line, behind, len(line.text), pictured=True)
    if not pieces and behind < len(line.text):
        pieces = [Piece(line.start + behind, BlockKind.CAPTION)]
    if start == 0 or any(piece.kind == BlockKind.CAPTION for piece in pieces):
        return [Piece(line.start, BlockKind.BOILERPLATE), *pieces]
    before = _with_credits(line, 0, start) or [Piece(line.start, BlockKind.CAPTION)]
    return [*before, Piece(line.start + start, BlockKind.BOILERPLATE), *pieces]


def _with_credits(line: Line, begin: int, stop: int, *, pictured: bool = False) -> list[Piece]:
    """Captions from ``begin`` to ``stop``, each with its credit; none if there is no credit.

    ``pictured`` says that it is surely a caption: then names in brackets are its credit.
    """
    text = line.text[:stop]
    pieces: list[Piece] = []
    for start, end in _find_credits(text, begin, pictured):
        if start - begin > LONGEST_CAPTION:
            return []
        if text[begin:start].strip():
            pieces.append(Piece(line.start + begin, BlockKind.CAPTION))
        pieces.append(Piece(line.start + start, BlockKind.CREDIT))
        begin = skip_space(text, end)
    if pieces and begin < stop:
        if _goes_on(text[begin]):
            return []
        pieces.append(Piece(line.start + begin, BlockKind.BOILERPLATE))
    return pieces


def _goes_on(char: str) -> bool:
    """Whether the sentence goes on behind a bracket: then it was a remark, and no credit."""
    return char.islower() or (char >= UNSPACED and char.isalpha())


def _find_credits(text: str, begin: int, pictured: bool) -> list[tuple[int, int]]:
    """Where the credits are: in brackets anywhere, or one at the end."""
    bracketed = [
        bracket.span()
        for bracket in _BRACKET.finditer(text, begin)
        if _names_source(bracket.group(1)) or _ends_with_credit(text, bracket, pictured)
    ]
    if bracketed and (len(bracketed) > 1 or len(text) - bracketed[-1][1] <= LONGEST_CREDIT):
        return bracketed
    start = _find_led_credit(text, begin)
    if start is None:
        start = _find_signature(text, begin)
    return [] if start is None else [(start, len(text))]


def _find_led_credit(text: str, begin: int) -> int | None:
    """Where a credit begins that says so, as "Photo: " does; it may be glued to a full stop.

    The same words inside a sentence are none: "sued over copyright" has no name behind it.
    """
    tail = max(begin, len(text) - LONGEST_CREDIT)
    lead = find_phrase(text[tail:], names.CREDIT_BEGINS)
    if lead is None:
        return None
    at = tail + lead.start
    name = text[tail + lead.stop :].lstrip(" :")
    before = text[begin:at].rstrip()[-1:]
    marked = not text[tail + lead.stop - 1].isalnum()  # as by a colon or ©
    opens = not before or before in _BEFORE_CREDIT or not text[at].islower()
    small = sum(word[0].islower() for word in name.split())
    named = not name[:1].islower() or (marked and small <= MOST_SMALL_WORDS)
    return at if opens and named else None


def _find_signature(text: str, begin: int) -> int | None:
    """Where "Name/Agency", "Agency/Name" or an agency alone ends a line, behind its sentence."""
    tail = max(begin, len(text) - LONGEST_SIGNATURE)
    end = text[tail:].rstrip(". ")
    after_sentence = tail + max(map(end.rfind, _BEFORE_SIGNATURE)) + 1
    if after_sentence > tail or tail == begin:  # an agency alone is a credit too
        start = skip_space(text, after_sentence)
        if _names_agency(text[start:]):
            return start
    if (glued := _GLUED_CAPITALS.search(end)) and _names_agency(glued.group()):
        return tail + glued.start()
    left, slash, right = end.rpartition("/")
    if not slash:
        return None
    if key_of(right) in names.AGENCIES:
        name = _NAME.search(left.rstrip())
        return tail + name.start() if name else None
    agency = left.split()[-1:]
    if agency and agency[0].casefold() in names.AGENCIES and is_names(f"A {right}"):
        return tail + left.rindex(agency[0])
    return None


def _ends_with_credit(text: str, bracket: re.Match[str], pictured: bool) -> bool:
    """Whether a line ends with an agency in brackets, or a sentence with names in brackets.

    Elsewhere "(AP)" is a dateline's and "(Pa.)" a senator's.
    """
    before = text[: bracket.start()].rstrip()
    signs_off = before.endswith("。")  # as Japanese papers name the agency behind a story
    if bracket.end() < len(text) or bracket.group().endswith((".", "。")) or signs_off:
        return False
    full = pictured or before.rstrip("”\"'")[-1:] in (".", "!", "?")
    return _names_agency(bracket.group(1)) or (
        full and is_names(bracket.group(1).replace("/", " "))
    )


def _find_outlet(text: str, apart: bool) -> int | None:
    """Where "(Outlet / Name)" ends a line, or "(Name of an archive)" one that stands ``apart``."""
    bracket = _LAST_BRACKET.search(text)
    if not bracket or len(text) > LONGEST_CAPTION:
        return None
    before, inside, stop = text[: bracket.start()].rstrip(), bracket[1], bracket[2]
    if not before or (stop and INNER_SENTENCE_END.search(before)):
        return None
    sides = _SIDES.split(inside)
    named = all(map(_is_source, sides))
    if len(sides) == 1:
        named = named and apart and not stop
    if named and any(map(_is_long_name, sides)):
        return bracket.start()
    return None


def _is_source(words: str) -> bool:
    """Whether words may name a person, a paper or an archive: no digit, and no small word."""
    parts = words.split()
    return (
        0 < len(parts) <= MOST_NAME_WORDS
        and not any(map(str.isdigit, words))
        and all(not part[0].islower() or part in names.NAME_PARTICLES for part in parts)
    )


def _is_long_name(words: str) -> bool:
    return " " in words or (len(words) >= LONG_UNSPACED_NAME and words[0] >= UNSPACED)


def skip_space(text: str, at: int) -> int:
    """The place of the first character from ``at`` that prints."""
    return len(text) - len(text[at:].lstrip())


def is_names(text: str) -> bool:
    """Whether words may be the names of people: two to eight, each with a capital."""
    parts = text.replace(",", " ").split()
    return (
        not any(map(str.isdigit, text))
        and 1 < len(parts) <= 8
        and all(part[0].isupper() or part.casefold() in names.NAME_PARTICLES for part in parts)
    )


def _names_source(inside: str) -> bool:
    """Whether words in brackets say that they are a credit."""
    low = inside.casefold()
    return bool(_CREDIT.opening(inside)) or "copyright" in low or "©" in low


def _names_agency(credit: str) -> bool:
    return any(key_of(part) in names.AGENCIES for part in _BETWEEN.split(credit))
