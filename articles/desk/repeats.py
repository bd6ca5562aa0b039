"""The same creation sent again: it changes nothing and answers with what the first one made.

What was first written is read from the event log, because the thing may have changed since.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from articles.desk.errors import Taken
from articles.desk.events import Event
from articles.desk.label_services import add_label, checked_values, spans_first
from articles.desk.models import Label, Project, User
from articles.desk.newsroom import LABELS
from articles.desk.services import create_project, slug_from
from newsdesk.errors import IdReused

type Rows = list[dict[str, Any]]


def create_project_once(
    *, actor: User, chosen_id: UUID | None, **given: Any
) -> tuple[Project, bool]:
    """``create_project``, which makes one project however often it is called with one id.

    Returns the project and whether it is new.

    Raises:
        IdReused: if the id belongs to a project that was created otherwise.
        NotAllowed, Taken, Invalid: as ``create_project`` does.
    """
    there = _project_again(actor, chosen_id, given)
    if there is not None:
        return there, False
    try:
        return create_project(actor=actor, chosen_id=chosen_id, **given), True
    except (IdReused, Taken):
        there = _project_again(actor, chosen_id, given)
        if there is None:
            raise
        return there, False


def add_label_once(
    *, actor: User, project: Project, chosen_id: UUID | None, **given: Any
) -> tuple[Label, bool]:
    """``add_label``, which adds one label however often it is called with one id.

    Returns the label and whether it is new.

    Raises:
        IdReused: if the id belongs to a label that was added otherwise.
        NotAllowed, Taken, Invalid: as ``add_label`` does.
    """
    there = _label_again(actor, project, chosen_id, given)
    if there is not None:
        return there, False
    try:
        return add_label(actor=actor, project=project, id=chosen_id, **given), True
    except (IdReused, Taken):
        there = _label_again(actor, project, chosen_id, given)
        if there is None:
            raise
        return there, False


def _project_again(actor: User, chosen_id: UUID | None, given: Mapping[str, Any]) -> Project | None:
    there = Project.objects.filter(uid=chosen_id).first() if chosen_id else None
    if there is None:
        return None
    first = Event.objects.filter(project=there, kind="project.created").order_by("pk").first()
    if first is None or first.actor_id != actor.pk:
        raise IdReused()
    given = dict(given)
    labels = given.pop("labels", None)
    given["name"] = given["name"].strip()
    given["slug"] = given.get("slug") or slug_from(given["name"])
    if not _wrote(_rows(first, "project")[0], given) or not _same_labels(
        first, LABELS if labels is None else labels
    ):
        raise IdReused()
    return there


def _label_again(
    actor: User, project: Project, chosen_id: UUID | None, given: Mapping[str, Any]
) -> Label | None:
    there = Label.objects.filter(pk=chosen_id).first() if chosen_id else None
    if there is None:
        return None
    first = Event.objects.filter(
        project=project, kind="label.added", actor=actor, changes__0__id=str(chosen_id)
    ).first()
    keys = dict(project.labels.values_list("pk", "key"))
    if first is None or not _same_labels(first, [given], keys):
        raise IdReused()
    return there


def _same_labels(
    first: Event, given: Sequence[Mapping[str, Any]], keys: Mapping[UUID, str] | None = None
) -> bool:
    """Whether the labels and rules that ``first`` wrote are those of ``given``."""
    written = _rows(first, "label")
    by_id = {str(pk): key for pk, key in (keys or {}).items()}
    by_id |= {row["id"]: row["key"] for row in written}
    joined = {
        (by_id[rule["relation_label_id"]], by_id[rule["source_label_id"]],
         by_id[rule["target_label_id"]])
        for rule in _rows(first, "relationrule")
    }  # fmt: skip
    if len(written) != len(given):
        return False
    wanted = set()
    for row, one in zip(written, spans_first(given), strict=True):
        values = checked_values(one, (row["color"], row["color_dark"]))
        if not _wrote(row, values):
            return False
        wanted |= {(values["key"], *pair) for pair in one.get("rules", [])}
    return joined == wanted


def _rows(event: Event, table: str) -> Rows:
    return [change["after"] for change in event.changes if change["table"] == table]


def _wrote(row: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    return all(row[key] == value for key, value in values.items())
