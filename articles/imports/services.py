"""Begin an import, confirm a dry run, and stop what is on its way."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from articles.desk.copying import new_ids
from articles.desk.models import LARGEST_INTEGER, Project, User
from articles.desk.permissions import can_import, can_manage, role_in
from articles.desk.recording import recorded
from articles.formats.guessing import guess
from articles.formats.registry import FORMATS
from articles.imports.errors import (
    FileGone,
    FileRefused,
    FileTooLarge,
    FormatUnknown,
    NothingToConfirm,
)
from articles.imports.models import ImportRun
from articles.imports.options import ANNOTATIONS, MOST_LABELS, Options
from articles.imports.pages import MOST_ADDRESSES, addresses, pages_of
from articles.imports.records import LONGEST_LAYER_NAME
from articles.imports.tasks import import_run
from articles.text.canonical import is_storable
from articles.text.languages import is_language
from newsdesk.errors import IdReused, Invalid, NotAllowed, refused_by
from newsdesk.live_announcing import announce
from newsdesk.live_wire import Progress

#: The format of a list of addresses; the others are those of ``formats/registry.py``.
URLS = "urls"
#: Bytes of an upload that are kept in memory.
IN_MEMORY = 4 * 1024 * 1024


def start_import(
    *,
    actor: User,
    project: Project,
    chunks: Iterable[bytes],
    most: int,
    name: str = "",
    format_name: str = "",
    options: Options | None = None,
    is_dry: bool = False,
    chosen_id: UUID | None = None,
) -> tuple[ImportRun, bool]:
    """Store a file and queue its import; returns the run and whether it is new.

    ``chunks`` are the file's bytes, of which up to ``most`` are taken. Without ``format_name`` the
    format is told from the file. The same id with the same file again returns the run that
    is there.

    Raises:
        NotAllowed: unless the actor may import into the project, and make labels if they want to.
        FileRefused, FileTooLarge, FormatUnknown, Invalid: in words.
        IdReused: if the id belongs to another run.
    """
    options = checked_options(options or Options())
    _require_importer(actor, project, options)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
        file = cast(BinaryIO, spooled)
        size, digest = _copied(chunks, file, most)
        name = _file_name(name)
        format_name = _checked_format(format_name, name, file)
        run = ImportRun(
            pk=chosen_id or new_ids(1)[0],
            project=project,
            made_by=actor,
            format=format_name,
            name=name,
            size=size,
            sha256=digest,
            options=options.as_json(),
            is_dry=is_dry,
        )
        if chosen_id is not None and (there := _there(run)):
            return there, False
        file.seek(0)
        # Under a name of its own: a bucket writes over a name that is there.
        run.stored = default_storage.save(f"imports/{project.uid}/{uuid4()}", File(file))
    is_new = False
    try:
        queued, is_new = _queued(run)
        return queued, is_new
    finally:
        if not is_new:
            default_storage.delete(run.stored)


def confirm_import(
    *,
    actor: User,
    run: ImportRun,
    struck: Mapping[str, Any] | None = None,
    chosen_id: UUID | None = None,
) -> ImportRun:
    """Do in earnest what a dry run tried; ``struck`` are the blocks that are left out by line.

    With an id of the caller's own, a second call makes no second run.

    Raises:
        NotAllowed: unless the actor may import into the project.
        NothingToConfirm: if this was no dry run, or it did not come to its end.
        FileGone: if that was so long ago that its file was deleted.
        Invalid: if what is struck makes no sense.
        IdReused: if the id belongs to another run.
    """
    if not run.is_dry or run.status != ImportRun.Status.DONE:
        raise NothingToConfirm()
    options = checked_options(replace(Options(**run.options), struck=dict(struck or {})))
    return _repeat(actor, run, options, is_dry=False, chosen_id=chosen_id)


def try_again(
    *, actor: User, run: ImportRun, options: Options, chosen_id: UUID | None = None
) -> ImportRun:
    """A dry run of the same file with other options.

    Raises:
        NotAllowed, Invalid, IdReused: as ``start_import`` does.
        FileGone: if the run is so old that its file was deleted.
    """
    return _repeat(actor, run, checked_options(options), is_dry=True, chosen_id=chosen_id)


def cancel_import(*, actor: User, run: ImportRun) -> ImportRun:
    """Stop a run after the batch that it is in; what is imported stays.

    One that is over, or stops already, is left as it is.

    Raises:
        NotAllowed: unless the actor may import into the project.
    """
    _require_importer(actor, run.project, Options())
    with recorded("import.cancelled", actor=actor, project=run.project) as recording:
        runs = ImportRun.objects.select_related("project").select_for_update(of=["self"])
        run = runs.get(pk=run.pk)
        if run.finished_at is None and run.cancel_asked_at is None:
            recording.touching(run)
            run.cancel_asked_at = timezone.now()
            run.save(update_fields=["cancel_asked_at"])
            announce(Progress(run.project_id, run.pk))
    return run


def checked_options(options: Options) -> Options:
    """The options, if they make sense.

    Raises:
        Invalid: in words.
    """
    if options.language and not is_language(options.language):
        raise Invalid("A language is a BCP 47 code such as en or pt-BR.", field="language")
    if options.annotations not in ANNOTATIONS:
        raise Invalid(f"Annotations go to one of {', '.join(ANNOTATIONS)}.", field="annotations")
    if not 0 < len(options.layer) <= LONGEST_LAYER_NAME:
        raise Invalid(f"A layer’s name has up to {LONGEST_LAYER_NAME} characters.", field="layer")
    if len(options.publisher) > 200:
        raise Invalid("An outlet’s name has up to 200 characters.", field="publisher")
    if len(options.labels) > MOST_LABELS:
        raise Invalid(f"Up to {MOST_LABELS} labels can be renamed.", field="labels")
    words = [options.publisher, options.layer, *options.labels, *options.labels.values()]
    if not all(isinstance(one, str) and is_storable(one) for one in words):
        raise Invalid("NUL and lone surrogates cannot be kept.", field="labels")
    numbers = [number for blocks in options.struck.values() for number in blocks]
    if not all(isinstance(one, int) and 0 <= one < LARGEST_INTEGER for one in numbers):
        raise Invalid("Blocks are struck by their numbers.", field="struck")
    return options


def _require_importer(actor: User, project: Project, options: Options) -> None:
    role = role_in(project, actor)
    if not can_import(role):
        raise NotAllowed("Only managers and engineers bring articles in.")
    if options.create_labels and not can_manage(role):
        raise NotAllowed("Only a manager of the project makes labels.")


def _copied(chunks: Iterable[bytes], file: BinaryIO, most: int) -> tuple[int, bytes]:
    size, digest = 0, hashlib.sha256()
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise FileTooLarge(f"This file has more than {most // 1_000_000:,} MB.")
        digest.update(chunk)
        file.write(chunk)
    if not size:
        raise FileRefused("This file is empty.")
    return size, digest.digest()


def _file_name(name: str) -> str:
    """The last part of a file's name, as a line that can be kept."""
    last = PurePath(name.replace("\\", "/")).name
    words = "".join(char for char in last if char.isprintable() and is_storable(char))
    return words[-200:] or "Import"


def _checked_format(wanted: str, name: str, file: BinaryIO) -> str:
    if wanted == URLS:
        file.seek(0)
        count = sum(1 for _ in addresses(file))
        if not 0 < count <= MOST_ADDRESSES:
            raise FileRefused(
                f"A list has up to {MOST_ADDRESSES} addresses, one a line; this one has {count:,}."
            )
        return wanted
    if not wanted:
        guessed = guess(name, file)
        if guessed is None:
            raise FormatUnknown("What kind of file this is cannot be told. Choose its format.")
        return guessed
    if wanted not in FORMATS or not FORMATS[wanted].reads:
        readable = ", ".join(one.name for one in FORMATS.values() if one.reads)
        raise FormatUnknown(f"Newsdesk reads {readable}, {URLS}; not “{wanted[:40]}”.")
    return wanted


def _there(run: ImportRun) -> ImportRun | None:
    """The run that has the id of ``run``, if it is the same one.

    Raises:
        IdReused: if it is another one.
    """
    there = ImportRun.objects.select_related("project").filter(pk=run.pk).first()
    if there is None:
        return None
    same = ("project_id", "made_by_id", "format", "size", "options", "is_dry", "confirms_id")
    if bytes(there.sha256) != bytes(run.sha256) or any(
        getattr(there, name) != getattr(run, name) for name in same
    ):
        raise IdReused()
    return there


def _repeat(
    actor: User, run: ImportRun, options: Options, *, is_dry: bool, chosen_id: UUID | None
) -> ImportRun:
    """Queue another run of the file of ``run``, if that is still there."""
    _require_importer(actor, run.project, options)
    if not run.stored:
        raise FileGone()
    fetched = run.format == URLS and not is_dry
    again = ImportRun(
        pk=chosen_id or new_ids(1)[0],
        project=run.project,
        made_by=actor,
        format=run.format,
        name=run.name,
        stored=pages_of(run) if fetched else run.stored,
        size=run.size,
        sha256=run.sha256,
        options=options.as_json(),
        is_dry=is_dry,
        confirms=None if is_dry else run,
    )
    if chosen_id is not None and (there := _there(again)):
        return there
    queued, _ = _queued(again)
    return queued


def _queued(run: ImportRun) -> tuple[ImportRun, bool]:
    """The run, written together with the job that goes through it, or the same one if somebody
    was quicker; and whether it is new.

    Raises:
        IdReused: if there is another one with its id.
    """
    try:
        with (
            refused_by(articles_importrun_pkey=IdReused()),
            recorded("import.started", actor=run.made_by, project=run.project) as recording,
            transaction.atomic(),
        ):
            run.save(force_insert=True)
            recording.made(run)
            import_run.enqueue(run=str(run.pk), name=run.name, project=run.project_id)
    except IdReused:
        there = _there(run)
        if there is None:
            raise
        return there, False
    return run, True
