"""Words of a text, for moving an edge by one: the same as those of ``words.js`` in the browser.

Both follow Unicode Standard Annex 29, word boundaries. Scripts without spaces are the exception:
the browser has dictionaries for them, here each of their characters is a word.
"""

import re
import unicodedata
from itertools import groupby

from articles.text.spans import Span

# All characters, as ranges of one general category each: beyond are only ideographs, and what is
# named below.
_RANGES = [
    (category, f"{re.escape(first)}-{re.escape([first, *others][-1])}")
    for category, (first, *others) in groupby(map(chr, range(0x20000)), unicodedata.category)
]


def _of(*categories: str) -> str:
    """Every character of these general categories, as the inside of a class."""
    return "".join(one for category, one in _RANGES if category.startswith(categories))


_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# What belongs to the character before it: accents, vowel signs, joiners, the tints of emoji.
_TAGS = "\U000e0020-\U000e007f\U000e0100-\U000e01ef"
_MORE = rf"[{_of('M')}\u00ad\u200c\u200d\U0001f3fb-\U0001f3ff{_TAGS}]"
# A flag is two letters of a kind of its own; a family is joined by U+200D.
_FLAG = "[\U0001f1e6-\U0001f1ff]"
_SIGN = rf"[{_of('S', 'Pi', 'Pf', 'Ps', 'Pe')}\"']"
_PICTURE = f"[{_of('So')}]"


def _stops(more: str) -> re.Pattern[str]:
    """What ``words`` finds in a text in which a character may have any of ``more`` on it."""
    letters = rf"(?:[^\W\d_{_UNSPACED}]{more})+"
    digits = rf"(?:\d{more})+"
    word = rf"""(?=[^\W_]|(?<!_)_++[^\W_])(?:
        {letters}(?:['’‘·]{more}{letters})*
        |{digits}(?:['’‘.,;]{more}{digits})*
        |_{more})+"""
    aimed_at = rf"{_FLAG}{more}{_FLAG}{more}|{_SIGN}{more}(?:(?<=\u200d){_PICTURE}{more})*"
    return re.compile(rf"[{_UNSPACED}]{more}|{word}|{aimed_at}", re.VERBOSE)


_PLAIN = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+")
_STOPS, _UNMARKED_STOPS = _stops(f"{_MORE}*"), _stops("")
# None of them is below U+00AD: to look at that first is quicker where nearly all letters are.
_MARK = re.compile(rf"(?=[^\0-\u00ac]){_MORE}")


def words(text: str) -> list[Span]:
    """Where the words of ``text`` stand, left to right, and what one aims for besides words.

    That is quotation marks, brackets, symbols and emoji; white space and other punctuation are in
    none of them.
    """
    stops = _STOPS if _MARK.search(text) else _UNMARKED_STOPS  # more than twice as quick
    return [Span(*match.span()) for match in stops.finditer(text)]


def plain_words(text: str) -> list[Span]:
    """Runs of letters and digits, left to right: for counting, many times as quick as ``words``.

    Of scripts without spaces each character is one.
    """
    return [Span(*match.span()) for match in _PLAIN.finditer(text)]


def edge_moved(text: str, span: Span, *, edge: str, by: int) -> Span:
    """``span`` with its ``edge`` (``start`` or ``end``) one word further left (-1) or right (1).

    The span never becomes empty and stays inside ``text``; where there is no word left it is
    returned as it is.
    """
    edges = sorted(getattr(word, edge) for word in words(text))
    at: int = getattr(span, edge)
    beyond = [e for e in edges if (e < at if by < 0 else e > at)]
    if not beyond:
        return span
    moved = beyond[-1] if by < 0 else beyond[0]
    start, end = (moved, span.end) if edge == "start" else (span.start, moved)
    return Span(start, end) if start < end else span
