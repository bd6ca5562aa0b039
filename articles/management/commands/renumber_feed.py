"""``manage.py renumber_feed``: give the events of a restored dump an order that holds here."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

# Events are ordered by the transaction that wrote them. A dump keeps these numbers, but a new
# server counts anew; so they become negative, in the order that they had, before all to come.
NEWEST_FOREIGN = """
    SELECT max(id) FROM articles_event
    WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""
RENUMBER = """
    UPDATE articles_event event SET xid = -place
    FROM (
        SELECT id, row_number() OVER (ORDER BY xid DESC, id DESC) AS place
        FROM articles_event WHERE id <= %s
    ) AS one
    WHERE event.id = one.id
"""


class Command(BaseCommand):
    help = "After a dump was restored into another server: let the feed go on where it was."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(NEWEST_FOREIGN)
            (newest,) = cursor.fetchone()
            if newest is None:
                self.stdout.write("The events are in order.")
                return
            cursor.execute("ALTER TABLE articles_event DISABLE TRIGGER event_is_immutable")
            cursor.execute(RENUMBER, [newest])
            self.stdout.write(f"{cursor.rowcount} events are in order again.")
            cursor.execute("ALTER TABLE articles_event ENABLE TRIGGER event_is_immutable")
