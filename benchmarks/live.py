"""How long it takes to save an annotation while pages listen.

    python -m benchmarks.live [--write]

First nobody listens, then 200 and 500 pages of a project in which nothing happens, then 200 of the
project of the saves, each somebody else's and half of them blind: they are told of every save that
they may hear of. The pages are in a process of their own. Rounds alternate, so that a noisy machine
disturbs all alike; beside each save stands a bare INSERT and COMMIT, measured in turn with it.
"""

import argparse
import multiprocessing
import selectors
import socket
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

from benchmarks.report import write_section
from benchmarks.save import measure
from benchmarks.scratch import Session, percentile, scratch_data, serving, signed_in, story

ROUNDS = 3
PEOPLE = 200
WORDS = 5_000
#: How many pages listen, and whether to the project of the saves.
SITUATIONS = [(0, False), (200, False), (500, False), (200, True)]
PATIENCE = 120  # seconds


class Situation:
    """What was measured of it, a list for each round: seconds; and how much the pages heard."""

    def __init__(self, pages: int, is_busy: bool) -> None:
        self.pages = pages
        self.is_busy = is_busy
        self.saves: list[list[float]] = []
        self.commits: list[list[float]] = []
        self.told = 0

    def row(self) -> str:
        """A line of the table."""
        medians = [statistics.median(times) * 1000 for times in self.saves]
        late = [percentile(times, 95) * 1000 for times in self.saves]
        bare = [statistics.median(times) * 1000 for times in self.commits]
        ratio = statistics.median(medians) / statistics.median(bare)
        where = "the same project" if self.is_busy else "another project" if self.pages else "–"
        return (
            f"| {self.pages} | {where} | {self.told:,} | {_spread(medians)} ms "
            f"| {_spread(late)} ms | {_spread(bare, 2)} ms | {ratio:.1f}× |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    write = parser.parse_args().write
    situations = [Situation(*one) for one in SITUATIONS]
    with scratch_data() as data:
        busy, idle, cookies, articles = _prepare()
        ada = signed_in("ada")
        with serving(data) as port:
            cookie = "; ".join(f"{name}={value}" for name, value in ada.items())
            for _ in range(ROUNDS):
                for one in situations:
                    path = f"/events?project={busy if one.is_busy else idle}"
                    with listening(port, path, cookies, one.pages) as pages:
                        # The server closes a connection that nobody used for five seconds.
                        session = Session(port, cookie, ada["csrftoken"])
                        saves, commits = measure(session, next(articles))
                        one.saves.append(saves)
                        one.commits.append(commits)
                    one.told += pages.recv()
    table = "\n".join(
        [
            "| pages that listen | to | told of changes | save p50 | save p95 "
            "| INSERT + COMMIT p50 | ratio |",
            "|---:|---|---:|---:|---:|---:|---:|",
            *(one.row() for one in situations),
            "",
            f"Medians of {ROUNDS} rounds of {len(situations[0].saves[0])} saves, and their range.",
        ]
    )
    print(table)
    if write:
        write_section("live", table)


def _prepare() -> tuple[str, str, list[str], Iterator[str]]:
    """Both projects' slugs, a cookie for each of their people, and where to save, a new article
    for each time."""
    from articles.desk.models import Role, User
    from articles.desk.services import create_project, set_member
    from articles.intake.incoming import pasted
    from articles.intake.services import add_article

    ada = User.objects.create_user("ada", is_staff=True)
    busy, idle = (create_project(actor=ada, name=name) for name in ("Busy", "Idle"))
    cookies = []
    for number in range(PEOPLE):
        person = User.objects.create_user(f"person-{number}")
        role = (Role.ANNOTATOR, Role.REVIEWER)[number % 2]
        for project in (busy, idle):
            set_member(actor=ada, project=project, user=person, role=role)
        cookies.append(f"sessionid={signed_in(person.username)['sessionid']}")
    addresses = []
    for number in range(ROUNDS * len(SITUATIONS)):
        text = story(WORDS, seed=number)
        article, _ = add_article(actor=ada, project=busy, incoming=pasted(text))
        addresses.append(f"/p/{busy.slug}/articles/{article.pk}/annotations/")
    return busy.slug, idle.slug, cookies, iter(addresses)


@contextmanager
def listening(port: int, path: str, cookies: Sequence[str], count: int) -> Iterator[Connection]:
    """Let ``count`` pages listen; afterwards the connection holds how often they were told."""
    ours, theirs = multiprocessing.Pipe()
    pages = multiprocessing.get_context("spawn").Process(
        target=_listen, args=(port, path, cookies, count, theirs)
    )
    pages.start()
    if not ours.poll(PATIENCE):
        raise SystemExit("Not every page came to listen.")
    ours.recv()
    try:
        yield ours
    finally:
        ours.send("over")
        pages.join(PATIENCE)


def _listen(port: int, path: str, cookies: Sequence[str], count: int, parent: Connection) -> None:
    """Open the pages and count what they are told, until the parent says that it is over."""
    selector = selectors.DefaultSelector()
    selector.register(parent, selectors.EVENT_READ)
    for number in range(count):
        page = socket.create_connection(("127.0.0.1", port))
        cookie = cookies[number % len(cookies)]
        page.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
        if not page.recv(65_536).startswith(b"HTTP/1.1 200"):
            return
        selector.register(page, selectors.EVENT_READ)
    parent.send("open")
    told = 0
    while True:
        for key, _ in selector.select():
            if not isinstance(key.fileobj, socket.socket):
                parent.send(told)
                return
            told += key.fileobj.recv(65_536).count(b"event: changed")


def _spread(values: Sequence[float], digits: int = 1) -> str:
    """The median and the range."""
    return (
        f"{statistics.median(values):.{digits}f} "
        f"({min(values):.{digits}f} to {max(values):.{digits}f})"
    )


if __name__ == "__main__":
    main()
