"""Offsets follow their characters through ``canonicalise``, against a slow oracle."""

import sys
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.text.canonical import canonicalise
from articles.text.places import Places

any_text = st.text(st.characters(exclude_categories=()), max_size=30)
# Texts full of what canonicalise is about: breaks, marks, syllables and letters that compose.
messy_text = st.text(
    st.sampled_from("\r\n\v\u2028\t\0\x1b\ufeff\ud800ea\u0301\u0323\u1112\u1161\u11abが\u3099🗞 "),
    max_size=15,
)


def clean_cuts(text: str) -> dict[int, int]:
    """The offsets at which ``text`` can be cut without a change of what it becomes, and where then.

    A full stop stands for whatever is before the cut: nothing composes with it.
    """
    whole = canonicalise(text)
    cuts = {}
    for at in range(len(text) + 1):
        head = canonicalise(text[:at])
        tail = canonicalise("." + text[at:])[1:] if head else canonicalise(text[at:])
        if head + tail == whole:
            cuts[at] = len(head)
    return cuts


@given(any_text | messy_text)
@example("\r\0\n")
@example("\ufeff\0\ufeffa")
@example("a\0\ufeff\u0301")
def test_an_offset_is_where_the_text_can_be_cut_nearest_to_it(text: str) -> None:
    places, cuts = Places(text), clean_cuts(text)

    assert places.text == canonicalise(text)
    for at in range(len(text) + 1):
        assert places.start(at) == cuts[max(cut for cut in cuts if cut <= at)]
        assert places.end(at) == cuts[min(cut for cut in cuts if cut >= at)]


def test_every_character_that_composes_with_the_one_before_is_known() -> None:
    wrong = []
    for code in range(sys.maxunicode + 1):
        pair = unicodedata.decomposition(chr(code)).split()
        if len(pair) == 2 and not pair[0].startswith("<"):
            whole = "".join(chr(int(one, 16)) for one in pair)
            if unicodedata.normalize("NFC", whole) == chr(code) and (
                Places(whole).end(1) != 1 or Places(whole).start(1) != 0
            ):
                wrong.append(f"{code:x}")
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    ["Zeile\r\n" * 50_000, "e\u0301か\u3099" * 50_000, "e" + "\u0301" * 50_000,
     "e" + "\0" * 50_000 + "\u0301"],
)  # fmt: skip
def test_the_work_grows_no_faster_than_the_text(text: str) -> None:
    begun = time.process_time()
    places = Places(text)
    for at in range(0, len(text), 10):
        places.start(at)

    assert time.process_time() - begun < 5
