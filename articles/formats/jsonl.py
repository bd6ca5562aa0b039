"""Our own JSONL: one article a line, with all that was said about it; see ``shapes.py``."""

import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from articles.formats.shapes import About, ArticleRecord, Found

#: Bytes of a line. A text has at most 2 MB, which are 12 MB with every character escaped.
LONGEST_LINE = 64 * 1024 * 1024


def read(file: BinaryIO) -> Iterator[Found]:
    """The lines of ``file`` that are not empty, read one by one: a bad one does not hide the next.

    Needs memory for one line, and for none that is longer than ``LONGEST_LINE``.
    """
    number = 0
    while data := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(data) > LONGEST_LINE:
            while data and not data.endswith(b"\n"):
                data = file.readline(LONGEST_LINE)
            yield Found(number, problem=f"This line is longer than {LONGEST_LINE:,} bytes.")
        elif data := data.removeprefix(b"\xef\xbb\xbf").strip():
            yield _found(number, data)


def _found(number: int, data: bytes) -> Found:
    try:
        record = json.loads(data.decode())  # of bytes it would guess the encoding
    except UnicodeDecodeError:
        return Found(number, problem="This line is not UTF-8.")
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" starting at")
        return Found(number, problem=f"This line is not JSON: {what} at column {error.colno}.")
    except (RecursionError, ValueError):  # depth, or a number of thousands of digits
        return Found(number, problem="This line is not JSON that anybody could store.")
    if not isinstance(record, dict):
        return Found(number, problem="This line is JSON, but no object.")
    return Found(number, record)


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """The records, a line each, as they are."""
    for record in records:
        yield json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
