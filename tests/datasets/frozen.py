"""Datasets for tests: gold that people made, and snapshots frozen as the house freezes them."""

from typing import Any

from articles.datasets.models import Snapshot
from articles.datasets.snapshot_services import Wanted, make_snapshot
from articles.desk.models import Project, User
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.review_services import open_review
from articles.review.verdict_services import accept_all
from tests.desk.people import manager_of
from tests.factories import make_article
from tests.jobs import run_jobs
from tests.review.disputes import CLAIM, QUOTE, SOURCE, annotate, make_desk

SAID = [("quote", QUOTE), ("source", SOURCE), ("claim", CLAIM)]
STORY = (
    "Ferry strike {number} put off again 📰\n\n"
    "“Nobody asked us, not once,” said Zoë Hart, who runs the Pilot café ☕.\n\n"
    "Takings fell by a third. It was strike number {number} of the year {number}.\n"
)


def make_gold(project: Project, people: list[User], number: int, **details: Any) -> Article:
    """An article that is adjudicated: all said the same, and the reviewer accepted it."""
    article = make_article(project, STORY.format(number=number), **details)
    for who in people:
        annotate(article, who, SAID)
    article = Article.objects.select_related("project").get(pk=article.pk)
    reviewer = project.memberships.get(role="reviewer").user
    open_review(actor=reviewer, article=article)
    accept_all(actor=reviewer, article=article, at_least=1)
    adjudicate(actor=reviewer, article=article)
    return article


def gold_desk(articles: int = 3) -> Project:
    """A project with so many adjudicated articles by two annotators."""
    project, people, _ = make_desk(2, audit_sample=0)
    for number in range(articles):
        make_gold(project, people, number)
    return project


def make_frozen(project: Project, actor: User | None = None, **wanted: Any) -> Snapshot:
    """A snapshot, frozen by its job."""
    wanted = {"name": "Gold", "formats": [], **wanted}
    actor = actor or manager_of(project)
    snapshot, _ = make_snapshot(
        actor=actor, project=project, wanted=Wanted(**wanted), home="https://desk.example"
    )
    run_jobs()
    return Snapshot.objects.select_related("project", "made_by").get(pk=snapshot.pk)
