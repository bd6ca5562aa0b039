"""Preferences are whole and known, whatever was stored, and no key does two things."""

from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.preferences import (
    ACTIONS,
    CHOICES,
    KEYS,
    USUAL,
    complete,
    keys_of,
    shown,
    used_twice,
    why_not,
)
from tests.desk.people import make_user, signed_in

anything = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())
known = st.fixed_dictionaries({name: st.sampled_from(sorted(CHOICES[name])) for name in CHOICES})
#: Few keys, so that two actions often want the same; some that nobody can have.
wanted = st.sampled_from(["s", "w", "W", "?", "{", "Z", "Delete", "1", "Enter", "é", "ab", ""])
moved = st.dictionaries(st.sampled_from(sorted(ACTIONS)) | st.text(), wanted | anything)


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
    assert keys_of({}) == {name: line.usual for name, line in ACTIONS.items()}


@given(moved | anything)
def test_whatever_was_stored_each_key_does_one_thing(stored: object) -> None:
    found = keys_of({"actions": stored})

    assert set(found) == set(ACTIONS)
    times = Counter(key for keys in found.values() for key in keys)
    assert set(times.values()) <= {1}


@given(st.dictionaries(st.sampled_from(sorted(ACTIONS)), wanted))
def test_a_key_that_nothing_speaks_against_is_the_actions(stored: dict[str, str]) -> None:
    standing = {name: line.usual[0] for name, line in ACTIONS.items()}
    chosen = {name: key for name, key in stored.items() if not why_not(ACTIONS[name], key)}
    clashes = used_twice({**standing, **chosen})

    found = keys_of({"actions": stored})

    assert all(found[name][0] == key for name, key in chosen.items() if name not in clashes)


@pytest.mark.parametrize("key", ["1", "0", "٣", "Enter", "Tab", "Escape", "←", "é", "ab", " ", ""])
def test_some_keys_nobody_can_choose(key: str) -> None:
    assert all(why_not(line, key) for line in ACTIONS.values())


@pytest.mark.parametrize("key", ["w", "W", "?", "[", "<", "~", "!"])
def test_letters_and_signs_can_be_chosen(key: str) -> None:
    assert not any(why_not(line, key) for line in ACTIONS.values())


def test_a_key_used_twice_is_told_to_both() -> None:
    assert used_twice({"sentence": "w", "paragraph": "w", "undo": "z"}) == {
        "sentence": "“w” is also the key for: select the paragraph.",
        "paragraph": "“w” is also the key for: select the sentence.",
    }


def test_the_usual_keys_are_each_used_once() -> None:
    times = Counter(key for line in KEYS for key in line.usual if key != "…")

    assert set(times.values()) == {1}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("s", "s"), ("Z", "Shift z"), ("Ctrl+z", "Ctrl z"), ("Ctrl+Z", "Ctrl Shift z"), ("+", "+"),
        ("ArrowLeft", "←"), ("Ctrl+Home", "Ctrl Home"), ("Shift+9", "Shift 9"), ("Delete", "Del"),
    ],
)  # fmt: skip
def test_keys_are_called_as_people_call_them(key: str, name: str) -> None:
    assert shown(key) == name


def save_keys(client: Client, **chosen: str) -> int:
    """Send the form of keys with these filled in; the status that comes back."""
    fields = {f"key-{name}": key for name, key in chosen.items()}
    return client.post(reverse("preferences"), {"of": "keys", **fields}).status_code


@pytest.mark.django_db
def test_chosen_keys_are_kept_beside_the_other_preferences_until_all_are_as_usual() -> None:
    ada = make_user("ada")
    client = signed_in(ada)
    client.post(reverse("theme"), {"theme": "dark"})

    assert save_keys(client, sentence="w", paragraph="p", delete="x") == 303
    ada.refresh_from_db()
    assert ada.preferences == {"theme": "dark", "actions": {"sentence": "w", "delete": "x"}}
    assert 'name="key-sentence" value="w"' in client.get(reverse("preferences")).text

    assert save_keys(client) == 303
    ada.refresh_from_db()
    assert ada.preferences == {"theme": "dark", "actions": {}}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "chosen", [{"sentence": "p"}, {"sentence": "w", "undo": "w"}, {"link": "7"}, {"link": "Enter"}]
)
def test_keys_that_cannot_be_are_refused_in_words_and_nothing_is_kept(
    chosen: dict[str, str],
) -> None:
    ada = make_user("ada")
    fields = {f"key-{name}": key for name, key in chosen.items()}

    response = signed_in(ada).post(reverse("preferences"), {"of": "keys", **fields})

    ada.refresh_from_db()
    assert response.status_code == 422
    assert "Please look at this again" in response.text
    assert ada.preferences == {}
