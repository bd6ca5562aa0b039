"""A snapshot's files: built once, kept in the storage, and built again to the same bytes."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from tempfile import NamedTemporaryFile
from typing import IO
from urllib.parse import urlencode

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from articles.datasets.diff import Difference, Totals, compare
from articles.datasets.errors import FileDiffers, NotCleared, NotReady, Withheld
from articles.datasets.export_services import chosen_options
from articles.datasets.models import Snapshot, SnapshotFile
from articles.datasets.queries import one_instant
from articles.datasets.snapshot_queries import (
    different_records,
    equal_count,
    kept_from,
    kept_in,
)
from articles.datasets.snapshot_source import SnapshotSource
from articles.datasets.sources import written
from articles.desk.models import User
from articles.formats.registry import WRITABLE, Format
from articles.intake.models import Article


def require_readable(*, actor: User, snapshot: Snapshot) -> None:
    """Refuse the files of a snapshot to whoever may not have them now. Two queries.

    Raises:
        NotReady: while it is not frozen.
        Withheld: if one of its articles may not go out any more: the bytes are what they are, so
            nobody gets them.
        NotCleared: if it holds sensitive articles that the actor may not see.
    """
    require_frozen(snapshot)
    number = kept_in(snapshot).count()
    if number:
        what = f"{number} articles" if number > 1 else "an article"
        raise Withheld(
            f"{snapshot} holds {what} that may not go out any more, and its bytes never change. "
            "Make a new version, which leaves that out."
        )
    if kept_from(snapshot, actor).exists():
        raise NotCleared()


def require_frozen(snapshot: Snapshot) -> None:
    """Refuse what is not frozen yet.

    Raises:
        NotReady: in words.
    """
    if snapshot.status != Snapshot.Status.READY:
        raise NotReady(f"{snapshot} is {snapshot.status}, not frozen.")


def diff_of(
    *, actor: User, old: Snapshot, new: Snapshot, limit: int
) -> tuple[Totals, int, list[Difference]]:
    """What became of ``old`` in ``new``: all together, how many articles are the same, and up to
    ``limit`` that differ and that the actor may see. Needs memory for those, and for one article.
    """
    totals = Totals()
    shown: list[Difference] = []
    visible = Article.objects.visible_to(actor).filter(project=new.project)
    with one_instant():
        for before, after in different_records(old, new):
            one = compare(*(json.loads(line) if line else None for line in (before, after)))
            totals.add(one)
            if len(shown) < limit and visible.filter(pk=one.id).exists():
                shown.append(one)
        return totals, equal_count(old, new), shown


def file_of(*, snapshot: Snapshot, form: Format, asked: Mapping[str, str]) -> SnapshotFile:
    """The file of a frozen snapshot in this format, built if it is not in the storage.

    ``asked`` has the format's own options; those left out have their defaults. It is written to
    disk first and then stored, so that nobody ever reads half of it.

    Raises:
        InvalidQuery: as ``chosen_options`` does.
        FileDiffers: if it was built before and would have other bytes now.
    """
    options = chosen_options(form, asked)
    is_usual = options == chosen_options(form, {})
    variant = "" if is_usual else urlencode(sorted(options.items()))
    known = snapshot.files.filter(format=form.name, variant=variant).first()
    if known is not None and _is_stored(known):
        return known
    source = SnapshotSource(snapshot)
    about = source.about(options)
    with NamedTemporaryFile(prefix="newsdesk-") as built:
        digest = hashlib.sha256()
        for piece in written(source, form, about):
            digest.update(piece)
            built.write(piece)
        size = built.tell()
        if known is not None and (bytes(known.sha256), known.size) != (digest.digest(), size):
            raise FileDiffers()
        name = f"snapshots/{snapshot.pk}/{digest.hexdigest()}{form.ending}"
        stored = _store(name, built, size)
    with transaction.atomic():
        row, _ = SnapshotFile.objects.update_or_create(
            snapshot=snapshot,
            format=form.name,
            variant=variant,
            defaults={"stored": stored},
            create_defaults={
                "project": snapshot.project,
                "sha256": digest.digest(),
                "size": size,
                "stored": stored,
            },
        )
    return row


@dataclass(frozen=True, slots=True)
class FileState:
    """A snapshot's file in one format, by default options; ``file`` if it was ever built."""

    form: Format
    file: SnapshotFile | None
    is_stored: bool

    @property
    def is_expired(self) -> bool:
        """Whether it was built and is not in the storage any more."""
        return self.file is not None and not self.is_stored


def files_of(snapshot: Snapshot) -> list[FileState]:
    """How each format of the snapshot stands. One query, and the storage is asked for each file."""
    built = {file.format: file for file in snapshot.files.filter(variant="")}
    return [
        FileState(form, file, file is not None and _is_stored(file))
        for form in WRITABLE
        for file in (built.get(form.name),)
    ]


def _is_stored(file: SnapshotFile) -> bool:
    with suppress(FileNotFoundError):
        return (
            default_storage.exists(file.stored) and default_storage.size(file.stored) == file.size
        )
    return False


def _store(name: str, built: IO[bytes], size: int) -> str:
    """Store it under a name that says what is in it, unless it is there; returns its name there."""
    if default_storage.exists(name):
        if default_storage.size(name) == size:
            return name
        default_storage.delete(name)  # somebody died over it
    built.seek(0)
    return default_storage.save(name, File(built, name=name))
