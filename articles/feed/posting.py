"""POST to an address that somebody gave us: to the open internet alone, and only so long."""

import ipaddress
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress

from articles.feed.errors import AddressRefused

#: Seconds for the connection, for each answer of the socket, and for all of it.
TO_CONNECT, TO_READ, IN_ALL = 5, 10, 20
LONGEST_ADDRESS = 2_000
#: Names that never lead out.
INSIDE = (".internal", ".local", ".localhost", ".lan", ".home.arpa")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: a status, or a ``problem`` in words; and how long it took."""

    status: int | None
    problem: str
    milliseconds: int

    @property
    def is_taken(self) -> bool:
        """Whether the other side took it."""
        return self.status is not None and 200 <= self.status < 300


def checked_address(url: str) -> str:
    """``url`` if it may be a webhook's. Where its name leads is asked each time it is called.

    Raises:
        AddressRefused: in words.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefused("This is no address.", field="url") from error
    is_plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if parts.scheme != "https" or not host or not is_plain or len(url) > LONGEST_ADDRESS:
        raise AddressRefused("An address begins with https:// and names a server.", field="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressRefused("An address has no user name, password or fragment.", field="url")
    if not _may_be_public(host):
        raise AddressRefused("This address is not on the open internet.", field="url")
    return url


def _may_be_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host.rstrip(".") and not host.rstrip(".").endswith(INSIDE)


class Poster:
    """Sends requests. Tests give it an ``authority`` of their own, and let it call this machine."""

    def __init__(self, *, authority: str | bool = True, allow_loopback: bool = False) -> None:
        self._authority = authority
        self._config = Config(
            default_timeout=(TO_CONNECT, TO_READ),
            never_redirect=True,
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=allow_loopback,
        )

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``body``; of the answer nothing is read but its status.

        Names are resolved once and the connection goes where they led, so no other address can take
        the place of the one that was looked at. Redirects are not followed. Whoever answers byte by
        byte is left alone after ``IN_ALL`` seconds.
        """
        answers: list[Answer] = []
        began = time.monotonic()

        def send() -> None:
            answers.append(self._sent(url, body, headers, began))

        thread = threading.Thread(target=send, name="webhook", daemon=True)
        thread.start()
        thread.join(IN_ALL)
        if not answers:
            return Answer(None, f"It did not answer within {IN_ALL} seconds.", IN_ALL * 1000)
        return answers[0]

    def _sent(self, url: str, body: bytes, headers: Mapping[str, str], began: float) -> Answer:
        status, problem = None, ""
        try:
            with HTTPSession(self._config) as session:
                session.trust_env = False  # a proxy would resolve names by itself
                with session.post(
                    url, data=body, headers=dict(headers), stream=True, verify=self._authority
                ) as response:
                    status = response.status_code
        except requests.RequestException as error:
            problem = _in_words(error)
        if status is not None and not 200 <= status < 300:
            problem = f"It answered {status}."
        return Answer(status, problem, round((time.monotonic() - began) * 1000))


def _in_words(error: requests.RequestException) -> str:
    """Why there was no answer. What the error says by itself could tell of our network."""
    if isinstance(error, InvalidIPAddress):
        return "Its name leads to an address that is not on the open internet."
    if isinstance(error, requests.exceptions.SSLError):
        return "Its certificate is not valid."
    if isinstance(error, requests.Timeout):
        return f"It did not answer within {TO_READ} seconds."
    return "It could not be reached."
