"""A plain text: one article a file, in whatever encoding it came."""

from collections.abc import Iterator
from typing import BinaryIO

from articles.formats.shapes import Found
from articles.text.canonical import decode
from articles.text.errors import TextError

#: Bytes of a file: what a text may have, in UTF-16.
LARGEST_FILE = 5_000_000


def read(file: BinaryIO) -> Iterator[Found]:
    """The article that ``file`` is."""
    data = file.read(LARGEST_FILE + 1)
    if not data:
        yield Found(1, problem="This file is empty.", code="text_empty")
    elif len(data) > LARGEST_FILE:
        size = f"{LARGEST_FILE // 1_000_000} MB"
        yield Found(1, problem=f"This text is longer than {size}.", code="text_too_long")
    else:
        try:
            record = {"text": decode(data)}
        except TextError as error:
            yield Found(1, problem=str(error), code=error.code)
        else:
            yield Found(1, record, original=data, original_type="text/plain")
