"""What the API takes and gives about datasets."""

from datetime import datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, Field

from articles.datasets.diff import Difference, Totals
from articles.datasets.models import Snapshot
from articles.datasets.snapshot_services import DEFAULT_RATIOS, Layers, Wanted
from articles.formats.registry import OPTION_NAMES
from newsdesk.api_shapes import CHOSEN_ID, Asked, Body, Listing, Name, Paging, Words

StatusKey = Literal["queued", "running", "ready", "failed"]
FormatKey = Literal[
    "jsonl", "csv", "parquet", "conll", "spacy", "brat", "w3c", "labelstudio", "doccano",
    "prodigy", "uima", "claimreview", "labelstudio_config",
]  # fmt: skip
Short = Annotated[Words, Field(max_length=200)]


def _usual_split() -> "SplitIn":
    return SplitIn.model_validate({})


class SplitIn(Body):
    """How to divide the articles; a story and its near duplicates are always on one side."""

    by: Literal["story", "date", "random"] = "story"
    seed: int = Field(1, ge=0, le=2**31 - 1)
    ratios: dict[str, float] = Field(
        DEFAULT_RATIOS, description="Shares that add up to 1; by date, the oldest come first."
    )


class FilterIn(Body):
    """Which articles, as in the list of articles."""

    q: Short = ""
    status: Short = ""
    label: Short = ""
    annotator: Short = ""
    language: Short = ""
    publisher: Short = ""
    disputed: Annotated[
        Literal["", "on"], Field(description="`on`: only where annotators disagreed.")
    ] = ""

    def chosen(self) -> dict[str, str]:
        """Those that filter."""
        return {name: value for name, value in self.model_dump().items() if value}


class SnapshotIn(Body):
    id: UUID | None = Field(None, description=CHOSEN_ID)
    name: Annotated[Name, Field(max_length=120)]
    layers: Layers = Field("gold", description="Whose work, and with it which articles.")
    split: SplitIn | None = Field(
        default_factory=_usual_split, description="Null leaves the articles undivided."
    )
    filter: FilterIn = Field(FilterIn(), description="Of the list of articles; empty ones do not.")
    formats: list[FormatKey] = Field(
        ["jsonl"],
        max_length=len(get_args(FormatKey)),
        description="Files to build at once; any other is built later.",
    )
    licence: Annotated[Words, Field(max_length=100)] = ""

    def wanted(self) -> Wanted:
        """The same for the service."""
        return Wanted(
            name=self.name,
            layers=self.layers,
            by=self.split.by if self.split else None,
            seed=self.split.seed if self.split else 1,
            ratios=self.split.ratios if self.split else None,
            filters=self.filter.chosen(),
            formats=self.formats,
            licence=self.licence,
        )


class SplitOut(BaseModel):
    by: Literal["story", "date", "random"]
    seed: int
    ratios: dict[str, float]


class SnapshotOut(BaseModel):
    id: UUID
    project: str
    name: str
    version: int = Field(description="Of this name, counted from 1.")
    layers: Layers
    split: SplitOut | None
    filter: dict[str, Any]
    formats: list[str]
    licence: str
    status: StatusKey
    done: int = Field(description="Articles that are frozen so far, of `total`.")
    total: int
    problem: str = Field(description="Why it failed, with the incident number.")
    hash: str | None = Field(description="SHA-256 of the canonical JSONL, in hexadecimal.")
    size: int | None = Field(description="Bytes of the canonical JSONL.")
    guidelines_version: int
    counts: dict[str, Any] = Field(description="Empty until it is ready.")
    made_by: str
    created_at: datetime
    frozen_at: datetime | None = Field(description="The moment at which everything stood so.")

    @staticmethod
    def of(snapshot: Snapshot) -> "SnapshotOut":
        """The snapshot, without its card."""
        return SnapshotOut.model_validate(_values(snapshot))


class SnapshotWhole(SnapshotOut):
    card: str = Field(description="Markdown with YAML, as Hugging Face has it.")

    @staticmethod
    def of(snapshot: Snapshot) -> "SnapshotWhole":
        """The snapshot with its card."""
        return SnapshotWhole.model_validate({**_values(snapshot), "card": snapshot.card})


Snapshots = Listing[SnapshotOut]


class Removals(BaseModel):
    """Articles of a dataset that may not go out any more: remove them from what you hold."""

    articles: list[UUID]


class FileAsked(Asked):
    """Which file is asked for, with the options that its format has."""

    @classmethod
    def parameters(cls) -> set[str]:
        return super().parameters() | OPTION_NAMES


class FileQuery(FileAsked):
    """Which file of a dataset is asked for."""

    format: FormatKey = "jsonl"


class DiffQuery(Asked):
    """Which two to compare."""

    other: UUID | None = Field(
        None, alias="with", description="The earlier dataset; by default the version before."
    )
    limit: int = Field(100, ge=0, le=1000, description="Articles to tell of one by one, at most.")


class LabelDiff(BaseModel):
    label: str
    added: int
    removed: int
    changed: int


class ArticleDiff(BaseModel):
    id: UUID
    title: str
    what: Literal["added", "removed", "changed"]
    annotations_added: int
    annotations_removed: int
    annotations_changed: int
    split_before: str | None = Field(description="If it moved to another split.")
    split_after: str | None

    @staticmethod
    def of(one: Difference) -> "ArticleDiff":
        """What became of one article."""
        before, after = one.moved or (None, None)
        return ArticleDiff(
            id=UUID(one.id),
            title=one.title,
            what=one.what,
            annotations_added=one.added.total(),
            annotations_removed=one.removed.total(),
            annotations_changed=one.changed.total(),
            split_before=before,
            split_after=after,
        )


class DiffOut(BaseModel):
    added: int = Field(description="Articles that only the later one has.")
    removed: int
    changed: int
    unchanged: int
    moved: int = Field(description="Articles that are in another split.")
    labels: list[LabelDiff]
    articles: list[ArticleDiff] = Field(description="Those that differ, by id, up to `limit`.")

    @staticmethod
    def of(totals: Totals, unchanged: int, shown: list[Difference]) -> "DiffOut":
        """All of it, and some articles."""
        return DiffOut(
            **{what: totals.articles[what] for what in ("added", "removed", "changed")},
            unchanged=unchanged,
            moved=totals.moved,
            labels=[
                LabelDiff(label=key, added=added, removed=removed, changed=changed)
                for key, added, removed, changed in totals.by_label()
            ],
            articles=[ArticleDiff.of(one) for one in shown],
        )


def _values(snapshot: Snapshot) -> dict[str, Any]:
    split = snapshot.split and {**snapshot.split, "ratios": dict(snapshot.split["ratios"])}
    names = (
        "id", "name", "layers", "filter", "formats", "licence", "status", "done", "total",
        "problem", "size", "guidelines_version", "counts", "created_at", "frozen_at",
    )  # fmt: skip
    return {
        **{name: getattr(snapshot, name) for name in names},
        "project": snapshot.project.slug,
        "version": snapshot.number,
        "split": split or None,
        "hash": snapshot.hash or None,
        "made_by": snapshot.made_by.username,
    }


class SnapshotQuery(Paging):
    """Which datasets to list."""
