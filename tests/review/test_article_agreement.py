"""How alike the annotators of one article are."""

import pytest
from pytest_django import DjangoAssertNumQueries

from articles.desk.models import Project, Role
from articles.intake.models import Article
from articles.review.article_agreement import agreement_of
from articles.review.submission_services import submit_layer
from tests.desk.people import join, make_project, make_user
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    project = make_project("Harbour inquiry")
    Project.objects.filter(pk=project.pk).update(annotators_per_article=3)
    return make_article(project)


def hand_in(article: Article, name: str, *words: str) -> None:
    """Somebody of this ``name`` labels ``words`` as claims and hands that in."""
    annotator = join(article.project, make_user(name), Role.ANNOTATOR)
    layer = make_layer(Article.objects.get(pk=article.pk), annotator)
    for some in words:
        make_annotation(layer, some, label="claim")
    submit_layer(actor=annotator, layer=layer)


def test_it_is_the_mean_over_what_each_two_marked(article: Article) -> None:
    hand_in(article, "ada", "The quay", "Zoë Hart")
    hand_in(article, "ben", "The quay", "Zoë")
    assert agreement_of(article) == pytest.approx(2 / 4)

    hand_in(article, "cem", "The quay")
    assert agreement_of(article) == pytest.approx((2 + 2 + 2) / (4 + 3 + 3))


def test_it_is_undefined_without_two_layers_or_without_any_annotation(article: Article) -> None:
    hand_in(article, "ada")
    assert agreement_of(article) is None

    hand_in(article, "ben")
    assert agreement_of(article) is None


def test_work_that_is_not_handed_in_does_not_count(article: Article) -> None:
    hand_in(article, "ada", "The quay")
    hand_in(article, "ben", "The quay")
    cem = join(article.project, make_user("cem"), Role.ANNOTATOR)
    make_annotation(make_layer(Article.objects.get(pk=article.pk), cem), "Zoë Hart", label="claim")

    assert agreement_of(article) == 1


def test_it_costs_two_queries(
    article: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hand_in(article, "ada", "The quay", "Zoë Hart")
    hand_in(article, "ben", "The quay")

    with django_assert_num_queries(2):
        agreement_of(article)
