"""Background work in tests: run what waits, here and now, in the test's own connection."""

import json
from typing import Any

from django.db import connection
from django.utils.module_loading import import_string


def run_jobs() -> int:
    """Run the waiting jobs that are due, and those that they queue; returns how many there were.

    What a job raises is raised here.
    """
    ran = 0
    while found := _next():
        import_string(found["task"]).func(**found["given"])
        ran += 1
    return ran


def _next() -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id = ("
            " SELECT id FROM procrastinate_jobs WHERE status = 'todo'"
            " AND coalesce(scheduled_at, now()) <= now() ORDER BY priority DESC, id LIMIT 1)"
            " RETURNING args"
        )
        row = cursor.fetchone()
    return json.loads(row[0]) if row else None
