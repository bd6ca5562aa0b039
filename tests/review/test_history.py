"""What happened, for whom, and the way back to it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.annotations.models import Annotation
from articles.annotations.services import change_annotation, delete_annotation
from articles.annotations.undo_services import undo
from articles.datasets.verification import verify
from articles.desk.events import Event
from articles.desk.models import Role
from articles.intake.models import Article
from articles.review.submission_services import submit_layer
from articles.review.talk_services import add_comment
from tests.desk.people import join, label_of, make_user, manager_of, signed_in
from tests.factories import make_annotation, make_article, make_layer, make_relation
from tests.review.test_talk import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return Room()


def page(client: Client, article: Article, **query: Any) -> Any:
    return client.get(reverse("article-history", args=[article.project.slug, article.pk]), query)


def lines(response: Any) -> list[str]:
    """What happened, newest first, as plain text: who, what, from → to."""
    rows = re.findall(r'<div class="told">(.*?)</div>', response.text, re.DOTALL)
    plain = (re.sub(r"<form.*?</form>|<[^>]+>", " ", row, flags=re.DOTALL) for row in rows)
    return [" ".join(row.split()) for row in plain]


def restore(client: Client, annotation: Annotation, event: Event, version: int) -> Any:
    place = [annotation.project.slug, annotation.article_id, annotation.pk, event.pk]
    return client.post(reverse("annotation-as-it-was", args=place), {"version": version})


def test_an_article_has_a_history_in_words(room: Room) -> None:
    change_annotation(
        actor=room.ada, annotation=room.quote, version=1, label=label_of(room.project, "claim"),
        note="Ask her",
    )  # fmt: skip
    add_comment(actor=room.rex, on=room.quote, body="Between us")
    submit_layer(actor=room.ada, layer=room.quote.layer)

    told = lines(page(signed_in(room.rex), room.article))

    assert told[:4] == [
        "ada submitted the work of ada",
        "rex commented on Claim “The quay is ours again,”",
        "ada changed Claim “The quay is ours again,” label Quote → Claim ; note Ask her",
        "ben began to annotate",
    ]
    assert "Between us" not in page(signed_in(room.rex), room.article).text
    assert told[-1].startswith("manager-of-harbour-inquiry brought in “")


def test_who_works_blind_reads_their_own_history_only(room: Room) -> None:
    make_annotation(room.article.layers.get(annotator=room.ben), "Zoë Hart", label="source")
    decision = room.decision()
    add_comment(actor=room.rex, on=decision, body="Which?")

    hers = lines(page(signed_in(room.ada), room.article))
    his = lines(page(signed_in(room.ben), room.article))
    all_of_it = lines(page(signed_in(room.rex), room.article))

    assert [line.split(" ")[0] for line in hers] == ["ada", "ada"]
    assert [line.split(" ")[0] for line in his] == ["ben", "ben"]
    assert len(all_of_it) == 6
    assert not set(hers) & set(his) - {"ada began to annotate"}


def test_a_gated_article_has_no_history_for_those_who_may_not_see_it(room: Room) -> None:
    Article.objects.filter(pk=room.article.pk).update(is_sensitive=True)

    assert page(signed_in(room.rex), room.article).status_code == 404
    assert page(signed_in(room.manager), room.article).status_code == 404


def test_filters_by_person_layer_and_annotation(room: Room) -> None:
    other = make_annotation(room.quote.layer, "Zoë Hart", label="source")
    make_relation(source=room.quote, target=other)
    add_comment(actor=room.rex, on=room.quote, body="His?")
    client = signed_in(room.rex)

    by_person = lines(page(client, room.article, person="rex"))
    of_ben = lines(page(client, room.article, layer="ben"))
    of_other = lines(page(client, room.article, annotation=other.pk))

    assert [line.split(" ")[:2] for line in by_person] == [["rex", "commented"]]
    assert of_ben == ["ben began to annotate"]
    assert [line.split(" ")[1] for line in of_other] == ["linked", "added"]
    for nonsense in ({"annotation": "x"}, {"layer": "nobody"}, {"person": "\0"}):
        assert page(client, room.article, **nonsense).status_code == 200


def test_an_earlier_state_comes_back_as_a_new_change(room: Room) -> None:
    first = Event.objects.get(kind="annotation.created")
    changed = change_annotation(
        actor=room.ada, annotation=room.quote, version=1, label=label_of(room.project, "claim"),
        note="Ask her", start=room.quote.start, end=room.quote.start + 4, quote="“The",
    )  # fmt: skip
    gone = delete_annotation(actor=room.ada, annotation=changed, version=2)
    client = signed_in(room.ada)
    assert page(client, room.article).text.count("Restore this") == 2

    assert restore(client, room.quote, first, 2).status_code == 409  # it was deleted meanwhile
    answer = restore(client, room.quote, first, gone.version)

    again = Annotation.objects.get(pk=room.quote.pk)
    assert answer.status_code == 303
    assert (again.label.key, again.start, again.end, again.note, again.deleted_at) == (
        "quote", room.quote.start, room.quote.end, "", None,
    )  # fmt: skip
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True))[-2:] == [
        "annotation.restored",
        "annotation.changed",
    ]
    assert verify() == []
    undo(actor=room.ada, layer=room.quote.layer)
    assert Annotation.objects.get(pk=room.quote.pk).note == "Ask her"


def test_only_its_annotator_restores_and_only_while_the_work_is_open(room: Room) -> None:
    first = Event.objects.get(kind="annotation.created")
    change_annotation(actor=room.ada, annotation=room.quote, version=1, note="Ask her")

    assert "Restore this" not in page(signed_in(room.rex), room.article).text
    assert restore(signed_in(room.rex), room.quote, first, 2).status_code == 403
    assert restore(signed_in(room.ben), room.quote, first, 2).status_code == 404
    submit_layer(actor=room.ada, layer=room.quote.layer)
    assert "Restore this" not in page(signed_in(room.ada), room.article).text
    assert restore(signed_in(room.ada), room.quote, first, 2).status_code == 409
    assert Annotation.objects.get(pk=room.quote.pk).note == "Ask her"


def test_a_page_costs_the_same_however_much_is_on_it() -> None:
    article = make_article()
    layer = make_layer(article)
    client = signed_in(join(article.project, make_user("rex"), Role.REVIEWER))
    costs = []
    for at in range(8):
        make_annotation(layer, span=(at, at + 9))
        with CaptureQueriesContext(connection) as queries:
            assert len(lines(page(client, article))) == at + 3
        costs.append(len(queries))

    assert set(costs) == {costs[0]}


def test_a_long_history_has_pages(room: Room) -> None:
    for version in range(1, 60):
        change_annotation(
            actor=room.ada, annotation=room.quote, version=version, note=f"Note {version}"
        )
    client = signed_in(room.rex)

    first = page(client, room.article)
    [older] = re.findall(r'href="(\?[^"]+)" rel="next"', first.text)
    place = reverse("article-history", args=[room.project.slug, room.article.pk])
    second = client.get(place + older.replace("&amp;", "&"))

    assert len(lines(first)) == 50
    assert (
        len(lines(first)) + len(lines(second))
        == Event.objects.filter(article_id=room.article.pk).count()
    )
    assert page(client, room.article, after="nonsense").status_code == 422
    assert manager_of(room.project) == room.manager
