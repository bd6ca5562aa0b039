"""Send to webhooks what the feed tells: in its order, until it is taken, each at least once."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from articles.feed.errors import CursorGone, CursorMalformed, FeedUnordered
from articles.feed.item_queries import RESTORED, WITHHELD, Item
from articles.feed.models import Delivery, Webhook
from articles.feed.posting import Answer, Poster
from articles.feed.queries import FeedPage, newest_cursor, read_feed
from articles.feed.signing import signature
from articles.feed.webhook_services import secret, switch_off
from newsdesk.errors import NewsdeskError

#: Events of one request.
BATCH = 100
#: Seconds until the next try after each failure in a row: 27 hours in all.
WAITS = (10, 30, 60, 300, 900, 1800, 3600, 7200, 10_800, *([14_400] * 5))
MOST_FAILURES = len(WAITS) + 1
#: How long it is kept what was sent when.
KEPT = timedelta(days=30)
GONE = 410


class NotTaken(NewsdeskError):
    """The other side did not take it."""

    status = 502
    code = "not_taken"


def deliver(
    *,
    webhook_id: UUID,
    poster: Poster,
    clock: Callable[[], datetime] = timezone.now,
) -> datetime | None:
    """Send what the webhook has not had yet, until nothing is left; returns when to try again if
    something is.

    A request that failed is sent again with the same ``Newsdesk-Delivery``, so that the other side
    can know it: also if it was taken and we died before we knew.
    """
    while True:
        webhook = Webhook.objects.active().select_related("project").filter(pk=webhook_id).first()
        if webhook is None:
            return None
        pending = webhook.deliveries.filter(
            reason=Delivery.Reason.EVENTS, after=webhook.cursor, delivered_at=None
        ).last()
        due = _due(webhook, pending)
        if due is not None and due > clock():
            return due
        try:
            page = read_feed(
                webhook.project,
                after=webhook.cursor or None,
                until=pending.until if pending else None,
                limit=BATCH,
            )
        except (CursorGone, CursorMalformed, FeedUnordered) as error:
            switch_off(webhook=webhook, reason=error.message[:300])
            return None
        if not page.events:
            return None
        items = wanted_of(webhook, page.items)
        if not items and pending is None:
            _move_on(webhook, page)
            continue
        delivery = pending or _made(webhook, Delivery.Reason.EVENTS, page, len(items))
        answer = _send(webhook, delivery, items, page.cursor, poster, clock)
        if answer.is_taken:
            _move_on(webhook, page)
        else:
            _count_failure(webhook, answer)


def replay(*, webhook_id: UUID, after: str, until: str, poster: Poster) -> str | None:
    """Send one more request of what the webhook had already; returns the cursor to go on behind,
    none at the end. Where the webhook has come to does not change.

    Raises:
        NotTaken: if the other side did not take it.
    """
    webhook = Webhook.objects.active().select_related("project").filter(pk=webhook_id).first()
    if webhook is None:
        return None
    page = read_feed(webhook.project, after=after or None, until=until, limit=BATCH)
    items = wanted_of(webhook, page.items)
    if items:
        pending = webhook.deliveries.filter(
            reason=Delivery.Reason.REPLAY, after=after, until=page.cursor, delivered_at=None
        ).last()
        if pending is None:
            pending = _made(webhook, Delivery.Reason.REPLAY, page, len(items), after)
        answer = _send(webhook, pending, items, page.cursor, poster, timezone.now)
        if not answer.is_taken:
            raise NotTaken(answer.problem)
    return page.cursor if page.more and page.events else None


def send_test(*, delivery_id: UUID, poster: Poster) -> None:
    """Send a request without items, once."""
    found = Delivery.objects.select_related("webhook__project").filter(pk=delivery_id).first()
    if found is not None and found.webhook.removed_at is None:
        cursor = found.webhook.cursor or None
        _send(found.webhook, found, [], cursor, poster, timezone.now)


def give_up_test(*, delivery_id: UUID, why: str) -> None:
    """A test that was not answered will not be sent again."""
    unanswered = Delivery.objects.filter(pk=delivery_id, problem="", delivered_at=None)
    unanswered.update(problem=why[:500])


def webhooks_with_news() -> list[Webhook]:
    """Those that are behind their project's feed. A query for them, and two for each project."""
    found = []
    newest: dict[int, str | None] = {}
    for webhook in Webhook.objects.active().select_related("project").order_by("pk"):
        if webhook.project_id not in newest:
            newest[webhook.project_id] = newest_cursor(webhook.project)
        if newest[webhook.project_id] not in (None, webhook.cursor):
            found.append(webhook)
    return found


def forget_old_deliveries() -> int:
    """Forget what was sent long ago; returns how much."""
    old = Delivery.objects.filter(created_at__lt=timezone.now() - KEPT)
    return old.delete()[0]


def wanted_of(webhook: Webhook, items: list[Item]) -> list[Item]:
    """What of ``items`` the webhook asked for; that an article must go is told to all."""
    if not webhook.kinds:
        return items
    found = []
    for item in items:
        changes = [one for one in item["changes"] if one["type"] in webhook.kinds]
        if item["kind"] == WITHHELD:
            found.append(item)
        elif changes or item["kind"] == RESTORED:
            found.append({**item, "changes": changes})
    return found


def _made(
    webhook: Webhook, reason: str, page: FeedPage, events: int, after: str | None = None
) -> Delivery:
    delivery = Delivery.objects.create(
        webhook=webhook,
        project=webhook.project,
        reason=reason,
        after=webhook.cursor if after is None else after,
        until=page.cursor or "",
        events=events,
    )
    delivery.refresh_from_db()
    return delivery


def _send(
    webhook: Webhook,
    delivery: Delivery,
    items: list[Item],
    cursor: str | None,
    poster: Poster,
    clock: Callable[[], datetime],
) -> Answer:
    """One request, written down before and after: nothing of the database is held meanwhile."""
    Delivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1, tried_at=clock())
    body = _body(webhook, delivery, items, cursor)
    timestamp = int(time.time())
    answer = poster.post(
        webhook.url,
        body,
        {
            "Content-Type": "application/json",
            "User-Agent": "Newsdesk-Webhook/1",
            "Newsdesk-Delivery": str(delivery.pk),
            "Newsdesk-Timestamp": str(timestamp),
            "Newsdesk-Signature": signature(secret(webhook), timestamp, body),
        },
    )
    Delivery.objects.filter(pk=delivery.pk).update(
        status=answer.status,
        problem=answer.problem,
        milliseconds=answer.milliseconds,
        delivered_at=clock() if answer.is_taken else None,
    )
    return answer


def _body(webhook: Webhook, delivery: Delivery, items: list[Item], cursor: str | None) -> bytes:
    slug = webhook.project.slug
    following = reverse("api:read_events", args=[slug])
    body = {
        "webhook": str(webhook.pk),
        "delivery": str(delivery.pk),
        "reason": delivery.reason,
        "project": slug,
        "items": items,
        "cursor": cursor,
        "next": f"{following}?{urlencode({'after': cursor})}" if cursor else following,
    }
    return json.dumps(body, ensure_ascii=False).encode()


def _due(webhook: Webhook, pending: Delivery | None) -> datetime | None:
    """When to try again; none for at once."""
    if pending is None or pending.tried_at is None or not webhook.failures:
        return None
    return pending.tried_at + timedelta(seconds=WAITS[min(webhook.failures, len(WAITS)) - 1])


def _move_on(webhook: Webhook, page: FeedPage) -> None:
    """The webhook has had ``page``; if another run was quicker, it stays where that came to."""
    Webhook.objects.filter(pk=webhook.pk, cursor=webhook.cursor).update(
        cursor=page.cursor or "", failures=0
    )


@transaction.atomic
def _count_failure(webhook: Webhook, answer: Answer) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(failures=F("failures") + 1)
    webhook.refresh_from_db(fields=["failures"])
    if answer.status == GONE:
        switch_off(webhook=webhook, reason="It said that it is gone for good (410).")
    elif webhook.failures >= MOST_FAILURES:
        reason = f"It took nothing {webhook.failures} times in a row. {answer.problem}"
        switch_off(webhook=webhook, reason=reason[:300])
