"""Spans, and words found in a text, against slow and obvious oracles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.spans import InvalidSpan, Span, occurrences

ends = st.integers(0, 20)
spans = st.tuples(ends, ends).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Span(*pair))
letters = st.text("ab \n\u3000📰", max_size=20)


@given(st.integers(), st.integers())
def test_a_span_has_a_start_before_its_end(start: int, end: int) -> None:
    if 0 <= start < end:
        assert (Span(start, end).start, Span(start, end).end) == (start, end)
    else:
        with pytest.raises(InvalidSpan, match="marks nothing"):
            Span(start, end)


@given(spans, spans)
def test_overlap_is_symmetric_and_means_a_shared_character(a: Span, b: Span) -> None:
    shared = set(range(a.start, a.end)) & set(range(b.start, b.end))

    assert a.overlaps(b) == b.overlaps(a) == bool(shared)


@given(letters, st.text("ab \u3000📰", max_size=4))
def test_occurrences_are_all_places_that_match_with_any_white_space(text: str, words: str) -> None:
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    places = [pattern.match(text, at) for at in range(len(text))] if words.split() else []

    assert occurrences(text, words) == [Span(*place.span()) for place in places if place]


def test_a_run_of_white_space_is_matched_whole() -> None:
    assert occurrences("so  be\n it so be it", "be it") == [Span(4, 10), Span(14, 19)]
