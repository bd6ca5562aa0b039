"""From what an editor has, a text or a web page, to an article as it comes in."""

import re
from pathlib import PurePath
from typing import Any

from articles.intake.errors import TextRefused
from articles.intake.incoming import Incoming
from articles.intake.web_pages import decode_page, is_tangled, read_page
from articles.text.canonical import decode
from articles.text.errors import TextError

#: The largest file that is read, in bytes; a page's markup takes more room than its text.
MAX_FILE_BYTES = 5_000_000

_TEXT = {"", ".txt", ".text", ".md"}
_HTML = {".html", ".htm", ".xhtml"}
_HTML_START = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html)\b", re.IGNORECASE)


def from_file(name: str, data: bytes, **details: Any) -> Incoming:
    """The article in a file that somebody chose; ``details`` go before what the file says.

    A page is known by its name or, if it was saved as text, by how it begins.

    Raises:
        TextRefused: if the file is none that Newsdesk reads, or holds no article.
    """
    if not data:
        raise TextRefused("This file is empty.", code="text_empty")
    if len(data) > MAX_FILE_BYTES:
        raise TextRefused(
            f"This file is larger than {MAX_FILE_BYTES // 1_000_000} MB, "
            "the most that Newsdesk reads.",
            code="text_too_long",
        )
    ending = PurePath(name).suffix.lower()
    if ending in _HTML or (ending in _TEXT and _HTML_START.match(data)):
        return from_html(data, **details)
    incoming = from_text(data, **details)  # says of most other files what they are
    if ending not in _TEXT:
        raise TextRefused(
            f"Newsdesk reads .txt and .html files; this is a {ending} file.", code="not_text"
        )
    return incoming


def from_text(data: bytes, charset: str | None = None, **details: Any) -> Incoming:
    """The article in a plain text; ``charset`` is what its sender declared.

    Raises:
        TextRefused: if the bytes are no text, or in an encoding that cannot be told.
    """
    text = _decoded(data, charset)
    return Incoming(text=text, original=data, original_type="text/plain", **details)


def from_html(data: str | bytes, **details: Any) -> Incoming:
    """The article on a web page, as plain text; ``details`` go before what the page says.

    Markup is kept in the original only.

    Raises:
        TextRefused: if there is no article on the page, it is nearly all markup, or its encoding
            cannot be told.
    """
    if isinstance(data, str):
        page, data = data, data.encode("utf-8", "replace")
    else:
        try:
            page = decode_page(data)
        except TextError as error:
            raise TextRefused(str(error), code=error.code) from error
    if is_tangled(page):
        raise TextRefused(
            "This page has too much markup to be read. Copy its text and paste it instead.",
            code="too_much_markup",
        )
    found = read_page(page)
    if found is None:
        raise TextRefused(
            "No article was found on this page. Copy its text and paste it instead.",
            code="no_article",
        )
    known = {
        "title": found.title,
        "byline": found.byline,
        "publisher": found.publisher,
        "published_at": found.published_at,
        "language": found.language,
        "url": found.url,
    }
    return Incoming(
        text=found.text,
        original=data,
        original_type="text/html",
        blocks=found.blocks,
        **(known | {name: value for name, value in details.items() if value}),
    )


def _decoded(data: bytes, charset: str | None) -> str:
    try:
        return decode(data, charset)
    except TextError as error:
        raise TextRefused(str(error), code=error.code) from error
