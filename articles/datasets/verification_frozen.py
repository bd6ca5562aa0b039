"""Are frozen snapshots what they say they are: each line, all of them together, their number?"""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from articles.datasets.models import Snapshot
from articles.datasets.verification_rules import Violation, in_project
from articles.desk.models import Project

LINES = """
COPY (
    SELECT t.id::text, t.sha256, t.size, (t.counts->>'articles')::int, r.id::text, r.position,
        r.line, r.sha256
    FROM articles_snapshot t LEFT JOIN articles_snapshotrecord r ON r.snapshot_id = t.id
    WHERE t.status = 'ready' AND {chosen}
    ORDER BY t.id, r.position
) TO STDOUT (FORMAT binary)
"""
TYPES = ["text", "bytea", "int8", "int4", "text", "int4", "text", "bytea"]


def frozen_violations(cursor: CursorWrapper, project: Project | None) -> Iterator[Violation]:
    """All that is wrong with frozen snapshots; memory for one line."""
    chosen = in_project(Snapshot, project, "t")
    with cursor.copy(sql.SQL(LINES).format(chosen=chosen)) as copy:
        copy.set_types(TYPES)
        for (key, digest, size, articles), rows in groupby(copy.rows(), itemgetter(0, 1, 2, 3)):
            yield from _of_one(key, digest, size, articles, rows)


def _of_one(
    key: str, digest: bytes, size: int, articles: int, rows: Iterator[tuple[Any, ...]]
) -> Iterator[Violation]:
    whole, length, number = hashlib.sha256(), 0, 0
    for *_, record, position, line, line_digest in rows:
        if record is None:  # it has none
            continue
        data = line.encode()
        if hashlib.sha256(data).digest() != line_digest:
            yield Violation(
                "snapshot_record_sha256_is_of_line", "snapshotrecord", record,
                "its sha256 is not that of its line",
            )  # fmt: skip
        if position != number:
            yield Violation(
                "snapshot_records_are_counted", "snapshotrecord", record,
                f"it is at {position}, and should be at {number}",
            )  # fmt: skip
        whole.update(data + b"\n")
        length += len(data) + 1
        number += 1
    if (whole.digest(), length) != (digest, size):
        yield Violation(
            "snapshot_sha256_is_of_records", "snapshot", key,
            "its sha256 or its size is not that of its records",
        )  # fmt: skip
    if number != articles:
        yield Violation(
            "snapshot_counts_its_articles", "snapshot", key,
            f"it counts {articles} articles, and has {number}",
        )  # fmt: skip
