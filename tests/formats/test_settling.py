"""Foreign texts and offsets become ours, whatever the offsets counted."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.formats.settling import LONGEST_TEXT, Joined, Marked, Unit, Unplaced, found, settle
from articles.text.canonical import canonicalise
from articles.text.places import Places

COUNT: dict[Unit, Callable[[str], int]] = {
    "code_point": len,
    "utf_16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "utf_8": lambda text: len(text.encode("utf-8", "surrogatepass")),
}
texts = st.text(
    st.sampled_from("ab é🗞👩\u200d\u0301ش日") | st.characters(), min_size=1, max_size=30
)


def marked(text: str, start: int, end: int, unit: Unit = "code_point", **more: Any) -> Marked:
    """The label “claim” on ``text[start:end]``, as a tool would say it that counts ``unit``."""
    count = COUNT[unit]
    return Marked("claim", count(text[:start]), count(text[:end]), **more)


@st.composite
def spans(draw: st.DrawFn, text: str) -> list[tuple[int, int]]:
    edge = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(edge, edge), min_size=1, max_size=5))
    return [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]


@given(texts, st.sampled_from(list(COUNT)), st.data())
def test_a_stated_unit_is_converted_exactly(text: str, unit: Unit, data: st.DataObject) -> None:
    text = canonicalise(text)
    wanted = data.draw(spans(text))

    settled = settle(text, [marked(text, *span, unit) for span in wanted], stated=unit)

    assert settled.text == text
    assert settled.spans == wanted


@given(texts, st.sampled_from(list(COUNT)), st.data())
def test_quotes_tell_the_unit(text: str, unit: Unit, data: st.DataObject) -> None:
    text = canonicalise(text)
    wanted = data.draw(spans(text))
    marks = [marked(text, *span, unit, quote=text[slice(*span)]) for span in wanted]

    settled = settle(text, marks)

    quotes = [settled.text[start:end] for start, end in settled.spans]
    assert quotes == [mark.quote for mark in marks]


@given(texts, st.data())
def test_offsets_follow_the_text_into_its_form(text: str, data: st.DataObject) -> None:
    wanted = data.draw(spans(text))
    assume(all(canonicalise(f".{text[slice(*span)]}") != "." for span in wanted))
    places = Places(text)

    settled = settle(text, [marked(text, *span, quote=text[slice(*span)]) for span in wanted])

    assert settled.text == canonicalise(text)
    assert settled.spans == [(places.start(start), places.end(end)) for start, end in wanted]


def test_utf_16_is_recognised_by_the_quotes_and_said() -> None:
    text = "🗞 Ada spoke."

    settled = settle(text, [Marked("source", 3, 6, quote="Ada")])

    assert settled.spans == [(2, 5)]
    assert settled.said == "Offsets counted UTF-16 code units; they were converted."


def test_a_quote_that_is_there_to_the_letter_tells_more_than_one_that_is_nearly_there() -> None:
    assert settle("🗞 b b", [Marked("claim", 2, 4, quote=" b")]).spans == [(1, 3)]


def test_without_quotes_an_offset_beyond_the_text_tells_the_unit() -> None:
    text = "日日🗞"

    settled = settle(text, [Marked("claim", 2, 4)])

    assert settled.spans == [(2, 3)]
    assert settled.said == (
        "The file does not say what its offsets count; UTF-16 code units were taken, "
        "because otherwise some would be outside of the text."
    )


@pytest.mark.parametrize("usual", ["code_point", "utf_16"])
def test_without_quotes_whole_words_tell_the_unit(usual: Unit) -> None:
    text = "🗞 Ada spoke to Bo."

    counted_in_units = settle(text, [Marked("source", 3, 6), Marked("source", 16, 18)], usual=usual)
    counted_in_points = settle(text, [Marked("source", 2, 5)], usual=usual)

    assert counted_in_units.spans == [(2, 5), (15, 17)]
    assert counted_in_points.spans == [(2, 5)]
    guess = counted_in_units if usual == "code_point" else counted_in_points
    assert guess.said.endswith("were taken, because otherwise they would cut more words.")


def test_what_nothing_tells_is_taken_as_usual_and_said() -> None:
    settled = settle("🗞日日日", [Marked("claim", 2, 3)], usual="utf_16")

    assert settled.spans == [(1, 2)]
    assert settled.said == (
        "The file does not say what its offsets count; UTF-16 code units were taken, as is usual."
    )


def test_nothing_is_said_where_all_units_are_the_same() -> None:
    assert settle("Ada spoke 🗞", [Marked("source", 0, 3)]).said == ""


@pytest.mark.parametrize("quote", ["one two", "one\\ntwo", "one\ntwo", "onetwo"])
def test_white_space_of_a_quote_does_not_matter(quote: str) -> None:
    assert settle("one\r\ntwo", [Marked("claim", 0, 8, quote=quote)]).spans == [(0, 7)]


@pytest.mark.parametrize(
    ("mark", "code", "words"),
    [
        (Marked("claim", 2, 2), "span_empty", "Annotation 1 is empty: it goes from 2 to 2."),
        (Marked("claim", 5, 6), "span_empty", "it has only characters that are not kept"),
        (Marked("claim", -1, 2), "span_out_of_range", "begins or ends outside of the text"),
        (Marked("claim", 0, 99), "span_out_of_range", "which has 10 characters"),
        (Marked("claim", 0, 3, quote="Bob"), "quote_mismatch", "has “Ada”, not “Bob”"),
    ],
)
def test_what_cannot_be_placed_is_said(mark: Marked, code: str, words: str) -> None:
    text = "Ada s\0poke"

    with pytest.raises(Unplaced, match=words) as unplaced:
        settle(text, [mark])

    assert unplaced.value.code == code
    assert found(7, text, [mark]).problem == str(unplaced.value)


def test_what_another_says_or_is_answered_otherwise_is_not_the_same() -> None:
    marks = [
        Marked("source", 0, 3, layer="bo"),
        Marked("source", 0, 3, layer="cy"),
        Marked("source", 0, 3, layer="cy", attributes={"role": "expert"}),
    ]

    one = found(1, "Ada spoke.", marks)

    assert one.record is not None
    assert (len(one.record["annotations"]), one.said) == (3, "")


def test_a_text_that_no_article_can_have_is_refused_before_it_takes_memory() -> None:
    one = found(7, "e\u0301" * LONGEST_TEXT, [Marked("claim", 0, 1)])

    assert (one.record, one.code) == (None, "text_too_long")
    assert one.problem == "This text has 8,000,000 characters: no article is so long."


def test_a_record_says_once_what_the_file_says_twice() -> None:
    marks = [
        Marked("source", 0, 3, id="1", layer="bo"),
        Marked("quote", 4, 10, id="2", layer="bo", attributes={"form": "direct"}),
        Marked("source", 0, 3, id="3", layer="bo"),
    ]
    joins = [Joined("attributed_to", "2", "3", id="r"), Joined("attributed_to", "2", None, "Cy")]

    one = found(1, "Ada spoke.", marks, joins, title="News")

    assert one.said == "Annotations that say the same as another were left out: 1."
    assert one.record == {
        "title": "News",
        "text": "Ada spoke.",
        "annotations": [
            {"id": "1", "label": "source", "start": 0, "end": 3, "quote": "Ada", "layer": "bo"},
            {"id": "2", "label": "quote", "start": 4, "end": 10, "quote": "spoke.", "layer": "bo",
             "attributes": {"form": "direct"}},
        ],
        "relations": [
            {"id": "r", "type": "attributed_to", "from": "2", "to": "1"},
            {"type": "attributed_to", "from": "2", "to_name": "Cy"},
        ],
    }  # fmt: skip
