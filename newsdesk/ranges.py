"""Parts of a file, as a client asks for them. Source: RFC 9110, section 14."""

import re
from collections.abc import Iterator
from typing import IO

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.IGNORECASE)
#: Bytes that are handed on at a time, and digits of a place in a file.
CHUNK, MOST_DIGITS = 64 * 1024, 18


class Unsatisfiable(ValueError):
    """The file has nothing of the range."""


def part_of(header: str, size: int) -> tuple[int, int] | None:
    """The half-open range of a file of ``size`` bytes that a Range header asks for.

    ``None`` is the whole file: what is no range of bytes, or more than one, is to be ignored.

    Raises:
        Unsatisfiable: if the file ends before it.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or found[1] == found[2] == "" or max(map(len, found.groups())) > MOST_DIGITS:
        return None
    if found[1] == "":  # the last so many bytes
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1 if found[2] else size)
        if found[2] and int(found[2]) < start:
            return None
    if start >= size or start >= end:
        raise Unsatisfiable
    return start, end


def read_part(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    """``[start, end)`` of ``file`` in pieces; it is closed when they are read, or given up."""
    with file:
        file.seek(start)
        left = end - start
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
