"""Freezing: what goes in, as it stands at one moment, and that nobody changes it afterwards."""

import hashlib
import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.errors import CheckViolation

from articles.annotations.models import Layer
from articles.datasets.errors import NothingToFreeze
from articles.datasets.freezing import freeze, give_up
from articles.datasets.models import Snapshot
from articles.datasets.snapshot_queries import lines_of
from articles.datasets.snapshot_services import Wanted, make_snapshot, retry_snapshot
from articles.datasets.sources import Live
from articles.datasets.verification import verify
from articles.desk.events import Event
from articles.desk.models import Role
from articles.intake.gate_services import hold, mark_sensitive
from articles.intake.models import Article
from articles.review.errors import Released
from articles.review.listing import ArticleStatus, status_of
from articles.review.models import Notice, Review
from articles.review.verdict_services import reopen
from newsdesk.errors import IdReused, Invalid, NotAllowed
from tests.datasets.frozen import gold_desk, make_frozen
from tests.desk.people import join, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db


def records(snapshot: Snapshot) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines_of(snapshot.pk)]


def test_a_snapshot_holds_the_bytes_of_the_live_export_and_their_split() -> None:
    project = gold_desk(3)

    frozen = make_frozen(project)

    live = b"".join(Live(project, "gold").lines()).splitlines(keepends=True)
    lines = list(lines_of(frozen.pk))
    for line, before in zip(lines, live, strict=True):
        assert json.loads(line)["split"] in ("train", "dev", "test")
        assert line == before.replace(
            b'"split":null', b'"split":"%b"' % json.loads(line)["split"].encode()
        )
    assert frozen.status == "ready"
    assert bytes(frozen.sha256 or b"") == hashlib.sha256(b"".join(lines)).digest()
    assert frozen.size == len(b"".join(lines))
    assert (frozen.done, frozen.total) == (3, 3)
    assert verify(project) == []


def test_without_a_split_the_bytes_are_those_of_the_live_export() -> None:
    project = gold_desk(2)

    frozen = make_frozen(project, by=None)

    assert b"".join(lines_of(frozen.pk)) == b"".join(Live(project, "gold").lines())


def test_counts_tell_what_is_in_it() -> None:
    project = gold_desk(2)

    counts = make_frozen(project, ratios={"train": 0.5, "test": 0.5}).counts

    assert (counts["articles"], counts["annotations"], counts["relations"]) == (2, 6, 0)
    assert counts["labels"] == {"claim": 2, "quote": 2, "source": 2}
    assert counts["layers"] == {"gold": 2}
    assert counts["languages"] == {"en": 2}
    assert counts["splits"] == {
        "train": {"articles": 1, "annotations": 3, "relations": 0},
        "test": {"articles": 1, "annotations": 3, "relations": 0},
    }


def test_layers_choose_the_articles_and_whose_work_comes_and_practice_never_does() -> None:
    project = gold_desk(1)
    begun = make_annotation(make_layer(make_article(project))).layer
    trainee = join(project, make_user("pat"), Role.ANNOTATOR)
    practice = make_annotation(make_layer(begun.article, trainee)).layer
    Layer.objects.filter(pk=practice.pk).update(kind="practice", slot=None)

    gold, submitted, everything = (
        records(make_frozen(project, layers=layers)) for layers in ("gold", "submitted", "all")
    )

    def names(found: list[dict[str, Any]]) -> list[list[str]]:
        return [[layer["name"] for layer in record["layers"]] for record in found]

    assert names(gold) == [["gold"]]
    assert names(submitted) == [["ada", "ben"]]
    assert names(everything) == [["ada", "ben", "gold"], [begun.name]]


def test_filters_are_those_of_the_list_of_articles() -> None:
    project = gold_desk(2)
    _, wanted = project.articles.in_intake_order()

    found = records(make_frozen(project, filters={"q": "strike 1"}))

    assert [record["id"] for record in found] == [str(wanted.pk)]
    with pytest.raises(Invalid, match="A status is one of"):
        make_frozen(project, filters={"status": "lost"})


def test_versions_of_a_name_are_counted() -> None:
    project = gold_desk(1)

    made = [make_frozen(project, name=name) for name in ("Gold", "Gold", "Silver")]

    assert [(one.name, one.number) for one in made] == [("Gold", 1), ("Gold", 2), ("Silver", 1)]


def test_the_same_id_and_wish_again_change_nothing() -> None:
    project = gold_desk(1)
    first = make_frozen(project)

    def make(name: str) -> tuple[Snapshot, bool]:
        wanted = Wanted(name, formats=[])
        return make_snapshot(
            actor=first.made_by, project=project, wanted=wanted, chosen_id=first.pk
        )

    assert make("Gold") == (first, False)
    with pytest.raises(IdReused):
        make("Silver")
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 121},
        {"formats": ["word"]},
        {"seed": -1},
        {"ratios": {"train": 0.8, "test": 0.1}},
        {"ratios": {"Train!": 1.0}},
        {"ratios": {"train": 1.5, "test": -0.5}},
        {"licence": "x" * 101},
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    project = gold_desk(1)

    with pytest.raises(Invalid):
        make_frozen(project, **wrong)

    assert not Snapshot.objects.exists()


def test_nothing_is_not_frozen() -> None:
    project = make_article().project

    with pytest.raises(NothingToFreeze):
        make_frozen(project)


def test_reviewers_and_annotators_make_no_datasets() -> None:
    project = gold_desk(1)

    for name in ("ada", "rhea"):
        with pytest.raises(NotAllowed):
            make_frozen(project, project.memberships.get(user__username=name).user)


def test_what_a_gate_keeps_in_is_not_frozen_and_sensitive_articles_are_for_the_cleared() -> None:
    project = gold_desk(3)
    manager = manager_of(project)
    held, sensitive, free = project.articles.in_intake_order()
    hold(actor=manager, article=held, version=held.version, reason="a letter from a lawyer")
    manager.memberships.update(cleared=True)
    mark_sensitive(actor=manager, article=sensitive, version=sensitive.version)

    def frozen_by_the_manager() -> list[str]:
        return [record["id"] for record in records(make_frozen(project))]

    assert frozen_by_the_manager() == [str(sensitive.pk), str(free.pk)]
    manager.memberships.update(cleared=False)
    assert frozen_by_the_manager() == [str(free.pk)]


def test_gold_that_is_frozen_is_released_and_is_not_opened_again() -> None:
    project = gold_desk(2)
    rhea = project.memberships.get(role=Role.REVIEWER).user

    make_frozen(project)

    article, _ = Article.objects.filter(project=project).select_related("project")
    decision, *_ = article.decisions.select_related("article__project")
    assert status_of(article) == ArticleStatus.RELEASED
    with pytest.raises(Released, match="went into a dataset"):
        reopen(actor=rhea, decision=decision)
    assert Event.objects.filter(kind="article.released").count() == 2
    assert len(set(Event.objects.filter(kind="article.released").values_list("batch"))) == 1
    assert verify(project) == []


def test_submitted_work_in_a_dataset_releases_nothing() -> None:
    project = gold_desk(1)

    make_frozen(project, layers="submitted")

    assert Review.objects.get().released_at is None


def test_releasing_again_tells_nothing_new() -> None:
    project = gold_desk(1)

    for _ in range(2):
        assert make_frozen(project).status == "ready"

    assert Event.objects.filter(kind="article.released").count() == 1


def test_whoever_asked_is_told_when_it_is_ready() -> None:
    frozen = make_frozen(gold_desk(1))

    (notice,) = Notice.objects.filter(kind=Notice.Kind.DATASET)
    assert notice.words == "froze the dataset “Gold v1”"
    assert (notice.person, notice.about) == (frozen.made_by, frozen.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE articles_snapshot SET name = 'Other'",
        "UPDATE articles_snapshot SET card = ''",
        "DELETE FROM articles_snapshot",
        "UPDATE articles_snapshotrecord SET line = line",
        "DELETE FROM articles_snapshotrecord",
        "INSERT INTO articles_snapshotrecord (snapshot_id, project_id, article_id, position, split,"
        " line, sha256) SELECT snapshot_id, project_id, uuidv7(), 99, '', line, sha256"
        " FROM articles_snapshotrecord LIMIT 1",
    ],
)
def test_the_database_refuses_every_change_of_what_is_frozen(statement: str) -> None:
    make_frozen(gold_desk(1))

    with (
        pytest.raises(IntegrityError, match="the snapshot is frozen"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_worker_that_died_half_way_leaves_nothing_in_the_way() -> None:
    project = gold_desk(2)
    snapshot, _ = make_snapshot(
        actor=manager_of(project), project=project, wanted=Wanted("Gold", formats=[])
    )
    article, _ = project.articles.all()
    snapshot.records.create(
        project=project, article=article, position=0, line="{}", sha256=b"0" * 32
    )
    Snapshot.objects.update(status="running", done=1, total=2)

    run_jobs()

    snapshot.refresh_from_db()
    assert snapshot.status == "ready"
    assert [record["split"] for record in records(snapshot)] != []
    assert verify(project) == []


@pytest.mark.django_db(transaction=True)
def test_within_a_longer_transaction_nobody_waits_to_be_told_how_far_it_is() -> None:
    project = gold_desk(1)
    snapshot, _ = make_snapshot(
        actor=manager_of(project), project=project, wanted=Wanted("Gold", formats=[])
    )

    with transaction.atomic():
        freeze(snapshot.pk)

    assert Snapshot.objects.get().status == "ready"


def test_what_goes_wrong_fails_the_job_and_can_be_tried_again() -> None:
    project = gold_desk(1)
    with connection.cursor() as cursor:  # no room for a record
        cursor.execute(
            "ALTER TABLE articles_snapshotrecord ADD CONSTRAINT full_disk CHECK (position < 0)"
        )
    with pytest.raises(CheckViolation, match="full_disk"):
        make_frozen(project)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_snapshotrecord DROP CONSTRAINT full_disk")
    failed = project.snapshots.get()
    give_up(snapshot_id=failed.pk, why="The disk is full.")
    failed.refresh_from_db()

    assert (failed.status, failed.problem) == ("failed", "The disk is full.")
    assert Notice.objects.get(kind="dataset").words == "could not freeze the dataset “Gold v1”"
    retry_snapshot(actor=failed.made_by, snapshot=failed)
    run_jobs()
    failed.refresh_from_db()
    assert (failed.status, failed.problem) == ("ready", "")
    assert retry_snapshot(actor=failed.made_by, snapshot=failed).status == "ready"
