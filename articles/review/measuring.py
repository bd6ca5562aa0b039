"""Measure what the dashboard shows: at once if it is little, else in a process of its own.

The measures of ten thousand articles take a minute or two of one core. In a thread they would
hold up whoever saves an annotation meanwhile, so a child process takes them, after everybody else.
"""

import atexit
import hashlib
import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from pydantic import TypeAdapter, ValidationError

from articles.desk.events import Event
from articles.desk.models import Project, User
from articles.desk.permissions import can_see_all_layers, role_in
from articles.review import dashboard_queries as queries
from articles.review.dashboard_numbers import Numbers
from articles.review.dashboard_queries import View
from articles.review.measures import agreement, confusion, of_label
from articles.review.models import Measurement

log = logging.getLogger(__name__)

#: Layers that are measured while their reader waits: a quarter of a second.
AT_ONCE = 60
#: How old numbers of more may get before they are measured again, and how long a measurement that
#: failed is not tried again.
FRESH, PATIENCE = timedelta(minutes=5), timedelta(minutes=10)
#: How long numbers that nobody asked for again are kept.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a measurement holds: the numbers, the event that was newest when they were taken, and
    whether taking them again failed, since when."""

    numbers: Numbers | None = None
    event: int = 0
    computed_at: datetime | None = None
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What there is to show: the last numbers, when they were taken, whether newer ones are on
    their way, and since when they failed."""

    numbers: Numbers | None
    computed_at: datetime | None
    is_updating: bool = False
    failed_at: datetime | None = None


_kept = TypeAdapter(Kept)
_child: list[subprocess.Popen[bytes]] = []
_starting = threading.Lock()


def measured(view: View) -> Measured:
    """The numbers of ``view``, new ones if there is little to measure. Three queries if nothing
    happened since they were taken.

    Numbers of much work are the last ones; if they are old, new ones are begun.
    """
    key = key_of(view)
    kept = _find(view, key)
    if _is_current(kept, view):
        return Measured(kept.numbers, kept.computed_at)
    now = timezone.now()
    if kept.failed_at and now - kept.failed_at < PATIENCE:
        return Measured(kept.numbers, kept.computed_at, failed_at=kept.failed_at)
    if view.handed_in[: AT_ONCE + 1].count() <= AT_ONCE:
        try:
            kept = measure(view, key)
        except Exception:  # whatever it is: the last numbers can still be shown
            log.exception("The dashboard of %s cannot be measured", view.project.slug)
            kept = _find(view, key)
        return Measured(kept.numbers, kept.computed_at, failed_at=kept.failed_at)
    if kept.computed_at and now - kept.computed_at < FRESH:
        return Measured(kept.numbers, kept.computed_at)
    transaction.on_commit(partial(begin, view))
    return Measured(kept.numbers, kept.computed_at, is_updating=True, failed_at=kept.failed_at)


def key_of(view: View) -> str:
    """What numbers are kept under. One query.

    It names the articles that gates keep from the reader: people from whom the same is kept share
    numbers, and a gate that closes or opens asks for new ones.
    """
    hidden = ",".join(queries.hidden_from(view.project, view.reader))
    asked = {
        "hidden": hashlib.sha256(hidden.encode()).hexdigest()[:32] if hidden else "",
        "work": "reviewed" if view.is_blind else "handed in",
        "days": view.days or "",
        "label": view.label,
        "annotator": view.annotator,
    }
    return urlencode(asked)


def measure(view: View, key: str | None = None) -> Kept:
    """Take all numbers of ``view`` and keep them.

    If that fails the last ones stay, with the time of the failure, and the error goes on.
    """
    key = key or key_of(view)
    event = _newest_event(view.project)
    try:
        numbers = numbers_of(view)
    except Exception:
        if not connection.in_atomic_block:
            last = _find(view, key)
            _keep(view, key, replace(last, failed_at=timezone.now()))
        raise
    now = timezone.now()
    kept = Kept(numbers, event, now)
    _keep(view, key, kept)
    Measurement.objects.filter(project=view.project, computed_at__lt=now - KEPT).delete()
    return kept


def numbers_of(view: View) -> Numbers:
    """All numbers of ``view``, as they are now. Eleven queries, and one for every 200 texts."""
    works = queries.works(view.handed_in)
    return Numbers(
        progress=queries.progress(view),
        throughput=queries.throughput(view),
        pace=queries.pace(view),
        agreement=agreement(of_label(works, view.label)),
        confusion=confusion(works, view.label),
        labels=queries.label_uses(view),
        reasons=queries.reasons(view),
        quotes=queries.quotes(view),
    )


def begin(view: View) -> None:
    """Measure ``view`` in a child process, unless one of ours, or somebody else's, is at it."""
    with _starting:
        if running() is not None:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", lock_of(view.project))
            if cursor.fetchone() != (True,):
                return
        command = [
            sys.executable,
            str(Path(settings.BASE_DIR, "manage.py")),
            "measure",
            view.project.slug,
            f"--reader={view.reader.username}",
            f"--days={view.days or 0}",
            f"--label={view.label}",
            f"--annotator={view.annotator}",
        ]
        # On our database, also where this process has a server of its own: that ends with us.
        environment = {**os.environ, "DATABASE_URL": database_url()}
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, process.pid, min(ours + 10, 19))  # after everybody else
        _child[:] = [process]


def running() -> subprocess.Popen[bytes] | None:
    """The child process that measures for us, if one does."""
    return _child[0] if _child and _child[0].poll() is None else None


def wait() -> None:
    """Wait for the child process, if there is one, to end."""
    for process in _child:
        process.wait()


def lock_of(project: Project) -> tuple[int, int]:
    """The advisory lock of whoever measures ``project``."""
    return 20_261_122, project.pk


@atexit.register
def stop() -> None:
    """End the measurement that runs, if one does, and wait until it has ended."""
    while _child:
        process = _child.pop()
        process.terminate()
        process.wait()


def database_url() -> str:
    """The address of the database that this process talks to. It contains the password."""
    used = connection.settings_dict
    login = f"{quote(used['USER'], safe='')}:{quote(used['PASSWORD'], safe='')}"
    place = {**used["OPTIONS"], "host": used["HOST"], "port": used["PORT"]}
    plain = {name: value for name, value in place.items() if isinstance(value, str) and value}
    return (
        f"postgresql://{login}@/{quote(used['NAME'], safe='')}?{urlencode(plain, quote_via=quote)}"
    )


def as_seen_by(
    project: Project, reader: User, *, days: int | None = None, label: str = "", annotator: str = ""
) -> View:
    """What ``reader`` sees of ``project``. One query."""
    is_blind = not can_see_all_layers(role_in(project, reader), project)
    return View(project, reader, is_blind, days, label, annotator)


def _find(view: View, key: str) -> Kept:
    found = Measurement.objects.filter(project=view.project, key=key)
    value = found.values_list("value", flat=True).first()
    try:
        return _kept.validate_python(value) if value else Kept()
    except ValidationError:  # kept by an older Newsdesk, in another shape
        return Kept()


def _keep(view: View, key: str, kept: Kept) -> None:
    Measurement.objects.update_or_create(
        project=view.project,
        key=key,
        defaults={
            "value": _kept.dump_python(kept, mode="json"),
            "computed_at": kept.computed_at or timezone.now(),
        },
    )


def _is_current(kept: Kept, view: View) -> bool:
    """Whether nothing was recorded since, on the same day."""
    if kept.computed_at is None or kept.computed_at.date() != view.today:
        return False
    return kept.failed_at is None and kept.event == _newest_event(view.project)


def _newest_event(project: Project) -> int:
    newest = Event.objects.filter(project=project).order_by("-pk")
    return newest.values_list("pk", flat=True).first() or 0
