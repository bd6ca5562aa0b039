"""The feed while many write: nothing is missed, nothing comes twice, and the order stays."""

import threading
from copy import deepcopy
from functools import partial

import pytest
from django.db import transaction

from articles.annotations.models import Layer
from articles.annotations.services import create_annotation, delete_annotation
from articles.desk.events import Event
from articles.desk.models import Project, Role
from tests.desk.people import join, label_of, make_project, make_user
from tests.factories import make_annotation, make_article, make_layer
from tests.feed.consumer import Consumer, exported
from tests.sessions import another_session, at_once

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, EACH = 16, 12


def write(layer: Layer, stop: threading.Semaphore) -> None:
    """Label and unlabel; each second time two changes are one transaction."""
    body = layer.article.revision.body
    label = label_of(layer.project, "claim")
    assert layer.annotator is not None
    for number in range(EACH):
        with transaction.atomic():
            made, _ = create_annotation(
                actor=layer.annotator,
                article=layer.article,
                label=label,
                start=number,
                end=number + 5,
                quote=body[number : number + 5],
            )
            if number % 2:
                delete_annotation(actor=layer.annotator, annotation=made, version=1)
    stop.release()


def make_writers(project: Project) -> list[Layer]:
    """A layer each, of so many people on so many articles."""
    articles = [make_article(project) for _ in range(WRITERS)]
    people = [join(project, make_user(f"writer-{n}"), Role.ANNOTATOR) for n in range(WRITERS)]
    return [make_layer(*pair) for pair in zip(articles, people, strict=True)]


def test_what_is_written_in_another_database_of_the_server_holds_nobody_back() -> None:
    layer = make_layer(make_article())
    consumer = Consumer(layer.project)
    consumer.catch_up()

    with another_session(dbname="postgres") as elsewhere, another_session() as here:
        elsewhere.execute("SELECT pg_current_xact_id()")
        make_annotation(layer, "Council")
        assert consumer.catch_up()

        here.execute("SELECT pg_current_xact_id()")
        make_annotation(layer, "quay")
        assert not consumer.catch_up()

    assert consumer.catch_up()


def test_sixteen_writers_and_a_reader_who_misses_nothing_and_sees_nothing_twice() -> None:
    project = make_project()
    layers = make_writers(project)
    done = threading.Semaphore(0)
    consumer = Consumer(project)

    def read() -> int:
        polls = 0
        while done._value < WRITERS:
            consumer.read(limit=7)
            polls += 1
        return polls

    results = at_once(*(partial(write, layer, done) for layer in layers), read)
    consumer.catch_up()

    assert [one for one in results[:-1] if one is not None] == []
    everything = list(Event.objects.filter(project=project).order_by("xid", "pk"))
    told = [one.pk for one in everything if one.kind.startswith("annotation.")]
    assert len(told) == WRITERS * (EACH + EACH // 2)
    assert [key for key in consumer.seen if key in set(told)] == told
    assert len(set(consumer.seen)) == len(consumer.seen)
    assert consumer.export() == exported(project)


def test_who_is_killed_again_and_again_while_sixteen_write_misses_nothing() -> None:
    project = make_project()
    layers = make_writers(project)
    done = threading.Semaphore(0)
    kept, kills = Consumer(project), 0

    def read() -> None:
        """Each is killed in its third page: what it made of that, and how far it was, is lost."""
        nonlocal kept, kills
        while done._value < WRITERS:
            killed = deepcopy(kept)
            for _ in range(2):
                killed.read(limit=5)
            kept = deepcopy(killed)
            killed.read(limit=5)
            kills += 1

    results = at_once(*(partial(write, layer, done) for layer in layers), read)
    kept.catch_up(limit=5)

    assert [one for one in results if one is not None] == []
    assert kills > 1
    told = Event.objects.filter(project=project, kind__startswith="annotation.")
    assert {one.pk for one in told} <= set(kept.seen)
    assert len(told) == WRITERS * (EACH + EACH // 2)
    assert len(set(kept.seen)) == len(kept.seen)
    assert kept.export() == exported(project)


def test_a_transaction_that_commits_late_is_told_of_though_its_number_is_lower() -> None:
    early = make_layer()
    project = early.project
    late = make_layer(make_article(project))
    consumer = Consumer(project)
    consumer.catch_up()
    newest = Event.objects.latest("pk").pk
    holds, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            make_annotation(early)
            holds.set()
            may_commit.wait(10)

    def quick() -> tuple[list[int], list[int]]:
        holds.wait(10)
        make_annotation(late)
        by_id = list(Event.objects.filter(pk__gt=newest).values_list("pk", flat=True))
        items = [one["id"] for one in consumer.catch_up()]
        may_commit.set()
        return by_id, items

    _, seen = at_once(slow, quick)
    assert isinstance(seen, tuple)
    by_id, items = seen
    afterwards = [one["id"] for one in consumer.catch_up()]

    # Who asks for ids beyond the last one would go on behind the quick one, and never see the slow.
    slow_one, quick_one = Event.objects.filter(pk__gt=newest, kind="annotation.created").order_by(
        "pk"
    )
    assert slow_one.pk < max(by_id)
    assert slow_one.pk not in by_id
    assert items == []
    assert afterwards == [slow_one.pk, quick_one.pk]


def test_who_stops_and_comes_back_misses_nothing() -> None:
    layer = make_layer()
    first, again = Consumer(layer.project), Consumer(layer.project)
    for words in ("Council", "“The quay is ours again,”", "Zoë Hart"):
        make_annotation(layer, words, label="claim")
        first.catch_up()
        again.read(limit=1)

    again.catch_up(limit=1)

    assert again.seen == first.seen
    assert again.things == first.things
    assert again.cursor == first.cursor
