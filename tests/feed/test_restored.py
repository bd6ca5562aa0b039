"""A dump that is loaded into another server keeps its feed, and those who follow it."""

import pytest
from django.core.management import call_command
from django.db import connection

from articles.feed.errors import FeedUnordered
from tests.factories import make_annotation, make_layer
from tests.feed.consumer import Consumer, exported

pytestmark = pytest.mark.django_db(transaction=True)


def restore_from_a_server_that_counted_further() -> None:
    """What a restore leaves: the events of before, with numbers that are yet to come here."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_event DISABLE TRIGGER event_is_immutable")
        cursor.execute("UPDATE articles_event SET xid = xid + 1000000000000")
        cursor.execute("ALTER TABLE articles_event ENABLE TRIGGER event_is_immutable")


def test_the_feed_says_that_its_order_is_not_known_until_it_is_mended() -> None:
    layer = make_layer()
    make_annotation(layer, "Council", label="claim")
    ahead, behind = Consumer(layer.project), Consumer(layer.project)
    ahead.catch_up()
    behind.read(limit=2)
    restore_from_a_server_that_counted_further()
    make_annotation(layer, "East Quay", label="claim")

    with pytest.raises(FeedUnordered):
        ahead.catch_up()
    call_command("renumber_feed")

    assert [one["kind"] for one in ahead.catch_up()] == ["annotation.created"]
    behind.catch_up()
    assert behind.seen == ahead.seen
    assert behind.export() == ahead.export() == exported(layer.project)


def test_what_is_in_order_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    make_layer()

    call_command("renumber_feed")

    assert capsys.readouterr().out == "The events are in order.\n"
