"""The demo's datasets: gold in two versions, and submitted work, frozen here and now."""

from articles.datasets.freezing import freeze
from articles.datasets.snapshot_services import Wanted, make_snapshot
from articles.desk.models import Project, User

LICENCE = "CC BY 4.0"
WANTED = (
    Wanted("Gold", by=None),
    Wanted("Gold", by="story", seed=7, licence=LICENCE, formats=("jsonl", "csv")),
    Wanted("Everybody's work", layers="submitted", by="date", licence=LICENCE, formats=()),
)


def load_snapshots(project: Project, maker: User) -> None:
    """Freeze them at once: nobody who looks at a demo waits for a job."""
    for wanted in WANTED:
        snapshot, _ = make_snapshot(actor=maker, project=project, wanted=wanted)
        freeze(snapshot.pk)
