"""What a gate keeps in is not told of; that it closed is told once, and what it opened to whole."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from articles.annotations.models import Layer
from articles.desk.events import Event
from articles.feed.queries import read_feed
from articles.intake.gate_services import (
    embargo,
    end_embargoes,
    hold,
    lift_hold,
    mark_sensitive,
    withdraw,
)
from articles.intake.models import Article
from tests.desk.people import manager_of
from tests.factories import make_annotation, make_article, make_layer, make_relation
from tests.feed.consumer import Consumer, exported

pytestmark = pytest.mark.django_db(transaction=True)


def worked_on() -> tuple[Layer, Article]:
    """An article with a link on it, beside another in its project."""
    layer = make_relation(make_layer()).layer
    make_article(layer.project, "Nothing of note\n\nIt rained.")
    return layer, Article.objects.select_related("project").get(pk=layer.article_id)


def kinds(items: list[dict[str, Any]]) -> list[str]:
    return [one["kind"] for one in items]


def test_a_consumer_is_told_once_to_drop_the_article_and_not_why() -> None:
    layer, article = worked_on()
    consumer = Consumer(layer.project)
    consumer.catch_up()

    article = hold(
        actor=manager_of(layer.project), article=article, version=article.version, reason="Zorn"
    )
    make_annotation(layer, "Council", label="claim")
    withdraw(actor=manager_of(layer.project), article=article, version=article.version)
    (item,) = consumer.catch_up()

    assert {name: item[name] for name in ("kind", "actor", "article", "layer", "changes")} == {
        "kind": "article_withheld",
        "actor": None,
        "article": str(article.pk),
        "layer": None,
        "changes": [
            {"type": "article", "id": str(article.pk), "action": "deleted", "object": None}
        ],
    }
    assert [kind for kind, _ in consumer.things if kind in ("annotation", "relation")] == []
    assert consumer.export() == exported(layer.project)


def test_a_newcomer_learns_nothing_of_an_article_behind_a_gate() -> None:
    layer, article = worked_on()
    hold(actor=manager_of(layer.project), article=article, version=article.version, reason="Zorn")
    make_annotation(layer, "Council", label="claim")
    secrets = [str(article.pk), article.title, "The quay is ours", "Zorn", "withheld", layer.name]

    said = json.dumps(read_feed(layer.project, limit=100).items)

    manager = manager_of(layer.project).username
    assert [one for one in secrets if one in said.replace(manager, "")] == []


def test_what_goes_out_again_comes_whole_with_what_was_done_meanwhile() -> None:
    layer, article = worked_on()
    manager = manager_of(layer.project)
    consumer = Consumer(layer.project)
    consumer.catch_up()
    article = hold(actor=manager, article=article, version=article.version, reason="Zorn")
    consumer.catch_up()
    make_annotation(layer, "Council", label="claim")

    lift_hold(actor=manager, article=article, version=article.version)
    (item,) = [one for one in consumer.catch_up() if one["kind"] == "article_restored"]

    types = [one["type"] for one in item["changes"]]
    assert types == ["article", "layer", "annotation", "annotation", "annotation", "relation"]
    assert item["changes"][0]["object"]["text"].startswith("📰 Council")
    assert consumer.export() == exported(layer.project)


def test_an_embargo_that_is_over_is_told_of_though_nobody_did_anything() -> None:
    layer, article = worked_on()
    consumer = Consumer(layer.project)
    tomorrow = timezone.now() + timedelta(days=1)
    embargo(
        actor=manager_of(layer.project), article=article, version=article.version, until=tomorrow
    )
    consumer.catch_up()
    assert end_embargoes() == 0
    Article.objects.filter(pk=article.pk).update(embargo_until=timezone.now())

    assert (end_embargoes(), end_embargoes()) == (1, 0)
    items = consumer.catch_up()

    event = Event.objects.get(kind="article.embargo_ended")
    assert (event.actor, event.article_id) == (None, article.pk)
    assert kinds(items) == ["article_restored"]
    assert consumer.export() == exported(layer.project)


def test_what_is_sensitive_is_told_to_the_cleared_alone() -> None:
    layer, article = worked_on()
    manager = manager_of(layer.project)
    layer.project.memberships.filter(user=manager).update(cleared=True)
    cleared, webhook = Consumer(layer.project, manager), Consumer(layer.project)
    cleared.catch_up()
    webhook.catch_up()

    mark_sensitive(actor=manager, article=article, version=article.version)

    assert kinds(webhook.catch_up()) == ["article_withheld"]
    assert kinds(cleared.catch_up()) == ["article_restored"]
    assert cleared.export() == exported(layer.project, manager)
    assert webhook.export() == exported(layer.project)
