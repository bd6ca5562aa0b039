"""Archives that are written while they are read, always with the same bytes for the same content.

Nothing in them is compressed: what a compressor makes of a text changes from one of its versions
to the next, and an archive that is made again must have the hash that it had.
"""

from collections.abc import Buffer, Iterable, Iterator
from io import RawIOBase
from zipfile import ZIP_STORED, ZipFile, ZipInfo

#: The earliest moment that an archive can tell of; a real one would change its bytes.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
UNIX = 3


def zipped(entries: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """A ZIP archive of files, each with its name and its content in pieces, in their order.

    Needs memory for one piece, and about a kilobyte for each file. A file has at most 2 GB.
    """
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for name, pieces in entries:
            with archive.open(_entry(name), "w") as file:
                for piece in pieces:
                    file.write(piece)
                    yield from sink.taken()
            yield from sink.taken()
    yield from sink.taken()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, LONG_AGO)
    entry.create_system = UNIX  # whatever this runs on
    entry.external_attr = 0o100644 << 16
    return entry


class _Sink(RawIOBase):
    """Where the archive is written to, and taken from at once: nobody can go back in it."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        self._written.append(bytes(data))
        return len(self._written[-1])

    def taken(self) -> Iterator[bytes]:
        """What has been written since, once."""
        written, self._written = self._written, []
        if written:
            yield b"".join(written)
