"""The JSONL writer: one article a line, with all that was said about it. Our canonical export.

PostgreSQL writes the records and streams them by ``COPY``; only the words are put in here. To cut
a quote out of a text PostgreSQL counts from the text's beginning, which takes ten times as long
as all the rest (9 µs a quote in an article of 3 KB, 53 µs in one of 30 KB).
"""

import re
from collections.abc import Iterator
from json.encoder import encode_basestring
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from psycopg import ClientCursor, sql

from articles.datasets.queries import articles_going_out, layers_going_out, one_instant
from articles.desk.models import Project, User
from articles.intake.models import ArticleQuerySet
from newsdesk.errors import InvalidQuery

MEDIA_TYPE = "application/x-ndjson"

# OFFSET 0 keeps PostgreSQL from rewriting the parts into one join that it would have to sort:
# it puts the articles in order first, and then makes one record after the other.
RECORDS = """
    SELECT revision.body, row_to_json(record)::text
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
            array_to_json(ARRAY({blocks})) AS blocks,
            array_to_json(ARRAY({annotations})) AS annotations,
            array_to_json(ARRAY({relations})) AS relations,
            NULL AS split,
            article.byline, article.publisher, {published_at} AS published_at,
            article.language, article.metadata, article.placement,
            array_to_json(ARRAY({layers})) AS layers
    ) AS record
    ORDER BY article.created_at, article.id
"""

BLOCKS = """
    SELECT one FROM (
        SELECT kind, start, "end" FROM articles_block
        WHERE revision_id = article.revision_id
        ORDER BY position
    ) AS one
"""

ANNOTATIONS = """
    SELECT one FROM (
        SELECT
            annotation.id, label.key AS label, annotation.start, annotation."end", NULL AS quote,
            annotation.attributes, layer.name AS annotator, layer.name AS layer,
            annotation.version, {created_at} AS created_at, {updated_at} AS updated_at,
            annotation.origin, annotation.note, annotation.unsure
        FROM articles_layer layer
        JOIN articles_annotation annotation
            ON annotation.layer_id = layer.id AND annotation.deleted_at IS NULL
        JOIN articles_label label ON label.id = annotation.label_id
        WHERE layer.article_id = article.id AND {chosen}
        ORDER BY layer.name COLLATE "C", annotation.start, annotation."end" DESC,
            label.key COLLATE "C"
    ) AS one
"""

RELATIONS = """
    SELECT one FROM (
        SELECT
            relation.id, label.key AS type, relation.source_id AS "from",
            relation.target_id AS "to", nullif(relation.target_name, '') AS to_name,
            relation.version, {created_at} AS created_at
        FROM articles_layer layer
        JOIN articles_relation relation
            ON relation.layer_id = layer.id AND relation.deleted_at IS NULL
        JOIN articles_label label ON label.id = relation.label_id
        JOIN articles_annotation source ON source.id = relation.source_id
        JOIN articles_label source_label ON source_label.id = source.label_id
        LEFT JOIN articles_annotation target ON target.id = relation.target_id
        LEFT JOIN articles_label target_label ON target_label.id = target.label_id
        WHERE layer.article_id = article.id AND {chosen}
        ORDER BY layer.name COLLATE "C",
            source.start, source."end" DESC, source_label.key COLLATE "C",
            label.key COLLATE "C",
            target.start, target."end" DESC, target_label.key COLLATE "C",
            relation.target_name COLLATE "C"
    ) AS one
"""

LAYERS = """
    SELECT one FROM (
        SELECT layer.name, {submitted_at} AS submitted_at FROM articles_layer layer
        WHERE layer.article_id = article.id AND {chosen}
        ORDER BY layer.name COLLATE "C"
    ) AS one
"""

# The holes for words. In strings of the record, quotation marks have a backslash before them,
# so that no title and no note can look like one.
TEXT = '"text":null,"revision":'
QUOTE = re.compile(r'"start":(\d+),"end":(\d+),"quote":null,')
SPLIT = b'"split":null,"byline":'
#: Where a record has the article's id.
ID = slice(len('{"id":"'), len('{"id":"') + 36)
#: Articles that are fetched at a time.
AT_ONCE = 50


def check_layers(project: Project, layers: str, user: User | None = None) -> None:
    """Refuse the name of a layer that is on nothing which ``user`` may take out. One query.

    Raises:
        InvalidQuery: in words.
    """
    known = layers in ("all", "submitted")
    named = layers_going_out(project, user).filter(name=layers.replace("\0", ""))
    if not (known or named.exists()):
        raise InvalidQuery(
            f"Layers are all, submitted, or the name of one; there is no “{layers}” here.",
            field="layers",
        )


def write_jsonl(project: Project, layers: str = "all", user: User | None = None) -> Iterator[bytes]:
    """The project's articles in order of intake, as they stand at one moment, a line each.

    Those that a gate keeps in are left out; sensitive ones come only for a ``user`` who may see
    them. ``layers`` is ``all``, ``submitted``, or the name of one; the articles come with any. The
    same content gives the same bytes. One query; needs memory for one article, not for all.
    """
    records = _query(articles_going_out(project, user), layers)
    to_stdout = sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(records)
    with one_instant() as cursor, cursor.copy(to_stdout) as copy:
        copy.set_types(["text", "text"])
        for body, record in copy.rows():
            yield _with_words(record, body)


def records_of(articles: ArticleQuerySet, layers: str) -> Iterator[tuple[str, bytes]]:
    """The id and the line of each of ``articles``, in order of intake, as ``write_jsonl`` has it.

    To be read in a transaction, which may write meanwhile, as it cannot beside a COPY. Needs memory
    for ``AT_ONCE`` articles.
    """
    with connection.connection.cursor(name="records_of") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(_query(articles, layers))
        for body, record in cursor:
            yield record[ID], _with_words(record, body)


def with_split(line: bytes, split: str) -> bytes:
    """The line of a record that names its split."""
    return line.replace(SPLIT, b'"split":"%b","byline":' % split.encode(), 1)


def _with_words(record: str, body: str) -> bytes:
    """The record as a line, with the text and the quotes in their places."""

    def quoted(hole: re.Match[str]) -> str:
        words = encode_basestring(body[int(hole[1]) : int(hole[2])])
        return f'"start":{hole[1]},"end":{hole[2]},"quote":{words},'

    head, tail = record.split(TEXT, 1)
    tail = QUOTE.sub(quoted, tail)
    return f'{head}"text":{encode_basestring(body)},"revision":{tail}\n'.encode()


def _query(articles: ArticleQuerySet, layers: str) -> sql.Composed:
    if layers == "all":
        chosen: sql.Composable = sql.SQL("layer.kind <> 'practice'")
    elif layers == "submitted":
        chosen = sql.SQL("layer.kind <> 'practice' AND layer.submitted_at IS NOT NULL")
    elif layers == "gold":
        chosen = sql.SQL("layer.kind = 'gold' AND layer.submitted_at IS NOT NULL")
    else:
        chosen = sql.SQL("layer.name = {}").format(sql.Literal(layers))

    def part(query: Any, *times: str, table: str = "") -> sql.Composed:
        columns = {name: _time(table, name) for name in times}
        return sql.SQL(query).format(chosen=chosen, **columns)

    return sql.SQL(RECORDS).format(
        articles=_sql(articles.in_intake_order()),
        blocks=sql.SQL(BLOCKS),
        annotations=part(ANNOTATIONS, "created_at", "updated_at", table="annotation"),
        relations=part(RELATIONS, "created_at", table="relation"),
        layers=part(LAYERS, "submitted_at", table="layer"),
        published_at=_time("article", "published_at"),
    )


def _sql(rows: QuerySet[Any]) -> sql.SQL:
    """What selects ``rows``, with the values in it: COPY takes no parameters."""
    return sql.SQL(ClientCursor(connection.connection).mogrify(*rows.query.sql_with_params()))


def _time(table: str, column: str) -> sql.Composed:
    """A time as RFC 3339 in UTC, always with microseconds, so that equal ones have equal bytes."""
    return sql.SQL("to_char({}.{} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')").format(
        sql.Identifier(table), sql.Identifier(column)
    )
