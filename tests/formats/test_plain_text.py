"""A plain text: one article, in whatever encoding it came."""

import io

import pytest

from articles.formats.plain_text import LARGEST_FILE, read
from articles.formats.shapes import Found

STORY = "📰 Fähre\n\nDie Fähre fährt wieder, sagte Zoë."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_comes_with_its_bytes_as_they_were(encoding: str) -> None:
    data = STORY.encode(encoding)

    assert list(read(io.BytesIO(data))) == [
        Found(1, {"text": STORY}, original=data, original_type="text/plain")
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "text_empty"), (b"%PDF-1.7", "not_text"), (b"a" * (LARGEST_FILE + 1), "text_too_long")],
)
def test_what_is_no_text_says_why(data: bytes, code: str) -> None:
    (found,) = read(io.BytesIO(data))

    assert (found.record, found.code) == (None, code)
    assert found.problem
