"""Background work: Django's tasks, kept in PostgreSQL and run by procrastinate.

A job is written by the transaction that asks for it: it exists exactly if that change does. It may
be run more than once, because a worker may die at its last step; what it does must bear that.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from string import Formatter
from typing import TYPE_CHECKING, Any

from django.db import connection, connections, transaction
from django.tasks import TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import Task, TaskResult
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from newsdesk.errors import NewsdeskError
from newsdesk.incidents import told

#: Name of procrastinate's one task of ours; which of our own it runs is in its arguments.
NAME = "newsdesk.job"
#: Seconds until a failed job is tried again: after each failure twice as long, up to the last.
FIRST_WAIT, LONGEST_WAIT = 10, 3600

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    AnyTask = Task[..., Any]
else:  # only its types know that it is generic
    AnyTask = Task


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(AnyTask):
    """A task that may be tried again, and that knows what it must not run beside.

    ``attempts`` counts all tries. ``lock`` is a text with holes for the arguments, such as
    ``import {run}``: of the jobs with the same one, one runs at a time. While a job with the same
    ``once`` waits, no second one is queued. ``says`` is what people read: ``Import of {name}``.
    ``given_up`` is called with the arguments, and with ``why`` in words, when a job is over without
    having succeeded: it failed for the last time, or somebody cancelled it.
    """

    attempts: int = 1
    lock: str = ""
    once: str = ""
    says: str = ""
    given_up: Callable[..., None] | None = None

    def given(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """What the function is given: all but ``project`` and what only ``says`` or ``lock`` has.

        Raises:
            TypeError: if that is not what it takes.
        """
        taken = inspect.signature(self.func)
        holes = [*Formatter().parse(self.says), *Formatter().parse(self.lock)]
        read = {"project", *(name for _, name, *_ in holes if name)}
        given = {
            name: value
            for name, value in arguments.items()
            if name in taken.parameters or name not in read
        }
        taken.bind(**given)
        return given


class JobBackend(BaseTaskBackend):
    """Django's tasks as procrastinate's jobs, through Django's own connection."""

    task_class = JobTask
    supports_defer = True
    supports_priority = True

    def enqueue(
        self, task: Task[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> TaskResult[Any, Any]:
        """Write the job; arguments must be named, and be JSON.

        ``project`` is the number of the project on whose page of jobs it is shown. The function
        need not take that, nor what only ``says`` or ``lock`` names.

        Raises:
            TypeError: if an argument has no name, is missing, or is one too many.
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
                ).defer(**_written(task, kwargs))
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


def bring_forward(task: JobTask, **arguments: Any) -> None:
    """Have the job of this ``once`` run now, if it waits for its time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now()"
            " WHERE status = 'todo' AND scheduled_at > now() AND queueing_lock = %s",
            [task.once.format(**arguments)],
        )


def job(
    *,
    attempts: int = 1,
    lock: str = "",
    once: str = "",
    says: str = "",
    given_up: Callable[..., None] | None = None,
) -> Callable[[Callable[..., None]], JobTask]:
    """Make a function a job: ``@job(lock="import {run}")``, and then ``f.enqueue(run=1)``."""
    options = {
        "attempts": attempts, "lock": lock, "once": once, "says": says, "given_up": given_up
    }  # fmt: skip
    return partial(_job, options)


def scheduled(cron: str) -> Callable[[JobTask], JobTask]:
    """Have a job without arguments queued by the clock, in UTC: ``@scheduled("17 3 * * *")``.

    At most one of it waits, and one runs. A time at which no worker lived is made up for if it is
    less than ten minutes ago.
    """
    return partial(_schedule, cron)


def _job(options: Mapping[str, Any], func: Callable[..., None]) -> JobTask:
    return JobTask(func=func, **options)


def _schedule(cron: str, wanted: JobTask) -> JobTask:
    path = wanted.module_path
    app.periodic_registry.register_task(
        task=app.tasks[NAME],
        cron=cron,
        periodic_id=path,
        configure_kwargs={
            "task_kwargs": _written(wanted, {}),
            "lock": wanted.lock or path,
            "queueing_lock": wanted.once or path,
        },
    )
    return wanted


def _written(task: JobTask, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """All that is kept of a job: also a worker that no longer knows its function can end it."""
    return {
        "task": task.module_path,
        "given": task.given(arguments),
        "attempts": task.attempts,
        "says": task.says.format(**arguments),
        "project": arguments.get("project"),
    }


# --- running --------------------------------------------------------------------------------------


class _Retries(BaseRetryStrategy):
    """Tries a job again as often as it says."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if is_last_attempt(job):
            return None
        wait = min(FIRST_WAIT * 2 ** min(job.attempts, 20), LONGEST_WAIT)
        return RetryDecision(retry_in={"seconds": wait})


def is_last_attempt(job: Job, *, more: int = 0) -> bool:
    """Whether a job that fails now has been tried as often as it may be, and ``more``."""
    attempts = job.task_kwargs["attempts"]
    assert isinstance(attempts, int)
    return job.attempts + 1 >= attempts + more


@app.task(name=NAME, retry=_Retries(), pass_context=True)
def run(context: JobContext, /, *, task: str, given: dict[str, Any], **_told: object) -> None:
    """Run one job, in a thread of the worker, with database connections of its own."""
    try:
        found: JobTask = import_string(task)
        found.func(**given)
    except Exception as error:
        connections.close_all()  # with whatever it left behind; or the connection is lost
        why = _why(error, f"{context.job.id} ({task})")
        note_failure(context.job, why, is_last=is_last_attempt(context.job))
        raise
    finally:
        connections.close_all()


def note_failure(job: Job, why: str, *, is_last: bool) -> None:
    """Keep beside a job what went wrong; if that was its last attempt, give it up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET args = args || jsonb_build_object('why', %s::text)"
            " WHERE id = %s",
            [why, job.id],
        )
    if is_last:
        try:
            give_up(job.task_kwargs, why)
        except Exception:  # whatever it is: the job is over all the same
            log.exception("Nobody could be told that job %s is given up", job.id)


def give_up(kept: Mapping[str, Any], why: str) -> None:
    """Tell whoever is concerned that a job, as it is kept, will not be run again."""
    try:
        found: JobTask = import_string(kept["task"])
    except ImportError:  # an older Newsdesk's: nobody is left to be told
        return
    if found.given_up:
        with transaction.atomic():
            found.given_up(why=why, **kept["given"])


def _why(error: Exception, which: str) -> str:
    """What went wrong, for people. What we did not foresee is in the log, under a number."""
    if isinstance(error, NewsdeskError):
        return error.message
    return told(error, f"in job {which}")
