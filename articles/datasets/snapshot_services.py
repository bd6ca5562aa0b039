"""Make datasets: choose what goes in, ask for it to be frozen, try again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from articles.datasets.errors import NothingToFreeze
from articles.datasets.models import Snapshot
from articles.datasets.permissions import can_freeze
from articles.datasets.snapshot_queries import chosen_articles
from articles.datasets.split import By
from articles.datasets.tasks import freeze_snapshot, turn_of
from articles.desk.models import LARGEST_INTEGER, Project, User
from articles.desk.permissions import role_in
from articles.desk.recording import recorded
from articles.formats.registry import WRITABLE
from articles.text.canonical import is_storable
from newsdesk.errors import IdReused, Invalid, NotAllowed, constraint_name

#: Whose work goes in.
Layers = Literal["gold", "submitted", "all"]

#: Code points of a name and of a licence, and splits of a dataset.
LONGEST_NAME, LONGEST_LICENCE, MOST_SPLITS = 120, 100, 6
SPLIT_NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")
#: How far shares that are written as decimals may be from a whole.
ROUNDING = 0.001
DEFAULT_RATIOS = {"train": 0.8, "dev": 0.1, "test": 0.1}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants frozen.

    ``split`` is ``{by, seed, ratios}``, or ``None`` if the articles are not to be divided;
    ``filters`` are those of the list of articles, without the empty ones; ``formats`` are files
    that are built at once.
    """

    name: str
    layers: Layers = "gold"
    by: By | None = "story"
    seed: int = 1
    ratios: Mapping[str, float] | None = None
    filters: Mapping[str, Any] | None = None
    formats: Sequence[str] = ("jsonl",)
    licence: str = ""

    def fields(self) -> dict[str, Any]:
        """The snapshot's columns.

        Raises:
            Invalid: if a value makes no sense.
        """
        known = {one.name for one in WRITABLE}
        unknown = [one for one in self.formats if one not in known]
        if unknown:
            raise Invalid(f"There is no format “{unknown[0]}”.", field="formats")
        return {
            "name": _words(self.name, "name", 1, LONGEST_NAME),
            "layers": self.layers,
            "split": self._split(),
            "filter": dict(self.filters or {}),
            "formats": list(dict.fromkeys(self.formats)),
            "licence": _words(self.licence, "licence", 0, LONGEST_LICENCE),
        }

    def _split(self) -> dict[str, Any]:
        if self.by is None:
            return {}
        ratios = self.ratios or DEFAULT_RATIOS
        if not 0 <= self.seed <= LARGEST_INTEGER:
            raise Invalid(f"A seed is 0 to {LARGEST_INTEGER}.", field="seed")
        if len(ratios) > MOST_SPLITS or not all(map(SPLIT_NAME.fullmatch, ratios)):
            raise Invalid(
                f"Splits are up to {MOST_SPLITS}, called by small letters, digits and _.",
                field="ratios",
            )
        if not all(0 < one <= 1 for one in ratios.values()):
            raise Invalid("Each split has a share above 0, up to 1.", field="ratios")
        if abs(sum(ratios.values()) - 1) > ROUNDING:
            raise Invalid("The shares of the splits must add up to 1.", field="ratios")
        # As pairs: PostgreSQL keeps no order in objects, and by date it is the order that counts.
        return {"by": self.by, "seed": self.seed, "ratios": [list(one) for one in ratios.items()]}


def make_snapshot(
    *, actor: User, project: Project, wanted: Wanted, home: str = "", chosen_id: UUID | None = None
) -> tuple[Snapshot, bool]:
    """Ask for a new version of the dataset ``wanted.name``; a job freezes it.

    ``home`` is the server's address, which its files name. Returns the snapshot and whether it is
    new: the same id with the same wish again changes nothing.

    Raises:
        NotAllowed: unless the actor makes datasets here.
        Invalid: if something wanted makes no sense.
        NothingToFreeze: if there is no such article.
        IdReused: if the id belongs to another wish.
    """
    require_freezing(actor=actor, project=project)
    fields = wanted.fields()
    there = _there(project, chosen_id, actor, fields)
    if there is not None:
        return there, False
    if not chosen_articles(project, actor, wanted.layers, fields["filter"]).exists():
        raise NothingToFreeze()
    while True:
        try:
            return _make(actor, project, fields, home, chosen_id), True
        except IntegrityError as error:
            if constraint_name(error) == "articles_snapshot_pkey":
                there = _there(project, chosen_id, actor, fields)
                if there is None:
                    raise IdReused() from error
                return there, False
            if constraint_name(error) != "snapshot_version_once":
                raise  # else somebody else just took the number: there is a next one


def retry_snapshot(*, actor: User, snapshot: Snapshot) -> Snapshot:
    """Freeze again what failed. What waits, runs or is ready stays as it is.

    Raises:
        NotAllowed: unless the actor makes datasets here.
    """
    require_freezing(actor=actor, project=snapshot.project)
    with transaction.atomic():
        failed = Snapshot.objects.filter(pk=snapshot.pk, status=Snapshot.Status.FAILED)
        if failed.update(status=Snapshot.Status.QUEUED, problem="", done=0, total=0):
            _queue(snapshot)
    snapshot.refresh_from_db()
    return snapshot


def make_again(*, actor: User, snapshot: Snapshot) -> Snapshot:
    """A new version of the same wish: without what may not go out any more, with what is new.

    Raises:
        NotAllowed, NothingToFreeze: as ``make_snapshot`` does.
    """
    split = snapshot.split
    wanted = Wanted(
        name=snapshot.name,
        layers=cast(Layers, snapshot.layers),  # a constraint keeps it one of three
        by=split.get("by"),
        seed=split.get("seed", 1),
        ratios=dict(split.get("ratios", [])),
        filters=snapshot.filter,
        formats=snapshot.formats,
        licence=snapshot.licence,
    )
    home = snapshot.about.get("home", "")
    again, _ = make_snapshot(actor=actor, project=snapshot.project, wanted=wanted, home=home)
    return again


def require_freezing(*, actor: User, project: Project) -> None:
    """Refuse whoever makes no datasets in the project. One query.

    Raises:
        NotAllowed: in words.
    """
    if not can_freeze(role_in(project, actor)):
        raise NotAllowed("Only engineers and managers make datasets.")


def _make(
    actor: User, project: Project, fields: Mapping[str, Any], home: str, chosen_id: UUID | None
) -> Snapshot:
    with recorded("snapshot.made", actor=actor, project=project) as recording:
        versions = project.snapshots.filter(name=fields["name"])
        newest = versions.aggregate(n=Max("number"))["n"] or 0
        snapshot = Snapshot.objects.create(
            **({"id": chosen_id} if chosen_id else {}),
            **fields,
            project=project,
            number=newest + 1,
            made_by=actor,
            guidelines_version=project.guidelines_version,
            about={"home": home.rstrip("/")},
        )
        recording.made(snapshot)
        _queue(snapshot)
    return snapshot


def _queue(snapshot: Snapshot) -> None:
    freeze_snapshot.enqueue(
        snapshot=str(snapshot.pk),
        name=str(snapshot),
        project=snapshot.project_id,
        turn=turn_of(snapshot.pk),
    )


def _there(
    project: Project, chosen_id: UUID | None, actor: User, fields: Mapping[str, Any]
) -> Snapshot | None:
    """What was made with this id before.

    Raises:
        IdReused: if that was another wish, or somebody else's.
    """
    there = Snapshot.objects.filter(pk=chosen_id).first() if chosen_id else None
    if there is None:
        return None
    same = all(getattr(there, name) == value for name, value in fields.items())
    if not same or (there.project_id, there.made_by_id) != (project.pk, actor.pk):
        raise IdReused()
    return there


def _words(text: str, field: str, least: int, most: int) -> str:
    text = " ".join(text.split()) if is_storable(text) else ""
    if not least <= len(text) <= most:
        raise Invalid(f"A {field} has {least} to {most} characters.", field=field)
    return text
