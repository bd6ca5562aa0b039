"""Words of a text, for moving an edge by one; the browser has its own in ``words.js``."""

import re
import unicodedata

from articles.text.spans import Span

# A run of letters and digits with what joins them, or one character of a script without spaces.
_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# To re, accents and vowel signs of their own are no part of a word, nor the joiners of Persian.
_MARKS = "".join(c for c in map(chr, range(0x1F000)) if unicodedata.category(c)[0] == "M")
_RUN = rf"(?:(?![{_UNSPACED}])\w[{_MARKS}\u200c\u200d]*)+"
_WORD = re.compile(rf"[{_UNSPACED}]|{_RUN}(?:['’\-]{_RUN})*")


def words(text: str) -> list[Span]:
    """Where the words of ``text`` stand, left to right. White space and punctuation are in none."""
    return [Span(*match.span()) for match in _WORD.finditer(text)]


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
