"""Work handed in on small articles, for the tests of agreement and of the dashboard."""

from datetime import datetime

from articles.annotations.models import Layer
from articles.desk.models import Project, Role, User
from articles.desk.recording import recorded
from articles.intake.models import Article
from articles.review.models import Review
from articles.review.submission_services import submit_layer
from tests.desk.people import join, make_project, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer


def make_team(*names: str) -> tuple[Project, list[User]]:
    """A project whose articles ask for five people, and annotators of these ``names``."""
    project = make_project("Harbour inquiry")
    Project.objects.filter(pk=project.pk).update(annotators_per_article=5)
    project.refresh_from_db()
    return project, [join(project, make_user(name), Role.ANNOTATOR) for name in names]


def hand_in(
    article: Article, annotator: User, *marks: tuple[str, str], at: datetime | None = None
) -> Layer:
    """``annotator`` labels words, each given as (label, words), and hands that in."""
    layer = make_layer(article, annotator)
    for label, words in marks:
        make_annotation(layer, words, label=label)
    submitted = submit_layer(actor=annotator, layer=layer)
    if at is not None:
        Layer.objects.filter(pk=layer.pk).update(submitted_at=at, created_at=at)
    return submitted


def review_over(article: Article, at: datetime) -> None:
    """The review of ``article`` is over since ``at``."""
    manager, project = manager_of(article.project), article.project
    with recorded(
        "review.adjudicated", actor=manager, project=project, article_id=article.pk
    ) as recording:
        review, is_new = Review.objects.get_or_create(project=project, article=article)
        if is_new:
            recording.made(review)
        else:
            recording.touching(review)
        review.started_at = review.adjudicated_at = at
        review.adjudicated_by = manager
        review.save()


def disputed(project: Project, one: User, other: User) -> Article:
    """An article on which two people share two annotations of six: exact F1 is 4/7."""
    article = make_article(project)
    hand_in(
        article, one,
        ("claim", "The council says"), ("source", "Zoë Hart"), ("claim", "It begins in week"),
    )  # fmt: skip
    hand_in(
        article, other,
        ("claim", "The council says"), ("source", "Zoë Hart"), ("claim", "begins in week"),
        ("quote", "It was closed"),
    )  # fmt: skip
    return article
