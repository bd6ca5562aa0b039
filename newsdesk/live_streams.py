"""The pages that listen to this process, and what each of them is still to be told."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from newsdesk.errors import NewsdeskError

#: Streams of one process; most systems allow it 1,024 open files.
MOST = 800
#: Streams of one user: as many pages as somebody may have open.
MOST_EACH = 24
#: More than this waiting for a page, and it is told to look at everything.
MOST_WAITING = 50
HEARTBEAT = 15.0  # seconds without news after which a stream shows that it lives
#: Seconds after which it is asked anew whether the reader may listen: a heartbeat under a minute.
CHECK_AFTER = 45.0

#: Project, article, and the user who has it open.
type Presence = tuple[int, UUID, int]
type Told = tuple[UUID | None, int | None]
#: In place of an article and a layer: anything may have changed.
LOOK: Told = (None, None)


class TooManyStreams(NewsdeskError):
    """Too many pages are listening."""

    status = 503
    code = "too_many_streams"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose page it is, and what it shows: a project's list, or one article, or how far ``works``
    are: imports and datasets, and nothing else."""

    session: str
    user: int
    project: int
    slug: str
    article: UUID | None = None
    works: frozenset[UUID] = frozenset()

    @property
    def presence(self) -> Presence | None:
        """What the stream says of its reader, if the page is one of an article."""
        return None if self.article is None else (self.project, self.article, self.user)


class Stream:
    """One page that listens. What it was not sent yet is kept once, however often it changed."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.is_over = False
        self._waiting: dict[Told, None] = {}
        self._wake = asyncio.Event()
        self._checked_at = time.monotonic()

    def tell(self, article: UUID, layer: int | None) -> None:
        """Say that the article changed, and in which layer if it may be known."""
        if LOOK in self._waiting:
            return
        self._waiting[article, layer] = None
        if len(self._waiting) > MOST_WAITING:
            self.tell_to_look()
        self._wake.set()

    def tell_to_look(self) -> None:
        """Say that anything may have changed."""
        self._waiting = {LOOK: None}
        self._wake.set()

    def check_soon(self) -> None:
        """Have it asked anew whether the reader may listen."""
        self._checked_at = -CHECK_AFTER
        self._wake.set()

    def must_be_checked(self) -> bool:
        """Whether that is due; it counts as done."""
        is_due = time.monotonic() - self._checked_at >= CHECK_AFTER
        if is_due:
            self._checked_at = time.monotonic()
        return is_due

    def end(self) -> None:
        self.is_over = True
        self._wake.set()

    async def next(self) -> bytes:
        """What to send next: news, or a heartbeat; nothing if it is woken for something else.

        A page that waits for work looks at each heartbeat: who works may die, and tell nobody.
        """
        try:
            await asyncio.wait_for(self._wake.wait(), HEARTBEAT)
        except TimeoutError:
            return _event(*LOOK) if self.reader.works else b":\n\n"
        self._wake.clear()
        told, self._waiting = self._waiting, {}
        return b"".join(_event(article, layer) for article, layer in told)


class Streams:
    """All that are open. Only the event loop's thread touches them."""

    def __init__(self) -> None:
        self._open: dict[int, set[Stream]] = {}
        self.is_stopping = False

    def __iter__(self) -> Iterator[Stream]:
        return (stream for streams in self._open.values() for stream in list(streams))

    def add(self, stream: Stream) -> None:
        """Let the stream in.

        Raises:
            TooManyStreams: if this process, or this reader, has enough of them.
        """
        everybody = [other.reader.user for other in self]
        if self.is_stopping or len(everybody) >= MOST:
            raise TooManyStreams()
        if everybody.count(stream.reader.user) >= MOST_EACH:
            raise TooManyStreams("You have too many pages open.")
        self._open.setdefault(stream.reader.project, set()).add(stream)

    def discard(self, stream: Stream) -> None:
        of_project = self._open.get(stream.reader.project, set())
        of_project.discard(stream)
        if not of_project:
            self._open.pop(stream.reader.project, None)

    def of_project(self, project: int) -> list[Stream]:
        return list(self._open.get(project, ()))

    def present(self) -> set[Presence]:
        """Who has which article open."""
        return {stream.reader.presence for stream in self if stream.reader.presence}

    def stop(self) -> None:
        """End all, and let no more in: the process is about to stop."""
        self.is_stopping = True
        for stream in self:
            stream.end()


def _event(article: UUID | None, layer: int | None) -> bytes:
    data = json.dumps({"article": None if article is None else str(article), "layer": layer})
    return f"event: changed\ndata: {data}\n\n".encode()


#: Those of this process.
streams = Streams()
