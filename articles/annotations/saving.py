"""The save, in one statement: the hottest path of the house.

It locks the layer, inserts the annotation, counts it on the layer, renews the lease and writes
the event: all of it only from what the insert returned, so that a repeated request (same id)
changes nothing. The triggers check span, quote, label and layer.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from articles.text.canonical import text_hash

SAVE = """
WITH locked AS MATERIALIZED (
    SELECT id, project_id, article_id FROM articles_layer WHERE id = %(layer)s FOR UPDATE
), made AS (
    INSERT INTO articles_annotation
        (id, project_id, article_id, revision_id, layer_id, label_id, start, "end", quote_sha256,
         attributes, note, unsure, origin, version)
    SELECT coalesce(%(id)s, uuidv7()), project_id, article_id, %(revision)s, id, %(label)s,
           %(start)s, %(end)s, %(quote_sha256)s, %(attributes)s, %(note)s, %(unsure)s, %(origin)s, 1
    FROM locked
    ON CONFLICT (id) DO NOTHING
    RETURNING *
), counted AS (
    UPDATE articles_layer l
    SET annotation_count = annotation_count + 1, version = l.version + 1,
        updated_at = statement_timestamp(), lease_expires_at = statement_timestamp() + (
            SELECT lease_minutes * interval '1 minute' FROM articles_project p
            WHERE p.id = l.project_id)
    FROM made WHERE l.id = made.layer_id
), logged AS (
    INSERT INTO articles_event (project_id, article_id, layer_id, actor_id, kind, changes)
    SELECT project_id, article_id, layer_id, %(actor)s, 'annotation.created',
           jsonb_build_array(jsonb_build_object(
               'table', 'annotation', 'id', id::text, 'before', NULL, 'after', to_jsonb(made)))
    FROM made
)
SELECT id, created_at, updated_at FROM made
"""


@dataclass(frozen=True, slots=True)
class NewAnnotation:
    """What the save statement needs. ``quote`` is what the writer saw at ``[start, end)``."""

    revision_id: UUID
    label_id: UUID
    start: int
    end: int
    quote: str
    attributes: dict[str, Any]
    note: str = ""
    unsure: bool = False
    origin: str = "manual"
    id: UUID | None = None


def save(*, actor_id: int, layer_id: int, new: NewAnnotation) -> tuple[Any, ...] | None:
    """``(id, created_at, updated_at)`` of the row; ``None`` if its id is there already."""
    with connection.cursor() as cursor:
        cursor.execute(
            SAVE,
            {
                "actor": actor_id,
                "layer": layer_id,
                "id": new.id,
                "revision": new.revision_id,
                "label": new.label_id,
                "start": new.start,
                "end": new.end,
                "quote_sha256": text_hash(new.quote),
                "attributes": json.dumps(new.attributes),
                "note": new.note,
                "unsure": new.unsure,
                "origin": new.origin,
            },
        )
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
