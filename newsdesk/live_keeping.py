"""What a process does for all its listening pages: hear of changes, tell them, say who is here.

One connection listens for the whole process. It begins with the first page and, when the database
goes away, comes again; since what was said meanwhile is lost, the pages are then told to look.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from uuid import UUID

import psycopg
from django.db import Error, connection

from articles.review import presence_services
from newsdesk.live_announcing import announce
from newsdesk.live_audience import heard, watched
from newsdesk.live_streams import Presence, Stream, Streams
from newsdesk.live_wire import (
    CHANNEL,
    Access,
    Change,
    News,
    Progress,
    direct_address,
    news_in,
)

PATIENCE = 30.0  # seconds for an answer of the database; hundreds of pages may come at once
PAUSE = 0.2  # seconds in which news gathers before it is told
QUIET = 60.0  # seconds without news after which it is asked whether the connection lives
LONGEST_WAIT = 15.0  # seconds between two tries to listen again
SEEN_EVERY = 30.0  # seconds; somebody seen in the last 60 is here
LINGER = 3.0  # seconds that somebody is still here who closed the page: they may just reload it

#: Two threads, each with a connection: streams must wait neither for requests nor hold them up.
_askers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live")
_log = logging.getLogger(__name__)


async def ask[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``call`` finds in the database, in a thread.

    Raises:
        TimeoutError: if the database takes too long.
    """
    loop = asyncio.get_running_loop()
    asked = loop.run_in_executor(_askers, partial(_ask, partial(call, *args, **kwargs)))
    return await asyncio.wait_for(asked, PATIENCE)


def _ask[T](call: Callable[[], T]) -> T:
    connection.close_if_unusable_or_obsolete()
    return call()


class Keeper:
    """Looks after the ``streams`` of one process, on its event loop."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self._news: dict[News, None] = {}
        self._has_news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_at_work = False

    def welcome(self, stream: Stream) -> None:
        """Let a stream in, and note that its reader is here.

        Raises:
            TooManyStreams: if there are too many.
        """
        is_here = stream.reader.presence in self.streams.present()
        self.streams.add(stream)
        if not self._is_at_work:
            self._is_at_work = True
            for work in (self._listen, self._tell, self._note_who_is_here):
                self._begin(_again_and_again(work))
        if stream.reader.presence is not None and not is_here:
            self._begin(_if_possible(_arrive, stream.reader.presence))

    def see_off(self, stream: Stream) -> None:
        """The stream ended: a moment later, its reader is no longer here."""
        self.streams.discard(stream)
        if stream.reader.presence is not None and not self.streams.is_stopping:
            self._begin(self._leave(stream.reader.presence))

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _listen(self) -> None:
        """Hear of changes until the connection is lost."""
        opening = psycopg.AsyncConnection.connect(direct_address(), autocommit=True)
        async with await opening as listening:
            await listening.execute(f"LISTEN {CHANNEL}")
            for stream in self.streams:
                stream.tell_to_look()
            while True:
                async for notify in listening.notifies(timeout=QUIET):
                    self._news |= dict.fromkeys(news_in(notify.payload))
                    self._has_news.set()
                await asyncio.wait_for(listening.execute("SELECT 1"), PATIENCE)

    async def _tell(self) -> None:
        """Tell the pages what was heard of, and have it checked who may still hear."""
        while await self._has_news.wait():
            self._has_news.clear()
            news, self._news = self._news, {}
            changes: dict[int, list[Change]] = {}
            works: dict[int, set[UUID]] = {}
            for one in news:
                if isinstance(one, Change):
                    changes.setdefault(one.project, []).append(one)
                elif isinstance(one, Progress):
                    works.setdefault(one.project, set()).add(one.work)
                else:
                    self._check(one)
            for project, of_project in changes.items():
                await self._tell_project(project, of_project)
            for project, moved in works.items():
                await self._tell_of_work(project, moved)
            await asyncio.sleep(PAUSE)

    def _check(self, access: Access) -> None:
        for stream in self.streams:
            if stream.reader.user == access.user or stream.reader.project == access.project:
                stream.check_soon()

    async def _tell_project(self, project: int, changes: Collection[Change]) -> None:
        articles: set[UUID | None] = {None, *(change.article for change in changes)}
        listening = [
            stream
            for stream in self.streams.of_project(project)
            if not stream.reader.works and stream.reader.article in articles
        ]
        if not listening:
            return
        try:
            told = await ask(heard, project, changes, {one.reader.user for one in listening})
        except (Error, TimeoutError):  # who may hear of it will see it when they look
            for stream in listening:
                stream.tell_to_look()
            return
        for stream in listening:
            for article, layer in told.get(stream.reader.user, ()):
                if stream.reader.article in (None, article):
                    stream.tell(article, layer)

    async def _tell_of_work(self, project: int, moved: Collection[UUID]) -> None:
        waiting = [
            stream
            for stream in self.streams.of_project(project)
            if not stream.reader.works.isdisjoint(moved)
        ]
        if not waiting:
            return
        try:
            told = await ask(watched, project, moved, {one.reader.user for one in waiting})
        except (Error, TimeoutError):  # who may hear of it will see it when they look
            told = dict.fromkeys((one.reader.user for one in waiting), frozenset(moved))
        for stream in waiting:
            if not stream.reader.works.isdisjoint(told.get(stream.reader.user, ())):
                stream.tell_to_look()

    async def _note_who_is_here(self) -> None:
        while True:
            await asyncio.sleep(SEEN_EVERY)
            await ask(_note, self.streams.present())

    async def _leave(self, presence: Presence) -> None:
        await asyncio.sleep(LINGER)
        if presence not in self.streams.present():
            await _if_possible(_leave, presence)


async def _again_and_again(work: Callable[[], Awaitable[None]]) -> None:
    """Do ``work``, which ends only by failing, for as long as the process lives."""
    loop = asyncio.get_running_loop()
    wait = 0.5
    while True:
        begun = loop.time()
        try:
            await work()
        except (Error, psycopg.Error, TimeoutError) as error:
            _log.warning("Live updates wait for the database: %s", error)
        except Exception:
            _log.exception("Live updates failed, and begin anew.")
        wait = 0.5 if loop.time() - begun > LONGEST_WAIT else min(wait * 2, LONGEST_WAIT)
        await asyncio.sleep(wait)


async def _if_possible(note: Callable[[Presence], None], presence: Presence) -> None:
    """Note it, unless the database is away: then the next round does, or a minute passes."""
    with suppress(Error, TimeoutError):
        await ask(note, presence)


def _note(present: Iterable[Presence]) -> None:
    presence_services.forget()
    presence_services.seen(present)


def _arrive(presence: Presence) -> None:
    project, article, _ = presence
    presence_services.seen([presence])
    announce(Change(project, article, is_listed=True))


def _leave(presence: Presence) -> None:
    project, article, user = presence
    presence_services.left(article_id=article, user_id=user)
    announce(Change(project, article, is_listed=True))
