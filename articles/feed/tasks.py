"""Jobs of the feed: sending to webhooks, and saying that embargoes are over."""

from uuid import UUID

from django.db import transaction

from articles.desk.models import User
from articles.feed import delivery_services, webhook_services
from articles.feed.models import Delivery, Webhook
from articles.feed.posting import Poster
from articles.intake.gate_services import end_embargoes
from newsdesk.jobs import bring_forward, job, scheduled

#: Of a replay and of a test: whoever asked for it looks at it.
ATTEMPTS = 8


@scheduled("* * * * * */10")
@job(says="Look for what webhooks have not had")
def look_for_news() -> None:
    """Every ten seconds: whoever saves does not have to think of webhooks."""
    for webhook in delivery_services.webhooks_with_news():
        deliver.enqueue(webhook=str(webhook.pk), project=webhook.project_id)
        if not webhook.failures:  # it was switched on or sent elsewhere: the wait is over
            bring_forward(deliver, webhook=webhook.pk)


@job(lock="webhook {webhook}", once="webhook {webhook}", says="Send to a webhook")
def deliver(*, webhook: str, project: int) -> None:
    """Send what a webhook has not had. While it waits for its next try, no other one is queued."""
    again = delivery_services.deliver(webhook_id=UUID(webhook), poster=Poster())
    if again is not None:
        deliver.using(run_after=again).enqueue(webhook=webhook, project=project)


@job(attempts=ATTEMPTS, lock="webhook {webhook}", says="Send to a webhook again")
def replay(*, webhook: str, after: str, until: str, project: int) -> None:
    """Send one request of a replay, and queue the next."""
    behind = delivery_services.replay(
        webhook_id=UUID(webhook), after=after, until=until, poster=Poster()
    )
    if behind is not None:
        replay.enqueue(webhook=webhook, after=behind, until=until, project=project)


def give_up_test(*, delivery: str, why: str) -> None:
    """The test was not sent: the delivery says why."""
    delivery_services.give_up_test(delivery_id=UUID(delivery), why=why)


@job(says="Send a test to a webhook", given_up=give_up_test)
def send_test(*, delivery: str) -> None:
    """Send a test, once."""
    delivery_services.send_test(delivery_id=UUID(delivery), poster=Poster())


@scheduled("* * * * *")
@job(says="Say which embargoes are over")
def tell_of_embargoes() -> None:
    """Every minute."""
    end_embargoes()


@scheduled("41 3 * * *")
@job(says="Forget old deliveries")
def forget_old_deliveries() -> None:
    """Every night."""
    delivery_services.forget_old_deliveries()


def ask_for_test(*, actor: User, webhook: Webhook) -> Delivery:
    """Have a test sent.

    Raises:
        NotAllowed: in words.
    """
    with transaction.atomic():
        delivery = webhook_services.ask_for_test(actor=actor, webhook=webhook)
        send_test.enqueue(delivery=str(delivery.pk), project=webhook.project_id)
    delivery.refresh_from_db()
    return delivery


def ask_for_replay(*, actor: User, webhook: Webhook, after: str | None, until: str | None) -> str:
    """Have sent again what lies behind ``after``; returns where it ends.

    Raises:
        NotAllowed, SwitchedOff, CursorMalformed, CursorGone, NothingToReplay: each in words.
    """
    begin, end = webhook_services.checked_replay(
        actor=actor, webhook=webhook, after=after, until=until
    )
    replay.enqueue(webhook=str(webhook.pk), after=begin, until=end, project=webhook.project_id)
    return end
