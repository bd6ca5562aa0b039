"""A run goes through its file: batch by batch, so that it can be watched, stopped and gone on with.

A batch is one transaction: its articles, its lines, and how far the run is. Whoever is killed in
the middle leaves nothing half done, and the next one goes on behind the last whole batch.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from time import monotonic
from typing import BinaryIO, cast
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import OperationalError, transaction
from django.utils import timezone
from psycopg.errors import DeadlockDetected

from articles.formats.registry import FORMATS
from articles.formats.shapes import Found
from articles.imports.fetching import Fetcher
from articles.imports.line_services import take_lines
from articles.imports.models import ImportLine, ImportRun
from articles.imports.options import Options
from articles.imports.pages import Pages, addresses, read_pages
from articles.imports.seen import Seen
from articles.imports.signals import run_finished
from newsdesk.errors import NotAllowed
from newsdesk.live_announcing import announce
from newsdesk.live_wire import Progress

#: A batch is over after so many lines, bytes of text, or seconds of waiting for more.
MOST_LINES, MOST_CHARACTERS, LONGEST_WAIT = 100, 2_000_000, 1.0
#: How often a batch is tried that another import stood in the way of.
TRIES = 5


class _Over(Exception):
    """Nothing is left to do: the run was cancelled, or somebody else goes on with it."""


class _DryRun(Exception):
    """Takes back what a dry run did."""


def run_import(*, run_id: UUID, fetcher: Fetcher | None = None) -> None:
    """Go through the file of a run, from where it was left; one that is over is left alone.

    A dry run begins anew: what its lines have in common is known to nobody any more.
    ``fetcher`` fetches the pages of a list of addresses.
    """
    run = _begin(run_id)
    if run is None:
        return
    options = Options(**run.options)
    with ExitStack() as open_things:
        try:
            file = cast(BinaryIO, open_things.enter_context(default_storage.open(run.stored)))
        except FileNotFoundError:
            finish(run_id=run_id, status=ImportRun.Status.FAILED, problem="Its file is gone.")
            return
        seen = open_things.enter_context(Seen()) if run.is_dry else None
        pages = open_things.enter_context(Pages(run)) if run.format == "urls" else None
        try:
            for batch in _batches(_found(run, file, pages, fetcher or Fetcher())):
                _take(run, batch, options, seen, file)
            if pages and run.is_dry:
                pages.store()
        except _Over:
            return
        except NotAllowed as error:
            finish(run_id=run_id, status=ImportRun.Status.FAILED, problem=error.message)
            return
    finish(run_id=run_id, status=ImportRun.Status.DONE)


def finish(*, run_id: UUID, status: ImportRun.Status, problem: str = "") -> None:
    """A run is over; whoever made it is told, in the same transaction. Once."""
    with transaction.atomic():
        run = _locked(run_id)
        if run.finished_at is None:
            run.status, run.problem, run.finished_at = status, problem[:500], timezone.now()
            run.save(update_fields=["status", "problem", "finished_at"])
            run_finished.send(ImportRun, run=run)
            announce(Progress(run.project_id, run.pk))


def _begin(run_id: UUID) -> ImportRun | None:
    """The run, set going; None if it is over."""
    with transaction.atomic():
        run = _locked(run_id)
        if run.finished_at is not None:
            return None
        if run.cancel_asked_at is None:
            if run.is_dry and run.done:
                run.lines.all().delete()
                run.done = run.created = run.duplicates = run.failed = run.read = 0
            run.status = ImportRun.Status.RUNNING
            run.started_at = run.started_at or timezone.now()
            run.save()
            announce(Progress(run.project_id, run.pk))
            return run
    finish(run_id=run_id, status=ImportRun.Status.CANCELLED)
    return None


def _locked(run_id: UUID) -> ImportRun:
    runs = ImportRun.objects.select_related("project", "made_by").select_for_update(of=["self"])
    return runs.get(pk=run_id)


def _found(
    run: ImportRun, file: BinaryIO, pages: Pages | None, fetcher: Fetcher
) -> Iterator[Found]:
    """What is still to be taken."""
    if pages is None:
        return islice(FORMATS[run.format].read(file), run.done, None)
    if run.confirms_id:
        return islice(read_pages(file), run.done, None)
    return pages.fetched(islice(addresses(file), run.done, None), fetcher)


def _batches(found: Iterator[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    size, began = 0, monotonic()
    for one in found:
        batch.append(one)
        size += len(str((one.record or {}).get("text", "")))
        waited = monotonic() - began
        if len(batch) >= MOST_LINES or size >= MOST_CHARACTERS or waited >= LONGEST_WAIT:
            yield batch
            batch, size, began = [], 0, monotonic()
    if batch:
        yield batch


def _take(
    run: ImportRun, batch: Sequence[Found], options: Options, seen: Seen | None, file: BinaryIO
) -> None:
    """One batch, in one transaction.

    Two imports of the same articles may wait for each other; one of them then tries again.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                done = _take_once(run, batch, options, seen, file)
        except OperationalError as error:
            if not (tries_left and isinstance(error.__cause__, DeadlockDetected)):
                raise
        else:
            if done is None:
                raise _Over
            run.done = done
            return


def _take_once(
    run: ImportRun, batch: Sequence[Found], options: Options, seen: Seen | None, file: BinaryIO
) -> int | None:
    """How many lines of the run are over once this is committed; none if it does not go on."""
    now = _locked(run.pk)
    if now.cancel_asked_at is not None:
        finish(run_id=run.pk, status=ImportRun.Status.CANCELLED)
    if now.cancel_asked_at is not None or now.finished_at is not None or now.done != run.done:
        return None
    lines: list[ImportLine] = []
    try:
        with transaction.atomic():
            lines = take_lines(actor=now.made_by, run=now, found=batch, options=options, seen=seen)
            if seen:
                raise _DryRun
    except _DryRun:
        pass
    ImportLine.objects.bulk_create(lines)
    outcomes = [line.outcome for line in lines]
    now.done += len(lines)
    now.created += outcomes.count(ImportLine.Outcome.CREATED)
    now.duplicates += outcomes.count(ImportLine.Outcome.DUPLICATE)
    now.failed += outcomes.count(ImportLine.Outcome.FAILED)
    now.read = min(file.tell(), now.size)
    now.save(update_fields=["done", "created", "duplicates", "failed", "read"])
    announce(Progress(now.project_id, now.pk))
    return now.done
