"""Lists of addresses, and the pages that were fetched for them.

A dry run keeps what it fetched, so that what is imported is what was looked at: a line of JSON for
each address, beside the list in the storage.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import asdict, replace
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Self

from django.core.files.base import File
from django.core.files.storage import default_storage

from articles.formats.html import from_page
from articles.formats.shapes import Found
from articles.imports.errors import NotFetched
from articles.imports.fetching import Fetcher
from articles.imports.models import ImportRun
from articles.text.canonical import check_article_text
from articles.text.errors import TextEmpty, TitleOnly

#: Addresses of one list: they are fetched one after the other.
MOST_ADDRESSES = 500
IN_MEMORY = 4 * 1024 * 1024
#: How the name ends of the file of pages that lies beside a list.
PAGES = "-pages"
#: A name and a password before the name of a server.
_PASSWORD = re.compile("(?<=//)[^/@]*(?=@)")
_PAYWALL = b'"isAccessibleForFree":false'


def addresses(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """The addresses of a list, one a line, with the numbers of their lines."""
    for number, line in enumerate(file, start=1):
        if address := line.decode("utf-8", "replace").removeprefix("\ufeff").strip():
            yield number, address


def pages_of(run: ImportRun) -> str:
    """Where in the storage the pages of a dry run lie."""
    return run.stored + PAGES


class Pages:
    """Gathers the pages that a run fetches."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run

    def __enter__(self) -> Self:
        self._lines = SpooledTemporaryFile(max_size=IN_MEMORY)
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    def fetched(self, listed: Iterator[tuple[int, str]], fetcher: Fetcher) -> Iterator[Found]:
        """The article at each address, or why it did not come."""
        for number, address in listed:
            found = _fetched(number, address, fetcher)
            kept = asdict(found)
            kept["original"] = b64encode(found.original).decode() if found.original else None
            self._lines.write(json.dumps(kept).encode() + b"\n")
            yield found

    def store(self) -> None:
        """Keep what was fetched; what an earlier try left goes."""
        self._lines.seek(0)
        default_storage.delete(pages_of(self._run))
        default_storage.save(pages_of(self._run), File(self._lines))


def read_pages(file: BinaryIO) -> Iterator[Found]:
    """What a dry run fetched, as it found it."""
    for line in file:
        kept = json.loads(line)
        if kept["original"] is not None:
            kept["original"] = b64decode(kept["original"])
        yield Found(**kept)


def _fetched(number: int, address: str, fetcher: Fetcher) -> Found:
    told = _PASSWORD.sub("…", address)[:300]
    try:
        page = fetcher.fetch(address)
    except NotFetched as error:
        return _missing(number, told, error.message, error.code)
    found = from_page(number, page.data, page.charset)
    if found.record is None:
        return _missing(number, told, found.problem, found.code)
    try:
        check_article_text(found.record["text"])
    except (TextEmpty, TitleOnly):
        return _missing(number, told, "No article was found on this page.", "no_article")
    said = ""
    if _PAYWALL in page.data.replace(b" ", b""):
        said = "The page says that it is behind a pay wall: this may not be all of it."
    known = {"url": found.record["url"] or page.address}
    return replace(found, record=found.record | known, said=said, name=told)


def _missing(number: int, address: str, why: str, code: str) -> Found:
    return Found(number, problem=f"{address}: {why}", code=code, name=address)
