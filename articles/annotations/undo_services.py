"""Undo and redo, from the event log alone: they survive a reload and a change of browser.

An undo is a change like any other: it sets the rows that an event touched back to what they
were before it, and its own event names the one that it undoes.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.annotations.errors import ChangedSince, NothingToUndo
from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.writing import write, writing
from articles.desk.events import Event
from articles.desk.models import User
from newsdesk.errors import refused_by

#: What can be undone, by the kind of its event.
UNDOABLE = (
    "annotation.created",
    "annotation.changed",
    "annotation.deleted",
    "annotation.restored",
    "relation.created",
    "relation.deleted",
)
#: Events that are read from the log at a time.
READ_AT_ONCE = 50
#: Columns that undo sets back; identity, version and times are not its business.
CONTENT: dict[str, tuple[str, ...]] = {
    "annotation": (
        "label_id",
        "start",
        "end",
        "quote_sha256",
        "attributes",
        "note",
        "unsure",
        "deleted_at",
    ),
    "relation": ("deleted_at",),
}
MODELS: dict[str, type[Annotation] | type[Relation]] = {
    "annotation": Annotation,
    "relation": Relation,
}


def undo(*, actor: User, layer: Layer) -> Event:
    """Take back the actor's last change in the layer that is not taken back; returns it.

    Raises:
        NothingToUndo: if there is none.
        ChangedSince: if what it touched was changed again otherwise.
        NotAllowed, LayerClosed: as for any change.
    """
    return _apply(actor, layer, "undone")


def redo(*, actor: User, layer: Layer) -> Event:
    """Apply again what the last undo took back; returns that change.

    Raises:
        NothingToUndo: if nothing was undone, or something was changed since.
        ChangedSince, NotAllowed, LayerClosed: as for undo.
    """
    return _apply(actor, layer, "redone")


def _apply(actor: User, layer: Layer, how: str) -> Event:
    with (
        refused_by(
            relation_ends_are_live=ChangedSince(),
            relation_ends_fit=ChangedSince(),
            relation_once_while_live=ChangedSince(),
        ),
        writing(f"layer.{how}", actor, layer) as (recording, layer),
    ):
        newest_first = _newest_first(actor, layer)
        if how == "undone":
            event = recording.undoes = next_to_undo(newest_first)
        else:
            event = recording.redoes = next_to_redo(newest_first)
        if event is None:
            raise NothingToUndo(None if how == "undone" else "There is nothing to redo.")
        # Rows go back in the opposite order: what depends on another was changed before it.
        for change in reversed(event.changes) if how == "undone" else event.changes:
            model = MODELS[change["table"]]
            row = model.objects.select_for_update().get(pk=change["id"])
            recording.touching(row)
            left, wanted = change["after"], change["before"]
            if how == "redone":
                left, wanted = wanted, left
            _put_back(row, change["table"], left, wanted)
    return event


def _newest_first(actor: User, layer: Layer) -> Iterator[Event]:
    """What the actor did on the layer, read by and by: a long history costs no more."""
    fields = ("id", "kind", "changes", "undoes_id", "redoes_id")
    events = Event.objects.filter(layer_id=layer.pk, actor=actor).order_by("-id").only(*fields)
    some = events[:READ_AT_ONCE]
    while some:
        yield from some
        some = events.filter(pk__lt=some[len(some) - 1].pk)[:READ_AT_ONCE]


def next_to_undo(newest_first: Iterable[Event]) -> Event | None:
    """The newest change that stands. Reads no further back than it must."""
    gone: set[int] = set()
    settled: set[int] = set()
    for event in newest_first:
        if event.redoes_id:
            if event.redoes_id not in gone:
                settled.add(event.redoes_id)
        elif event.undoes_id:
            if event.undoes_id not in settled:
                gone.add(event.undoes_id)
            settled.discard(event.undoes_id)
        elif event.kind in UNDOABLE and event.pk not in gone:
            return event
    return None


def next_to_redo(newest_first: Iterable[Event]) -> Event | None:
    """The change that the newest undo took back, unless something was changed after it."""
    again: set[int] = set()
    for event in newest_first:
        if event.redoes_id:
            again.add(event.redoes_id)
        elif event.undoes_id:
            if event.undoes_id not in again:
                return event.undoes
            again.discard(event.undoes_id)
        elif event.kind in UNDOABLE:
            return None
    return None


def _put_back(
    row: Annotation | Relation,
    table: str,
    left: dict[str, Any] | None,
    wanted: dict[str, Any] | None,
) -> None:
    """Set ``row`` from how the event left it to how it is wanted; a row that was not there yet
    is wanted deleted.

    Raises:
        ChangedSince: if the row is no longer as the event left it.
    """
    now = timezone.now()
    expected = _content(table, left)
    for key, left_as in expected.items():
        standing = getattr(row, key)
        # Of a deletion it does not matter when it was, only whether.
        same = bool(standing) == bool(left_as) if key == "deleted_at" else standing == left_as
        if not same:
            raise ChangedSince()
    values = _content(table, wanted)
    if wanted is None:
        values = {"deleted_at": now}
    elif left is None:
        values = {"deleted_at": values["deleted_at"]}
    write(row, **{key: value for key, value in values.items() if getattr(row, key) != value})


def _content(table: str, state: dict[str, Any] | None) -> dict[str, Any]:
    """The content columns in a recorded row, as Python values; ``deleted_at`` alone for none."""
    if state is None:
        return {"deleted_at": timezone.now()}
    values = {key: state[key] for key in CONTENT[table]}
    if "quote_sha256" in values:
        values["quote_sha256"] = bytes.fromhex(values["quote_sha256"].removeprefix("\\x"))
    if "label_id" in values:
        values["label_id"] = UUID(values["label_id"])
    if values["deleted_at"]:
        values["deleted_at"] = parse_datetime(values["deleted_at"])
    return values
