"""The verifier: is everything in the database as it must be, and does the event log say the same?

Reads only, in one snapshot. What spans rows is asked of PostgreSQL in one statement per rule; what
is about words streams one revision at a time.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from articles.datasets.queries import one_instant
from articles.datasets.verification_frozen import frozen_violations
from articles.datasets.verification_rules import RULES, Violation, home_of, in_project, name_of
from articles.desk.events import Event
from articles.desk.models import Project
from articles.desk.recording import UNRECORDED
from articles.intake.models import Revision
from articles.text.canonical import canonicalise

#: Triggers that must be there and switched on, with their tables.
TRIGGERS = {
    "revision_is_immutable": "revision",
    "revision_is_true": "revision",
    "event_is_immutable": "event",
    "verdict_is_immutable": "verdict",
    "verdict_is_true": "verdict",
    "layer_is_true": "layer",
    "annotation_is_true": "annotation",
    "relation_is_true": "relation",
    "suggestion_is_true": "suggestion",
    "suggestion_is_immutable": "suggestion",
    "suggestion_verdict_is_immutable": "suggestionverdict",
    "snapshot_is_frozen": "snapshot",
    "snapshot_record_is_frozen": "snapshotrecord",
    "snapshot_file_is_the_same": "snapshotfile",
    "review_released_stays": "review",
}
#: Where a row lives: what it and its parents both name must be the same.
HOMES = ("project", "article", "layer")
#: Tables whose rows are not in the log: the log itself, people, who are in no project, and what
#: nothing depends on or is made from what is logged.
UNLOGGED = {
    *("event", "user", "presence", "savedview", "measurement", "tokenuse"),
    *("importline", "snapshotrecord", "snapshotfile", "delivery"),
}


def verify(project: Project | None = None) -> list[Violation]:
    """All that is wrong, in ``project`` or anywhere."""
    return list(violations(project))


def violations(project: Project | None = None) -> Iterator[Violation]:
    """What ``verify`` finds, one by one, all of it as of one moment."""
    with one_instant() as cursor:
        yield from _rules_in_force(cursor)
        yield from _rows_athome_of(cursor, project)
        for rule in RULES:
            yield from rule.violations(cursor, project)
        yield from _words(cursor, project)
        yield from frozen_violations(cursor, project)
        yield from _replay(cursor, project)


# --- rules in the database ------------------------------------------------------------------------


def _rules_in_force(cursor: CursorWrapper) -> Iterator[Violation]:
    """Every constraint that a model names, and every trigger: there, valid and switched on."""
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE convalidated AND conenforced"
        " UNION SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indisvalid"
    )
    standing = {name for (name,) in cursor.fetchall()}
    for model in _models():
        for constraint in model._meta.constraints:
            if constraint.name not in standing:
                yield Violation(
                    "rules_in_force", name_of(model), constraint.name, "this constraint is missing"
                )
    cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")
    standing = {name for (name,) in cursor.fetchall()}
    for name, table in TRIGGERS.items():
        if name not in standing:
            yield Violation("rules_in_force", table, name, "this trigger is missing or off")


# --- rows and their parents -----------------------------------------------------------------------


def _rows_athome_of(cursor: CursorWrapper, project: Project | None) -> Iterator[Violation]:
    """Every foreign key leads to a row of the same project, article and layer."""
    for model in _models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.ForeignKey):
                continue
            parent = field.related_model
            shared = [home for home in HOMES if home_of(model, home) and home_of(parent, home)]
            apart = [
                sql.SQL("child.{} IS DISTINCT FROM parent.{}").format(
                    sql.Identifier(home_of(model, home)), sql.Identifier(home_of(parent, home))
                )
                for home in shared
            ]
            query = sql.SQL(
                "SELECT child.id::text FROM {} child LEFT JOIN {} parent ON parent.id = child.{}"
                " WHERE child.{} IS NOT NULL AND {} AND ({})"
            ).format(
                sql.Identifier(model._meta.db_table),
                sql.Identifier(parent._meta.db_table),
                sql.Identifier(field.column),
                sql.Identifier(field.column),
                in_project(model, project, "child"),
                sql.SQL(" OR ").join([sql.SQL("parent.id IS NULL"), *apart]),
            )
            words = f"its {field.name} is not there"
            if shared:
                words += f", or is of another {' or '.join(shared)}"
            cursor.execute(query)
            for (key,) in cursor:
                yield Violation("rows_at_home", name_of(model), key, words)


# --- words ----------------------------------------------------------------------------------------

REVISIONS = """
COPY (
    SELECT t.id::text, t.body, t.length, t.sha256, blocks.ids, blocks.starts, blocks.ends,
        spans.ids, spans.starts, spans.ends, spans.hashes
    FROM articles_revision t
    CROSS JOIN LATERAL (
        SELECT array_agg(id::text ORDER BY position) AS ids,
            array_agg(start ORDER BY position) AS starts, array_agg("end" ORDER BY position) AS ends
        FROM articles_block WHERE revision_id = t.id
    ) AS blocks
    CROSS JOIN LATERAL (
        SELECT array_agg(id::text) AS ids, array_agg(start) AS starts, array_agg("end") AS ends,
            array_agg(quote_sha256) AS hashes
        FROM articles_annotation WHERE revision_id = t.id
    ) AS spans
    WHERE {chosen}
) TO STDOUT (FORMAT binary)
"""
TYPES = [
    *("text", "text", "int4", "bytea", "text[]", "int4[]", "int4[]"),
    *("text[]", "int4[]", "int4[]", "bytea[]"),
]


def _words(cursor: CursorWrapper, project: Project | None) -> Iterator[Violation]:
    """Texts are what they claim to be; blocks and spans lie in them; quotes are what they say."""
    chosen = in_project(Revision, project, "t")
    with cursor.copy(sql.SQL(REVISIONS).format(chosen=chosen)) as copy:
        copy.set_types(TYPES)
        for revision, body, length, digest, *parts in copy.rows():
            blocks, spans = parts[:3], parts[3:]
            if length != len(body):
                yield Violation(
                    "revision_length_counts_code_points", "revision", revision,
                    f"its length is {length}, and its text has {len(body)} code points",
                )  # fmt: skip
            if digest != hashlib.sha256(body.encode()).digest():
                yield Violation(
                    "revision_sha256_is_of_body", "revision", revision,
                    "its sha256 is not that of its text",
                )  # fmt: skip
            if canonicalise(body) != body:
                yield Violation(
                    "revision_is_canonical", "revision", revision,
                    "its text is not in canonical form",
                )  # fmt: skip
            yield from _cover(revision, body, zip(*(part or [] for part in blocks), strict=True))
            for key, start, end, quote in zip(*(part or [] for part in spans), strict=True):
                if not 0 <= start < end <= len(body):
                    yield Violation(
                        "annotation_span_inside_revision", "annotation", key,
                        f"its span [{start}, {end}) is not in the text of {len(body)} code points",
                    )  # fmt: skip
                elif quote != hashlib.sha256(body[start:end].encode()).digest():
                    yield Violation(
                        "annotation_quote_equals_text", "annotation", key,
                        "the words that were quoted are not in its place",
                    )  # fmt: skip


def _cover(revision: str, body: str, blocks: Iterator[tuple[Any, ...]]) -> Iterator[Violation]:
    """Blocks in their order cover the text without gap or overlap."""
    at = 0
    for key, start, end in blocks:
        if start != at or end <= start:
            yield Violation(
                "blocks_cover_revision", "block", key,
                f"it is [{start}, {end}), and the one before it ends at {at}",
            )  # fmt: skip
        at = end
    if at != len(body):
        yield Violation(
            "blocks_cover_revision", "revision", revision,
            f"its blocks end at {at}, and its text at {len(body)}",
        )  # fmt: skip


# --- the event log --------------------------------------------------------------------------------

# Rows are compared by a hash of 64 bits: what is looked for is damage, not malice.
REPLAY = """
WITH change AS (
    SELECT t.id AS event, one->>'table' AS "table", one->>'id' AS id,
        jsonb_hash_extended(nullif(one->'before', 'null'), 0) AS before,
        jsonb_hash_extended(nullif(one->'after', 'null'), 0) AS after
    FROM articles_event t, jsonb_array_elements(t.changes) AS one
    WHERE {chosen}
), told AS (
    SELECT *, before IS DISTINCT FROM lag(after) OVER of_row AS torn,
        lead(event) OVER of_row IS NULL AS newest
    FROM change WINDOW of_row AS (PARTITION BY "table", id ORDER BY event)
), standing AS (
    {rows}
)
SELECT "table", id, 'log_is_whole',
    'event ' || event || ' does not begin where the event before it ended'
FROM told WHERE torn
UNION ALL
SELECT "table", id, 'log_gives_the_tables',
    CASE WHEN newest IS NULL THEN 'no event tells of this row'
         WHEN content IS NULL THEN 'event ' || event || ' left a row that is not there'
         WHEN after IS NULL THEN 'event ' || event || ' deleted this row, and it is there'
         ELSE 'it is not as event ' || event || ' left it' END
FROM (SELECT * FROM told WHERE newest) AS last FULL JOIN standing USING ("table", id)
WHERE after IS DISTINCT FROM content
"""


def _replay(cursor: CursorWrapper, project: Project | None) -> Iterator[Violation]:
    """Each event begins where the one before it ended, and the newest ends as the row stands."""
    rows = [
        sql.SQL(
            'SELECT {} AS "table", t.id::text AS id,'
            " jsonb_hash_extended(to_jsonb(t) - {}::text[], 0) AS content FROM {} t WHERE {}"
        ).format(
            sql.Literal(name_of(model)),
            sql.Literal(UNRECORDED.get(name_of(model), [])),
            sql.Identifier(model._meta.db_table),
            in_project(model, project, "t"),
        )
        for model in _models()
        if model._meta.model_name not in UNLOGGED
    ]
    cursor.execute(
        sql.SQL(REPLAY).format(
            chosen=in_project(Event, project, "t"), rows=sql.SQL(" UNION ALL ").join(rows)
        )
    )
    for table, key, rule, words in cursor:
        yield Violation(rule, table, key, words)


def _models() -> list[type[models.Model]]:
    return list(apps.get_app_config("articles").get_models())
