"""The jobs of imports."""

from uuid import UUID

from articles.imports import file_services
from articles.imports.models import ImportRun
from articles.imports.run_services import finish, run_import
from newsdesk.jobs import job, scheduled


def give_up(*, run: str, why: str) -> None:
    """The job did not succeed, however often it was tried: the run says why."""
    finish(run_id=UUID(run), status=ImportRun.Status.FAILED, problem=why)


@job(
    attempts=5, lock="import {run}", once="import {run}", says="Import of {name}", given_up=give_up
)
def import_run(*, run: str) -> None:
    """Go through the file of a run."""
    run_import(run_id=UUID(run))


@scheduled("53 3 * * *")
@job(says="Delete old files of imports")
def forget_old_files() -> None:
    """Every night."""
    file_services.forget_old_files()
