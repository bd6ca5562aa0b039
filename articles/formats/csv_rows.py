"""CSV: a header row, and then an article a row; in our own export, an annotation a row."""

import codecs
import csv
import json
import re
from collections.abc import Iterable, Iterator
from io import StringIO, TextIOWrapper
from itertools import zip_longest
from typing import Any, BinaryIO

from articles.formats.csv_articles import OURS, articles_of
from articles.formats.moments import moment
from articles.formats.shapes import About, ArticleRecord, Found
from articles.text.canonical import decode
from articles.text.errors import TextError

#: Columns that are fields of a record; ``text`` must be there. Whatever else is metadata.
COLUMNS = (
    *("text", "title", "url", "byline", "publisher", "published_at", "language", "external_id"),
    "story",
)
#: What is written, in this order.
WRITTEN = (
    *("article_id", "external_id", "title", "url", "byline", "publisher", "published_at"),
    *("language", "placement", "story", "split", "metadata", "revision", "sha256", "offset_unit"),
    *("annotation_id", "label", "start", "end", "quote", "attributes", "annotator", "layer"),
    *("version", "created_at", "updated_at", "origin", "note", "unsure", "text"),
)
#: Characters of one field. A longer one is a quotation mark that nobody closed.
LONGEST_FIELD = 16_000_000
#: Bytes of the beginning that the separator is told from, and the encoding of old files.
_BEGINNING = 64 * 1024
_CHUNK = 1024 * 1024
_SEPARATORS = ",;\t|"
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
#: A spreadsheet would calculate what begins like this, so our export puts an apostrophe before it.
#: One more stands before an apostrophe that was there already.
_CALCULATED = re.compile("'*[=+\\-@\t\r]")


def read(file: BinaryIO) -> Iterator[Found]:
    """The rows of ``file`` by their numbers in a spreadsheet, whose first row is the header.

    Needs memory for one article. ``file`` is read twice, first for its encoding.
    """
    csv.field_size_limit(LONGEST_FIELD)
    try:
        encoding = _encoding(file)
    except TextError as error:
        yield Found(1, problem=str(error), code=error.code)
        return
    file.seek(0)
    lines = TextIOWrapper(file, encoding, newline="")
    try:
        yield from _rows(lines)
    except UnicodeDecodeError:
        yield Found(1, problem="The letters of this file cannot be read.", code="wrong_encoding")
    finally:
        lines.detach()  # or it would close the file, which is not ours


def _rows(lines: TextIOWrapper) -> Iterator[Found]:
    beginning = lines.read(_BEGINNING)
    lines.seek(0)
    rows = _Rows(lines, _separator(beginning))
    header = [cell.strip().lower() for cell in next(iter(rows), (0, [""]))[1]]
    if "text" not in header:
        named = ", ".join(f"“{name}”" for name in header[:8] if name) or "none"
        yield Found(1, problem=f"A column “text” is needed. The columns are: {named}.")
    elif set(header) >= OURS:
        # What is missing in a row that is too short is empty.
        yield from articles_of(
            (number, dict(zip_longest(header, map(unguarded, row[: len(header)]), fillvalue="")))
            for number, row in rows
        )
    else:
        for number, row in rows:
            yield _found(number, header, row)
    if rows.problem:
        yield Found(
            rows.number,
            problem=f"This row cannot be read ({rows.problem}); a quotation mark may be missing. "
            "What comes after it was not read.",
        )


class _Rows:
    """The rows that are not empty, with their numbers; ``problem`` is what ended them too soon."""

    def __init__(self, lines: TextIOWrapper, separator: str) -> None:
        self._rows = csv.reader(self._told(lines), delimiter=separator)
        self._is_over = False
        self.number = 0
        self.problem = ""

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            self.number += 1
            try:
                row = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                self.problem = str(error)
                return
            if self._is_over:  # it asked for one more line, being within quotation marks
                self.problem = "the file ends within it"
                return
            if any(row):
                yield self.number, row

    def _told(self, lines: TextIOWrapper) -> Iterator[str]:
        yield from iter(lines.readline, "")  # from the file itself, it would be closed at the end
        self._is_over = True


def _found(number: int, header: list[str], row: list[str]) -> Found:
    if len(row) > len(header):
        words = f"This row has {len(row)} cells, and the header {len(header)}."
        return Found(number, problem=words)
    record: dict[str, Any] = {}
    metadata: dict[str, str] = {}
    for name, cell in zip(header, map(unguarded, row), strict=False):
        if name in COLUMNS:
            record[name] = cell
        elif name and cell:
            metadata[name] = cell
    if day := record.pop("published_at", ""):
        record["published_at"] = moment(day) or day
    return Found(number, record | ({"metadata": metadata} if metadata else {}))


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """An annotation a row; an article without any has one row, in which they are empty.

    The text stands in an article's first row alone, or the file would be as many times as long as
    there are annotations. Attributes and metadata are JSON.
    """
    yield _row(WRITTEN)
    for record in records:
        given: dict[str, Any] = {**record, "article_id": record["id"]}
        given["metadata"] = _json(record["metadata"])
        rows: list[dict[str, Any]] = [
            {**given, **one, "annotation_id": one["id"], "attributes": _json(one["attributes"])}
            for one in record["annotations"]
        ] or [given]
        for number, row in enumerate(rows):
            row["text"] = None if number else row["text"]
            yield _row([_cell(row.get(name)) for name in WRITTEN])


def _row(cells: Iterable[str]) -> bytes:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else guarded(str(value))


def unguarded(cell: str) -> str:
    """A cell without the apostrophe that kept a spreadsheet from calculating it."""
    return cell[1:] if cell.startswith("'") and _CALCULATED.match(cell) else cell


def guarded(cell: str) -> str:
    """A cell as no spreadsheet calculates it; ``unguarded`` takes that back."""
    return f"'{cell}" if _CALCULATED.match(cell) else cell


def _separator(beginning: str) -> str:
    """The separator of the header row: whichever stands there most often, outside of quotes."""
    line = re.sub('"[^"]*"', "", beginning.lstrip("\r\n").partition("\n")[0])
    return max(_SEPARATORS, key=line.count)


def _encoding(file: BinaryIO) -> str:
    """The encoding of a file, by the rules of ``text.canonical.decode``, without holding it whole.

    Raises:
        NotText, WrongEncoding: if there is none that gives plausible text.
    """
    file.seek(0)
    beginning = file.read(_BEGINNING)
    for mark, name in _MARKS.items():
        if beginning.startswith(mark):
            return name
    check = codecs.getincrementaldecoder("utf-8")().decode
    try:
        chunk = beginning
        while chunk:
            check(chunk)
            chunk = file.read(_CHUNK)
        check(b"", final=True)
    except UnicodeDecodeError:
        decode(beginning + b"\xe9")  # is it text of Western Europe, in Windows-1252?
        return "cp1252"
    decode(beginning.decode("utf-8", "ignore").encode())  # it may be no text at all
    return "utf-8"
