"""Datasets that are asked for, frozen and worked on at the same moment."""

from functools import partial
from threading import Thread

import pytest
from django.db import connection, transaction

from articles.datasets.freezing import freeze
from articles.datasets.models import Snapshot
from articles.datasets.snapshot_services import Wanted, make_snapshot
from articles.datasets.verification import verify
from articles.desk.models import Project, User
from articles.intake.models import Article
from articles.review.errors import Released
from articles.review.verdict_services import reopen
from tests.datasets.frozen import gold_desk
from tests.desk.people import manager_of
from tests.sessions import at_once

pytestmark = pytest.mark.django_db(transaction=True)

#: Whether somebody waits for a row that another transaction changed.
WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid')"


def asked_for() -> tuple[Project, User, Snapshot]:
    """A project with two reviewed articles, its reviewer, and its gold that is to be frozen."""
    project = gold_desk(2)
    snapshot, _ = make_snapshot(
        actor=manager_of(project), project=project, wanted=Wanted("Gold", by=None, formats=[])
    )
    return project, project.memberships.get(role="reviewer").user, snapshot


def test_versions_that_are_asked_for_at_once_have_a_number_each() -> None:
    project = gold_desk(1)
    make = partial(
        make_snapshot,
        actor=manager_of(project),
        project=project,
        wanted=Wanted("Gold", formats=[]),
    )

    made = at_once(*[make] * 5)

    assert [one for one in made if isinstance(one, Exception)] == []
    numbers = Snapshot.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]
    assert verify(project) == []


def test_a_review_that_is_opened_again_while_it_is_frozen_is_left_out() -> None:
    project, rhea, snapshot = asked_for()
    opened, kept = Article.objects.filter(project=project).in_intake_order()
    decision = opened.decisions.select_related("article__project").first()
    assert decision is not None

    def freeze_it() -> None:
        freeze(snapshot.pk)
        connection.close()

    freezing = Thread(target=freeze_it)
    with transaction.atomic():
        reopen(actor=rhea, decision=decision)
        freezing.start()  # it still sees the gold, and has to wait where it releases that
        with connection.cursor() as cursor:
            while freezing.is_alive():
                cursor.execute(WAITS)
                if cursor.fetchone() == (True,):
                    break
    freezing.join()

    snapshot.refresh_from_db()
    assert (snapshot.status, snapshot.counts["articles"]) == ("ready", 1)
    assert [one.article_id for one in snapshot.records.all()] == [kept.pk]
    assert Article.objects.get(pk=opened.pk).review.released_at is None
    assert verify(project) == []


def test_whoever_opens_a_review_again_as_it_is_frozen_is_either_refused_or_before_it() -> None:
    project, rhea, snapshot = asked_for()
    decision = (
        Article.objects.filter(project=project)
        .in_intake_order()[0]
        .decisions.select_related("article__project")[0]
    )

    frozen, opened = at_once(
        partial(freeze, snapshot.pk), partial(reopen, actor=rhea, decision=decision)
    )

    assert not isinstance(frozen, Exception)
    held = snapshot.records.filter(article=decision.article_id).exists()
    assert held == isinstance(opened, Released)
    assert verify(project) == []
