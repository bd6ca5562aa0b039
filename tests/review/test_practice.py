"""Newcomers try their hand on an article that is done."""

import pytest
from django.urls import reverse

from articles.annotations.errors import NoFreeSlot
from articles.annotations.services import open_layer
from articles.desk.models import Role, User
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.errors import NotAdjudicated
from articles.review.listing import ArticleStatus, status_of
from articles.review.outcome_queries import compared_with_gold
from articles.review.practice_services import set_practice
from articles.review.verdict_services import accept_all
from newsdesk.errors import NotAllowed
from tests.desk.people import join, make_user, manager_of, signed_in
from tests.factories import make_article
from tests.review.disputes import (
    CLAIM,
    LONG_QUOTE,
    MASTER,
    QUOTE,
    SOURCE,
    annotate,
    layer_of,
    make_desk,
    make_dispute,
)

pytestmark = pytest.mark.django_db


def make_practice() -> tuple[Article, User]:
    """An adjudicated article that newcomers practise on, and a newcomer."""
    project, people, rhea = make_desk(annotators=1, audit_sample=0)
    article = make_dispute(
        project, people, [("quote", QUOTE), ("source", SOURCE), ("claim", CLAIM)]
    )
    accept_all(actor=rhea, article=article)
    adjudicate(actor=rhea, article=article)
    set_practice(actor=manager_of(project), project=project, article=article)
    newcomer = join(project, make_user("nell"), Role.ANNOTATOR)
    return Article.objects.select_related("project").get(pk=article.pk), newcomer


def test_practice_takes_no_place_and_is_compared_with_gold() -> None:
    article, nell = make_practice()

    annotate(article, nell, [("quote", LONG_QUOTE), ("source", SOURCE), ("source", MASTER)])

    layer = layer_of(article, nell)
    assert (layer.kind, layer.slot) == ("practice", None)
    assert status_of(article) == ArticleStatus.ADJUDICATED
    found = compared_with_gold(layer)
    assert [one.fate for one in found.outcomes] == ["moved", "kept", "added", "removed"]
    assert found.finding == "You marked 2 of 3; 1 with other edges; 1 of yours not kept."


def test_submitting_practice_leads_to_the_comparison() -> None:
    article, nell = make_practice()
    client = signed_in(nell)
    address = [article.project.slug, article.pk]
    assert "Practise here first" in client.get(reverse("workbench", args=address)).text

    response = client.post(reverse("layer-submit", args=address), follow=True)

    assert response.redirect_chain == [(reverse("article-outcome", args=address), 303)]
    assert "You marked 0 of 3." in response.text


def test_only_newcomers_are_asked_to_practise() -> None:
    article, nell = make_practice()
    another = make_article(article.project)
    other = reverse("workbench", args=[article.project.slug, another.pk])
    assert "Practise on an article that is done" in signed_in(nell).get(other).text

    annotate(article, nell, [])

    assert "Practise on an article" not in signed_in(nell).get(other).text


def test_an_article_without_gold_is_not_practised_on() -> None:
    project, people, _ = make_desk()
    article = make_dispute(project, people, [("quote", QUOTE)], [])

    with pytest.raises(NotAdjudicated):
        set_practice(actor=manager_of(project), project=project, article=article)
    with pytest.raises(NotAllowed):
        set_practice(actor=people[0], project=project, article=None)


def test_without_practice_the_places_stay_what_they_are() -> None:
    article, nell = make_practice()
    set_practice(actor=manager_of(article.project), project=article.project, article=None)

    with pytest.raises(NoFreeSlot):
        open_layer(actor=nell, article=Article.objects.get(pk=article.pk))
