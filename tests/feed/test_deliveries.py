"""What webhooks are sent: signed, in order, at least once, until it is taken."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from articles.annotations.models import Layer
from articles.desk.events import Event
from articles.feed.delivery_services import (
    MOST_FAILURES,
    NotTaken,
    deliver,
    forget_old_deliveries,
    replay,
    send_test,
    webhooks_with_news,
)
from articles.feed.models import Delivery, Webhook
from articles.feed.posting import Answer, Poster
from articles.feed.queries import newest_cursor
from articles.feed.tasks import ask_for_test, look_for_news
from articles.feed.webhook_services import add_webhook, change_webhook, renew_secret, secret
from articles.intake.gate_services import hold
from articles.review.models import Notice
from tests.desk.people import manager_of
from tests.factories import make_annotation, make_layer
from tests.feed.receiver import Receiver, make_certificate, receiving
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def receiver(certificate: Path) -> Iterator[Receiver]:
    with receiving(certificate) as found:
        yield found


@pytest.fixture
def poster(certificate: Path) -> Poster:
    return Poster(authority=str(certificate), allow_loopback=True)


def make_webhook(layer: Layer, receiver: Receiver, kinds: Sequence[str] = ()) -> Webhook:
    """A webhook of the layer's project that leads to the receiver."""
    webhook, _ = add_webhook(
        actor=manager_of(layer.project),
        project=layer.project,
        url="https://data.example.org/hook",
        kinds=kinds,
    )
    Webhook.objects.filter(pk=webhook.pk).update(url=receiver.url)
    return Webhook.objects.select_related("project").get(pk=webhook.pk)


def three_changes(layer: Layer) -> list[int]:
    """Three annotations, and the events that say so."""
    for words in ("Council", "East Quay", "Zoë Hart"):
        make_annotation(layer, words, label="claim")
    events = Event.objects.filter(layer_id=layer.pk, kind="annotation.created").order_by("pk")
    return list(events.values_list("pk", flat=True))


def test_what_changed_comes_in_order_and_signed_by_the_secret(
    receiver: Receiver, poster: Poster
) -> None:
    layer = make_layer()
    webhook = make_webhook(layer, receiver)
    events = three_changes(layer)

    assert [one.pk for one in webhooks_with_news()] == [webhook.pk]
    assert deliver(webhook_id=webhook.pk, poster=poster) is None

    (came,) = receiver.came
    stamp = came.headers["Newsdesk-Timestamp"]
    signed = hmac.new(
        secret(webhook).encode(), stamp.encode() + b"." + came.body, hashlib.sha256
    ).hexdigest()
    assert came.headers["Newsdesk-Signature"] == f"v1={signed}"
    assert receiver.items[-3:] == events
    assert came.said["cursor"] == newest_cursor(layer.project)
    assert came.said["next"] == (
        f"/api/v1/projects/{layer.project.slug}/events?after={came.said['cursor']}"
    )
    delivery = Delivery.objects.get(pk=came.headers["Newsdesk-Delivery"])
    assert (delivery.status, delivery.attempts, delivery.events) == (204, 1, len(receiver.items))
    assert webhooks_with_news() == []


def test_what_is_not_taken_comes_again_as_the_same_delivery_and_nothing_overtakes_it(
    receiver: Receiver, poster: Poster
) -> None:
    layer = make_layer()
    webhook = make_webhook(layer, receiver)
    receiver.answers = [500]
    make_annotation(layer, "Council", label="claim")

    again = deliver(webhook_id=webhook.pk, poster=poster)
    make_annotation(layer, "East Quay", label="claim")
    too_early = deliver(webhook_id=webhook.pk, poster=poster)
    assert again is not None
    deliver(webhook_id=webhook.pk, poster=poster, clock=lambda: again)

    ids = [one.headers["Newsdesk-Delivery"] for one in receiver.came]
    assert (too_early, len(ids), ids[0] == ids[1], ids[1] == ids[2]) == (again, 3, True, False)
    first, second, third = ([item["id"] for item in one.said["items"]] for one in receiver.came)
    assert first == second
    assert third[0] > first[-1]
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.cursor) == (0, newest_cursor(layer.project))


def test_a_worker_that_dies_before_it_knows_sends_the_same_delivery_again(
    receiver: Receiver, poster: Poster
) -> None:
    class Dying(Poster):
        def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
            poster.post(url, body, headers)
            raise SystemExit

    layer = make_layer()
    webhook = make_webhook(layer, receiver)
    three_changes(layer)

    with pytest.raises(SystemExit):
        deliver(webhook_id=webhook.pk, poster=Dying())
    deliver(webhook_id=webhook.pk, poster=poster)

    first, second = receiver.came
    assert first.headers["Newsdesk-Delivery"] == second.headers["Newsdesk-Delivery"]
    assert first.said["items"] == second.said["items"]
    assert Delivery.objects.get(webhook=webhook).attempts == 2


def test_who_says_gone_is_switched_off_at_once_and_the_managers_are_told(
    receiver: Receiver, poster: Poster
) -> None:
    layer = make_layer()
    webhook = make_webhook(layer, receiver)
    receiver.answers = [410]
    three_changes(layer)

    assert deliver(webhook_id=webhook.pk, poster=poster) is None
    assert deliver(webhook_id=webhook.pk, poster=poster) is None

    webhook.refresh_from_db()
    notice = Notice.objects.get(kind=Notice.Kind.WEBHOOK)
    event = Event.objects.get(kind="webhook.disabled")
    assert (len(receiver.came), webhook.disabled_at is None) == (1, False)
    assert (notice.person, notice.project) == (manager_of(layer.project), layer.project)
    assert notice.words == f"switched off a webhook that takes nothing any more: {webhook.url}"
    assert event.actor is None


def test_who_fails_for_a_day_is_switched_off_and_misses_nothing_once_it_is_on_again(
    receiver: Receiver, poster: Poster
) -> None:
    layer = make_layer()
    webhook = make_webhook(layer, receiver)
    receiver.answers = [503] * MOST_FAILURES
    events = three_changes(layer)
    dues = [timezone.now()]

    while due := deliver(webhook_id=webhook.pk, poster=poster, clock=lambda: dues[-1]):
        dues.append(due)
    webhook.refresh_from_db()

    assert len(receiver.came) == len(dues) == MOST_FAILURES
    assert dues[-1] - dues[0] > timedelta(hours=24)
    assert webhook.disabled_reason.startswith("It took nothing 15 times in a row. It answered 503")
    webhook = Webhook.objects.select_related("project").get(pk=webhook.pk)
    change_webhook(
        actor=manager_of(layer.project), webhook=webhook, version=webhook.version, enabled=True
    )
    deliver(webhook_id=webhook.pk, poster=poster)
    assert set(events) <= {item["id"] for item in receiver.came[-1].said["items"]}


def test_a_replay_sends_again_and_leaves_the_webhook_where_it_is(
    receiver: Receiver, poster: Poster
) -> None:
    layer = make_layer()
    webhook = make_webhook(layer, receiver)
    start = webhook.cursor
    three_changes(layer)
    deliver(webhook_id=webhook.pk, poster=poster)
    webhook.refresh_from_db()
    until, receiver.came[1:] = webhook.cursor, []
    make_annotation(layer, "It begins", label="claim")
    receiver.answers = [500]

    with pytest.raises(NotTaken):
        replay(webhook_id=webhook.pk, after=start, until=until, poster=poster)
    replay(webhook_id=webhook.pk, after=start, until=until, poster=poster)

    first, failed, taken = receiver.came
    assert first.said["items"] == failed.said["items"] == taken.said["items"]
    assert failed.headers["Newsdesk-Delivery"] == taken.headers["Newsdesk-Delivery"]
    assert taken.said["reason"] == "replay"
    webhook.refresh_from_db()
    assert (webhook.cursor, webhook.failures) == (until, 0)


def test_a_test_has_no_items_and_changes_nothing(receiver: Receiver, poster: Poster) -> None:
    layer = make_layer()
    webhook = make_webhook(layer, receiver)

    delivery = ask_for_test(actor=manager_of(layer.project), webhook=webhook)
    send_test(delivery_id=delivery.pk, poster=poster)

    (came,) = receiver.came
    assert (came.said["items"], came.said["reason"]) == ([], "test")
    assert Delivery.objects.get().delivered_at is not None


def test_it_is_told_of_what_it_asked_for_and_always_of_what_must_go(
    receiver: Receiver, poster: Poster
) -> None:
    layer = make_layer()
    webhook = make_webhook(layer, receiver, kinds=["relation"])
    three_changes(layer)
    article = layer.article
    hold(actor=manager_of(layer.project), article=article, version=article.version, reason="Zorn")

    deliver(webhook_id=webhook.pk, poster=poster)

    assert [one["kind"] for one in receiver.came[0].said["items"]] == ["article_withheld"]
    assert b"Zorn" not in receiver.came[0].body
    webhook.refresh_from_db()
    assert webhook.cursor == newest_cursor(layer.project)


def test_a_redirect_is_not_followed(receiver: Receiver, poster: Poster) -> None:
    layer = make_layer()
    webhook = make_webhook(layer, receiver)
    receiver.answers = [302]
    three_changes(layer)

    assert deliver(webhook_id=webhook.pk, poster=poster) is not None

    assert [one.path for one in receiver.came] == ["/hook"]
    assert Delivery.objects.get().problem == "It answered 302."


def test_another_secret_signs_from_now_on(receiver: Receiver) -> None:
    webhook = make_webhook(make_layer(), receiver)
    before = secret(webhook)

    renewed = renew_secret(
        actor=manager_of(webhook.project), webhook=webhook, version=webhook.version
    )

    assert before.startswith("nd_whs_")
    assert secret(renewed) != before
    assert before not in str(Event.objects.values_list("changes", flat=True))


def test_what_was_sent_long_ago_is_forgotten(receiver: Receiver) -> None:
    webhook = make_webhook(make_layer(), receiver)
    ask_for_test(actor=manager_of(webhook.project), webhook=webhook)
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=31))

    assert forget_old_deliveries() == 1


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://127.0.0.1:{port}/", "Its name leads to an address that is not on the open int"),
        ("https://localhost:{port}/", "Its name leads to an address that is not on the open int"),
        ("https://[::1]:{port}/", "Its name leads to an address that is not on the open internet"),
        ("https://[::ffff:127.0.0.1]:{port}/", "Its name leads to an address that is not on the"),
        ("https://169.254.169.254/", "Its name leads to an address that is not on the open inter"),
        ("https://10.0.0.1/", "Its name leads to an address that is not on the open internet."),
        ("https://0.0.0.0:{port}/", "Its name leads to an address that is not on the open inter"),
        ("https://2130706433:{port}/", "Its name leads to an address that is not on the open i"),
    ],
)
def test_nothing_inside_is_ever_called(receiver: Receiver, url: str, problem: str) -> None:
    answer = Poster(authority=str(receiver.certificate)).post(
        url.format(port=receiver.port), b"{}", {}
    )

    assert (answer.status, receiver.came) == (None, [])
    assert answer.problem.startswith(problem)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(receiver: Receiver) -> None:
    answer = Poster(allow_loopback=True).post(receiver.url, b"{}", {})

    assert (answer.status, answer.problem) == (None, "Its certificate is not valid.")
    assert receiver.came == []


@pytest.mark.parametrize("change", [{"enabled": True}, {"url": "https://elsewhere.invalid/"}])
def test_who_is_switched_on_or_sent_elsewhere_does_not_wait_for_the_next_try(
    change: dict[str, Any],
) -> None:
    layer = make_layer()
    webhook, _ = add_webhook(
        actor=manager_of(layer.project), project=layer.project, url="https://nobody.invalid/"
    )
    three_changes(layer)
    look_for_news.func()
    run_jobs()

    change_webhook(actor=webhook.made_by, webhook=webhook, version=1, **change)
    look_for_news.func()
    run_jobs()

    assert Delivery.objects.get(webhook=webhook).attempts == 2


def test_a_job_sends_and_tries_again_later_and_no_other_is_queued_meanwhile() -> None:
    layer = make_layer()
    webhook, _ = add_webhook(
        actor=manager_of(layer.project), project=layer.project, url="https://nobody.invalid/"
    )
    three_changes(layer)

    for _ in range(2):
        look_for_news.func()
        run_jobs()

    delivery = Delivery.objects.get(webhook=webhook)
    assert (delivery.attempts, delivery.problem) == (1, "It could not be reached.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(scheduled_at) > now() FROM procrastinate_jobs"
            " WHERE lock = %s AND status = 'todo'",
            [f"webhook {webhook.pk}"],
        )
        assert cursor.fetchone() == (1, True)
