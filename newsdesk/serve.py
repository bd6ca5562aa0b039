"""Serve Newsdesk on this machine: what ``make run`` runs.

Checks what it needs, migrates, loads the demo into an empty database, and serves until it is told
to stop. What the user can mend is said in one sentence.
"""

import hashlib
import os
import signal
import socket
import sys
from contextlib import nullcontext
from typing import NoReturn

import uvicorn
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from newsdesk.live_streams import streams
from newsdesk.starting import CannotStart, bring_up_to_date, said_in_words, say, set_up
from newsdesk.worker_beside import WorkerBeside

HOST = "127.0.0.1"
PATIENCE = 5  # seconds that open requests get when we stop


class Server(uvicorn.Server):
    """Ends the streams when it stops: they would be waited for, and never end by themselves."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        streams.stop()
        await super().shutdown(sockets)


def main(*, with_worker: bool) -> None:
    """Serve until Ctrl-C, SIGTERM or SIGHUP, and leave no process behind."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    with said_in_words(), _listen() as listener:
        _serve(listener, with_worker)


def _leave(*_: object) -> NoReturn:
    sys.exit()


def _listen() -> socket.socket:
    """The listening socket, first of all: who connects while we prepare waits and is answered."""
    port = os.environ.get("PORT") or "8000"
    if not (port.isascii() and port.isdecimal() and int(port) < 65536):
        raise CannotStart(f"PORT must be a number below 65536; it is {port!r}.")
    # Named as TCP, or asyncio would not know to switch off Nagle's algorithm: 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, int(port)))
        listener.listen()
    except OSError as error:
        raise CannotStart(
            f"Port {port} cannot be used ({error.strerror}): stop what uses it, "
            "or choose another, as in PORT=8001 make run."
        ) from error
    return listener


def _serve(listener: socket.socket, with_worker: bool) -> None:
    set_up()
    demo = bring_up_to_date()
    _collect_static()
    server = Server(
        uvicorn.Config(
            "newsdesk.asgi:application",
            lifespan="off",
            log_level="warning",
            timeout_graceful_shutdown=PATIENCE,
        )
    )
    with WorkerBeside() if with_worker else nullcontext():
        # Whoever reads the address may stop us at once, before the server listens to signals.
        signal.signal(signal.SIGTERM, server.handle_exit)
        address = f"http://{HOST}:{listener.getsockname()[1]}"
        say(f"Newsdesk is at {address} until you press Ctrl-C.\n{demo}")
        server.run(sockets=[listener])


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
