"""Hand out the next article: one statement, which cannot give one place too many.

It chooses the article and holds it, lets whoever is idle there give way if no place is free,
gives the place, and writes the event. Others who choose at the same moment pass over what is held.
What was given just before a statement began to hold the article it may still read as free: then a
unique constraint refuses, nothing is changed, and the next try sees it.
"""

from typing import Any

from django.db import IntegrityError, connection, transaction

from articles.annotations.models import Layer
from articles.annotations.writing import lease_end
from articles.desk.models import Project, User
from articles.desk.permissions import can_annotate, role_in
from articles.desk.recording import UNRECORDED
from articles.review.queries import returned_to, waiting_for
from newsdesk.errors import NotAllowed, constraint_name
from newsdesk.live_announcing import announce
from newsdesk.live_wire import Change

#: ``{waiting}`` and ``{idle}`` are what the query sets of these names say; ``{held}`` is what
#: happens with articles that others hold: ``SKIP LOCKED`` passes over them, nothing waits.
CLAIM = """
WITH chosen AS MATERIALIZED (
    {waiting} LIMIT 1 FOR UPDATE OF articles_article {held}
), idle AS MATERIALIZED (
    {idle}
), claim AS (
    SELECT chosen.id AS article_id, chosen.wanted, p.id AS project_id, p.guidelines_version,
           statement_timestamp() + p.lease_minutes * interval '1 minute' AS lease_end,
           %s::bigint AS annotator_id, %s AS name, %s::text[] AS unrecorded,
           (SELECT min(slot) FROM generate_series(1, chosen.wanted) AS slot WHERE NOT EXISTS (
               SELECT FROM articles_layer l WHERE l.article_id = chosen.id AND l.slot = slot.slot)
           ) AS free
    FROM chosen JOIN articles_project p ON p.id = chosen.project_id
), gone AS (
    UPDATE articles_layer l SET slot = NULL, lapsed_at = statement_timestamp()
    FROM claim, LATERAL (
        SELECT * FROM idle WHERE idle.article_id = claim.article_id AND idle.slot <= claim.wanted
        ORDER BY idle.lease_expires_at LIMIT 1) AS longest
    WHERE claim.free IS NULL AND l.id = longest.id AND l.slot = longest.slot
      AND l.submitted_at IS NULL
      AND l.lease_expires_at IS NOT DISTINCT FROM longest.lease_expires_at -- not back meanwhile
    RETURNING old.slot, jsonb_build_array(jsonb_build_object('table', 'layer', 'id', l.id::text,
        'before', to_jsonb(old) - claim.unrecorded, 'after', to_jsonb(new) - claim.unrecorded
    )) AS changes
), place AS (
    SELECT claim.*, coalesce(claim.free, gone.slot) AS slot, coalesce(gone.changes, '[]') AS changes
    FROM claim LEFT JOIN gone ON true WHERE coalesce(claim.free, gone.slot) IS NOT NULL
), back AS (
    UPDATE articles_layer l
    SET slot = place.slot, lapsed_at = NULL, lease_expires_at = place.lease_end
    FROM place WHERE l.article_id = place.article_id AND l.annotator_id = place.annotator_id
    RETURNING l.id, to_jsonb(old) AS before, to_jsonb(new) AS after
), opened AS (
    INSERT INTO articles_layer
        (project_id, article_id, annotator_id, name, kind, slot, guidelines_version,
         annotation_count, relation_count, version, lease_expires_at)
    SELECT project_id, article_id, annotator_id, name, 'work', slot, guidelines_version, 0, 0, 1,
           lease_end
    FROM place WHERE NOT EXISTS (SELECT FROM back)
    RETURNING id, NULL::jsonb AS before, to_jsonb(articles_layer) AS after
), given AS (
    SELECT * FROM back UNION ALL SELECT * FROM opened
), logged AS (
    INSERT INTO articles_event (project_id, article_id, layer_id, actor_id, kind, changes)
    SELECT project_id, article_id, given.id, annotator_id, 'layer.claimed',
           changes || jsonb_build_object(
               'table', 'layer', 'id', given.id::text,
               'before', given.before - unrecorded, 'after', given.after - unrecorded)
    FROM given, place
)
SELECT given.id FROM chosen LEFT JOIN given ON true
"""
#: What refuses when two were given the same at the same moment.
RACES = {"layer_slot_once_per_article", "layer_once_per_annotator", "layer_name_once_per_article"}


def claim_next(*, actor: User, project: Project) -> Layer | None:
    """The actor's layer on the next article for them; ``None`` if none waits.

    What was returned to them comes first, whose lease is renewed. What they have begun is not
    handed out again, unless they lost their place: so claiming again and again ends.

    Raises:
        NotAllowed: unless the actor annotates in the project.
    """
    if not can_annotate(role_in(project, actor)):
        raise NotAllowed("Only annotators, reviewers and managers label articles.")
    returned = returned_to(actor, project).first()
    if returned is not None:
        Layer.objects.filter(pk=returned.pk).update(lease_expires_at=lease_end(project))
        return returned
    # Once nothing is free that nobody holds, wait for those who do: they may leave a place over.
    for held in ("SKIP LOCKED", ""):
        layer_id = _claimed(actor, project, held)
        if layer_id is not None:
            layer = Layer.objects.select_related("project", "article").get(pk=layer_id)
            announce(Change(project.pk, layer.article_id, layer_id, is_listed=True))
            return layer
    return None


def _claimed(actor: User, project: Project, held: str) -> int | None:
    """The id of the layer that a claim gave, tried again as long as somebody was quicker."""
    while True:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(*_claim(actor, project, held))
                row = cursor.fetchone()
        except IntegrityError as error:
            if constraint_name(error) not in RACES:
                raise
            continue
        if row is None:
            return None
        if row[0] is not None:
            return int(row[0])


def _claim(actor: User, project: Project, held: str) -> tuple[str, list[Any]]:
    """The statement and its parameters."""
    waiting = waiting_for(actor, project)
    idle = Layer.objects.idle().filter(project=project)
    waiting_sql, waiting_values = waiting.only("project_id").query.sql_with_params()
    idle_sql, idle_values = idle.query.sql_with_params()
    statement = CLAIM.format(waiting=waiting_sql, idle=idle_sql, held=held)
    given = [actor.pk, actor.username, UNRECORDED["layer"]]
    return statement, [*waiting_values, *idle_values, *given]
