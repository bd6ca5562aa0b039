"""Jobs: written with the change that asks for them, run once more after a failure."""

import pytest
from django.db import transaction

from newsdesk.jobs import job
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

ran: list[str] = []


@job(lock="letters", once="letter {letter}")
def post(letter: str) -> None:
    ran.append(letter)


@pytest.fixture(autouse=True)
def nothing_ran() -> None:
    ran.clear()


def test_a_job_runs_with_what_it_was_given() -> None:
    post.enqueue(letter="a")
    post.enqueue(letter="b")

    assert run_jobs() == 2
    assert ran == ["a", "b"]


def test_a_job_that_waits_already_is_not_queued_again() -> None:
    post.enqueue(letter="a")
    post.enqueue(letter="a")

    assert run_jobs() == 1


def test_a_change_that_is_rolled_back_leaves_no_job() -> None:
    with transaction.atomic():
        post.enqueue(letter="a")
        transaction.set_rollback(True)

    assert run_jobs() == 0


def test_arguments_have_names() -> None:
    with pytest.raises(TypeError, match="by name"):
        post.enqueue("a")
