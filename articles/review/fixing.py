"""Where the words of a fix stand: as they were typed, or with an edge moved by one word."""

from articles.annotations.errors import WordsNotFound
from articles.text.spans import Span, occurrences
from articles.text.words import edge_moved

#: Code points beyond a span that are looked at for the next word.
BEYOND = 120


def found_at(text: str, words: str, near: int) -> Span:
    """Where ``words`` stand in ``text``, closest to the code point ``near``.

    Raises:
        WordsNotFound: if they are not in the text.
    """
    places = occurrences(text, words) if words.strip() else []
    if not places:
        raise WordsNotFound("These words are not in the text.", field="words")
    return min(places, key=lambda span: (abs(span.start - near), span.start))


def moved(text: str, span: Span, edge: str) -> Span:
    """``span`` with one edge moved by a word; ``edge`` is such as ``start-left``."""
    side, _, way = edge.partition("-")
    first = max(0, span.start - BEYOND)
    window = text[first : span.end + BEYOND]
    inner = Span(span.start - first, span.end - first)
    by = -1 if way == "left" else 1
    result = edge_moved(window, inner, edge=side, by=by)
    return Span(result.start + first, result.end + first)
