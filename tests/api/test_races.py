"""The same request sent several times at the same moment, as impatient programs do."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from articles.annotations.models import Annotation, Layer, Relation
from articles.desk.models import Label, Project
from articles.intake.models import Article
from tests.api.calls import Caller
from tests.api.conftest import Newsroom
from tests.factories import TEXT, make_annotation, make_layer

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 4


def at_once(who: Caller, path: str, *bodies: Any) -> list[tuple[int, Any]]:
    """Post each body at the same moment; the statuses, lowest first, with the answers."""
    together = Barrier(len(bodies))

    def send(body: Any) -> tuple[int, Any]:
        sender = Caller(None)
        sender.headers = who.headers
        together.wait()
        try:
            response = sender.post(path, body)
            return response.status_code, response.json()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(bodies)) as threads:
        return sorted(threads.map(send, bodies), key=lambda answer: answer[0])


def assert_one_made_it(answers: list[tuple[int, Any]]) -> None:
    """One was told that it is new, the others that it is there, and all got the same."""
    assert [status for status, _ in answers] == [200] * (len(answers) - 1) + [201]
    assert all(answer == answers[0][1] for _, answer in answers)


def test_one_project_is_made(room: Newsroom) -> None:
    body = {"id": str(uuid4()), "name": "Night desk", "labels": [{"key": "quote"}]}

    assert_one_made_it(at_once(room.manager, "/projects", *[body] * TIMES))
    assert Project.objects.filter(name="Night desk").count() == 1


def test_one_label_is_added(room: Newsroom) -> None:
    body = {"id": str(uuid4()), "key": "number", "hotkey": "9"}

    assert_one_made_it(at_once(room.manager, f"{room.path}/labels", *[body] * TIMES))
    assert Label.objects.filter(key="number").count() == 1


def test_one_article_comes_in(room: Newsroom) -> None:
    body = {"id": str(uuid4()), "text": TEXT, "external_id": "argus-1"}

    assert_one_made_it(at_once(room.engineer, f"{room.path}/articles", *[body] * TIMES))
    assert Article.objects.count() == 1


def test_one_of_several_articles_with_the_same_text_comes_in(room: Newsroom) -> None:
    bodies = [{"text": TEXT, "title": f"Title {number}"} for number in range(TIMES)]

    answers = at_once(room.engineer, f"{room.path}/articles", *bodies)

    assert [status for status, _ in answers] == [201] + [409] * (TIMES - 1)
    assert {answer["existing"] for _, answer in answers[1:]} == {answers[0][1]["id"]}


def test_one_annotation_is_made_and_one_layer_opened(room: Newsroom, article: Article) -> None:
    words = "Zoë Hart"
    start = article.revision.body.index(words)
    body = {
        "id": str(uuid4()),
        "label": "source",
        "start": start,
        "end": start + len(words),
        "quote": words,
    }

    path = f"/articles/{article.pk}/annotations"
    assert_one_made_it(at_once(room.ada, path, *[body] * TIMES))
    assert (Annotation.objects.count(), Layer.objects.count()) == (1, 1)
    assert Layer.objects.get().annotation_count == 1


def test_one_link_is_made(room: Newsroom, article: Article) -> None:
    layer = make_layer(article, room.people["ada"])
    quote, source = make_annotation(layer), make_annotation(layer, "Zoë Hart", label="source")
    body = {
        "id": str(uuid4()),
        "type": "attributed_to",
        "from": str(quote.pk),
        "to": str(source.pk),
    }

    path = f"/articles/{article.pk}/relations"
    assert_one_made_it(at_once(room.ada, path, *[body] * TIMES))
    assert Relation.objects.count() == 1


def test_one_of_several_changes_of_a_version_wins(room: Newsroom, article: Article) -> None:
    quote = make_annotation(make_layer(article, room.people["ada"]))
    together = Barrier(TIMES)

    def change(number: int) -> int:
        sender = Caller(None)
        sender.headers = room.ada.headers
        together.wait()
        try:
            path = f"/annotations/{quote.pk}"
            return sender.patch(path, {"note": f"Note {number}"}, 1).status_code
        finally:
            connections.close_all()

    _ = room.ada
    with ThreadPoolExecutor(TIMES) as threads:
        statuses = sorted(threads.map(change, range(TIMES)))

    assert statuses == [200] + [412] * (TIMES - 1)
    quote.refresh_from_db()
    assert quote.version == 2
