"""Background work on datasets."""

from uuid import UUID

from articles.datasets.freezing import freeze
from articles.datasets.models import Snapshot
from articles.datasets.snapshot_file_services import file_of
from articles.formats.registry import FORMATS
from newsdesk.jobs import job


@job(attempts=3, lock="snapshot {snapshot}", once="snapshot {snapshot}")
def freeze_snapshot(*, snapshot: str) -> None:
    """Freeze a snapshot, and then have the files built that were asked for with it."""
    if freeze(UUID(snapshot)):
        for name in Snapshot.objects.values_list("formats", flat=True).get(pk=snapshot):
            build_file.enqueue(snapshot=snapshot, name=name)


@job(attempts=3, lock="file {name} of {snapshot}", once="file {name} of {snapshot}")
def build_file(*, snapshot: str, name: str) -> None:
    """Build a snapshot's file, so that nobody has to wait for it."""
    found = Snapshot.objects.select_related("project").get(pk=snapshot)
    file_of(snapshot=found, form=FORMATS[name], options={})
