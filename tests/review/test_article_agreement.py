"""How alike the annotators of one article are."""

import pytest

from articles.annotations.models import Annotation
from articles.desk.models import Project, Role
from articles.intake.models import Article
from articles.review.agreement import Labelled, Layer, Work
from articles.review.agreement_f1 import span_f1
from articles.review.items import Marked
from articles.review.merging import exact_f1
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


def agreement_of(article: Article) -> float | None:
    """What merging measures of the submitted layers, which is what the dashboard measures, too."""
    layers = list(article.layers.submitted().values_list("pk", flat=True))
    rows = list(Annotation.objects.live().filter(layer__in=layers))
    marks = [Marked(one.pk, one.layer_id, one.label_id, one.start, one.end) for one in rows]
    found = exact_f1(marks, layers)
    work = Work(
        article.revision.length,
        {
            layer: Layer(
                [
                    Labelled(one.start, one.end, str(one.label_id))
                    for one in rows
                    if one.layer_id == layer
                ]
            )
            for layer in layers
        },
    )
    assert span_f1([work], exact=True).overall.value == found
    return found


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
