"""Liveness and readiness, for whoever watches over this process."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

from a2wsgi.asgi_typing import HTTPScope, Send
from django.db import DatabaseError, connection

PROBES = ("/healthz", "/readyz")
PATIENCE = 5.0  # seconds that the database may take

# One thread of its own: a probe must not wait behind requests, nor many hang on a dead database.
_prober = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readyz")


async def answer(scope: HTTPScope, send: Send) -> None:
    """``/healthz``: this process lives. ``/readyz``: and its database answers."""
    if scope["method"] not in ("GET", "HEAD"):
        detail = "This address takes GET, HEAD."
        problem = {"title": "Method Not Allowed", "code": "method_not_allowed", "detail": detail}
        await _reply(send, 405, problem)
    elif scope["path"] == "/healthz":
        await _reply(send, 200, {"status": "ok"})
    elif await _database_answers():
        await _reply(send, 200, {"status": "ready"})
    else:
        detail = "The database does not answer."
        problem = {"title": "Not ready", "code": "database_unavailable", "detail": detail}
        await _reply(send, 503, problem)


async def _database_answers() -> bool:
    ask = asyncio.get_running_loop().run_in_executor(_prober, _ask_database)
    try:
        await asyncio.wait_for(ask, PATIENCE)
    except (DatabaseError, TimeoutError):
        return False
    return True


def _ask_database() -> None:
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


async def _reply(send: Send, status: int, body: dict[str, str]) -> None:
    kind = b"application/json" if status < 400 else b"application/problem+json"
    headers = [(b"cache-control", b"no-store"), (b"content-type", kind)]
    if status == 405:
        headers.append((b"allow", b"GET, HEAD"))
    whole = body if status < 400 else {"type": "about:blank", "status": status} | body
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(whole).encode()})
