"""Newsdesk as served: probes and live updates answered on the spot, all else by Django in a fixed
pool of threads.

A thread keeps its database connection, so the pool's size is also the number of connections.
Django as WSGI in threads takes two thirds of the processor time that its own ASGI handler takes.
"""

from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, Scope, Send
from a2wsgi.wsgi_typing import WSGIApp

from newsdesk import health
from newsdesk.wsgi import application as wsgi  # sets Django up, so that the next may be imported

from newsdesk import live  # isort: skip

THREADS = 8

_django = WSGIMiddleware(cast(WSGIApp, wsgi), workers=THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, or the server's own messages."""
    if scope["type"] == "http" and scope["path"] in health.PROBES:
        await health.answer(scope, send)
    elif scope["type"] == "http" and scope["path"] == live.PATH:
        await live.answer(scope, receive, send)
    else:
        await _django(scope, receive, send)
