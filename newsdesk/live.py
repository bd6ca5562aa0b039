"""``/events``: Server-Sent Events that say what changed, by ids; the page fetches what it shows.

``/events?project=<slug>`` tells of a project, ``&article=<id>`` of one article, ``&work=<id>``,
once or more, that an import or a dataset got further, and of nothing else. Each event is
``changed`` with ``{"article": …, "layer": …}``; both are null when anything may have changed. The
reader is whoever the session says, and hears of what the pages would show them.
"""

import asyncio
import json
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import parse_qs
from uuid import UUID

from a2wsgi.asgi_typing import HTTPScope, Receive, Send
from django.conf import settings
from django.db import DataError, Error
from django.http import parse_cookie

from newsdesk.errors import NewsdeskError
from newsdesk.live_audience import NothingToHear, SignedOut, admit, is_still_admitted
from newsdesk.live_keeping import Keeper, ask
from newsdesk.live_streams import Stream, streams

PATH = "/events"
RETRY = 3_000  # milliseconds after which a page that lost its stream comes again
COME_AGAIN = 30  # seconds, for those that found no room
SLOWEST = 20.0  # seconds that a page may take to receive a few lines

_keeper = Keeper(streams)


class NotNow(NewsdeskError):
    """The database does not answer."""

    status = 503
    code = "database_unavailable"


async def answer(scope: HTTPScope, receive: Receive, send: Send) -> None:
    """Stream to one page, until it goes, its reader may no longer listen, or we stop."""
    if scope["method"] != "GET":
        await _refuse(send, 405, "method_not_allowed", "A stream is read with GET.")
        return
    try:
        stream = await _open(scope)
    except NewsdeskError as error:
        await _refuse(send, error.status, error.code, error.message)
        return
    leaving = asyncio.ensure_future(_end_when_gone(receive, stream))
    try:
        with suppress(TimeoutError):  # too slow: it may come again, and look at everything
            await _stream(stream, send)
    finally:
        leaving.cancel()
        _keeper.see_off(stream)


async def _open(scope: HTTPScope) -> Stream:
    """The stream that is asked for.

    Raises:
        SignedOut, NothingToHear: if its reader may not have it.
        TooManyStreams, NotNow: if they may come again.
    """
    headers = dict(scope["headers"])
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    query = parse_qs(scope["query_string"].decode("latin-1"))
    slug, article = (query.get(name, [""])[0] for name in ("project", "article"))
    session = cookies.get(settings.SESSION_COOKIE_NAME)
    if not session:
        raise SignedOut()
    try:
        works = frozenset(map(UUID, query.get("work", [])))
        reader = await ask(admit, session, slug, UUID(article) if article else None, works)
    except (ValueError, DataError) as error:  # no UUID, or a NUL, which nothing is named by
        raise NothingToHear() from error
    except (Error, TimeoutError) as error:
        raise NotNow() from error
    stream = Stream(reader)
    _keeper.welcome(stream)
    return stream


async def _stream(stream: Stream, send: Send) -> None:
    """Send the stream until it is over.

    Raises:
        TimeoutError: if its page does not take what it is sent.
    """
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    text = b"retry: %d\n\n" % RETRY
    while not stream.is_over:
        if text:
            sending = send({"type": "http.response.body", "body": text, "more_body": True})
            await asyncio.wait_for(sending, SLOWEST)
        text = await stream.next()
        if stream.must_be_checked() and not await _may_go_on(stream):
            break
    await asyncio.wait_for(send({"type": "http.response.body", "body": b""}), SLOWEST)


async def _may_go_on(stream: Stream) -> bool:
    try:
        return await ask(is_still_admitted, stream.reader)
    except (Error, TimeoutError):
        return True  # while the database is away, there is nothing to hear


async def _end_when_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def _refuse(send: Send, status: int, code: str, detail: str) -> None:
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if status == 405:
        headers.append((b"allow", b"GET"))
    if status == 503:
        headers.append((b"retry-after", b"%d" % COME_AGAIN))
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})
