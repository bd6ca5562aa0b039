"""Serve Newsdesk on this machine: what ``make run`` runs.

Checks what it needs, migrates, loads the demo into an empty database, and serves until it is told
to stop. What the user can mend is said in one sentence.
"""

import hashlib
import os
import signal
import socket
import sys
from io import StringIO
from typing import NoReturn

import django
import uvicorn
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from newsdesk import database
from newsdesk.embedded import EmbeddedServerError
from newsdesk.live_streams import streams

HOST = "127.0.0.1"
POSTGRESQL = 18  # the first with uuidv7()
PATIENCE = 5  # seconds that open requests get when we stop


class CannotServe(Exception):
    """What keeps Newsdesk from serving, in a sentence for whoever started it."""


class Server(uvicorn.Server):
    """Ends the streams when it stops: they would be waited for, and never end by themselves."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        streams.stop()
        await super().shutdown(sockets)


def main() -> None:
    """Serve until Ctrl-C, SIGTERM or SIGHUP, and leave no process behind."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    try:
        with _listen() as listener:
            _serve(listener)
    except KeyboardInterrupt:
        _say("\nStopped.")
    except (CannotServe, EmbeddedServerError, database.DatabaseUrlError) as error:
        sys.exit(f"newsdesk: {error}")
    finally:
        # Before Python waits for its threads: those still in a query are let go by this.
        database.release()


def _leave(*_: object) -> NoReturn:
    sys.exit()


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _listen() -> socket.socket:
    """The listening socket, first of all: who connects while we prepare waits and is answered."""
    port = os.environ.get("PORT") or "8000"
    if not (port.isascii() and port.isdecimal() and int(port) < 65536):
        raise CannotServe(f"PORT must be a number below 65536; it is {port!r}.")
    # Named as TCP, or asyncio would not know to switch off Nagle's algorithm: 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, int(port)))
        listener.listen()
    except OSError as error:
        raise CannotServe(
            f"Port {port} cannot be used ({error.strerror}): stop what uses it, "
            "or choose another, as in PORT=8001 make run."
        ) from error
    return listener


def _serve(listener: socket.socket) -> None:
    _set_up()
    demo = _bring_up_to_date()
    _collect_static()
    server = Server(
        uvicorn.Config(
            "newsdesk.asgi:application",
            lifespan="off",
            log_level="warning",
            timeout_graceful_shutdown=PATIENCE,
        )
    )
    # Whoever reads the address may stop us at once, before the server listens to signals itself.
    signal.signal(signal.SIGTERM, server.handle_exit)
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    _say(f"Newsdesk is at {address} until you press Ctrl-C.\n{demo}")
    server.run(sockets=[listener])


def _set_up() -> None:
    """Load the application and reach its database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
    try:
        django.setup()
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotServe(
            f"The data folder cannot be used: {error.strerror} ({error.filename})."
        ) from error
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).partition("\n")[0].removeprefix("connection failed: ")
        raise CannotServe(f"The database does not answer: {reason}.") from error
    version = connection.cursor().connection.info.server_version
    if version < POSTGRESQL * 10_000:
        raise CannotServe(
            f"Newsdesk needs PostgreSQL {POSTGRESQL} or newer; this is {version // 10_000}."
        )


def _bring_up_to_date() -> str:
    """Migrate, and load the demo if the database is empty; returns what to tell of the demo.

    All of it or nothing, and by one process at a time: Django records a migration in a transaction
    of its own, so being stopped between the two would bar every later start.
    """
    demo = StringIO()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('newsdesk.migrate'))")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("load_demo", "--if-empty", stdout=demo)
    return demo.getvalue()


def _collect_static() -> None:
    """Collect, hash and compress the static files, if any changed since the last time."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}\n".encode())
    stamp = settings.DATA_DIR / "static.sha256"
    if not stamp.exists() or stamp.read_text() != seen.hexdigest():
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(seen.hexdigest())
