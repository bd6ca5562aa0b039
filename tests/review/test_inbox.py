"""What waits for somebody, and what does not."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.datasets.verification import verify
from articles.desk import token_services
from articles.desk.models import Role
from articles.desk.services import deactivate_member, set_member
from articles.intake.models import Article
from articles.review.inbox_queries import inbox_size, waiting_for
from articles.review.models import Notice
from articles.review.talk_services import add_comment, remove_comment, reply
from tests.desk.people import make_user, signed_in
from tests.review.test_talk import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return Room()


def inbox(room: Room, person: str) -> Any:
    return signed_in(room.people[person]).get(reverse("inbox"))


def headings(response: Any) -> list[str]:
    rows = re.findall(r'<th scope="row"><a [^>]*>(.*?)</a>', response.text)
    return [re.sub("<[^>]+>", "", row) for row in rows]


def test_an_inbox_says_who_did_what_newest_first(room: Room) -> None:
    first, _ = add_comment(actor=room.ada, on=room.quote, body="Is it his, @rex?")
    reply(actor=room.rex, to=first, body="Hers.")
    add_comment(actor=room.rex, on=room.quote.layer, body="Mind the captions.")
    Notice.objects.create(
        project=room.project, article=room.article, person=room.ada, sender=room.manager,
        kind=Notice.Kind.ASSIGNED,
    )  # fmt: skip
    Notice.objects.create(
        project=room.project, article=room.article, person=room.ada, sender=room.rex,
        kind=Notice.Kind.ADJUDICATED,
    )  # fmt: skip

    page = inbox(room, "ada")

    assert headings(page) == [
        "rex decided: see what changed in your work",
        f"{room.manager} assigned this to you",
        "rex commented on your work",
        "rex answered",
    ]
    assert 'Inbox <span class="count">4' in page.text
    assert headings(inbox(room, "rex")) == ["ada mentioned you"]
    assert "All done." in inbox(room, "ben").text
    assert f"selected={room.quote.pk}#details" in page.text
    assert reverse("article-outcome", args=[room.project.slug, room.article.pk]) in page.text


def test_what_one_has_done_with_is_gone_and_twice_is_the_same(room: Room) -> None:
    for body in ("@ada one", "@ada two", "@ada three"):
        add_comment(actor=room.rex, on=room.article, body=body)
    client = signed_in(room.ada)
    newest, middle, _oldest = waiting_for(room.ada)

    answer = client.post(reverse("notice-done", args=[middle.pk]))
    again = client.post(reverse("notice-done", args=[middle.pk]))
    not_hers = signed_in(room.ben).post(reverse("notice-done", args=[newest.pk]))

    assert [one.status_code for one in (answer, again, not_hers)] == [303, 404, 404]
    assert waiting_for(room.ada).count() == 2
    add_comment(actor=room.rex, on=room.article, body="@ada, this came meanwhile")
    assert client.post(reverse("inbox-clear"), {"newest": newest.pk}).status_code == 303
    assert [one.comment.body for one in waiting_for(room.ada) if one.comment] == [
        "@ada, this came meanwhile"
    ]
    assert client.post(reverse("inbox-clear"), {"newest": "x"}).status_code == 404
    assert verify() == []


def test_what_one_may_not_see_any_more_does_not_wait(room: Room) -> None:
    quit_rex = make_user("quentin")
    set_member(actor=room.manager, project=room.project, user=quit_rex, role=Role.REVIEWER)
    add_comment(actor=room.rex, on=room.quote, body="@quentin, @ada: his?")
    assert (waiting_for(quit_rex).count(), waiting_for(room.ada).count()) == (1, 1)

    set_member(actor=room.manager, project=room.project, user=quit_rex, role=Role.ANNOTATOR)
    assert waiting_for(quit_rex).count() == 0  # he works blind now
    set_member(actor=room.manager, project=room.project, user=quit_rex, role=Role.REVIEWER)
    assert waiting_for(quit_rex).count() == 1
    deactivate_member(actor=room.manager, project=room.project, user=quit_rex)
    assert waiting_for(quit_rex).count() == 0

    Article.objects.filter(pk=room.article.pk).update(
        embargo_until=timezone.now().replace(year=2999)
    )
    assert waiting_for(room.ada).count() == 0
    assert "All done." in inbox(room, "ada").text
    assert 'class="count"' not in inbox(room, "ada").text


def test_a_removed_comment_is_not_quoted(room: Room) -> None:
    comment, _ = add_comment(actor=room.rex, on=room.quote, body="@ada, that is silly")
    remove_comment(actor=room.rex, comment=comment)

    page = inbox(room, "ada").text

    assert "Removed by its author." in page
    assert "silly" not in page


def test_an_inbox_has_pages_that_cost_the_same(room: Room) -> None:
    client = signed_in(room.ada)
    costs = []
    for count in (1, 60):
        while waiting_for(room.ada).count() < count:
            add_comment(actor=room.rex, on=room.quote, body="@ada?")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("inbox"))
        costs.append(len(queries))
    [older] = re.findall(r'href="(\?after=[^"]+)" rel="next"', page.text)

    assert costs[0] == costs[1]
    assert len(headings(page)) == 50
    assert len(headings(client.get(reverse("inbox") + older))) == 10
    assert client.get(reverse("inbox"), {"after": "x"}).status_code == 422


def test_a_token_that_ends_within_a_week_waits_until_it_is_revoked() -> None:
    ada = make_user("zadie")
    client = signed_in(ada)
    for name, days in [("Nightly export", 7), ("Weekly export", 8)]:
        token_services.create_token(actor=ada, name=name, scopes=["read"], days=days)

    page = client.get(reverse("inbox")).text

    assert "your token “<bdi>Nightly export</bdi>” ends on" in page
    assert "Weekly export" not in page
    assert 'class="count">1<' in page
    token_services.revoke_token(actor=ada, token=ada.api_tokens.get(name="Nightly export"))
    assert "All done." in client.get(reverse("inbox")).text


def test_the_count_on_every_page_is_one_query_until_a_notice_comes(
    room: Room, django_assert_num_queries: Any
) -> None:
    for name in ("Export", "Import"):
        token_services.create_token(actor=room.ada, name=name, scopes=["read"], days=7)
    with django_assert_num_queries(1):
        assert inbox_size(room.ada) == 2
    add_comment(actor=room.rex, on=room.article, body="@ada one")
    add_comment(actor=room.rex, on=room.article, body="@ada two")

    with django_assert_num_queries(2):
        assert inbox_size(room.ada) == 4
