"""Tokens and sentences, for formats that are made of them.

They follow the text in every script, by rules that can be told in a line and without a model, and
they yield to what was annotated: no span is cut by an edge of either.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from articles.text.spans import Span
from articles.text.words import words

# What is between two words: a sign, as often as it is repeated, with the accents that are on it.
_SIGN = re.compile(r"(\S)\1*[\u0300-\u036f\u200d\ufe0f]*")
# Where a sentence may end, with what closes after it; scripts without spaces have none behind it.
# It is looked for where its signs begin: from within a long row of them, again and again, takes n².
_SIGNS = "[.!?…؟।۔]"
_STOP = re.compile(rf"(?<!{_SIGNS})({_SIGNS}++)[\"'”’»)\]]*\s+|[。！？]+[」』”’）]*|\n")
# What has a full stop without an end: initials, and titles before a name.
_SHORT = re.compile(r"(?<!\w)([^\W\d_]|Mr|Mrs|Ms|Dr|St|Prof|Gen|Sen|Rep|Gov|Lt|Col|No|vs)$")
_LONGEST_SHORT = 5


def tokens(text: str, cuts: Iterable[int] = ()) -> list[Span]:
    """Words and signs, left to right: together all that is no white space, in no two of them.

    None of them goes over one of ``cuts``, so that a span with its edges there is made of whole
    tokens. Costs n log n.
    """
    edges = sorted(set(cuts))
    found: list[Span] = []
    at = 0
    for word in words(text):
        found += _signs(text, at, word.start)
        found.append(word)
        at = word.end
    found += _signs(text, at, len(text))
    return [piece for token in found for piece in _cut(token, edges)]


def spaced(text: str, spans: Sequence[Span]) -> list[tuple[Span, bool]]:
    """All of ``text`` as spaCy has it: tokens, each with whether one space follows that is in none.

    Any other white space is a token too, and so is a space with which one of ``spans`` begins or
    ends: none of them is split.
    """
    starts, ends = {span.start for span in spans}, {span.end for span in spans}
    edges = sorted(starts | ends)
    found: list[tuple[Span, bool]] = []
    at = 0
    for token in [*tokens(text, edges), None]:
        following = token.start if token else len(text)
        if found and text[at:following][:1] == " " and at not in starts and at + 1 not in ends:
            found[-1] = (found[-1][0], True)
            at += 1
        if at < following:
            found += [(piece, False) for piece in _cut(Span(at, following), edges)]
        if token:
            found.append((token, False))
            at = token.end
    return found


def _signs(text: str, start: int, end: int) -> list[Span]:
    return [Span(*sign.span()) for sign in _SIGN.finditer(text, start, end)]


def _cut(token: Span, edges: Sequence[int]) -> list[Span]:
    inside = edges[bisect_right(edges, token.start) : bisect_left(edges, token.end)]
    if not inside:
        return [token]
    return [Span(*piece) for piece in pairwise([token.start, *inside, token.end])]


def sentences(
    text: str, tokens: Sequence[Span], whole: Iterable[Span] = (), breaks: Iterable[int] = ()
) -> list[list[Span]]:
    """``tokens`` by sentence, in their order, none of them empty.

    A sentence ends where its signs say so, with its line, and at ``breaks``, such as those of
    blocks; but nowhere inside a span of ``whole``. Costs n log n.
    """
    ends = {stop.end() for stop in _STOP.finditer(text) if _is_end(text, stop)}
    allowed = sorted(_outside(ends.union(breaks), whole))
    found: list[list[Span]] = []
    passed = 0
    for token in tokens:
        before = bisect_right(allowed, token.start)
        if before > passed or not found:
            found.append([])
        passed = before
        found[-1].append(token)
    return found


def _is_end(text: str, stop: re.Match[str]) -> bool:
    """Whether a sentence ends at ``stop``: what follows could begin one, and nothing is short."""
    if not stop[1] or "\n" in stop[0]:
        return True
    before = text[max(0, stop.start() - _LONGEST_SHORT) : stop.start()]
    is_short = stop[1] == "." and _SHORT.search(before) is not None
    return not is_short and not text[stop.end() : stop.end() + 1].islower()


def _outside(places: Iterable[int], spans: Iterable[Span]) -> Iterable[int]:
    """Those of ``places`` that are inside none of ``spans``; their edges are not inside."""
    starts: list[int] = []
    ends: list[int] = []
    for span in sorted(spans):
        if ends and span.start < ends[-1]:
            ends[-1] = max(ends[-1], span.end)
        else:
            starts.append(span.start)
            ends.append(span.end)
    for place in places:
        nearest = bisect_left(starts, place) - 1
        if nearest < 0 or place >= ends[nearest]:
            yield place
