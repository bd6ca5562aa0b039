"""The feed: what changed in a project since a cursor, from the event log and nothing else.

Each event is told once, by who did it and what it touched; the things themselves are given as they
stand when they are read, or as null when they are gone. So whoever applies all items in their
order ends with what stands, and a reader of old events never sees what was taken away since.

The order is that of transactions, ``(xid, id)``, and nothing is read that a transaction still
running could come before (``docs/decisions/0027-feed-and-webhooks.md``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper

from articles.datasets.queries import one_instant
from articles.desk.events import Event
from articles.desk.models import Membership, Project, User
from articles.feed.cursors import Cursor, check_of, read_cursor
from articles.feed.errors import CursorGone, FeedUnordered
from articles.feed.item_queries import Item, Position, Reader, cursor_at, items_of

#: Bytes of one page, roughly: beyond them it ends, whatever the limit. One event is never torn.
PAGE_SIZE = 4_000_000

# Settled is what no transaction that still runs could come before.
SETTLED = "event.xid < (SELECT newsdesk_settled_before())"
HEADS = f"""
    SELECT event.id, pg_column_size(event.changes)
        + CASE WHEN event.kind LIKE 'article.%%' THEN coalesce(revision.length, 0) ELSE 0 END
    FROM articles_event event
    LEFT JOIN articles_article article ON article.id = event.article_id
    LEFT JOIN articles_revision revision ON revision.id = article.revision_id
    WHERE event.project_id = %s AND (event.xid, event.id) > (%s, %s) AND {SETTLED}
    ORDER BY event.xid, event.id LIMIT %s
"""
NEWEST = f"""
    SELECT event.id, event.kind, event.at FROM articles_event event
    WHERE event.project_id = %s AND {SETTLED}
    ORDER BY event.xid DESC, event.id DESC LIMIT 1
"""
#: Whether we see an event of a transaction that is yet to come: it was not written here.
FOREIGN = """
    SELECT EXISTS (SELECT FROM articles_event WHERE project_id = %s
        AND xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        AND xid IS DISTINCT FROM pg_current_xact_id_if_assigned()::text::bigint)
"""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A stretch of the feed. ``cursor`` is where it ends; none if there is nothing at all.

    ``events`` counts those that it is made from: some are no news to a data team and have no item.
    ``more`` says whether others follow by now.
    """

    items: list[Item]
    cursor: str | None
    events: int
    more: bool


def read_feed(
    project: Project,
    *,
    user: User | None = None,
    after: str | None = None,
    until: str | None = None,
    limit: int,
) -> FeedPage:
    """What the next ``limit`` events behind ``after`` changed, as ``user`` may take it out, but
    none behind ``until``. Without a user nothing sensitive is told.

    About fifteen queries in one instant, however many events there are.

    Raises:
        CursorMalformed: if ``after`` is no cursor.
        CursorGone: if it is none of this feed, or none of this reader's.
        FeedUnordered: if a dump of another server was loaded.
    """
    cleared = sees_sensitive(project, user)
    with one_instant() as cursor:
        _refuse_foreign(cursor, project)
        position = _position(project, after, cleared)
        end = _position(project, until, cleared) if until is not None else None
        keys, more = _heads(cursor, project, position, limit)
        events = _events(keys)
        if end is not None and any(_place(one) >= end for one in events):
            events, more = [one for one in events if _place(one) <= end], False
        items = items_of(Reader(project, user, cleared, position), events)
    last = str(cursor_at(events[-1], cleared)) if events else after
    return FeedPage(items, last, len(events), more)


def newest_cursor(project: Project, user: User | None = None) -> str | None:
    """Where the feed ends now; none if nothing is in it. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [project.pk])
        found = cursor.fetchone()
    if found is None:
        return None
    return str(Cursor(found[0], check_of(*found), sees_sensitive(project, user)))


def position_of(project: Project, after: str, user: User | None = None) -> Position:
    """Where a cursor stands among those of its project: later is greater. Two queries.

    Raises:
        CursorMalformed, CursorGone: as for the feed.
    """
    return _position(project, after, sees_sensitive(project, user))


def sees_sensitive(project: Project, user: User | None) -> bool:
    """Whether what ``user`` takes out may hold sensitive articles; as ``gates`` has it."""
    if user is None:
        return False
    cleared = Membership.objects.active().filter(project=project, user=user.pk, cleared=True)
    return (user.is_superuser and user.is_active) or cleared.exists()


def _refuse_foreign(cursor: CursorWrapper, project: Project) -> None:
    cursor.execute(FOREIGN, [project.pk])
    if cursor.fetchone() == (True,):
        raise FeedUnordered()


def _position(project: Project, after: str | None, cleared: bool) -> Position:
    if after is None:
        return (-(2**63), 0)
    wanted = read_cursor(after)
    event = Event.objects.filter(project=project, pk=wanted.event).only("xid", "kind", "at").first()
    if event is None or cursor_at(event, cleared) != wanted:
        raise CursorGone()
    return _place(event)


def _place(event: Event) -> Position:
    return event.xid, event.pk


def _heads(
    cursor: CursorWrapper, project: Project, position: Position, limit: int
) -> tuple[list[int], bool]:
    """The ids of the next events that make a page of bearable size, and whether more follow."""
    cursor.execute(HEADS, [project.pk, *position, limit + 1])
    found = cursor.fetchall()
    size = 0
    keys: list[int] = []
    for key, weight in found[:limit]:
        size += weight
        if keys and size > PAGE_SIZE:
            break
        keys.append(key)
    return keys, len(keys) < len(found)


def _events(keys: Sequence[int]) -> list[Event]:
    found = Event.objects.filter(pk__in=keys).select_related("actor").order_by("xid", "pk")
    return list(found)
