"""Where the characters of a text are after ``canonicalise``: offsets from the one to the other."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from articles.text.canonical import canonicalise

# What stands in different pieces cannot become one character: only a carriage return joins a line
# feed, whatever invisible stands between them.
_PIECE = re.compile("[^\r]+|\r\n|\r[^\r\n]*\n?")
# Letters that compose with the one before them though they are no marks: vowels and finals of
# Hangul, and a vowel of Kirat Rai. Source: the Unicode Character Database, version 16.
_COMPOSING = re.compile("[\u1161-\u1175\u11a8-\u11c2\U00016d67]")
# Code points of a letter with its marks in which a cut is looked for: that takes n² steps.
_LONGEST_LETTER = 1_000


class Places:
    """A text as somebody has it, its canonical form in ``text``, and what is where in that.

    Offsets count code points. One in the midst of what became a single character, such as between
    a letter and its accent, cannot be placed: spans grow to the edges of that character.
    """

    def __init__(self, given: str) -> None:
        self.text = canonicalise(given)
        if self.text == given:
            self._parts, self._forms = [given], [given]
        else:
            self._parts = list(_parts(given))
            vanishing = len(self._parts[0]) if not canonicalise(self._parts[0]) else 0
            self._forms = ["" if vanishing else _form(self._parts[0])]
            self._forms += map(_form, self._parts[1:])
        self._there = list(accumulate(map(len, self._parts), initial=0))
        self._here = list(accumulate(map(len, self._forms), initial=0))

    def start(self, offset: int) -> int:
        """Where a span begins that began at ``offset``: there, or as little before as can be."""
        return self._moved(offset, -1)

    def end(self, offset: int) -> int:
        """Where a span ends that ended at ``offset``: there, or as little behind as can be."""
        return self._moved(offset, 1)

    def _moved(self, offset: int, step: int) -> int:
        number = bisect_right(self._there, offset) - 1
        within = offset - self._there[number]
        if not within:
            return self._here[number]
        part, form = self._parts[number], self._forms[number]
        if form in (part, ""):
            return self._here[number] + (within if form else 0)
        if len(part) > _LONGEST_LETTER:
            return self._here[number] + (len(form) if step > 0 else 0)
        while _form(part[:within]) + _form(part[within:]) != form:
            within += step
        return self._here[number] + len(_form(part[:within]))


def _parts(text: str) -> Iterator[str]:
    """``text`` in parts that are brought into form each by itself, as long as nothing changes."""
    begin = next((at for at, one in enumerate(text) if canonicalise(one)), len(text))
    if begin:
        yield text[:begin]
    for piece in _PIECE.findall(text[begin:]):
        if _form(piece) == piece:
            yield piece
        else:
            yield from _characters(piece)


def _characters(piece: str) -> Iterator[str]:
    """``piece`` in letters, each with the marks on it and whatever vanishes behind it."""
    begin = 0
    for at, one in enumerate(piece):
        if at > begin and not (
            unicodedata.category(one)[0] == "M"
            or _COMPOSING.match(one)
            or not canonicalise(one)
            or (one == "\n" and piece[begin] == "\r")
        ):
            yield piece[begin:at]
            begin = at
    yield piece[begin:]


def _form(part: str) -> str:
    """``part`` in canonical form as it is in the midst of a text, where a byte order mark stays."""
    return canonicalise(f".{part}")[1:]
