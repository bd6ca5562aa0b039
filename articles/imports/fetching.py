"""Fetch pages from the web for somebody: only public addresses, not for long, and not much.

Which address a name stands for is looked up once, checked, and connected to, so that a name cannot
change its mind in between (``requests-hardened``). A redirect is checked like a first address.
"""

import socket
from collections.abc import Sequence
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from articles.imports.errors import NotFetched

#: Bytes of a page, seconds that it may take in all and between two packets, and redirects to it.
LARGEST_PAGE, SECONDS, PATIENCE, MOST_REDIRECTS = 5_000_000, 10.0, 5.0, 5
AGENT = "Newsdesk/1 (an editor asked for this page)"
HTML = {"text/html", "application/xhtml+xml"}
#: What sites answer to those who have not signed in or paid, or to all that are no browser.
_TURNED_AWAY = {401, 402, 403, 407, 429, 451}
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came, the charset that its server declared, and where it was in the end."""

    data: bytes
    charset: str | None
    address: str


class Fetcher:
    """Fetches pages. ``trusted`` are beginnings of addresses that need not be public: for tests,
    which serve their pages themselves.
    """

    def __init__(self, *, trusted: Sequence[str] = (), seconds: float = SECONDS) -> None:
        self._trusted, self._seconds = trusted, seconds

    def fetch(self, address: str) -> Fetched:
        """The page at ``address``.

        Raises:
            NotFetched: in words, if there is none, or none that may be fetched.
        """
        deadline, answer = _Deadline(), Future[Fetched]()
        # In a thread of its own, because nobody can interrupt the look-up of a name.
        thread = Thread(target=self._answer, args=(answer, deadline, address), daemon=True)
        thread.start()
        try:
            return answer.result(self._seconds)
        except TimeoutError as error:
            deadline.cut()
            raise self._too_slow() from error

    def _answer(self, answer: Future[Fetched], deadline: "_Deadline", address: str) -> None:
        _watching.set(deadline)
        try:
            answer.set_result(self._fetched(address))
        except Exception as error:  # whoever waits for the answer is told
            answer.set_exception(error)
        finally:
            deadline.close()

    def _fetched(self, address: str) -> Fetched:
        with self._session() as session:
            try:
                return self._follow(session, address)
            except requests.Timeout as error:
                raise self._too_slow() from error
            except requests.TooManyRedirects as error:
                raise _not_fetched("redirects too often", "not_reachable") from error
            except (requests.RequestException, ValueError, OSError) as error:
                raise _not_fetched("not reachable", "not_reachable") from error

    def _too_slow(self) -> NotFetched:
        return _not_fetched(f"took over {self._seconds:g} s", "too_slow")

    def _session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # a proxy would look names up by itself
        session.headers["User-Agent"] = AGENT
        session.headers["Accept"] = ", ".join(sorted(HTML, reverse=True))
        session.mount("http://", _Public(https=False))
        session.mount("https://", _Public(https=True))
        for beginning in self._trusted:
            session.mount(beginning, _Trusted())
        return session

    def _follow(self, session: requests.Session, address: str) -> Fetched:
        for hop in range(MOST_REDIRECTS + 1):
            _check_scheme(address)
            try:
                response = session.get(
                    address, allow_redirects=False, stream=True, timeout=PATIENCE
                )
            except InvalidIPAddress as error:
                words = "redirects to a private address" if hop else "address not allowed"
                raise _not_fetched(words, "address_not_allowed") from error
            with response:
                following = session.get_redirect_target(response)
                if not following:
                    return _page(response, address)
                address = urljoin(address, following)
        raise requests.TooManyRedirects


def _page(response: requests.Response, address: str) -> Fetched:
    if response.status_code in _TURNED_AWAY:
        raise _not_fetched(
            f"turned away ({response.status_code}): it wants a sign-in or payment, or no robots",
            "turned_away",
        )
    if response.status_code != 200:
        raise _not_fetched(f"not reachable ({response.status_code})", "not_reachable")
    media_type, _, _ = response.headers.get("Content-Type", "text/html").partition(";")
    if media_type.strip().lower() not in HTML:
        raise _not_fetched(f"not HTML but {media_type.strip()[:80]}", "not_html")
    data = bytearray()
    for chunk in response.iter_content(_CHUNK):
        data += chunk
        if len(data) > LARGEST_PAGE:
            size = f"{LARGEST_PAGE // 1_000_000} MB"
            raise _not_fetched(f"larger than {size}", "too_large")
    declared = "charset" in response.headers.get("Content-Type", "").lower()
    return Fetched(bytes(data), response.encoding if declared else None, address)


def _check_scheme(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _not_fetched("no address of a web page", "address_not_allowed")
    if parts.username is not None or parts.password is not None:
        raise _not_fetched("an address must not hold a password", "address_not_allowed")


def _not_fetched(words: str, code: str) -> NotFetched:
    error = NotFetched(f"Not fetched: {words}.")
    error.code = code
    return error


# --- a time that is over, even if the other side sends a byte now and then ---


class _Deadline:
    """Cuts the connections of one fetch off when its time is over."""

    def __init__(self) -> None:
        self._is_over = False
        self._sockets: list[socket.socket] = []
        self._lock = Lock()

    def watch(self, connection: socket.socket) -> None:
        # A second handle: TLS takes the first one over, and its handshake may last as well.
        with self._lock:
            self._sockets.append(connection.dup())
        if self._is_over:
            self.cut()

    def cut(self) -> None:
        self._is_over = True
        with self._lock:
            for one in self._sockets:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:  # it is closed already
                    continue

    def close(self) -> None:
        with self._lock:
            while self._sockets:
                self._sockets.pop().close()


_watching: ContextVar[_Deadline] = ContextVar("_watching")


class _WatchedHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        _watching.get().watch(connection)
        return connection


class _WatchedHTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        _watching.get().watch(connection)
        return connection


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPS


class _Watched(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        pools = {"http": _HTTPPool, "https": _HTTPSPool}
        self.poolmanager.pool_classes_by_scheme = pools


class _Public(IPFilterAdapter, _Watched):
    """Connects to public addresses alone."""

    def __init__(self, *, https: bool) -> None:
        IPFilterAdapter.__init__(self, is_https_proto=https)


class _Trusted(_Watched):
    """Connects to whatever it is told."""
