"""Codes of languages, against a slow and obvious oracle."""

import string

from hypothesis import example, given
from hypothesis import strategies as st

from articles.text.languages import is_language

codes = st.lists(st.text("aZé9ß", max_size=9), max_size=6).map("-".join)


@given(codes)
@example("en")
@example("pt-BR")
@example("zh-Hant-TW")
@example("en\n")
@example("fr-" + "abcdefgh-" * 3 + "abcdefgh")
@example("de-" + "abcdefgh-" * 3 + "abcde")
def test_a_language_is_two_or_three_letters_and_what_follows(code: str) -> None:
    first, *more = code.split("-")
    letters, digits = set(string.ascii_letters), set(string.digits)
    told = len(first) in (2, 3) and set(first) <= letters
    told &= all(2 <= len(one) <= 8 and set(one) <= letters | digits for one in more)

    assert is_language(code) == (told and len(code) <= 35)
