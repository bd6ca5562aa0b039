"""A news site on this machine, for tests of what is fetched."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.intake.stories import PAGE


class Site(BaseHTTPRequestHandler):
    """A news site on this machine, with everything that can be wrong with one."""

    asked: list[str] = []
    stop = threading.Event()

    def do_GET(self) -> None:
        self.asked.append(self.path)
        name = self.path.strip("/")
        if name.startswith("to:"):
            self._answer(302, Location=name.removeprefix("to:"))
        elif name.startswith("hops"):
            left = int(name.removeprefix("hops"))
            self._answer(302, Location=f"/hops{left - 1}" if left else "/page")
        elif name.isdecimal():
            self._answer(int(name), b"No.")
        else:
            getattr(self, f"_{name}")()

    def _page(self) -> None:
        self._answer(200, PAGE.encode(), **{"Content-Type": "text/html; charset=utf-8"})

    def _bare(self) -> None:
        self._answer(200, b"<html><body>Nothing</body></html>", **{"Content-Type": "text/html"})

    def _picture(self) -> None:
        self._answer(200, b"\x89PNG", **{"Content-Type": "image/png"})

    def _large(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(120):
            self.wfile.write(b"<p>" + b"a" * 65_536)

    def _dripping(self) -> None:
        """Headers that never end, a byte now and then."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not self.stop.wait(0.05):
            self.wfile.write(b"a")

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing: we hang up on it."""


@contextmanager
def serving() -> Iterator[str]:
    """Serve the site; yields its address."""
    Site.asked = []
    Site.stop.clear()
    server = Server(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Site.stop.set()
    server.shutdown()
    server.server_close()
    thread.join()
