"""What jobs leave behind: those whose worker died are run again, old ones are forgotten."""

from datetime import timedelta

from django.db import connection, connections, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job
from procrastinate.utils import utcnow

from newsdesk.jobs import is_last_attempt, job, note_failure, scheduled

#: Seconds without a sign of life, after which a worker's jobs are run by others.
DEAD_AFTER = 45.0
#: A job may be lost with its worker so often, beside its own attempts: it may be what kills it.
MOST_LOSSES = 5
LOST = "The worker that ran it was lost, each time."
KEPT_DAYS = 30  # that a job which is over can be looked at
#: Hours that one is kept which did well and which no page shows, such as those of the clock.
KEPT_HOURS = 1

FORGET = """
DELETE FROM procrastinate_jobs t
WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted') AND NOT EXISTS (
    SELECT FROM procrastinate_events WHERE job_id = t.id AND at > now() - CASE
        WHEN status = 'succeeded' AND t.args->>'project' IS NULL THEN make_interval(hours => %s)
        ELSE make_interval(days => %s) END
)
"""


def sweep() -> int:
    """Queue the jobs of dead workers again, or end those that were lost too often; how many.

    Any number of workers may sweep at once: each lost job is seen by one of them.
    """
    alive = ProcrastinateWorker.objects.filter(
        pk=OuterRef("worker_id"), last_heartbeat__gt=Now() - timedelta(seconds=DEAD_AFTER)
    )
    try:
        with transaction.atomic():
            lost = ProcrastinateJob.objects.filter(~Exists(alive), status="doing")
            found = [one.procrastinate_job for one in lost.select_for_update(skip_locked=True)]
            for one in found:
                _queue_again(one)
    finally:
        connections.close_all()
    return len(found)


def _queue_again(lost: Job) -> None:
    assert lost.id is not None
    if is_last_attempt(lost, more=MOST_LOSSES):
        note_failure(lost, LOST, is_last=True)
        _finish(lost, "failed")
        return
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(lost.id, retry_at=utcnow())
    except UniqueViolation:  # another one like it waits already, and does what this would do
        _finish(lost, "aborted", is_kept=False)


def _finish(lost: Job, status: str, *, is_kept: bool = True) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_finish_job_v1(%s, %s, %s)", [lost.id, status, not is_kept]
        )


@scheduled("17 * * * *")
@job()
def forget_old_jobs() -> None:
    """Delete jobs that were over long ago, each hour."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [KEPT_HOURS, KEPT_DAYS])
