"""Who is here: on an article that is open, for a minute, told to the others."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from articles.annotations.models import Layer
from articles.desk.models import Role, User
from articles.intake.models import Article
from articles.review.models import Presence
from articles.review.presence_queries import present_in
from articles.review.presence_services import forget, left, seen
from tests.desk.people import join, make_user, manager_of, signed_in
from tests.factories import make_article, make_layer

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def ada(article: Article) -> User:
    return join(article.project, make_user("ada"), Role.ANNOTATOR)


@pytest.fixture
def ben(article: Article) -> User:
    return join(article.project, make_user("ben"), Role.ANNOTATOR)


def enter(article: Article, *people: User) -> None:
    seen([(article.project_id, article.pk, person.pk) for person in people])


def test_others_are_here_and_the_reader_is_not(article: Article, ada: User, ben: User) -> None:
    enter(article, ada, ben)

    assert present_in([article], ada) == {article.pk: [ben]}
    assert present_in([article], manager_of(article.project)) == {article.pk: [ada, ben]}
    assert present_in([make_article(article.project)], ada) == {}


def test_whoever_was_seen_a_minute_ago_is_here_no_more(article: Article, ada: User) -> None:
    manager = manager_of(article.project)
    enter(article, ada)
    minute_ago = timezone.now() - timedelta(seconds=61)
    Presence.objects.update(seen_at=minute_ago)
    assert present_in([article], manager) == {}

    enter(article, ada)  # seen again
    assert present_in([article], manager) == {article.pk: [ada]}

    Presence.objects.update(seen_at=minute_ago)
    forget()
    assert not Presence.objects.exists()


def test_leaving_takes_only_oneself_away(article: Article, ada: User, ben: User) -> None:
    enter(article, ada, ben)

    left(article_id=article.pk, user_id=ada.pk)

    assert present_in([article], manager_of(article.project)) == {article.pk: [ben]}


def test_noting_everybody_is_one_statement(
    article: Article,
    ada: User,
    ben: User,
    django_assert_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    for people in ([ada], [ada, ben]):
        with django_assert_num_queries(1):
            enter(article, *people)
    articles = [article, make_article(article.project)]
    with django_assert_num_queries(1):
        assert present_in(articles, ada) == {article.pk: [ben]}


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["Ben"], "Ben is here"),
        (["Ben", "Cem"], "Ben and Cem are here"),
        (["Ben", "Cem", "Dea"], "Ben, Cem and 1 more are here"),
    ],
)
def test_who_is_here_in_words(article: Article, names: list[str], words: str) -> None:
    here = {article.pk: [User(name=name) for name in names]} if names else {}

    said = Template("{% load live %}{% presence here article %}").render(
        Context({"here": here, "article": article})
    )

    assert (
        said.replace("<bdi>", "").replace("</bdi>", "").partition(">")[2].partition("<")[0] == words
    )


def test_the_list_says_who_is_here(article: Article, ada: User, ben: User) -> None:
    enter(article, ada, ben)

    page = signed_in(ada).get(reverse("article-list", args=[article.project.slug]))

    assert "<bdi>ben</bdi> is here" in page.text
    assert "ada</bdi> is here" not in page.text


def test_the_fragment_is_sent_again_only_when_it_changed(article: Article, ada: User) -> None:
    browser = signed_in(manager_of(article.project))
    address = reverse("article-list", args=[article.project.slug])

    def asked(etag: str) -> tuple[int, str]:
        response = browser.get(address, headers={"HX-Request": "true", "If-None-Match": etag})
        return response.status_code, response["ETag"]

    status, first = asked("")
    assert status == 200
    assert asked(first) == (304, first)

    enter(article, ada)
    status, second = asked(first)
    assert (status, second != first) == (200, True)
    assert asked(f"W/{second}") == (304, second)
    assert "ETag" not in browser.get(address)


def test_elsewhere_than_under_asgi_there_are_no_streams_and_no_errors(article: Article) -> None:
    response = signed_in(manager_of(article.project)).get(reverse("events"))

    assert (response.status_code, response.content) == (204, b"")


def test_an_articles_page_says_who_else_is_here_and_fetches_it_again(
    article: Article, ada: User, ben: User
) -> None:
    address = reverse("article-presence", args=[article.project.slug, article.pk])
    stream = f"/events?project={article.project.slug}&amp;article={article.pk}"
    enter(article, ada)
    assert " here" not in signed_in(ada).get(address).text

    enter(article, ben)
    line = signed_in(ada).get(address)

    assert f'data-live="{stream}" data-live-url="{address}"' in line.text
    assert "<bdi>ben</bdi> is here too" in line.text
    again = signed_in(ada).get(address, headers={"If-None-Match": line["ETag"]})
    assert again.status_code == 304


def test_whoever_opens_the_workbench_or_saves_there_is_here(
    article: Article, ada: User, ben: User
) -> None:
    manager = manager_of(article.project)

    signed_in(ada).get(reverse("workbench", args=[article.project.slug, article.pk]))
    assert present_in([article], manager) == {article.pk: [ada]}

    layer = make_layer(article, ben)
    assert present_in([article], manager) == {article.pk: [ada, ben]}
    Layer.objects.filter(pk=layer.pk).update(updated_at=timezone.now() - timedelta(seconds=61))
    assert present_in([article], manager) == {article.pk: [ada]}
