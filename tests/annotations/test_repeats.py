"""A request that is sent again, because its answer was lost, changes nothing more."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.urls import reverse

from articles.annotations.models import Annotation
from articles.desk.events import Event
from tests.desk.people import signed_in
from tests.factories import make_annotation

pytestmark = pytest.mark.django_db(transaction=True)


def send(annotation: Annotation, name: str, **fields: object) -> int:
    """The status that the page's queue gets for it."""
    of_annotation = name.startswith("annotation")
    parts = [annotation.project.slug, annotation.article_id]
    address = reverse(name, args=[*parts, annotation.pk] if of_annotation else parts)
    actor = annotation.layer.annotator
    assert actor is not None
    return signed_in(actor).post(address, fields, headers={"HX-Request": "true"}).status_code


def kinds(annotation: Annotation) -> list[str]:
    events = Event.objects.filter(layer_id=annotation.layer_id).order_by("id")
    return list(events.values_list("kind", flat=True))


def test_an_edge_is_moved_once() -> None:
    annotation = make_annotation()
    again = {"version": 1, "edge": "end-right", "request": uuid.uuid4()}

    first = send(annotation, "annotation", **again)
    second = send(annotation, "annotation", **again)

    assert (first, second) == (200, 200)
    assert Annotation.objects.get(pk=annotation.pk).version == 2
    assert kinds(annotation).count("annotation.changed") == 1


def test_only_one_change_is_undone() -> None:
    annotation = make_annotation()
    send(annotation, "annotation", version=1, unsure="on", fields="unsure")
    again = {"request": uuid.uuid4()}

    answers = [send(annotation, "layer-undo", **again) for _ in range(3)]

    assert answers == [200, 200, 200]
    left = Annotation.objects.get(pk=annotation.pk)
    assert (left.unsure, left.deleted_at) == (False, None)
    assert kinds(annotation).count("layer.undone") == 1


def test_another_request_is_another_change() -> None:
    annotation = make_annotation()

    send(annotation, "annotation", version=1, note="one", request=uuid.uuid4())
    send(annotation, "annotation", version=2, note="two", request=uuid.uuid4())

    assert Annotation.objects.get(pk=annotation.pk).note == "two"


def test_sent_twice_at_once_it_is_still_done_once() -> None:
    annotation = make_annotation()
    again = {"request": uuid.uuid4()}

    def undo() -> int:
        try:
            return send(annotation, "layer-undo", **again)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: undo(), range(4)))

    assert answers == [200] * 4
    assert kinds(annotation).count("layer.undone") == 1


def test_a_request_id_that_is_none_is_not_in_the_way() -> None:
    annotation = make_annotation()

    answer = send(annotation, "annotation", version=1, note="words", request="not an id")

    assert answer == 200
    assert Annotation.objects.get(pk=annotation.pk).note == "words"
