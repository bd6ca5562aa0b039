"""A ZIP archive of files in formats that can be read, each with as many articles as it holds.

Nothing of it is written to a disk under a name of its own, and what it promises of its sizes is
not believed: what counts is what comes out.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from articles.formats.guessing import guess
from articles.formats.registry import FORMATS
from articles.formats.shapes import Found

#: Files of one archive, and bytes of what is in them all, unpacked.
MOST_FILES, LARGEST = 100_000, 4_000_000_000
#: A file that unpacks to more than so many times its packed size is a bomb, from ``UNSUSPICIOUS``
#: bytes on. Text packs to a third, repetitive JSON to a twentieth; deflate can do a thousandth.
MOST_RATIO, UNSUSPICIOUS = 100, 5_000_000
#: Bytes of a file that are kept in memory.
IN_MEMORY = 4 * 1024 * 1024
_CHUNK = 256 * 1024
_ENCRYPTED, _UTF_8 = 0x1, 0x800
#: What the systems of other people's desks put into archives by themselves.
_CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


class _Refused(ValueError):
    """A file of an archive that is not read; the words say why."""

    def __init__(self, words: str, code: str) -> None:
        super().__init__(words)
        self.code = code


def read(file: BinaryIO) -> Iterator[Found]:
    """The articles of all files, in the order of the archive; they are counted through it."""
    try:
        archive = ZipFile(file)
        entries = [one for one in archive.infolist() if not _is_clutter(one)]
    except (BadZipFile, LargeZipFile, ValueError, NotImplementedError):
        yield Found(1, problem="This is no ZIP archive, or it is broken.", code="not_text")
        return
    if len(entries) > MOST_FILES:
        yield Found(
            1,
            problem=f"This archive has {len(entries):,} files; up to {MOST_FILES:,} are read.",
            code="archive_too_large",
        )
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
        except _Refused as refused:
            number += 1
            yield Found(number, problem=f"{name}: {refused}", code=refused.code)


def name_of(entry: ZipInfo) -> str:
    """A file's name; without the flag that says so, it may still be UTF-8, as macOS writes it."""
    if entry.flag_bits & _UTF_8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except ValueError:
        return entry.filename


def _is_clutter(entry: ZipInfo) -> bool:
    return (
        entry.is_dir() or entry.filename.startswith(_CLUTTER) or entry.filename.endswith(_CLUTTER)
    )


def _articles(name: str, file: BinaryIO) -> Iterator[Found]:
    format_name = guess(name, file)
    if format_name in ("zip", "brat"):
        raise _Refused("an archive within an archive is not read.", "archive_nested")
    if format_name is None:
        raise _Refused("this kind of file is not read.", "format_unknown")
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
        _Refused: if it is encrypted, broken, a bomb, or too much.
    """
    if entry.flag_bits & _ENCRYPTED:
        raise _Refused("this file is encrypted.", "archive_encrypted")
    most = max(UNSUSPICIOUS, entry.compress_size * MOST_RATIO)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as unpacked:
        written = 0
        try:
            with archive.open(entry) as packed:
                while chunk := packed.read(_CHUNK):
                    written += len(chunk)
                    if written > min(most, left):
                        raise _Refused("this unpacks to far too much.", "archive_too_large")
                    unpacked.write(chunk)
        except (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
            raise _Refused("this file is broken.", "archive_broken") from None
        unpacked.seek(0)
        yield cast(BinaryIO, unpacked)
