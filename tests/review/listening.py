"""A server that streams, and a page that listens without the page."""

import http.client
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection

from articles.desk.models import User
from benchmarks.scratch import signed_in
from tests.faults.processes import PATIENCE
from tests.faults.test_serve import start

#: The process and its address.
type Server = tuple[subprocess.Popen[str], str]


@contextmanager
def newsdesk(**environment: str) -> Iterator[Server]:
    """Newsdesk as people run it, on the tests' database, and without a worker."""
    at = connection.get_connection_params()
    name, user, password, host = (
        quote(str(at[key]), safe="") for key in ("dbname", "user", "password", "host")
    )
    process = start(
        "web",
        DATABASE_URL=f"postgresql://{user}:{password}@/{name}?host={host}",
        NEWSDESK_DATA=os.environ["NEWSDESK_DATA"],
        **environment,
    )
    try:
        assert process.stdout
        words = process.stdout.readline().split()
        address = next((word for word in words if word.startswith("http://")), None)
        assert address, process.communicate()[1]
        yield process, address
    finally:
        process.terminate()
        process.communicate()


class Listener:
    """A stream of the server at ``address``, opened with ``user``'s session or with none."""

    def __init__(self, address: str, path: str, user: User | None = None) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        name = settings.SESSION_COOKIE_NAME
        self.session = signed_in(user.username)[name] if user else ""
        headers = {"Cookie": f"{name}={self.session}"}
        self._connection.request("GET", path, headers=headers)
        self.response = self._connection.getresponse()
        self.status = self.response.status

    def next(self) -> dict[str, Any] | None:
        """The next change that the page is told of; nothing when the stream is over."""
        while line := self.response.readline().decode():
            if line.startswith("data: "):
                told: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return told
        return None

    def ready(self) -> Self:
        """Wait until it is told to look, as everybody is when the process begins to listen."""
        assert self.next() == {"article": None, "layer": None}
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.response.close()
        self._connection.close()
