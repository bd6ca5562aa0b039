"""Talking in the workbench: by plain forms, and from its queue."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from articles.annotations.models import Comment
from articles.review.talk_services import add_comment, reply
from tests.desk.people import signed_in
from tests.review.disputes import QUOTE, make_desk, make_dispute
from tests.review.test_talk import Room

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def room() -> Room:
    return Room()


def post(
    client: Client, room: Room, name: str, *args: Any, htmx: bool = False, **fields: Any
) -> Any:
    url = reverse(name, args=[room.project.slug, room.article.pk, *args])
    return client.post(url, fields, headers=HTMX if htmx else {})


def panel(client: Client, room: Room, **query: Any) -> str:
    url = reverse("workbench", args=[room.project.slug, room.article.pk])
    return client.get(url, {"panel": "comments", **query}).text


def test_a_thread_on_the_article_by_plain_forms(room: Room) -> None:
    ada, rex = signed_in(room.ada), signed_in(room.rex)

    begun = post(rex, room, "comment-add", body="Week 12, @ada:\nsee https://desk.example/w12.")
    comment = Comment.objects.get()
    answered = post(ada, room, "comment-reply", comment.pk, body="<b>Thanks</b>")
    resolved = post(ada, room, "comment-resolve", comment.pk)

    back = reverse("workbench", args=[room.project.slug, room.article.pk])
    for answer in (begun, answered, resolved):
        assert (answer.status_code, answer["Location"]) == (303, f"{back}?panel=comments#panel")
    page = panel(ada, room)
    assert '<b class="person" title="@ada">ada</b>' in page
    assert '<a href="https://desk.example/w12" rel="nofollow noopener noreferrer">' in page
    assert "&lt;b&gt;Thanks&lt;/b&gt;" in page
    assert "Resolved by ada." in page
    post(rex, room, "comment-resolve", comment.pk, reopen="1")
    assert "Resolved by" not in panel(ada, room)


def test_a_comment_on_an_annotation_from_the_queue_is_shown_at_once(room: Room) -> None:
    ada, chosen = signed_in(room.ada), str(uuid4())
    details = {**HTMX, "HX-Target": f"d-{room.quote.pk}"}
    url = reverse("comment-create", args=[room.project.slug, room.article.pk, room.quote.pk])

    answers = [ada.post(url, {"id": chosen, "body": "His? 🧵"}, headers=details) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Comment added." in answers[0].text
    assert "His? 🧵" in answers[0].text
    assert Comment.objects.count() == 1
    assert f"selected={room.quote.pk}" in panel(ada, room)


def test_the_queue_is_told_in_words_about_a_thread_on_the_article(room: Room) -> None:
    answer = post(signed_in(room.ada), room, "comment-add", body="Which week?", htmx=True)
    refused = post(signed_in(room.ada), room, "comment-add", body="", htmx=True)

    assert (answer.status_code, refused.status_code) == (200, 422)
    assert '<p id="status" hx-swap-oob="innerHTML">Comment added.</p>' in answer.text
    assert "Not saved: Body: This field is required." in refused.text


def test_its_author_changes_and_removes_it_in_the_panel(room: Room) -> None:
    ada, rex = signed_in(room.ada), signed_in(room.rex)
    comment, _ = add_comment(actor=room.rex, on=room.article, body="Week 11")

    assert "What it says" in panel(rex, room)
    assert "What it says" not in panel(ada, room)
    post(rex, room, "comment-edit", comment.pk, body="Week 12")
    assert post(ada, room, "comment-edit", comment.pk, body="No").status_code == 403
    assert "Week 12" in panel(ada, room)
    post(rex, room, "comment-remove", comment.pk)
    assert "Week 12" not in panel(ada, room)
    assert "Removed by its author." in panel(ada, room)


def test_a_decision_is_talked_about_by_those_who_see_it(room: Room) -> None:
    decision = room.decision()
    back = "/p/harbour-inquiry/review/"

    about: dict[str, Any] = {"body": "Hm", "decision": decision.pk}
    rex = signed_in(room.rex)

    said = post(rex, room, "comment-add", back=back, **about)
    away = post(rex, room, "comment-add", back="https://elsewhere.example/", **about)
    unseen = post(signed_in(room.ada), room, "comment-add", **about)

    assert (said.status_code, said["Location"]) == (303, back)
    assert re.match(r"/p/harbour-inquiry/articles/", away["Location"])
    assert unseen.status_code == 404
    assert Comment.objects.filter(decision=decision).count() == 2


def test_who_works_blind_finds_no_thread_of_another(room: Room) -> None:
    comment, _ = add_comment(actor=room.ada, on=room.article, body="I found two claims")
    reply(actor=room.rex, to=comment, body="Good")
    ben = signed_in(room.ben)

    assert "two claims" not in panel(ben, room)
    for name in ("comment-reply", "comment-resolve", "comment-edit", "comment-remove"):
        assert post(ben, room, name, comment.pk, body="Me too").status_code == 404


def test_each_decision_has_its_threads_on_the_page_of_the_review() -> None:
    project, people, rhea = make_desk(audit_sample=0)
    article = make_dispute(project, people, [("quote", QUOTE)], [("claim", QUOTE)])
    client, place = signed_in(rhea), [project.slug, article.pk]
    client.get(reverse("review", args=place))
    decision = article.decisions.get()
    back = f"{reverse('review', args=place)}?at={decision.pk}"
    about = {"body": "Which label?", "decision": decision.pk, "back": back}

    answer = client.post(reverse("comment-add", args=place), about)

    assert (answer.status_code, answer["Location"]) == (303, back)
    _, card = client.get(back).text.split(f'<li id="d-{decision.pk}"')
    assert "Which label?" in card.partition("</li>")[0]
