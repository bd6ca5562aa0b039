"""A project's articles as PostgreSQL streams them: texts in rows, and annotations in columns.

A row is an article with its text, its record and what was annotated in it, as one array a field.
So a million annotations cost a row for each article: they are put together here, many at a time,
by Arrow. To cut the quotes out PostgreSQL would count from the beginning of a text each time, which
takes it ten times as long as all the rest; it is done here, too.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import QuerySet
from psycopg import ClientCursor, sql

from articles.datasets.queries import articles_going_out, chosen_layers, one_instant
from articles.desk.models import Project, User
from articles.formats.parquet import SCHEMAS, Tables, articles_of
from articles.intake.models import ArticleQuerySet

#: A batch is full with so many annotations, or so many code points of text.
MOST_ANNOTATIONS, MOST_TEXT = 4_000, 500_000
#: Between texts of a column that are sent as one; no JSON and no name of ours has it in it.
BETWEEN = "\x01"
#: Bytes of an array as PostgreSQL sends it, before its values, and of a whole number with its size.
HEADER, WIDTH = 20, 8
#: Which of the columns of annotations says where they start.
STARTS = 2
#: From 1970, Arrow's beginning of time, to 2000, PostgreSQL's, in microseconds.
YEARS_BETWEEN = 946_684_800_000_000

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
        array_agg(id), array_agg(label_id), array_agg(start), array_agg("end"),
        array_agg(version), array_agg(created_at), array_agg(updated_at), array_agg(unsure),
        string_agg(layer, {between}), string_agg(origin, {between}),
        string_agg(attributes::text, {between}),
        string_agg(CASE note WHEN '' THEN '""' ELSE to_json(note)::text END, {between})
    FROM (
        SELECT annotation.*, layer.words AS layer
        FROM (
            SELECT id, name, to_json(name)::text AS words FROM ({chosen}) AS chosen
            WHERE article_id = article.id OFFSET 0
        ) AS layer
        JOIN articles_annotation annotation
            ON annotation.layer_id = layer.id AND annotation.deleted_at IS NULL
        JOIN articles_label label ON label.id = annotation.label_id
        ORDER BY layer.name COLLATE "C", annotation.start, annotation."end" DESC,
            label.key COLLATE "C"
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

TYPES = ["text", "text", "text", *["bytea"] * 8, *["text"] * 4]


@dataclass(slots=True)
class Batch:
    """Some articles, in order, and what was annotated in them.

    ``records`` are JSON, with null where text, blocks and annotations go; ``blocks`` is the inside
    of a JSON array. ``counts`` says how many of the annotations are the article's; ``columns`` are
    those of each article that has any, as they were sent.
    """

    labels: "Labels"
    bodies: list[str] = field(default_factory=list)
    records: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    columns: list[tuple[Any, ...]] = field(default_factory=list)
    annotated: int = 0
    text: int = 0

    def add(self, body: str, record: str, blocks: str, *columns: Any) -> None:
        """One more article."""
        self.bodies.append(body)
        self.records.append(record)
        self.blocks.append(blocks)
        starts = columns[STARTS]
        count = 0 if starts is None else (len(starts) - HEADER) // WIDTH
        if count:
            self.columns.append(columns)
        self.counts.append(count)
        self.annotated += count
        self.text += len(body)

    @property
    def is_full(self) -> bool:
        """Whether it is time to hand it on."""
        return self.annotated >= MOST_ANNOTATIONS or self.text >= MOST_TEXT

    def annotations(self) -> "Annotations":
        """Its annotations as Arrow's arrays."""
        columns: list[Any] = list(zip(*self.columns, strict=True)) or [()] * len(TYPES[3:])
        ids, given, starts, ends, versions, created, updated, unsure = columns[:8]
        layers, origins, attributes, notes = (texts(column) for column in columns[8:])
        return Annotations(
            id=uuids(_fixed(ids, "V16")),
            label=self.labels.of(_fixed(given, "V16")),
            start=_integers(starts),
            end=_integers(ends),
            quotes=self._quotes(_fixed(starts, ">i4").tolist(), _fixed(ends, ">i4").tolist()),
            attributes=attributes,
            layer=layers,
            version=_integers(versions),
            created_at=_times(created),
            updated_at=_times(updated),
            origin=origins,
            note=notes,
            unsure=pc.cast(pa.array(_fixed(unsure, "u1")), pa.bool_()),
        )

    def _quotes(self, starts: list[int], ends: list[int]) -> list[str]:
        quotes: list[str] = []
        first = 0
        for body, count in zip(self.bodies, self.counts, strict=True):
            last = first + count
            spans = zip(starts[first:last], ends[first:last], strict=True)
            quotes += [body[start:end] for start, end in spans]
            first = last
        return quotes

    def tables(self) -> Tables:
        """It as rows of Parquet files."""
        records = [
            json.loads(record) | {"text": body, "blocks": json.loads(f"[{blocks}]")}
            for record, body, blocks in zip(self.records, self.bodies, self.blocks, strict=True)
        ]
        of = self.annotations()
        layer = _strings_of(of.layer)
        article = pa.array(np.repeat(np.arange(len(records)), self.counts))

        def of_article(name: str) -> pa.Array:
            return pa.array([record[name] for record in records]).take(article)

        columns = {
            "article_id": of_article("id"),
            "revision": of_article("revision"),
            "sha256": of_article("sha256"),
            "offset_unit": of_article("offset_unit"),
            "quote": pa.array(of.quotes, pa.string()),
            "annotator": layer,
            "layer": layer,
            "note": _strings_of(of.note),
            "split": pa.nulls(len(article), pa.string()),
        }
        schema = SCHEMAS["data"]
        data = [
            (columns[name] if name in columns else getattr(of, name)).cast(schema.field(name).type)
            for name in schema.names
        ]
        return Tables(pa.Table.from_arrays(data, schema=schema), *articles_of(records))


@dataclass(frozen=True, slots=True)
class Annotations:
    """Columns of equal length; ``attributes``, ``layer`` and ``note`` are JSON."""

    id: pa.Array
    label: pa.Array
    start: pa.Array
    end: pa.Array
    quotes: list[str]
    attributes: pa.Array
    layer: pa.Array
    version: pa.Array
    created_at: pa.Array
    updated_at: pa.Array
    origin: pa.Array
    note: pa.Array
    unsure: pa.Array


class Labels:
    """The project's labels: their keys, found by what annotations hold of them."""

    def __init__(self, project: Project) -> None:
        keys = dict(project.labels.values_list("id", "key"))
        self._ids = pa.array([key.bytes for key in keys], pa.binary(16))
        self._keys = pa.array(keys.values(), pa.string())

    def of(self, ids: Any) -> pa.Array:
        """The keys of labels that are given as ids of 16 bytes."""
        given = pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(16), len(ids), [None, pa.py_buffer(np.ascontiguousarray(ids))]
        )
        return self._keys.take(pc.index_in(given, self._ids))


def batches(
    project: Project, layers: str, user: User | None, after: UUID | None
) -> Iterator[Batch]:
    """What goes out of the project, as it stands at one moment, in order of intake.

    See ``sources.Live``. Two queries; needs memory for one batch.
    """
    return batches_of(project, articles_going_out(project, user, after), layers)


def batches_of(project: Project, articles: ArticleQuerySet, layers: str) -> Iterator[Batch]:
    """The same of ``articles`` of the project."""
    with one_instant() as cursor:
        labels = Labels(project)
        with cursor.copy(_query(project, articles, layers)) as copy:
            copy.set_types(TYPES)
            yield from _ahead(_gathered(copy.rows(), labels))


def _gathered(rows: Iterable[tuple[Any, ...]], labels: "Labels") -> Iterator[Batch]:
    batch = Batch(labels)
    for row in rows:
        batch.add(*row)
        if batch.is_full:
            yield batch
            batch = Batch(labels)
    yield batch


def _ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same, each read while the one before it is used: PostgreSQL need not wait for us."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        following = thread.submit(next, batches, None)
        while (batch := following.result()) is not None:
            following = thread.submit(next, batches, None)
            yield batch


def tables(
    project: Project, layers: str, user: User | None, after: UUID | None
) -> Iterator[Tables]:
    """The same as rows of Parquet files."""
    for batch in batches(project, layers, user, after):
        yield batch.tables()


def _strings_of(column: pa.Array) -> pa.Array:
    """The strings that a column of JSON says; most columns say the same few again and again."""
    held = column.dictionary_encode()
    said = pa.array([json.loads(words) for words in held.dictionary.to_pylist()], pa.string())
    return said.take(held.indices)


def uuids(ids: Any) -> pa.Array:
    """Ids of 16 bytes as they are written."""
    digits = HEXADECIMAL[np.ascontiguousarray(ids).view("u1").reshape(-1, 16)]
    written = np.full((len(ids), 36), ord("-"), "u1")
    written[:, DIGITS] = digits.view("u1").reshape(-1, 32)
    offsets = np.arange(0, 36 * len(ids) + 1, 36, dtype="i4")
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(written))


#: Two hexadecimal digits for each byte, and where digits stand among the dashes of an id.
HEXADECIMAL = np.array([f"{byte:02x}".encode() for byte in range(256)], "S2")
DIGITS = [at for at in range(36) if at not in (8, 13, 18, 23)]


def _fixed(parts: Sequence[bytes], kind: str) -> Any:
    """Values of one size, from arrays; before each of them stands that size."""
    values = b"".join([part[HEADER:] for part in parts])
    return np.frombuffer(values, np.dtype([("size", ">i4"), ("value", kind)]))["value"]


def _integers(parts: Sequence[bytes]) -> pa.Array:
    return pa.array(_fixed(parts, ">i4").astype("i4"))


def _times(parts: Sequence[bytes]) -> pa.Array:
    since_1970 = _fixed(parts, ">i8").astype("i8") + YEARS_BETWEEN
    return pa.array(since_1970).cast(pa.timestamp("us"))


def texts(parts: Sequence[str]) -> pa.Array:
    """Columns of texts that were sent as one each, in one array."""
    if not parts:
        return pa.array([], pa.string())
    return pc.split_pattern(pa.array([BETWEEN.join(parts)]), BETWEEN).flatten()


def _query(project: Project, articles: ArticleQuerySet, layers: str) -> sql.Composed:
    chosen = _sql(chosen_layers(project, layers).values("id", "name", "article_id", "submitted_at"))

    def part(query: Any, *times: str, table: str = "") -> sql.Composed:
        columns = {name: _time(table, name) for name in times}
        return sql.SQL(query).format(chosen=chosen, between=sql.Literal(BETWEEN), **columns)

    return sql.SQL(ROWS).format(
        articles=_sql(articles.in_intake_order()),
        blocks=part(BLOCKS),
        annotations=part(ANNOTATIONS),
        relations=part(RELATIONS, "created_at", table="relation"),
        layers=part(LAYERS, "submitted_at", table="layer"),
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
