"""What processes tell each other over PostgreSQL's NOTIFY: ids, and nothing of what they name."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from psycopg.conninfo import make_conninfo

CHANNEL = "newsdesk_changed"
#: Bytes of one payload; PostgreSQL takes less than 8,000.
LONGEST = 7_900


@dataclass(frozen=True, slots=True)
class Change:
    """Something changed on an article, in ``layer`` if it was in one alone.

    ``is_listed``: where the article stands, or who is on it, may have changed, which lists show to
    every member. Anything else is for those who may look at the work itself.
    """

    project: int
    article: UUID
    layer: int | None = None
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """Who is signed in, or a member, may have changed: for one user or in one project."""

    user: int | None = None
    project: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Background work got further, or is over: ``work`` is an import or a dataset."""

    project: int
    work: UUID


type News = Change | Access | Progress


def payloads(news: Iterable[News]) -> Iterator[str]:
    """All of ``news``, in as few payloads as hold them."""
    held: list[str] = []
    size = 0
    for one in news:
        text = json.dumps(_packed(one), separators=(",", ":"))
        if size + len(text) + 2 > LONGEST:
            yield f"[{','.join(held)}]"
            held, size = [], 0
        held.append(text)
        size += len(text) + 1
    if held:
        yield f"[{','.join(held)}]"


def news_in(payload: str) -> list[News]:
    """What a payload holds."""
    return [_unpacked(one) for one in json.loads(payload)]


def _packed(one: News) -> list[Any]:
    if isinstance(one, Access):
        return [one.user, one.project]
    if isinstance(one, Progress):
        return [one.project, one.work.hex]
    return [one.project, one.article.hex, one.layer, int(one.is_listed)]


def _unpacked(one: list[Any]) -> News:
    if len(one) == 2:
        return Progress(one[0], UUID(one[1])) if isinstance(one[1], str) else Access(*one)
    project, article, layer, is_listed = one
    return Change(project, UUID(article), layer, bool(is_listed))


def direct_address() -> str:
    """How libpq reaches the database itself; through a pooler, LISTEN hears nothing."""
    if settings.DIRECT_DATABASE_URL:
        return str(settings.DIRECT_DATABASE_URL)
    at = settings.DATABASES["default"]
    named = {
        "dbname": at["NAME"],
        "user": at["USER"],
        "password": at["PASSWORD"],
        "host": at["HOST"],
        "port": at["PORT"],
        **at["OPTIONS"],
    }
    return make_conninfo("", **{name: value for name, value in named.items() if value})
