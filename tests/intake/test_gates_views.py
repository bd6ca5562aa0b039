"""The page of an article's gates, and the pages that tell of them."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.desk.models import Membership, Role
from articles.intake.models import Article
from tests.desk.people import join, make_user, manager_of, signed_in
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def page_of(article: Article) -> str:
    return reverse("article-gates", args=[article.project.slug, article.pk])


def manager_at(article: Article) -> Client:
    manager = manager_of(article.project)
    Membership.objects.filter(user=manager).update(cleared=True)
    return signed_in(manager)


@pytest.mark.parametrize(
    ("setting", "lifting", "words"),
    [
        ({"act": "embargo", "until": "2199-12-03T06:00"}, "lift-embargo",
         "Embargo until 3 Dec 2199 06:00 UTC"),
        ({"act": "hold", "reason": "legal check"}, "lift-hold", "On hold: legal check"),
        ({"act": "mark-sensitive"}, "unmark-sensitive", "Sensitive</p>"),
        ({"act": "keep-from-training"}, "free-for-training", "Not for training</p>"),
        ({"act": "withdraw"}, "bring-back", "Withdrawn</p>"),
    ],
)  # fmt: skip
def test_a_manager_sets_a_gate_and_lifts_it(
    setting: dict[str, str], lifting: str, words: str
) -> None:
    article = make_article()
    client = manager_at(article)

    done = client.post(page_of(article), {**setting, "version": 1}, follow=True)
    assert words in done.text
    undone = client.post(page_of(article), {"act": lifting, "version": 2}, follow=True)
    assert words not in undone.text

    assert done.redirect_chain == undone.redirect_chain == [(page_of(article), 303)]


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"act": "embargo", "until": "", "version": 1}, 422, "Say until when."),
        ({"act": "embargo", "until": "soon", "version": 1}, 422, "This is no day and time."),
        ({"act": "embargo", "until": "2020-01-01T00:00", "version": 1}, 422,
         "An embargo ends in the future."),
        ({"act": "hold", "reason": " ", "version": 1}, 422, "Say why."),
        ({"act": "withdraw", "version": 7}, 409, "Somebody changed this article"),
        ({"act": "withdraw"}, 422, "This field is required."),
        ({"act": "open-sesame", "version": 1}, 422, "Say which gate"),
        ({}, 422, "Say which gate"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_where_it_can_be_mended(
    given: dict[str, str | int], status: int, words: str
) -> None:
    article = make_article()

    response = manager_at(article).post(page_of(article), given)

    assert response.status_code == status
    assert words in response.text


def test_a_manager_who_is_not_cleared_is_told_so() -> None:
    article = make_article()
    client = signed_in(manager_of(article.project))

    response = client.post(page_of(article), {"act": "mark-sensitive", "version": 1})

    assert response.status_code == 409
    assert "Only who is cleared" in response.text


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER, Role.ENGINEER])
def test_others_may_not_open_the_page(role: Role) -> None:
    article = make_article()
    client = signed_in(join(article.project, make_user("ada"), role))

    assert client.get(page_of(article)).status_code == 403
    assert client.post(page_of(article), {"act": "withdraw", "version": 1}).status_code == 403


def test_who_brings_in_a_hidden_text_again_learns_only_that_it_is_there() -> None:
    text = "Mayor resigns\n\nThe mayor of Skerry resigned on Monday."
    article = make_article(text=text, external_id="wire-1")
    manager_at(article).post(page_of(article), {"act": "withdraw", "version": 1})
    engineer = signed_in(join(article.project, make_user("eve"), Role.ENGINEER))
    address = reverse("import", args=[article.project.slug])

    same_text = engineer.post(address, {"text": text})
    same_id = engineer.post(address, {"text": f"{text} At noon.", "external_id": "wire-1"})

    for response in (same_text, same_id):
        assert response.status_code == 422
        assert "The project has this article already, but it is not open to you." in response.text
        assert str(article.pk) not in response.text
