"""Jobs that are over without having succeeded: what they were for does not wait for ever."""

from collections.abc import Callable

import pytest
from django.db import models
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from articles.datasets.snapshot_services import Wanted, make_snapshot
from articles.datasets.tasks import freeze_snapshot, give_up
from articles.desk.job_services import cancel_job
from articles.desk.models import Project
from articles.feed.models import Webhook
from articles.feed.tasks import ask_for_test, deliver
from articles.feed.webhook_services import add_webhook
from articles.review.models import Notice
from newsdesk.worker_sweep import LOST, MOST_LOSSES, sweep
from tests.background.workers import in_database
from tests.datasets.frozen import gold_desk, make_frozen
from tests.desk.people import manager_of
from tests.imports.runs import start, stories

pytestmark = pytest.mark.django_db


def ask_for_snapshot(project: Project) -> models.Model:
    wanted = Wanted("Gold", formats=["jsonl"])
    return make_snapshot(actor=manager_of(project), project=project, wanted=wanted)[0]


def ask_for_import(project: Project) -> models.Model:
    return start(project, stories(2), name="week.jsonl")


def make_webhook(project: Project) -> Webhook:
    url = "https://data.example.org/newsdesk"
    return add_webhook(actor=manager_of(project), project=project, url=url)[0]


def ask_webhook(project: Project) -> models.Model:
    return ask_for_test(actor=manager_of(project), webhook=make_webhook(project))


ASKED = pytest.mark.parametrize("ask", [ask_for_snapshot, ask_for_import, ask_webhook])
type Ask = Callable[[Project], models.Model]


@pytest.fixture
def project() -> Project:
    return gold_desk(1)


def waiting(project: Project) -> list[str]:
    """What waits, as the project's page of jobs tells it."""
    jobs = ProcrastinateJob.objects.filter(status="todo", args__project=project.pk)
    return list(jobs.order_by("pk").values_list("args__says", flat=True))


def told(asked: models.Model) -> tuple[object, object]:
    asked.refresh_from_db()
    return getattr(asked, "status", None), getattr(asked, "problem", None)


@ASKED
def test_what_a_cancelled_job_was_for_says_who_cancelled_it(project: Project, ask: Ask) -> None:
    asked = ask(project)
    number = ProcrastinateJob.objects.get().pk

    cancel_job(actor=manager_of(project), project=project, number=number)

    failed = None if ask is ask_webhook else "failed"  # of a request it is what was answered
    assert told(asked) == (failed, f"{manager_of(project)} cancelled it.")


@ASKED
@pytest.mark.django_db(transaction=True)
def test_what_a_job_was_for_that_is_lost_too_often_says_so(project: Project, ask: Ask) -> None:
    asked = ask(project)
    in_database(f"UPDATE procrastinate_jobs SET status = 'doing', attempts = {10 + MOST_LOSSES}")

    assert sweep() == 1

    assert told(asked)[1] == LOST


def test_whoever_asked_for_a_snapshot_is_told_once_that_there_is_none(project: Project) -> None:
    ask_for_snapshot(project)
    snapshot = project.snapshots.get()

    give_up(snapshot=str(snapshot.pk), why="No room.")
    give_up(snapshot=str(snapshot.pk), why="Lost.")

    assert told(snapshot) == ("failed", "No room.")
    assert Notice.objects.get(kind="dataset").words == "could not freeze the dataset “Gold v1”"


def test_a_snapshot_that_is_ready_stays_so(project: Project) -> None:
    frozen = make_frozen(project)

    give_up(snapshot=str(frozen.pk), why="Lost.")

    assert told(frozen) == ("ready", "")


def test_jobs_are_told_in_words_on_their_projects_page(project: Project) -> None:
    ask_for_snapshot(project)
    ask_for_import(project)
    ask_webhook(project)

    assert waiting(project) == [
        "Freeze Gold v1",
        "Import of week.jsonl",
        "Send a test to a webhook",
    ]


def test_so_are_jobs_that_other_jobs_queue(project: Project) -> None:
    snapshot = ask_for_snapshot(project)
    webhook = make_webhook(project)
    Webhook.objects.update(failures=1)
    webhook.deliveries.create(project=project, after=webhook.cursor, tried_at=timezone.now())
    in_database("DELETE FROM procrastinate_jobs")

    freeze_snapshot.func(snapshot=str(snapshot.pk))
    deliver.func(webhook=str(webhook.pk), project=project.pk)

    assert waiting(project) == ["Build Newsdesk JSONL of Gold v1", "Send to a webhook"]
