"""A snapshot as the source of files: its bytes, and what they say of themselves, never change."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.text import slugify

from articles.datasets.models import Snapshot
from articles.datasets.snapshot_queries import lines_of
from articles.desk.models import Project
from articles.formats.shapes import About, LabelAbout


@dataclass(frozen=True, slots=True)
class SnapshotSource:
    """The articles of a frozen snapshot, in its order; see ``sources.Source``."""

    snapshot: Snapshot

    @property
    def project(self) -> Project:
        """Whose articles these are."""
        return self.snapshot.project

    @property
    def stem(self) -> str:
        """How a file of it is called, without its ending, such as ``harbour-gold-v2``."""
        name = slugify(self.snapshot.name) or "dataset"
        return f"{self.project.slug}-{name}-v{self.snapshot.number}"

    def lines(self) -> Iterator[bytes]:
        """The canonical bytes, a line at a time."""
        return lines_of(self.snapshot.pk)

    def about(self, options: Mapping[str, str]) -> About:
        """What was true of the project when it was frozen, for a file with these ``options``."""
        kept = self.snapshot.about
        labels = [LabelAbout(**one) for one in kept["labels"]]
        return About(kept["project"], kept["name"], labels, kept["home"], options)


def as_kept(about: About) -> dict[str, Any]:
    """``about`` as the snapshot keeps it; options belong to a file."""
    kept = asdict(about)
    del kept["options"]
    return kept
