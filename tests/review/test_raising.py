"""One annotator more where those who are done disagree."""

import pytest

from articles.desk.models import Project
from articles.desk.recording import recorded
from articles.intake.models import Article
from articles.review.raising import raise_on_disagreement
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def raised(article: Article, agreement: float | None) -> bool:
    with recorded("test", actor=None, project=article.project, article_id=article.pk) as recording:
        return raise_on_disagreement(recording, article, agreement)


@pytest.mark.parametrize(
    ("below", "agreement", "places", "wanted"),
    [
        (None, 0.0, 2, 2),  # the project does not ask for it
        (70, None, 2, 2),  # undefined
        (70, 0.70, 2, 2),
        (70, 0.69, 2, 3),
        (100, 0.99, 1, 2),
        (70, 0.1, 4, 5),
        (70, 0.1, 5, 5),  # as many as an article can have
    ],
)
def test_it_is_raised_below_the_threshold_alone(
    below: int | None, agreement: float | None, places: int, wanted: int
) -> None:
    article = make_article()
    Project.objects.filter(pk=article.project_id).update(
        raise_below=below, annotators_per_article=places
    )
    article = Article.objects.select_related("project").get(pk=article.pk)

    assert raised(article, agreement) == (wanted > places)

    article.refresh_from_db()
    assert article.places == wanted


def test_it_goes_on_as_long_as_they_disagree() -> None:
    article = make_article()
    Project.objects.filter(pk=article.project_id).update(raise_below=80)
    article = Article.objects.select_related("project").get(pk=article.pk)

    assert [raised(article, 0.5) for _ in range(5)] == [True, True, True, True, False]
    assert article.places == 5
