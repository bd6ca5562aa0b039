"""How long a page of the feed takes in a log of a million events, at its beginning and its end.

``.venv/bin/python -m benchmarks.feed`` prints it, with the plan of the query that finds the events.
"""

import io
import statistics
import sys
import time

from benchmarks.scratch import scratch_data

EVENTS, ROUNDS = 1_000_000, 15

# Every second event is of another project; all of ours tell of one of the annotations.
FILL = """
    INSERT INTO articles_event (xid, project_id, article_id, layer_id, actor_id, kind, changes)
    SELECT n - %(events)s - 1, CASE n %% 2 WHEN 0 THEN %(project)s ELSE %(other)s END,
        one.article_id, one.layer_id, layer.annotator_id, 'annotation.changed',
        jsonb_build_array(jsonb_build_object('table', 'annotation', 'id', one.id,
            'before', to_jsonb(one), 'after', to_jsonb(one)))
    FROM generate_series(1, %(events)s) AS n
    JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS place, * FROM articles_annotation) AS one
        ON one.place = n / 2 %% (SELECT count(*) FROM articles_annotation)
    JOIN articles_layer layer ON layer.id = one.layer_id
"""


def main() -> None:
    """Fill a scratch database, and read."""
    with scratch_data():
        from django.core.management import call_command
        from django.db import connection

        from articles.annotations.models import Annotation
        from articles.desk.events import Event
        from articles.desk.models import Project, User
        from articles.desk.services import create_project
        from articles.feed.item_queries import cursor_at
        from articles.feed.queries import HEADS, read_feed

        call_command("load_demo", stdout=io.StringIO())
        project = Project.objects.get(pk=Annotation.objects.all()[0].project_id)
        actor = User.objects.get(username="cem")
        other = create_project(actor=actor, name="Elsewhere")
        with connection.cursor() as cursor:
            values = {"events": EVENTS, "project": project.pk, "other": other.pk}
            cursor.execute(FILL, values)
            cursor.execute("ANALYZE")
            cursor.execute(
                f"EXPLAIN (ANALYZE, COSTS OFF) {HEADS}", [project.pk, -EVENTS // 2, 0, 101]
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())
        ours = Event.objects.filter(project=project).order_by("xid", "pk")
        count = ours.count()
        for place in (0, count // 2, count - 1_001):
            after = str(cursor_at(ours[place], cleared=False))
            for limit in (1, 100, 1_000):
                took = []
                for _ in range(ROUNDS):
                    began = time.perf_counter()
                    page = read_feed(project, after=after, limit=limit)
                    took.append((time.perf_counter() - began) * 1000)
                assert page.events == limit
                sys.stdout.write(
                    f"behind {place:>7,}: {limit:>5} events in {statistics.median(took):6.1f} ms\n"
                )
        sys.stdout.write(plan + "\n")


if __name__ == "__main__":
    main()
