"""The background jobs of a project, for the people who wait for them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from articles.desk.models import Project

#: What people read for the queue's own words.
STATES = {
    "todo": "waiting",
    "doing": "running",
    "succeeded": "done",
    "failed": "failed",
    "cancelled": "cancelled",
    "aborted": "cancelled",
}
#: Jobs that are listed: those that wait or run first, then the newest.
MOST = 100


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job: ``state`` since ``at``; ``why`` it last failed; ``due``, if it waits for its time.

    ``attempts`` are those that are over.
    """

    number: int
    says: str
    state: str
    attempts: int
    at: datetime | None
    due: datetime | None
    why: str

    @property
    def is_going_on(self) -> bool:
        return self.state in ("waiting", "running")


def jobs_in(project: Project) -> QuerySet[ProcrastinateJob]:
    """The jobs of ``project``, whatever became of them."""
    return ProcrastinateJob.objects.filter(args__project=project.pk)


def job_lines(project: Project) -> list[JobLine]:
    """The jobs to look at. One query, which reads the queue's table."""
    now = timezone.now()
    # That a job is due later is an event, too, of that moment.
    newest = ProcrastinateEvent.objects.filter(job=OuterRef("pk"), at__lte=now).order_by("-at")
    is_over = Case(
        When(status__in=["todo", "doing"], then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = (
        jobs_in(project)
        .annotate(is_over=is_over, at=Subquery(newest.values("at")[:1]))
        .order_by("is_over", F("pk").desc())
    )
    return [
        JobLine(
            number=row.pk,
            says=row.args["says"] or "A job",
            state=STATES[row.status],
            attempts=row.attempts,
            at=row.at,
            due=_due(row, now),
            why=row.args.get("why", "") if row.status != "succeeded" else "",
        )
        for row in rows[:MOST]
    ]


def _due(row: ProcrastinateJob, now: datetime) -> datetime | None:
    """The moment that the job waits for, if it does."""
    is_later = row.status == "todo" and row.scheduled_at is not None and row.scheduled_at > now
    return row.scheduled_at if is_later else None
