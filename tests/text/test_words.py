"""Words, and moving an edge by one of them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.spans import Span
from articles.text.words import edge_moved, plain_words, words

texts = st.text(st.sampled_from("abé0 \n.,'’-“”日本กخא📰\u0301"), min_size=1, max_size=25)


@st.composite
def texts_with_span(draw: st.DrawFn) -> tuple[str, Span]:
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


@given(texts)
def test_words_hold_every_letter_once_and_no_white_space(text: str) -> None:
    found = words(text)
    inside = {at for word in found for at in range(word.start, word.end)}

    assert all(left.end <= right.start for left, right in pairwise(found))
    assert {at for at, letter in enumerate(text) if letter.isalnum()} <= inside
    assert not any(text[at].isspace() for at in inside)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("‘Nobody’s’ well-known, 日本 2.4", "‘ Nobody’s ’ well known 日 本 2.4"),
        ("“Nobody asked us, not once,” she said.", "“ Nobody asked us not once ” she said"),
        ("the Pilot café ☕ (Argus) for £4,000", "the Pilot café ☕ ( Argus ) for £ 4,000"),
        ("👩‍👩‍👧‍👦 🏠🇪🇺🇫🇷 👩🏽‍🌾, ❤️!", "👩‍👩‍👧‍👦 🏠 🇪🇺 🇫🇷 👩🏽‍🌾 ❤️"),
    ],
)
def test_edges_stop_where_editors_aim(text: str, found: str) -> None:
    assert [word.text_in(text) for word in words(text)] == found.split()


@pytest.mark.parametrize(
    "text", ["O\u0323\u0301láwálé Rice", "हिन्दी भाषा", "قَالَ رَئِيس", "می\u200cخواهم بروم"]
)
def test_accents_vowel_signs_and_joiners_stay_in_their_word(text: str) -> None:
    assert [word.text_in(text) for word in words(text)] == text.split()


@pytest.mark.parametrize("edge", ["start", "end"])
@pytest.mark.parametrize("by", [-1, 1])
@given(texts_with_span())
def test_a_moved_edge_goes_to_the_next_edge_of_a_word_or_stays(
    edge: str, by: int, drawn: tuple[str, Span]
) -> None:
    text, span = drawn
    at = getattr(span, edge)
    edges = [getattr(word, edge) for word in words(text)]
    way = range(at + by, -1 if by < 0 else len(text) + 1, by)
    goal = next((place for place in way if place in edges), at)

    moved = edge_moved(text, span, edge=edge, by=by)

    other = "end" if edge == "start" else "start"
    fits = goal < span.end if edge == "start" else goal > span.start
    assert getattr(moved, edge) == (goal if fits else at)
    assert getattr(moved, other) == getattr(span, other)


@given(texts)
def test_an_accent_elsewhere_changes_no_word(text: str) -> None:
    assert words(f"{text}\n\u0301") == words(text)


def test_a_long_row_of_underscores_is_passed_over_once() -> None:
    row = "_" * 100_000  # minutes, if it was looked through from each of them

    assert [word.text_in(f"a {row} b") for word in words(f"a {row} b")] == ["a", "b"]


def test_plain_words_are_runs_of_letters_and_digits() -> None:
    text = "Zoë’s 2.4 million 漁協 _x_"

    assert [one.text_in(text) for one in plain_words(text)] == [
        "Zoë", "s", "2", "4", "million", "漁", "協", "x",
    ]  # fmt: skip
