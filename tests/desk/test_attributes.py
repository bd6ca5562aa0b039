"""What a label may ask, and what may be answered: refused in words or kept by the database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.attributes import (
    LONGEST_TEXT,
    Attribute,
    AttributeInvalid,
    check_values,
    missing,
    parse_schema,
)
from newsdesk.errors import Invalid

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
attribute_like = st.fixed_dictionaries(
    {"key": st.sampled_from(["form", "kind", "Form", ""]) | anything},
    optional={
        "name": anything,
        "type": st.sampled_from(["choice", "text", "boolean", "number"]) | anything,
        "choices": st.lists(st.sampled_from(["a", "b", "", " "])) | anything,
        "required": anything,
    },
)


@given(st.lists(attribute_like, max_size=3) | anything)
def test_a_schema_is_refused_in_words_or_comes_back_as_it_was_written(schema: Any) -> None:
    try:
        attributes = parse_schema(schema)
    except Invalid:
        return

    assert parse_schema([one.as_json() for one in attributes]) == attributes


@given(st.sampled_from(["choice", "text", "boolean", "number"]), anything)
def test_a_value_fits_exactly_its_kind(kind: str, value: Any) -> None:
    attribute = Attribute("form", "Form", kind, ("a", "b") if kind == "choice" else ())
    fits = {
        "choice": value in ("a", "b"),
        "text": type(value) is str and 0 < len(value) <= LONGEST_TEXT and "\0" not in value,
        "boolean": value is True or value is False,
        "number": type(value) in (int, float) and float("-inf") < value < float("inf"),
    }[kind]

    if fits:
        check_values([attribute], {"form": value})
    else:
        with pytest.raises(AttributeInvalid, match="“Form” must be"):
            check_values([attribute], {"form": value})


@pytest.mark.parametrize("value", ["Zo\0", "\ud83d", "", "x" * (LONGEST_TEXT + 1)])
def test_a_text_that_no_database_keeps_is_refused(value: str) -> None:
    with pytest.raises(AttributeInvalid, match="a text of 1 to 500 characters"):
        check_values([Attribute("who", "Who", "text")], {"who": value})


def test_a_choice_and_a_name_are_words() -> None:
    with pytest.raises(Invalid, match="Each choice of “form” must be a word"):
        Attribute.parse({"key": "form", "choices": ["a\0"]})
    with pytest.raises(Invalid, match="The name of “form” must be words"):
        Attribute.parse({"key": "form", "type": "text", "name": "\ud83d"})


def test_a_number_may_have_any_length() -> None:
    check_values([Attribute("times", "Times", "number")], {"times": 10**400})


def test_what_the_label_does_not_ask_is_refused_by_name() -> None:
    with pytest.raises(AttributeInvalid, match="This label has no attribute “mood”"):
        check_values([], {"mood": "glad"})


def test_only_what_is_wanted_and_has_no_answer_is_missing() -> None:
    wanted = Attribute("form", "Form", "text", required=True)
    given_ = Attribute("kind", "Kind", "text", required=True)
    other = Attribute("mood", "Mood", "text")

    assert missing([wanted, given_, other], {"kind": "person"}) == [wanted]
