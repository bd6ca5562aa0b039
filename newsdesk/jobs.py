"""Background work: Django's tasks, kept in PostgreSQL and run by procrastinate.

A job is written by the transaction that asks for it: it exists exactly if that change does. It may
be run more than once, because a worker may die at its last step; what it does must bear that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction
from django.tasks import TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import Task, TaskResult
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

#: Name of procrastinate's one task of ours; which of our own it runs is in its arguments.
NAME = "newsdesk.job"
#: Seconds until a failed job is tried again: after each failure twice as long, up to the last.
FIRST_WAIT, LONGEST_WAIT = 10, 3600

if TYPE_CHECKING:
    AnyTask = Task[..., Any]
else:  # only its types know that it is generic
    AnyTask = Task


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(AnyTask):
    """A task that may be tried again, and that knows what it must not run beside.

    ``attempts`` counts all tries. ``lock`` is a text with holes for the arguments, such as
    ``import {run}``: of the jobs with the same one, one runs at a time. While a job with the same
    ``once`` waits, no second one is queued.
    """

    attempts: int = 1
    lock: str = ""
    once: str = ""


@dataclass(frozen=True)
class _Retries(BaseRetryStrategy):
    """Tries a job again as its task says."""

    waits: Sequence[int] = field(
        default=tuple(min(FIRST_WAIT * 2**n, LONGEST_WAIT) for n in range(20))
    )

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        wanted = _task(str(job.task_kwargs["task"]))
        if job.attempts + 1 >= wanted.attempts:
            return None
        return RetryDecision(retry_in={"seconds": self.waits[min(job.attempts, 19)]})


class JobBackend(BaseTaskBackend):
    """Django's tasks as procrastinate's jobs, through Django's own connection."""

    task_class = JobTask
    supports_defer = True
    supports_priority = True

    def enqueue(
        self, task: Task[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> TaskResult[Any, Any]:
        """Write the job; arguments must be named, and be JSON.

        Raises:
            TypeError: if an argument has no name.
        """
        if args or not isinstance(task, JobTask):
            raise TypeError("Jobs take their arguments by name.")
        try:
            with transaction.atomic():
                number = app.configure_task(
                    NAME,
                    allow_unknown=False,
                    priority=task.priority,
                    schedule_at=task.run_after,
                    lock=task.lock.format(**kwargs) or None,
                    queueing_lock=task.once.format(**kwargs) or None,
                ).defer(task=task.module_path, given=dict(kwargs))
        except AlreadyEnqueued:
            number = 0
        return TaskResult(
            task=task,
            id=str(number),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=[],
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def job(
    *, attempts: int = 1, lock: str = "", once: str = ""
) -> Callable[[Callable[..., None]], JobTask]:
    """Make a function a job: ``@job(lock="import {run}")``, and then ``f.enqueue(run=1)``."""
    return partial(_job, attempts=attempts, lock=lock, once=once)


def _job(func: Callable[..., None], *, attempts: int, lock: str, once: str) -> JobTask:
    return JobTask(func=func, attempts=attempts, lock=lock, once=once)


@app.task(name=NAME, retry=_Retries())
def run(*, task: str, given: dict[str, Any]) -> None:
    """Run one job, in a thread of the worker, with database connections of its own."""
    try:
        _task(task).func(**given)
    finally:
        connections.close_all()


def _task(path: str) -> JobTask:
    found: JobTask = import_string(path)
    return found
