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

#: Between texts of a column that are sent as one; no JSON and no name of ours has it in it.
BETWEEN = "\x01"

#: What is packed of an annotation. ``label`` is its place among the labels, from 1; times are
#: microseconds since 2000.
PACKED = np.dtype(
    [("id", "V16"), ("label", ">i4"), ("start", ">i4"), ("end", ">i4"), ("version", ">i4"),
     ("created_at", ">i8"), ("updated_at", ">i8"), ("unsure", "?")]
)  # fmt: skip

#: The columns of a row as psycopg is to read them: the text; the record, and the inside of the
#: array of blocks, as JSON in UTF-8; annotations, packed; and four of their texts, each with
#: BETWEEN between them: layer as JSON, attributes, origin, note as JSON.
TYPES = ["text", "bytea", "bytea", "bytea", "text", "text", "text", "text"]

# OFFSET 0 keeps PostgreSQL from rewriting the parts into one join that it would have to sort:
# it puts the articles in order first, and then makes one record after the other.
ROWS = """
COPY (
    SELECT revision.body, row_to_json(record)::text, {blocks}, work.*
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
    array_to_string(ARRAY(
        SELECT '{{"kind":"' || kind || '","start":' || start || ',"end":' || "end" || '}}'
        FROM articles_block WHERE revision_id = article.revision_id ORDER BY position
    ), ',')
"""

ANNOTATIONS = """
    SELECT
        string_agg(
            uuid_send(id) || int4send(label) || int4send(start) || int4send("end")
                || int4send(version) || timestamptz_send(created_at)
                || timestamptz_send(updated_at) || boolsend(unsure),
            ''
        ),
        string_agg(layer, {between}), string_agg(attributes::text, {between}),
        string_agg(origin, {between}),
        string_agg(CASE note WHEN '' THEN '""' ELSE to_json(note)::text END, {between})
    FROM (
        SELECT annotation.*, layer.words AS layer,
            array_position({labels}, annotation.label_id) AS label
        FROM (
            SELECT id, name, to_json(name)::text AS words FROM ({chosen}) AS chosen
            WHERE article_id = article.id OFFSET 0
        ) AS layer
        JOIN articles_annotation annotation
            ON annotation.layer_id = layer.id AND annotation.deleted_at IS NULL
        ORDER BY layer.name COLLATE "C", annotation.start, annotation."end" DESC, label
        OFFSET 0
    ) AS annotation
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
        labels=sql.SQL("{}::uuid[]").format(sql.Literal(list(labels))),
    )
    return sql.SQL(ROWS).format(
        articles=_sql(articles.in_intake_order()),
        blocks=sql.SQL(BLOCKS).format(),
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
