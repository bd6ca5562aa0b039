"""A Newsdesk of its own for a benchmark: scratch folder, real data, the real server process."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:  # the models cannot be imported before Django is set up
    from articles.desk.models import User
    from articles.intake.models import Article

ROOT = Path(__file__).resolve().parent.parent
VOCABULARY = """
harbour council quay repairs storm winter trader ferry master timber lorry vote inquiry papers
figure estimate closure season evidence engineer report minister café crossing
"""
PATIENCE = 60  # seconds for the server to come up


@contextmanager
def scratch_data() -> Iterator[Path]:
    """Set Django up on an empty database in a scratch folder; everything is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="newsdesk-") as folder:
        Path(folder).chmod(0o711)  # as root, PostgreSQL runs as somebody else
        os.environ["NEWSDESK_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "newsdesk.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield Path(folder)


@contextmanager
def serving(data: Path) -> Iterator[int]:
    """Run the server that ``make run`` runs on ``data``; yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {**os.environ, "NEWSDESK_DATA": str(data), "PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "-m", "newsdesk"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait_for(port: int) -> None:
    for _ in range(PATIENCE * 10):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("The server did not come up.")


@dataclass
class Session:
    """A signed-in person's connection to the server, kept alive between requests."""

    port: int
    cookie: str
    token: str

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def post(self, path: str, fields: dict[str, object]) -> tuple[int, bytes]:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.cookie,
            "X-CSRFToken": self.token,
            "HX-Request": "true",
        }
        self._connection.request("POST", path, urlencode(fields), headers)
        response = self._connection.getresponse()
        return response.status, response.read()


def signed_in(username: str) -> dict[str, str]:
    """Cookies that make a request ``username``'s, with a CSRF token."""
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    from articles.desk.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    return {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.CSRF_COOKIE_NAME: _get_new_csrf_string(),
    }


def fill(actor: "User", article: "Article", held: int) -> None:
    """Annotations spread over the whole text, by the same statement that the page uses."""
    from articles.annotations.saving import NewAnnotation, save
    from articles.annotations.services import open_layer

    layer = open_layer(actor=actor, article=article)
    body, label = article.revision.body, article.project.labels.get(key="claim")
    step = (len(body) - 60) / held
    for number in range(held):
        start = int(number * step)
        end = start + 12 + number % 40
        new = NewAnnotation(article.revision_id, label.pk, start, end, body[start:end], {})
        save(actor_id=actor.pk, layer_id=layer.pk, new=new)


def story(words: int, seed: int = 7) -> str:
    """An invented article of about ``words`` words: a headline and paragraphs of sentences."""
    import random

    pick = random.Random(seed)  # the same text each time
    vocabulary = VOCABULARY.split()
    lines = ["Council to reopen the east quay “before winter”", ""]
    written = 0
    while written < words:
        sentences = []
        for _ in range(4):
            sentence = [pick.choice(vocabulary) for _ in range(14)]
            written += len(sentence)
            sentences.append(" ".join(sentence).capitalize() + ".")
        lines += [" ".join(sentences), ""]
    return "\n".join(lines)


def spread(times: Sequence[float]) -> str:
    """Milliseconds: the median, and the 5th and 95th percentile."""
    low, *_, high = statistics.quantiles(times, n=20)
    return f"{statistics.median(times) * 1000:.1f} ({low * 1000:.1f} to {high * 1000:.1f})"


def percentile(times: Sequence[float], at: int) -> float:
    return statistics.quantiles(times, n=100)[at - 1]
