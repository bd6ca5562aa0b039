"""Run a failed job once more, or cancel one that waits."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation

from articles.desk.errors import JobMovedOn
from articles.desk.job_queries import jobs_in
from articles.desk.models import Project, User
from articles.desk.permissions import can_import, role_in
from newsdesk.errors import NotAllowed
from newsdesk.jobs import give_up


def retry_job(*, actor: User, project: Project, number: int) -> None:
    """Have a job that failed run once more, now.

    Raises:
        NotAllowed: if the actor neither manages the project nor brings its data in and out.
        JobMovedOn: if it has not failed, or somebody has had it run again.
    """
    _check(actor, project)
    with transaction.atomic():
        found = get_object_or_404(jobs_in(project).select_for_update(of=("self",)), pk=number)
        if found.status != "failed":
            raise JobMovedOn("This job has not failed, or is being tried again already.")
        try:
            app.job_manager.retry_job_by_id(number, retry_at=timezone.now())
        except UniqueViolation as error:
            raise JobMovedOn("Another job that does the same waits already.") from error


def cancel_job(*, actor: User, project: Project, number: int) -> None:
    """Cancel a job that waits; whoever is concerned is told.

    Raises:
        NotAllowed: if the actor neither manages the project nor brings its data in and out.
        JobMovedOn: if it does not wait any more.
    """
    _check(actor, project)
    with transaction.atomic():
        found = get_object_or_404(jobs_in(project).select_for_update(of=("self",)), pk=number)
        if not app.job_manager.cancel_job_by_id(number):
            raise JobMovedOn("This job does not wait any more.")
        give_up(found.args, f"{actor} cancelled it.")


def _check(actor: User, project: Project) -> None:
    if not can_import(role_in(project, actor)):
        raise NotAllowed("Only managers and engineers see and steer background jobs.")
