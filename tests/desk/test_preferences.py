"""Preferences are whole and known, whatever was stored."""

from hypothesis import given
from hypothesis import strategies as st

from articles.desk.preferences import CHOICES, USUAL, complete

anything = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())
known = st.fixed_dictionaries({name: st.sampled_from(sorted(CHOICES[name])) for name in CHOICES})


@given(st.dictionaries(st.sampled_from(sorted(CHOICES)) | st.text(), anything))
def test_whatever_was_stored_every_preference_has_a_known_value(stored: dict[str, object]) -> None:
    found = complete(stored)

    assert set(found) == set(CHOICES)
    assert all(value in CHOICES[name] for name, value in found.items())


@given(known)
def test_known_values_stay(stored: dict[str, object]) -> None:
    assert complete(stored) == stored


def test_nothing_stored_is_the_usual() -> None:
    assert complete({}) == USUAL
