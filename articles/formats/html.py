"""A web page: its article, as plain text with its parts, and what the page says about it.

Which part of a page is the article is decided in ``intake/web_pages.py``.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from articles.formats.shapes import Found
from articles.intake.web_pages import decode_page, is_tangled, read_page
from articles.text.errors import TextError

#: Bytes of a page; its markup takes more room than its text.
LARGEST_PAGE = 5_000_000


def read(file: BinaryIO) -> Iterator[Found]:
    """The article of the one page that ``file`` is."""
    yield from_page(1, file.read(LARGEST_PAGE + 1))


def from_page(number: int, data: bytes, charset: str | None = None) -> Found:
    """The article of a page, or why there is none; ``charset`` is what its server declared."""
    page = checked_page(data, charset)
    if isinstance(page, Refused):
        return Found(number, problem=page.words, code=page.code)
    found = read_page(page)
    if found is None:
        return Found(number, problem="No article was found on this page.", code="no_article")
    record: dict[str, Any] = {
        "text": found.text,
        "blocks": [
            {"kind": str(block.kind), "start": block.start, "end": block.end}
            for block in found.blocks
        ],
        "title": found.title,
        "byline": found.byline,
        "publisher": found.publisher,
        "published_at": found.published_at.isoformat() if found.published_at else None,
        "language": found.language,
        "url": found.url,
    }
    return Found(number, record, original=data, original_type="text/html")


class Refused:
    """Why a page cannot be read: ``code`` is for programs."""

    def __init__(self, words: str, code: str) -> None:
        self.words, self.code = words, code


def checked_page(data: bytes, charset: str | None = None) -> str | Refused:
    """The HTML of a page, unless it is none, too large, or nearly all markup."""
    if not data.strip():
        return Refused("This file is empty.", "text_empty")
    if len(data) > LARGEST_PAGE:
        return Refused(f"This page is larger than {LARGEST_PAGE // 1_000_000} MB.", "text_too_long")
    try:
        page = decode_page(data, charset)
    except TextError as error:
        return Refused(str(error), error.code)
    if is_tangled(page):
        return Refused("This page has too much markup to be read.", "too_much_markup")
    return page
