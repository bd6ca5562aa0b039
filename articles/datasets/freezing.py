"""Freeze a snapshot: all its articles as they stand at one moment, their hash, counts and card.

The records are written by one transaction that sees one instant, which also releases their gold;
beside it, on a connection of its own, progress is told in short ones. A second transaction declares
the snapshot ready: who dies in between leaves records, and the next try deletes them first.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from time import monotonic
from typing import IO, Any
from uuid import UUID

from django.db import OperationalError, connection, connections, transaction
from django.db.models.functions import Coalesce
from psycopg.errors import SerializationFailure

from articles.datasets.card import Agreed, Facts, card
from articles.datasets.counting import Counts
from articles.datasets.models import Snapshot
from articles.datasets.queries import one_instant, streamed
from articles.datasets.snapshot_queries import agreed_in, chosen_articles
from articles.datasets.snapshot_source import SnapshotSource, as_kept
from articles.datasets.sources import about
from articles.datasets.split import Piece, divided, grouped
from articles.desk.recording import recorded
from articles.intake.models import ArticleQuerySet, Revision
from articles.review.models import Notice
from articles.review.notices import notify_of
from articles.review.release_services import release
from newsdesk.live_announcing import announce
from newsdesk.live_wire import Progress

#: Seconds between two words about progress.
PAUSE = 0.5
#: How often it is begun again because a review was opened again under it.
TRIES = 3
RECORDS = (
    "COPY articles_snapshotrecord (snapshot_id, project_id, article_id, position, split, line,"
    " sha256) FROM STDIN (FORMAT binary)"
)
#: Where a line has the article's id.
ID = slice(len('{"id":"'), len('{"id":"') + 36)
COLUMNS = ("uuid", "int8", "uuid", "int4", "varchar", "text", "bytea")


@dataclass(frozen=True, slots=True)
class _Frozen:
    """What was frozen, and when."""

    at: datetime
    sha256: bytes
    size: int
    counts: Counts
    about: dict[str, Any]
    agreed: Agreed


def freeze(snapshot_id: UUID) -> None:
    """Freeze a snapshot that waits for it, failed, or was left half done; not one that is ready."""
    with transaction.atomic():
        snapshot = Snapshot.objects.select_for_update(of=["self"]).get(pk=snapshot_id)
        if snapshot.status == Snapshot.Status.READY:
            return
        snapshot.status, snapshot.problem = Snapshot.Status.RUNNING, ""
        snapshot.done = snapshot.total = 0
        snapshot.save(update_fields=["status", "problem", "done", "total"])
        announce(Progress(snapshot.project_id, snapshot.pk))
    for last in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                snapshot.records.all().delete()
            _declare_ready(snapshot, _write(snapshot))
        except OperationalError as error:
            if last == TRIES or not isinstance(error.__cause__, SerializationFailure):
                raise
        else:
            return


def _write(snapshot: Snapshot) -> _Frozen:
    """Write all records, as of one moment."""
    from articles.datasets.jsonl import with_split, write_jsonl  # needs Arrow: see sources

    project, user = snapshot.project, snapshot.made_by
    counts, digest = Counts(), hashlib.sha256()
    with _telling(snapshot) as tell, one_instant(writes=True) as cursor:
        cursor.execute("SELECT now()")
        (at,) = cursor.fetchone()
        articles = chosen_articles(project, user, snapshot.layers, snapshot.filter)
        total = articles.count()
        tell(0, total, at_once=True)
        splits = _splits(articles, snapshot.split)
        with TemporaryFile() as spool:  # nothing can be written while a COPY is read
            for record in write_jsonl(project, articles, snapshot.layers):
                split = splits.get(record[ID].decode(), "")
                line = with_split(record, split) if split else record
                digest.update(line)
                spool.write(line)
                counts.add(json.loads(line))
                tell(counts.articles, total)
            size = spool.tell()
            spool.seek(0)
            _copy(snapshot, spool, splits)
        if snapshot.layers == "gold":
            release(actor=user, project=project, articles=snapshot.records.values("article"))
        kept = as_kept(about(project, snapshot.about.get("home", ""), {}))
        return _Frozen(at, digest.digest(), size, counts, kept, agreed_in(snapshot))


def _splits(articles: ArticleQuerySet, wanted: dict[str, Any]) -> dict[str, str]:
    """The split of each article, by its id; none if they are not to be divided."""
    if not wanted:
        return {}
    # It takes a second to load, and nothing else needs it.
    from articles.datasets.near_duplicates import join_near_duplicates

    in_order = articles.in_intake_order()
    rows = in_order.values_list("id", "story", "url", Coalesce("published_at", "created_at"))
    pieces = [Piece(str(key), story, url or "", at) for key, story, url, at in rows]
    bodies = streamed(in_order.values_list("revision__body"))

    def body_of(number: int) -> str:
        revisions = Revision.objects.current().filter(article_id=UUID(pieces[number].id))
        return revisions.values_list("body", flat=True).get()

    groups = grouped(pieces)
    join_near_duplicates((body for (body,) in bodies), body_of, groups)
    names = divided(
        pieces, groups, by=wanted["by"], seed=wanted["seed"], ratios=dict(wanted["ratios"])
    )
    return {piece.id: name for piece, name in zip(pieces, names, strict=True)}


def _copy(snapshot: Snapshot, lines: IO[bytes], splits: Mapping[str, str]) -> None:
    with connection.cursor() as cursor, cursor.copy(RECORDS) as copy:
        copy.set_types(COLUMNS)
        for position, line in enumerate(lines):
            record = line.rstrip(b"\n")
            article = record[ID].decode()
            copy.write_row(
                (snapshot.pk, snapshot.project_id, UUID(article), position,
                 splits.get(article, ""), record.decode(), hashlib.sha256(record).digest())
            )  # fmt: skip


@contextmanager
def _telling(snapshot: Snapshot) -> Iterator[Any]:
    """Tell everybody how far it is, in transactions of their own.

    Within a longer transaction, as when the demo is loaded, nobody else can see the snapshot yet.
    """
    is_seen = not connection.in_atomic_block
    beside = connections.create_connection("default")
    told = monotonic()

    def tell(done: int, total: int, *, at_once: bool = False) -> None:
        nonlocal told
        if is_seen and (at_once or monotonic() - told >= PAUSE):
            told = monotonic()
            with beside.cursor() as cursor:
                cursor.execute(
                    "UPDATE articles_snapshot SET done = %s, total = %s WHERE id = %s",
                    [done, total, snapshot.pk],
                )
            announce(Progress(snapshot.project_id, snapshot.pk), beside)

    try:
        yield tell
    finally:
        beside.close()


def _declare_ready(snapshot: Snapshot, frozen: _Frozen) -> None:
    """Say what was frozen; from here on the database refuses every change."""
    project, maker = snapshot.project, snapshot.made_by
    with recorded("snapshot.frozen", actor=maker, project=project) as recording:
        snapshot = Snapshot.objects.select_for_update(of=["self"]).get(pk=snapshot.pk)
        recording.touching(snapshot)
        names = [name for name, _ in snapshot.split.get("ratios", [])]
        snapshot.counts = frozen.counts.as_json(names)
        snapshot.sha256, snapshot.size, snapshot.frozen_at = frozen.sha256, frozen.size, frozen.at
        snapshot.done = snapshot.total = frozen.counts.articles
        snapshot.guidelines_version = project.guidelines_version
        snapshot.about = frozen.about
        snapshot.card = card(_facts(snapshot, frozen))
        snapshot.status = Snapshot.Status.READY
        snapshot.save()
        announce(Progress(project.pk, snapshot.pk))
        notify_of(
            recording, Notice.Kind.DATASET, [maker],
            project=project, about=snapshot.pk, words=f"froze the dataset “{snapshot}”",
        )  # fmt: skip


def _facts(snapshot: Snapshot, frozen: _Frozen) -> Facts:
    said = SnapshotSource(snapshot).about({})
    return Facts(
        title=snapshot.name,
        project=said.name,
        home=said.home,
        version=snapshot.number,
        layers=snapshot.layers,
        split=snapshot.split,
        filters=snapshot.filter,
        licence=snapshot.licence,
        guidelines_version=snapshot.guidelines_version,
        frozen_at=f"{frozen.at:%Y-%m-%dT%H:%M:%SZ}",
        sha256=frozen.sha256.hex(),
        labels=said.labels,
        counts=snapshot.counts,
        agreed=frozen.agreed,
    )


def give_up(*, snapshot_id: UUID, why: str) -> None:
    """A snapshot will not be ready; whoever asked for it is told ``why``. Once, and not after it
    is ready.
    """
    with transaction.atomic():
        over = [Snapshot.Status.READY, Snapshot.Status.FAILED]
        waiting = Snapshot.objects.exclude(status__in=over)
        rows = waiting.select_related("project", "made_by").select_for_update(of=["self"])
        snapshot = rows.filter(pk=snapshot_id).first()
        if snapshot is None:
            return
        with recorded("snapshot.failed", actor=None, project=snapshot.project) as recording:
            Snapshot.objects.filter(pk=snapshot.pk).update(
                status=Snapshot.Status.FAILED, problem=why[:500]
            )
            announce(Progress(snapshot.project_id, snapshot.pk))
            notify_of(
                recording, Notice.Kind.DATASET, [snapshot.made_by], project=snapshot.project,
                about=snapshot.pk, words=f"could not freeze the dataset “{snapshot}”",
            )  # fmt: skip
