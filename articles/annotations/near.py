"""What stands in and around a few blocks, read in one statement: what a saved change repaints.

It looks at the blocks that were touched, at a bounded stretch of the layer's index before each of
them and at the few long spans, at the links that end there, and at no other words than those: it
costs what these blocks hold, whatever the length of the article.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from articles.annotations.models import LONG_SPAN
from articles.annotations.painting import NAME_LENGTH, Link

NEAR = f"""
WITH block AS MATERIALIZED (
    SELECT DISTINCT b.id, b.position, b.kind, b.start, b."end", b.version
    FROM unnest(%(starts)s::int[], %(ends)s::int[]) AS span(first, last)
    JOIN articles_block b ON b.revision_id = %(revision)s
        AND b.start < span.last AND b."end" > span.first
        AND b.start >= (SELECT max(start) FROM articles_block
                        WHERE revision_id = %(revision)s AND start <= span.first)
), near AS MATERIALIZED (
    SELECT DISTINCT a.id, a.label_id, a.start, a."end", a.version, a.unsure, a.note
    FROM block b CROSS JOIN LATERAL (
        SELECT * FROM articles_annotation
        WHERE layer_id = %(layer)s AND deleted_at IS NULL
            AND start >= b.start - {LONG_SPAN} AND start < b."end" AND "end" > b.start
        UNION ALL
        SELECT * FROM articles_annotation
        WHERE layer_id = %(layer)s AND deleted_at IS NULL AND "end" > start + {LONG_SPAN}
            AND start < b.start - {LONG_SPAN} AND "end" > b.start
    ) a
    WHERE a.revision_id = %(revision)s
), ending AS (
    SELECT r.* FROM near JOIN articles_relation r ON r.source_id = near.id
    UNION
    SELECT r.* FROM near JOIN articles_relation r ON r.target_id = near.id
), link AS MATERIALIZED (
    SELECT r.id, r.number, r.source_id, r.target_id, r.target_name, r.version,
        l.name AS source_name, t.start, t."end"
    FROM ending r
    JOIN articles_annotation s ON s.id = r.source_id
    JOIN articles_label l ON l.id = s.label_id
    LEFT JOIN articles_annotation t ON t.id = r.target_id
    WHERE r.deleted_at IS NULL
), revision AS MATERIALIZED (
    SELECT body || '' AS body FROM articles_revision WHERE id = %(revision)s
)
SELECT
    (SELECT json_agg(json_build_array(id, position, kind, start, "end", version,
            substr(body, start + 1, "end" - start)) ORDER BY position)
     FROM block, revision),
    (SELECT json_agg(json_build_array(near.id, l.key, l.name, near.start, near."end", near.version,
            near.unsure, near.note <> '',
            (SELECT count(*) FROM articles_comment c
             WHERE c.annotation_id = near.id AND c.removed_at IS NULL),
            substr(body, near.start + 1, least(near."end" - near.start, {NAME_LENGTH})))
            ORDER BY near.start, near."end" DESC, near.id)
     FROM near JOIN articles_label l ON l.id = near.label_id, revision),
    (SELECT json_agg(json_build_array(id, number, source_id, target_id, source_name,
            coalesce(substr(body, start + 1, least("end" - start, {NAME_LENGTH})), target_name),
            version) ORDER BY number, id)
     FROM link, revision)
"""


class NearBlock(NamedTuple):
    """A block with all its words."""

    id: str
    position: int
    kind: str
    start: int
    end: int
    version: int
    words: str


class NearAnnotation(NamedTuple):
    """An annotation with the first of its words, as many as name it."""

    id: str
    label: str
    label_name: str
    start: int
    end: int
    version: int
    unsure: bool
    noted: bool
    comments: int
    words: str


@dataclass(frozen=True, slots=True)
class Near:
    """What the statement found."""

    blocks: list[NearBlock]
    annotations: list[NearAnnotation]
    links: list[Link]


def read_near(layer_id: int, revision_id: UUID, spans: Iterable[tuple[int, int]]) -> Near:
    """What is in the blocks that share a character with one of ``spans``. One query."""
    pairs = list(spans)
    with connection.cursor() as cursor:
        cursor.execute(
            NEAR,
            {
                "starts": [start for start, _ in pairs],
                "ends": [end for _, end in pairs],
                "layer": layer_id,
                "revision": revision_id,
            },
        )
        row = cursor.fetchone()
    assert row is not None  # one row of three lists, whatever they hold
    blocks, annotations, links = (found or [] for found in row)
    return Near(
        [NearBlock(*block) for block in blocks],
        [NearAnnotation(*annotation) for annotation in annotations],
        [Link(*link) for link in links],
    )
