"""One change, one event: rows are noted before and after, and the difference is the event."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from psycopg import sql

from articles.desk.errors import Repeated
from articles.desk.events import Event
from articles.desk.models import Project, User
from newsdesk.errors import refused_by
from newsdesk.live_announcing import announce
from newsdesk.live_wire import Access, Change

#: Columns that an event leaves out: long texts, secrets, and counters that can be recounted.
UNRECORDED: dict[str, list[str]] = {
    "revision": ["body", "original"],
    "layer": ["version", "annotation_count", "relation_count", "updated_at", "lease_expires_at"],
    "review": ["lease_expires_at"],
    "notice": ["done_at"],
    "apitoken": ["secret_sha256", "last_used_at", "last_used_from"],
    "invitation": ["secret_sha256"],
    "importrun": [
        *("status", "read", "done", "created", "duplicates", "failed"),
        *("problem", "started_at", "finished_at"),
    ],
    "snapshot": ["status", "done", "total", "problem", "card"],
    "webhook": ["cursor", "failures"],
}

#: Tables that say where an article stands, and who works on it: what its list shows to everybody.
LISTED = {"article", "layer", "review"}

type Row = dict[str, Any]

_request_id: ContextVar[UUID | None] = ContextVar("request_id", default=None)
_batch: ContextVar[UUID | None] = ContextVar("batch", default=None)


class Recording:
    """The rows that one change touches.

    ``project``, ``undoes`` and ``redoes`` may be set when the change finds them out. ``event`` is
    set when the change is over, if there was one.
    """

    def __init__(self) -> None:
        self._before: dict[tuple[type[models.Model], Any], Row | None] = {}
        self.project: Project | None = None
        self.undoes: Event | None = None
        self.redoes: Event | None = None
        self.event: Event | None = None

    def touching(self, *rows: models.Model) -> None:
        """Note how ``rows`` stand before they are changed or deleted, and hold them until the
        change is over: nobody gets in between. One query per table."""
        for model, ids in _by_model(rows).items():
            standing = rows_as_json(model, ids, lock=True)
            for key in ids:
                self._before.setdefault((model, key), standing.get(key))

    def made(self, *rows: models.Model) -> None:
        """Note that ``rows`` are new."""
        for row in rows:
            self._before[type(row), row.pk] = None

    @cached_property
    def changes(self) -> list[dict[str, Any]]:
        """What differs from what was noted, looked up once, when the change is over. One query per
        table."""
        found = []
        for model in dict.fromkeys(model for model, _ in self._before):
            ids = [key for noted, key in self._before if noted is model]
            now = rows_as_json(model, ids)
            for key in ids:
                before, after = self._before[model, key], now.get(key)
                if before != after:
                    found.append(
                        {
                            "table": model._meta.model_name,
                            "id": str(key),
                            "before": before,
                            "after": after,
                        }
                    )
        return found


@contextmanager
def requested(request_id: UUID | None) -> Iterator[None]:
    """Changes recorded inside carry the client's ``request_id``: a repeat is refused.

    Raises:
        Repeated: if the same request of the same actor was recorded before, even just now.
    """
    token = _request_id.set(request_id)
    try:
        with refused_by(event_once_per_request=Repeated()):
            yield
    finally:
        _request_id.reset(token)


@contextmanager
def batched(batch: UUID) -> Iterator[None]:
    """Changes recorded inside belong to one bulk action, which can be undone as one."""
    token = _batch.set(batch)
    try:
        yield
    finally:
        _batch.reset(token)


@contextmanager
def recorded(
    kind: str,
    *,
    actor: User | None,
    project: Project | None,
    article_id: UUID | None = None,
    layer_id: int | None = None,
) -> Iterator[Recording]:
    """One transaction that ends with exactly one event, or with none if nothing changed."""
    with transaction.atomic():
        recording = Recording()
        recording.project = project
        yield recording
        if recording.changes:
            recording.event = Event.objects.create(
                project=recording.project,
                article_id=article_id,
                layer_id=layer_id,
                actor=actor,
                kind=kind,
                changes=recording.changes,
                undoes=recording.undoes,
                redoes=recording.redoes,
                request_id=_request_id.get(),
                batch=_batch.get(),
            )
            _announce(recording, article_id, layer_id)


#: What became of rows of one table, and of all tables, as ``Recording.changes`` has it.
MADE = """
SELECT m.number, {place} AS place, m.noted, jsonb_build_object(
    'table', {name}, 'id', id::text, 'before', NULL, 'after', to_jsonb(t) - %s::text[]) AS change
FROM unnest(%s, %s) WITH ORDINALITY AS m (id, number, noted) JOIN {table} t USING (id)
"""
CHANGES = """
SELECT number, jsonb_agg(change ORDER BY place, noted) AS changes FROM ({rows}) r GROUP BY number
"""
RECORD = """
INSERT INTO articles_event (project_id, article_id, actor_id, kind, changes, request_id, batch)
SELECT %s, (%s::uuid[])[number], %s, %s, changes, %s, %s FROM ({changes}) c ORDER BY number
"""


class MadeRows:
    """New rows of many articles, by the article that each is of."""

    def __init__(self) -> None:
        self._articles: dict[UUID, int] = {}
        self._rows: dict[type[models.Model], tuple[list[Any], list[int]]] = {}

    def add(self, article_id: UUID, model: type[models.Model], ids: Iterable[Any]) -> None:
        """Note that the rows of ``model`` with ``ids`` are new, and of that article."""
        number = self._articles.setdefault(article_id, len(self._articles) + 1)
        noted, numbers = self._rows.setdefault(model, ([], []))
        noted.extend(ids)
        numbers.extend([number] * (len(noted) - len(numbers)))

    @property
    def articles(self) -> list[UUID]:
        return list(self._articles)

    def query(self) -> tuple[sql.Composable, list[Any]]:
        """For each article, in order, its number from 1 and the changes that its event holds."""
        parts, values = [], []
        for place, (model, (ids, numbers)) in enumerate(self._rows.items()):
            parts.append(
                sql.SQL(MADE).format(
                    name=sql.Literal(model._meta.model_name),
                    place=sql.Literal(place),
                    table=sql.Identifier(model._meta.db_table),
                )
            )
            values += [UNRECORDED.get(model._meta.model_name or "", []), ids, numbers]
        return sql.SQL(CHANGES).format(rows=sql.SQL(" UNION ALL ").join(parts)), values


@contextmanager
def recorded_each(kind: str, *, actor: User, project: Project) -> Iterator[MadeRows]:
    """One transaction that ends with one event for each article that rows were made of.

    It is what ``recorded`` is for one article, in one statement for all of them.
    """
    with transaction.atomic():
        made = MadeRows()
        yield made
        if articles := made.articles:
            changes, values = made.query()
            with connection.cursor() as cursor:
                cursor.execute(
                    sql.SQL(RECORD).format(changes=changes),
                    [
                        project.pk,
                        articles,
                        actor.pk,
                        kind,
                        _request_id.get(),
                        _batch.get(),
                        *values,
                    ],
                )
            for article_id in articles:
                announce(Change(project.pk, article_id, None, True))


def _announce(recording: Recording, article_id: UUID | None, layer_id: int | None) -> None:
    """Tell listening pages, once this is committed."""
    if recording.project is None:
        return
    project = recording.project.pk
    if article_id is None:
        announce(Access(project=project))
    else:
        is_listed = any(change["table"] in LISTED for change in recording.changes)
        announce(Change(project, article_id, layer_id, is_listed))


def rows_as_json(
    model: type[models.Model], ids: Sequence[Any], *, lock: bool = False
) -> dict[Any, Row]:
    """The recorded columns of the rows with ``ids``, in PostgreSQL's own JSON. One query."""
    query = sql.SQL(
        "SELECT id, to_jsonb(t) - %s::text[] FROM {} t WHERE id = ANY(%s) ORDER BY id {}"
    ).format(
        sql.Identifier(model._meta.db_table),
        sql.SQL("FOR UPDATE" if lock else ""),
    )
    unrecorded = UNRECORDED.get(model._meta.model_name or "", [])
    with connection.cursor() as cursor:
        cursor.execute(query, [unrecorded, list(ids)])
        return {key: json.loads(row) for key, row in cursor.fetchall()}


def _by_model(rows: Sequence[models.Model]) -> dict[type[models.Model], list[Any]]:
    grouped: dict[type[models.Model], list[Any]] = {}
    for row in rows:
        grouped.setdefault(type(row), []).append(row.pk)
    return grouped
