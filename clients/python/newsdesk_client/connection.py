"""Calls: tried again where that is safe, and refusals as exceptions."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from newsdesk_client.problems import Problem

#: What may go away by itself.
PASSING = {429, 502, 503, 504}


class Connection:
    """One server and one token. ``tries`` counts all attempts of a call, ``timeout`` is seconds.

    A call is repeated when the server cannot be reached or asks to wait; that is safe, because
    what is created carries an id of ours.
    """

    def __init__(self, url: str, token: str, *, timeout: float, tries: int) -> None:
        self._tries = tries
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1/",
            headers={"Authorization": f"Bearer {token}", "User-Agent": "newsdesk-client/0.1"},
            timeout=timeout,
        )

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        files: Mapping[str, Any] | None = None,
    ) -> Any:
        """The answer, as plain data; ``None`` if there is nothing to say.

        Raises:
            Problem: if the server refuses.
        """
        with self.streamed(method, path, params=params, json=json, files=files) as response:
            response.read()
            return response.json() if response.content else None

    @contextmanager
    def streamed(self, method: str, path: str, **how: Any) -> Iterator[httpx.Response]:
        """The answer while it comes in.

        Raises:
            Problem: if the server refuses.
        """
        # A file that was sent is read to its end.
        tries = 1 if how.get("files") else self._tries
        for left in reversed(range(tries)):
            try:
                with self._http.stream(method, path, **how) as response:
                    if not (left and response.status_code in PASSING):
                        if response.is_error:
                            response.read()
                            raise Problem.of(response)
                        yield response
                        return
                    wait = float(response.headers.get("Retry-After", 1))
            except httpx.ConnectError:
                if not left:
                    raise
                wait = 1
            time.sleep(wait)

    def items(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """The items of a list, page after page."""
        following: str | None = path
        while following:
            page = self.call("GET", following, params=params)
            yield from page["items"]
            following, params = page["next"], None

    def close(self) -> None:
        self._http.close()
