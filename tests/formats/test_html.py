"""A web page: its article, and why there is none."""

import io

import pytest

from articles.formats.html import LARGEST_PAGE, from_page, read
from articles.imports.records import parse_record
from tests.intake.stories import PAGE


def test_the_article_of_a_page_is_a_record() -> None:
    (found,) = read(io.BytesIO(PAGE.encode()))

    assert found.record is not None
    assert found.record["title"] == "Ferry strike ends after nine days"
    assert found.record["published_at"] == "2024-03-05T06:30:00+01:00"
    assert "caption" in {block["kind"] for block in found.record["blocks"]}
    assert found.original == PAGE.encode()
    assert parse_record(found.record).incoming.byline == "Ida Brakespear"


def test_the_charset_of_the_server_goes_before_that_of_the_page() -> None:
    page = PAGE.replace("£1.2m", "Żółw").replace('charset="utf-8"', 'charset="iso-8859-1"')

    found = from_page(1, page.encode("cp1250", "xmlcharrefreplace"), "windows-1250")

    assert found.record is not None
    assert "Żółw" in found.record["text"]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (b" \n", "text_empty"),
        (b"<html><body><p></p></body></html>", "no_article"),
        (b"<p>" * 60_001, "too_much_markup"),
        (b"a" * (LARGEST_PAGE + 1), "text_too_long"),
        (b"\x89PNG\r\n", "not_text"),
    ],
)
def test_a_page_without_an_article_says_why(page: bytes, code: str) -> None:
    (found,) = read(io.BytesIO(page))

    assert (found.record, found.code) == (None, code)
