"""Tokens and sentences."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.spans import Span
from articles.text.tokens import sentences, spaced, tokens

texts = st.text(st.sampled_from("abZé0 \n.?,'’-“”日。ק📰🏽\u200d\u0301\u00a0"), max_size=30)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(texts.filter(bool))
    edges = st.tuples(st.integers(0, len(text) - 1), st.integers(0, len(text) - 1)).map(sorted)
    return text, [Span(start, last + 1) for start, last in draw(st.lists(edges, max_size=5))]


def cuts(spans: list[Span]) -> list[int]:
    return [edge for span in spans for edge in (span.start, span.end)]


@given(texts_with_spans())
def test_tokens_are_all_that_is_no_white_space_and_split_no_span(
    drawn: tuple[str, list[Span]],
) -> None:
    text, spans = drawn

    found = tokens(text, cuts(spans))

    inside = [at for token in found for at in range(token.start, token.end)]
    assert inside == [at for at, letter in enumerate(text) if not letter.isspace()]
    for span in spans:
        within = [token for token in found if token.overlaps(span)]
        assert all(span.start <= token.start and token.end <= span.end for token in within)


@given(texts_with_spans())
def test_cuts_only_cut(drawn: tuple[str, list[Span]]) -> None:
    text, spans = drawn
    edges = {edge for token in tokens(text) for edge in (token.start, token.end)}

    cut = tokens(text, cuts(spans))

    assert edges <= {edge for token in cut for edge in (token.start, token.end)}
    assert {left.end for left, right in pairwise(cut) if left.end == right.start} <= (
        edges | set(cuts(spans))
    )


@given(texts_with_spans())
def test_spaced_tokens_are_the_whole_text_and_split_no_span(drawn: tuple[str, list[Span]]) -> None:
    text, spans = drawn

    found = spaced(text, spans)

    assert "".join(token.text_in(text) + " " * space for token, space in found) == text
    assert {span.start for span in spans} <= {token.start for token, _ in found}
    assert {span.end for span in spans} <= {token.end for token, _ in found}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“Ours,” she said ... 2.4 million!!", "“ Ours , ” she said ... 2.4 million !!"),
        ("well-known (Argus) £4,000 a/b", "well - known ( Argus ) £ 4,000 a / b"),
        ("the café’s 👩‍👩‍👧 🏗️, 日本 שלום!", "the café’s 👩‍👩‍👧 🏗️ , 日 本 שלום !"),
    ],
)
def test_tokens_are_words_and_signs(text: str, found: str) -> None:
    assert [token.text_in(text) for token in tokens(text)] == found.split()


@given(texts_with_spans(), st.lists(st.integers(0, 30), max_size=3))
def test_sentences_have_every_token_once_and_end_in_no_span(
    drawn: tuple[str, list[Span]], breaks: list[int]
) -> None:
    text, spans = drawn
    found = tokens(text, cuts(spans))

    parts = sentences(text, found, spans, breaks)

    assert [token for part in parts for token in part] == found
    assert all(parts)
    for before, after in pairwise(parts):
        assert not any(s.start <= before[-1].start and after[0].end <= s.end for s in spans)


@given(texts)
def test_lines_are_never_in_one_sentence(text: str) -> None:
    parts = sentences(text, tokens(text))

    assert not any("\n" in text[part[0].start : part[-1].end] for part in parts)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It opened. Nobody came.", ["It opened.", "Nobody came."]),
        ("“Ours!” she said. “Now.”", ["“Ours!” she said.", "“Now.”"]),
        ("Mr. Hart met J. Okoro at 2.4 km. OK?", ["Mr. Hart met J. Okoro at 2.4 km.", "OK?"]),
        ("Headline\n\nIt opened", ["Headline", "It opened"]),
        ("港は開いた。誰も来なかった。", ["港は開いた。", "誰も来なかった。"]),
    ],
)
def test_sentences_end_where_readers_stop(text: str, found: list[str]) -> None:
    parts = sentences(text, tokens(text))

    assert [text[part[0].start : part[-1].end] for part in parts] == found


def test_a_long_row_of_full_stops_is_passed_over_once() -> None:
    text = f"Chapter one {'.' * 100_000}12 and its end. Chapter two."  # minutes, if it was not

    parts = sentences(text, tokens(text))

    assert [text[part[0].start : part[-1].end] for part in parts] == [text[:-13], "Chapter two."]


def test_a_sentence_goes_on_through_a_span_and_ends_at_a_break() -> None:
    text = "It opened. Nobody came. So."
    span = Span(3, 17)

    parts = sentences(text, tokens(text, cuts([span])), [span], [18])

    assert [text[part[0].start : part[-1].end] for part in parts] == [
        "It opened. Nobody", "came.", "So."
    ]  # fmt: skip
