"""ZIP archives opened: the list of their files, and what is in each, piece by piece.

Nothing of it is written to a disk under a name of its own, and what it promises of its sizes is
not believed: what counts is what comes out.
"""

import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

#: Files of one archive, and bytes of the list of them. It is read at once, and takes ten times as
#: much in memory.
MOST_FILES, LARGEST_LIST = 100_000, 32 * 1024 * 1024
_CHUNK = 256 * 1024
_ENCRYPTED, _UTF_8 = 0x1, 0x800
#: What the systems of other people's desks put into archives by themselves.
_CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


class Refused(ValueError):
    """An archive, or a file of one, that is not read; the words say why."""

    def __init__(self, words: str, code: str) -> None:
        super().__init__(words)
        self.code = code


class _Bounded:
    """A file that refuses to be read at once beyond what a list of files may take."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > LARGEST_LIST:
            raise Refused("This archive has far too many files.", "archive_too_large")
        return self._file.read(size)


def opened(file: BinaryIO) -> ZipFile:
    """The archive that ``file`` is.

    Raises:
        Refused: if it is none, or has far too many files.
    """
    try:
        return ZipFile(cast(BinaryIO, _Bounded(file)))
    except Refused:
        raise
    except (BadZipFile, LargeZipFile, ValueError, NotImplementedError):
        raise Refused("This is no ZIP archive, or it is broken.", "not_text") from None


def files_of(archive: ZipFile) -> list[ZipInfo]:
    """What somebody put into it, in its order.

    Raises:
        Refused: if that is too much.
    """
    files = [one for one in archive.infolist() if not _is_clutter(one)]
    if len(files) > MOST_FILES:
        words = f"This archive has {len(files):,} files; up to {MOST_FILES:,} are read."
        raise Refused(words, "archive_too_large")
    return files


def _is_clutter(entry: ZipInfo) -> bool:
    return (
        entry.is_dir() or entry.filename.startswith(_CLUTTER) or entry.filename.endswith(_CLUTTER)
    )


def name_of(entry: ZipInfo) -> str:
    """A file's name; without the flag that says so, it may still be UTF-8, as macOS writes it."""
    if entry.flag_bits & _UTF_8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except ValueError:
        return entry.filename


def chunks(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """What is in a file of the archive, piece by piece.

    Raises:
        Refused: if it is encrypted or broken.
    """
    if entry.flag_bits & _ENCRYPTED:
        raise Refused("this file is encrypted.", "archive_encrypted")
    try:
        with archive.open(entry) as packed:
            while chunk := packed.read(_CHUNK):
                yield chunk
    except (BadZipFile, zlib.error, EOFError, OSError, RuntimeError):
        raise Refused("this file is broken.", "archive_broken") from None
