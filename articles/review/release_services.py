"""Gold goes out into the world: from then on its review stays closed."""

from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import QuerySet
from psycopg import ClientCursor, sql

from articles.desk.models import Project, User
from articles.desk.recording import UNRECORDED
from newsdesk.live_announcing import announce
from newsdesk.live_wire import Access

# As ``recorded`` does it for one article at a time: each gets its own event, all in one batch.
RELEASE = """
WITH released AS (
    UPDATE articles_review SET released_at = now()
    WHERE project_id = %(project)s AND released_at IS NULL AND article_id IN ({articles})
    RETURNING new.id, new.article_id,
        to_jsonb(old) - %(unrecorded)s::text[] AS before,
        to_jsonb(new) - %(unrecorded)s::text[] AS after
)
INSERT INTO articles_event (project_id, article_id, actor_id, kind, changes, batch)
SELECT %(project)s, article_id, %(actor)s, 'article.released', jsonb_build_array(
    jsonb_build_object('table', 'review', 'id', id::text, 'before', before, 'after', after)
), %(batch)s
FROM released
"""


@transaction.atomic
def release(*, actor: User, project: Project, articles: QuerySet[Any, Any]) -> None:
    """Say of the reviews of ``articles``, a query of their ids, that their gold is in a dataset.

    Doing it again changes nothing. One statement, whatever the number of articles, and one event
    for each. In a transaction that sees one instant PostgreSQL refuses it, with a serialization
    failure, if a review was opened again since.
    """
    chosen = ClientCursor(connection.connection).mogrify(*articles.query.sql_with_params())
    statement = sql.SQL(RELEASE).format(articles=sql.SQL(chosen.replace("%", "%%")))
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "project": project.pk,
                "actor": actor.pk,
                "batch": uuid4(),
                "unrecorded": UNRECORDED["review"],
            },
        )
    announce(Access(project=project.pk))
