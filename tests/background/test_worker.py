"""The worker: what it runs, how often, beside whom; and what becomes of jobs when it dies."""

import os
import signal
import time
from pathlib import Path

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicDeferrer, PeriodicRegistry, PeriodicTask

from newsdesk.worker_sweep import KEPT_DAYS, LOST, MOST_LOSSES, forget_old_jobs, sweep
from tests.background import errands
from tests.background.workers import (
    in_a_loop,
    in_database,
    jobs,
    kept,
    lines_of,
    work_once,
    worker,
)
from tests.faults.processes import eventually
from tests.sessions import at_once

pytestmark = pytest.mark.django_db(transaction=True)

DUE = "UPDATE procrastinate_jobs SET scheduled_at = now()"
DEAD = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"


@pytest.fixture(autouse=True)
def nothing_is_given_up() -> None:
    errands.given_up.clear()


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A named pipe, at which a job waits until it is opened."""
    os.mkfifo(tmp_path / "gate")
    return tmp_path / "gate"


def open_gate(gate: Path) -> None:
    with gate.open("w"):
        pass


# --- running --------------------------------------------------------------------------------------


def test_two_workers_run_each_job_once_and_take_turns(tmp_path: Path) -> None:
    notes, turns = tmp_path / "notes", tmp_path / "turns"
    for number in range(30):
        errands.note.enqueue(file=str(notes), line=str(number))
    for number in range(6):
        errands.take_turns.enqueue(file=str(turns), line=str(number))

    with worker(), worker():
        assert eventually(lambda: {status for status, _ in jobs()} == {"succeeded"})

    assert sorted(lines_of(notes), key=int) == [str(number) for number in range(30)]
    said = lines_of(turns)
    assert [line.removesuffix(" begins") for line in said[::2]] == [str(n) for n in range(6)]
    assert [line.removesuffix(" ends") for line in said[1::2]] == [str(n) for n in range(6)]


def test_what_failed_is_tried_again_later_and_in_the_end_is_given_up_in_words() -> None:
    errands.fail.enqueue(file="a", place="Skerry")

    work_once()
    assert jobs() == [("todo", 1)]
    assert errands.given_up == []
    failed = ProcrastinateJob.objects.get(args__task__startswith="tests.")
    wait = failed.scheduled_at.timestamp() - time.time()
    assert 5 < wait <= 10
    work_once()
    assert jobs() == [("todo", 1)], "it is not due"

    in_database(DUE)
    work_once()
    assert jobs() == [("failed", 2)]
    assert errands.given_up == [("a", "The file is not there.")]
    assert (kept()["says"], kept()["why"]) == ("Errand to Skerry", "The file is not there.")


def test_what_nobody_foresaw_is_in_the_log_under_a_number_and_not_on_the_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    errands.break_down.enqueue()

    work_once()

    assert jobs() == [("failed", 1)]
    said, logged = kept()["why"], caplog.text
    incident = said.rpartition(" ")[2].rstrip(".")
    assert said == f"Something broke here; it has been written down as incident {incident}."
    assert f"Incident {incident} in job" in logged
    assert "ZeroDivisionError: secret" in logged


def test_a_job_whose_function_is_gone_fails_in_words() -> None:
    errands.break_down.enqueue()
    in_database(
        'UPDATE procrastinate_jobs SET args = args || \'{"task": "tests.background.gone.by"}\''
    )

    work_once()

    assert jobs() == [("failed", 1)]
    assert "incident" in kept()["why"]


def test_what_fails_while_its_like_waits_leaves_it_to_that_one() -> None:
    errands.ask_again_and_fail.enqueue()

    work_once()

    assert jobs() == [("todo", 0)]


# --- dying ----------------------------------------------------------------------------------------


def test_what_a_killed_worker_ran_another_runs_to_the_end(tmp_path: Path, gate: Path) -> None:
    file = tmp_path / "lines"
    errands.wait_at_gate.enqueue(file=str(file), gate=str(gate))
    with worker() as first:
        assert eventually(lambda: lines_of(file) == ["begun"])
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert sweep() == 0, "its heart may still beat"
    in_database(DEAD)

    with worker():
        assert eventually(lambda: lines_of(file) == ["begun", "begun"])
        open_gate(gate)
        assert eventually(lambda: jobs() == [("succeeded", 2)])

    assert lines_of(file) == ["begun", "begun", "ended"]


def test_a_worker_that_is_told_to_stop_ends_its_job_and_begins_no_other(
    tmp_path: Path, gate: Path
) -> None:
    file, other = tmp_path / "lines", tmp_path / "other"
    errands.wait_at_gate.enqueue(file=str(file), gate=str(gate))
    with worker() as process:
        assert eventually(lambda: lines_of(file) == ["begun"])
        process.terminate()
        errands.note.enqueue(file=str(other), line="never")
        open_gate(gate)

        assert process.communicate()[1] == b""

    assert process.returncode == 0
    assert lines_of(file) == ["begun", "ended"]
    assert jobs() == [("succeeded", 1), ("todo", 0)]


def test_a_job_that_takes_too_long_to_end_is_left_to_others_at_once(
    tmp_path: Path, gate: Path
) -> None:
    file = tmp_path / "lines"
    errands.wait_at_gate.enqueue(file=str(file), gate=str(gate))
    with worker(is_impatient=True) as process:
        assert eventually(lambda: lines_of(file) == ["begun"])

        process.communicate()  # which closes the pipe, as the end of its parent does

    assert process.returncode == 0
    assert sweep() == 1
    assert jobs() == [("todo", 1)]


def test_each_lost_job_is_found_by_one_of_those_who_look() -> None:
    for _ in range(20):
        errands.break_down.enqueue()
    in_database("UPDATE procrastinate_jobs SET status = 'doing'")

    found = at_once(*[sweep] * 4)

    assert sum(one for one in found if isinstance(one, int)) == 20
    assert jobs() == [("todo", 1)] * 20


def test_a_job_that_is_lost_again_and_again_is_given_up() -> None:
    errands.fail.enqueue(file="a", place="Skerry")
    in_database(f"UPDATE procrastinate_jobs SET status = 'doing', attempts = {1 + MOST_LOSSES}")

    assert sweep() == 1

    assert jobs() == [("failed", 2 + MOST_LOSSES)]
    assert errands.given_up == [("a", LOST)]


def test_a_lost_job_whose_like_waits_is_left_to_that_one() -> None:
    errands.ask_again_and_fail.enqueue()
    in_database("UPDATE procrastinate_jobs SET status = 'doing'")
    errands.ask_again_and_fail.enqueue()

    assert sweep() == 1

    assert jobs() == [("todo", 0)]


# --- the clock ------------------------------------------------------------------------------------


def test_the_clock_queues_a_job_once_however_many_workers_look_at_it() -> None:
    every_night = app.periodic_registry.periodic_tasks[
        "newsdesk.job", "newsdesk.worker_sweep.forget_old_jobs"
    ]
    registry = PeriodicRegistry()
    task: PeriodicTask[..., object, ...] = registry.register_task(
        task=every_night.task, cron="* * * * *", periodic_id=every_night.periodic_id,
        configure_kwargs=every_night.configure_kwargs,
    )  # fmt: skip

    async def look() -> None:
        await PeriodicDeferrer(registry).defer_jobs([(task, 1_800_000_000)])

    for _ in range(2):
        in_a_loop(look())

    nightly = "newsdesk.worker_sweep.forget_old_jobs"
    assert jobs(nightly) == [("todo", 0)]
    work_once()
    assert jobs(nightly) == [("succeeded", 1)]


@pytest.mark.parametrize(
    ("age", "left"),
    [
        ("2 hours", ["todo", "succeeded in 1", "failed"]),
        (f"{KEPT_DAYS + 1} days", ["todo"]),
    ],
)
def test_jobs_that_were_over_long_ago_are_forgotten(age: str, left: list[str]) -> None:
    for status, project in (
        ("todo", None),
        ("succeeded", None),
        ("succeeded", 1),
        ("failed", None),
    ):
        errands.break_down.enqueue(project=project)
        in_database(
            f"UPDATE procrastinate_jobs SET status = '{status}'"
            " WHERE id = (SELECT max(id) FROM procrastinate_jobs)"
        )
    in_database(f"UPDATE procrastinate_events SET at = now() - interval '{age}'")

    forget_old_jobs.func()

    rows = ProcrastinateJob.objects.order_by("pk").values_list("status", "args__project")
    assert [f"{status} in {project}" if project else status for status, project in rows] == left
