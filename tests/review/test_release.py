"""Gold that is out in the world stays as it is, whatever comes after it."""

import pytest

from articles.desk.events import Event
from articles.desk.models import User
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.assignment_services import set_priority, want_annotators
from articles.review.errors import IllegalMove, Released
from articles.review.listing import ArticleStatus, status_of
from articles.review.models import Review, Verdict
from articles.review.practice_services import set_practice
from articles.review.release_services import release
from articles.review.review_services import open_review
from articles.review.verdict_services import accept_all, reopen, reopen_last, rule
from tests.desk.people import manager_of
from tests.review.disputes import CLAIM, annotate, make_desk, make_dispute

pytestmark = pytest.mark.django_db


def released() -> tuple[Article, User]:
    project, people, rhea = make_desk(audit_sample=0)
    article = make_dispute(project, people, [("claim", CLAIM)], [("claim", CLAIM)])
    open_review(actor=rhea, article=article)
    accept_all(actor=rhea, article=article)
    adjudicate(actor=rhea, article=article)
    manager = manager_of(project)
    for _ in range(2):  # the second time changes nothing
        release(actor=manager, project=project, articles=project.articles.values("pk"))
    return article, rhea


def test_one_event_tells_of_the_release() -> None:
    article, _ = released()

    (event,) = Event.objects.filter(kind="article.released")
    (change,) = event.changes
    assert (event.article_id, change["table"]) == (article.pk, "review")
    assert change["before"] | {"released_at": None} == change["before"]
    assert change["before"] | {"released_at": change["after"]["released_at"]} == change["after"]
    assert status_of(article) == ArticleStatus.RELEASED


def test_nobody_opens_it_again_however_they_try() -> None:
    article, rhea = released()
    decision = article.decisions.select_related("article__project").get()
    before = Event.objects.count()

    with pytest.raises(Released, match="went into a dataset"):
        reopen(actor=rhea, decision=decision)
    with pytest.raises(Released):
        reopen_last(actor=rhea, article=article)

    assert Event.objects.count() == before
    assert status_of(article) == ArticleStatus.RELEASED


def test_the_desk_does_not_send_it_round_again() -> None:
    article, _ = released()
    manager = manager_of(article.project)

    with pytest.raises(IllegalMove, match="released"):
        set_priority(actor=manager, article=article, priority=1)
    with pytest.raises(IllegalMove, match="released"):
        want_annotators(actor=manager, article=article, number=3)


def test_work_that_comes_late_waits_and_changes_no_gold() -> None:
    article, rhea = released()
    late = manager_of(article.project)
    Article.objects.filter(pk=article.pk).update(annotators_wanted=3)

    annotate(Article.objects.get(pk=article.pk), late, [("quote", "said Zoë Hart")])

    assert status_of(article) == ArticleStatus.RELEASED
    newcomer = article.decisions.undecided().select_related("article__project").get()
    with pytest.raises(Released):
        rule(actor=rhea, decision=newcomer, ruling=Verdict.Ruling.ACCEPT)
    assert Review.objects.get(article=article).adjudicated_at is not None


def test_newcomers_may_practise_on_it() -> None:
    article, _ = released()

    project = set_practice(
        actor=manager_of(article.project), project=article.project, article=article
    )

    assert project.practice_id == article.pk
