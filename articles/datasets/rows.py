"""The query of an export: PostgreSQL hands out a row for each article, by ``COPY``.

A row is an article with its text, its record and what was annotated in it. Annotations are packed:
PostgreSQL takes longer to hand out a row, or an element of an array, than to put some bytes behind
others. To cut the quotes out it would count from the beginning of a text each time, which takes it
ten times as long as all the rest; that is done elsewhere.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from psycopg import ClientCursor, sql

from articles.datasets.queries import chosen_layers
from articles.desk.models import Project
from articles.intake.models import ArticleQuerySet
from articles.text.block_kinds import BlockKind

#: Between texts of a column that are sent as one; no JSON and no name of ours has it in it.
BETWEEN = "\x01"

#: Between the texts of one annotation.
WITHIN = "\x02"

#: What is packed of a block, and of an annotation. ``kind`` and ``label`` are places in lists, from
#: 1; times are microseconds since 2000. Two numbers are sent as one of twice the size: to send is
#: what takes PostgreSQL the time.
BLOCK = np.dtype([("start", ">i4"), ("end", ">i4"), ("kind", ">i4")])
ANNOTATION = np.dtype(
    [("id", "V16"), ("start", ">i4"), ("end", ">i4"), ("version", ">i4"), ("label", ">i2"),
     ("unsure", ">i2"), ("created_at", ">i8"), ("updated_at", ">i8")]
)  # fmt: skip

#: The kinds of blocks, in the order in which ``BLOCK`` counts them.
KINDS = [kind.value for kind in BlockKind]

#: The columns of a row as psycopg is to read them: the text; the record as JSON in UTF-8, with
#: null where text, blocks and annotations go; blocks, packed; annotations, packed; how many are in
#: each layer, as ``COUNT``; the layers' names as JSON, with BETWEEN between them; and of each
#: annotation the attributes, the note as JSON, and the origin, with WITHIN between them.
TYPES = ["text", "bytea", "bytea", "bytea", "bytea", "text", "text"]
COUNT = np.dtype(">i4")

# OFFSET 0 keeps PostgreSQL from rewriting the parts into one join that it would have to sort:
# it puts the articles in order first, and then makes one record after the other.
ROWS = """
COPY (
    SELECT revision.body, row_to_json(record)::text, ({blocks}), work.*
    FROM ({articles} OFFSET 0) AS article
    CROSS JOIN LATERAL (
        SELECT * FROM articles_revision WHERE id = article.revision_id OFFSET 0
    ) AS revision
    CROSS JOIN LATERAL (
        SELECT
            article.id, article.external_id, article.title, article.url,
            NULL AS text,
            revision.number AS revision, encode(revision.sha256, 'hex') AS sha256,
            'code_point' AS offset_unit,
            NULL AS blocks,
            NULL AS annotations,
            array_to_json(ARRAY({relations})) AS relations,
            NULL AS split,
            article.byline, article.publisher, {published_at} AS published_at,
            article.language, article.metadata, article.placement, article.story,
            array_to_json(ARRAY({layers})) AS layers
    ) AS record
    CROSS JOIN LATERAL ({annotations}) AS work
    ORDER BY article.created_at, article.id
) TO STDOUT (FORMAT binary)
"""

BLOCKS = """
    SELECT string_agg(int8send(start::int8 << 32 | "end") || int4send(kind), '')
    FROM (
        SELECT start, "end", array_position({kinds}, kind) AS kind
        FROM articles_block WHERE revision_id = article.revision_id ORDER BY position OFFSET 0
    ) AS block
"""

ANNOTATIONS = """
    SELECT
        string_agg(packed, ''), string_agg(int4send(number::int4), ''),
        string_agg(to_json(name)::text, {between}), string_agg(words, {between})
    FROM (
        SELECT id, name FROM ({chosen}) AS chosen
        WHERE article_id = article.id ORDER BY name COLLATE "C" OFFSET 0
    ) AS layer
    CROSS JOIN LATERAL (
        SELECT
            count(*) AS number,
            string_agg(
                uuid_send(id) || int8send(start::int8 << 32 | "end")
                    || int8send(version::int8 << 32 | (label << 16) | unsure::int4)
                    || timestamptz_send(created_at) || timestamptz_send(updated_at),
                ''
            ) AS packed,
            string_agg(
                attributes::text || {within} || origin || {within}
                    || CASE note WHEN '' THEN '""' ELSE to_json(note)::text END,
                {between}
            ) AS words
        FROM (
            SELECT
                id, start, "end", version, array_position({labels}, label_id) AS label, unsure,
                created_at, updated_at, attributes, note, origin
            FROM articles_annotation WHERE layer_id = layer.id AND deleted_at IS NULL
            ORDER BY start, "end" DESC, label
            OFFSET 0
        ) AS annotation
    ) AS work
"""

RELATIONS = """
    SELECT one FROM (
        SELECT
            relation.id, label.key AS type, relation.source_id AS "from",
            relation.target_id AS "to", nullif(relation.target_name, '') AS to_name,
            relation.version, {created_at} AS created_at
        FROM ({chosen}) AS layer
        JOIN articles_relation relation
            ON relation.layer_id = layer.id AND relation.deleted_at IS NULL
        JOIN articles_label label ON label.id = relation.label_id
        JOIN articles_annotation source ON source.id = relation.source_id
        JOIN articles_label source_label ON source_label.id = source.label_id
        LEFT JOIN articles_annotation target ON target.id = relation.target_id
        LEFT JOIN articles_label target_label ON target_label.id = target.label_id
        WHERE layer.article_id = article.id
        ORDER BY layer.name COLLATE "C",
            source.start, source."end" DESC, source_label.key COLLATE "C",
            label.key COLLATE "C",
            target.start, target."end" DESC, target_label.key COLLATE "C",
            relation.target_name COLLATE "C"
    ) AS one
"""

LAYERS = """
    SELECT one FROM (
        SELECT layer.name, {submitted_at} AS submitted_at FROM ({chosen}) AS layer
        WHERE layer.article_id = article.id
        ORDER BY layer.name COLLATE "C"
    ) AS one
"""


def rows_of(
    project: Project,
    articles: ArticleQuerySet,
    layers: str,
    labels: Sequence[UUID],
) -> sql.Composed:
    """What hands out ``articles`` of the project in order of intake; see ``TYPES``.

    ``labels`` are all of the project's, in order of their keys.
    """
    chosen = _sql(chosen_layers(project, layers).values("id", "name", "article_id", "submitted_at"))
    annotations = sql.SQL(ANNOTATIONS).format(
        chosen=chosen,
        between=sql.Literal(BETWEEN),
        within=sql.Literal(WITHIN),
        labels=sql.SQL("{}::uuid[]").format(sql.Literal(list(labels))),
    )
    return sql.SQL(ROWS).format(
        articles=_sql(articles.in_intake_order()),
        blocks=sql.SQL(BLOCKS).format(kinds=sql.SQL("{}::text[]").format(sql.Literal(KINDS))),
        annotations=annotations,
        relations=sql.SQL(RELATIONS).format(
            chosen=chosen, created_at=_time("relation", "created_at")
        ),
        layers=sql.SQL(LAYERS).format(chosen=chosen, submitted_at=_time("layer", "submitted_at")),
        published_at=_time("article", "published_at"),
    )


def _sql(rows: QuerySet[Any, Any]) -> sql.SQL:
    """What selects ``rows``, with the values in it: COPY takes no parameters."""
    return sql.SQL(ClientCursor(connection.connection).mogrify(*rows.query.sql_with_params()))


def _time(table: str, column: str) -> sql.Composed:
    """A time as RFC 3339 in UTC, always with microseconds, so that equal ones have equal bytes."""
    return sql.SQL("to_char({}.{} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')").format(
        sql.Identifier(table), sql.Identifier(column)
    )
