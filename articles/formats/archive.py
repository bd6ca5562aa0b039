"""A ZIP archive of files in formats that can be read, each with as many articles as it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from articles.formats.guessing import guess
from articles.formats.registry import FORMATS
from articles.formats.shapes import Found
from articles.formats.unzipping import Refused, chunks, files_of, name_of, opened

#: Bytes of what is in all files of one archive, unpacked.
LARGEST = 4_000_000_000
#: A file that unpacks to more than so many times its packed size is a bomb, from ``UNSUSPICIOUS``
#: bytes on. Text packs to a third, repetitive JSON to a twentieth; deflate can do a thousandth.
MOST_RATIO, UNSUSPICIOUS = 100, 5_000_000
#: Bytes of a file that are kept in memory.
IN_MEMORY = 4 * 1024 * 1024


def read(file: BinaryIO) -> Iterator[Found]:
    """The articles of all files, in the order of the archive; they are counted through it."""
    try:
        archive = opened(file)
        entries = files_of(archive)
    except Refused as refused:
        yield Found(1, problem=str(refused), code=refused.code)
        return
    left = LARGEST
    number = 0
    for entry in entries:
        name = name_of(entry)
        try:
            with _unpacked(archive, entry, left) as unpacked:
                left -= unpacked.seek(0, 2)
                unpacked.seek(0)
                for found in _articles(name, unpacked):
                    number += 1
                    yield _placed(found, number, name)
        except Refused as refused:
            number += 1
            yield Found(number, problem=f"{name}: {refused}", code=refused.code)


def _articles(name: str, file: BinaryIO) -> Iterator[Found]:
    format_name = guess(name, file)
    if format_name in ("zip", "brat"):
        raise Refused("an archive within an archive is not read.", "archive_nested")
    if format_name is None:
        raise Refused("this kind of file is not read.", "format_unknown")
    file.seek(0)
    yield from FORMATS[format_name].read(file)


def _placed(found: Found, number: int, name: str) -> Found:
    """What was found in a file, at its place in the archive, with where that was in words."""
    at = name if found.number == 1 and not found.problem else f"{name}, {found.number}"
    return replace(
        found,
        number=number,
        problem=f"{at}: {found.problem}" if found.problem else "",
        said=" ".join(filter(None, [f"From {at}.", found.said])),
    )


@contextmanager
def _unpacked(archive: ZipFile, entry: ZipInfo, left: int) -> Iterator[BinaryIO]:
    """What is in a file of the archive, of which up to ``left`` bytes may come out.

    Raises:
        Refused: if it is encrypted, broken, a bomb, or too much.
    """
    most = min(left, max(UNSUSPICIOUS, entry.compress_size * MOST_RATIO))
    with SpooledTemporaryFile(max_size=IN_MEMORY) as unpacked:
        written = 0
        for chunk in chunks(archive, entry):
            written += len(chunk)
            if written > most:
                raise Refused("this unpacks to far too much.", "archive_too_large")
            unpacked.write(chunk)
        unpacked.seek(0)
        yield cast(BinaryIO, unpacked)
