"""Tell all processes what changed: after the commit, never in it, a few times a second at most.

A NOTIFY inside a transaction makes all commits of the database wait for each other. So what a
transaction changed is noted when it is over, and a thread sends it, with what gathers meanwhile,
on a connection of its own. It is a courtesy: if it cannot be sent, nothing else fails, and pages
find out when they ask again.
"""

import atexit
import logging
import threading
import time
from collections.abc import Iterable
from functools import partial
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_delete
from django.dispatch import receiver

from newsdesk.live_wire import CHANNEL, Access, News, direct_address, payloads

PAUSE = 0.25  # seconds between two NOTIFYs
PATIENCE = 2  # seconds that the end of the process waits for what is not sent yet

_log = logging.getLogger(__name__)


class Announcer:
    """Gathers news and sends each once; its thread starts with the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gathered: dict[News, None] = {}
        self._has_some = threading.Event()
        self._all_sent = threading.Event()
        self._all_sent.set()
        self._thread: threading.Thread | None = None
        self._connection: psycopg.Connection[Any] | None = None

    def add(self, one: News) -> None:
        """Send this soon. Any thread may call it."""
        with self._lock:
            self._gathered[one] = None
            self._all_sent.clear()
            self._has_some.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Whether all was sent, or could not be, within ``seconds``."""
        return self._all_sent.wait(seconds)

    def _run(self) -> None:
        while self._has_some.wait():
            with self._lock:
                news, self._gathered = list(self._gathered), {}
                self._has_some.clear()
            try:
                self._send(news)
            except psycopg.Error as error:
                self._hang_up()
                _log.warning("Nobody is told of %d changes: %s", len(news), error)
            with self._lock:
                if not self._gathered:
                    self._all_sent.set()
            time.sleep(PAUSE)

    def _send(self, news: Iterable[News]) -> None:
        """Send it, on a new connection if the old one is lost.

        Raises:
            psycopg.Error: if the database does not answer.
        """
        for payload in payloads(news):
            try:
                self._notify(payload)
            except psycopg.OperationalError:
                self._hang_up()
                self._notify(payload)

    def _notify(self, payload: str) -> None:
        if self._connection is None:
            self._connection = psycopg.connect(direct_address(), autocommit=True)
        self._connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


_announcer = Announcer()


def announce(one: News, within: BaseDatabaseWrapper = connection) -> None:
    """Tell all processes once the transaction is committed, and not at all if it is not.

    It is the transaction of the connection ``within`` that counts, if one is open.
    """
    within.on_commit(partial(_announcer.add, one), robust=True)


@receiver(post_delete, sender="sessions.Session")
def _announce_end_of_session(instance: Any, **_: object) -> None:
    user = instance.get_decoded().get("_auth_user_id")
    if user is not None:
        announce(Access(user=int(user)))


@atexit.register
def _send_the_last() -> None:
    _announcer.wait(PATIENCE)
