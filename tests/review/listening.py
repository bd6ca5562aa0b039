"""A page that listens, without the page: reads a stream of Server-Sent Events."""

import http.client
import json
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings

from articles.desk.models import User
from benchmarks.scratch import signed_in
from tests.faults.processes import PATIENCE


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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.response.close()
        self._connection.close()
