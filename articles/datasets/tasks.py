"""Background work on datasets."""

from uuid import UUID

from articles.datasets import freezing
from articles.datasets.models import Snapshot
from articles.datasets.snapshot_file_services import file_of
from articles.formats.registry import FORMATS
from newsdesk.jobs import job

#: Datasets that are frozen at the same time, so that other work finds a worker, too.
AT_ONCE = 2


def turn_of(snapshot: UUID) -> int:
    """After which others it is frozen: one at a time of each turn."""
    return snapshot.int % AT_ONCE


def give_up(*, snapshot: str, why: str) -> None:
    """The job did not succeed, however often it was tried: the snapshot says why."""
    freezing.give_up(snapshot_id=UUID(snapshot), why=why)


@job(
    attempts=3,
    lock="freeze {turn}",
    once="snapshot {snapshot}",
    says="Freeze {name}",
    given_up=give_up,
)
def freeze_snapshot(*, snapshot: str) -> None:
    """Freeze a snapshot, and then have the files built that were asked for with it."""
    freezing.freeze(UUID(snapshot))
    found = Snapshot.objects.get(pk=snapshot)
    for form in found.formats:
        build_file.enqueue(
            snapshot=snapshot,
            form=form,
            title=FORMATS[form].title,
            name=str(found),
            project=found.project_id,
        )


@job(
    attempts=3,
    lock="file {form} of {snapshot}",
    once="file {form} of {snapshot}",
    says="Build {title} of {name}",
)
def build_file(*, snapshot: str, form: str) -> None:
    """Build a snapshot's file, so that nobody has to wait for it."""
    found = Snapshot.objects.select_related("project").get(pk=snapshot)
    file_of(snapshot=found, form=FORMATS[form], asked={})
