"""Code points and UTF-16 units against Python's own encoder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.offsets import InsideCharacter, to_code_points, to_utf16

texts = st.text(
    st.sampled_from("aé\u0301 \n️👩🏽‍🚀📰𝔘שلا日") | st.characters(exclude_categories=["Cs"])
)


def units_before(text: str, offset: int) -> int:
    return len(text[:offset].encode("utf-16-le")) // 2


@given(texts, st.data())
def test_units_are_those_of_the_encoded_head(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))

    assert to_utf16(text, offset) == units_before(text, offset)


@given(texts)
def test_every_unit_offset_leads_back_or_lies_inside_a_character(text: str) -> None:
    known = {units_before(text, offset): offset for offset in range(len(text) + 1)}
    for units in range(units_before(text, len(text)) + 1):
        if units in known:
            assert to_code_points(text, units) == known[units]
        else:
            with pytest.raises(InsideCharacter):
                to_code_points(text, units)


@given(texts, st.integers(1, 10**30))
def test_offsets_outside_of_the_text_are_refused(text: str, far: int) -> None:
    for units in (-far, units_before(text, len(text)) + far):
        with pytest.raises(InsideCharacter):
            to_code_points(text, units)


@given(st.text(st.sampled_from("a\ud83d\udcf0📰")))
def test_lone_halves_of_a_pair_count_as_the_browser_counts_them(text: str) -> None:
    encoded = text.encode("utf-16-le", "surrogatepass")
    text = encoded.decode("utf-16-le", "surrogatepass")  # halves that meet become one

    assert to_code_points(text, len(encoded) // 2) == len(text)
    assert to_utf16(text, len(text)) == len(encoded) // 2
