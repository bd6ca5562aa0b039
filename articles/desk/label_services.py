"""Changes to a project's labels. A label in use is retired or merged, never lost."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify

from articles.desk import palette, permissions
from articles.desk.attributes import parse_schema
from articles.desk.errors import LabelInUse, Taken
from articles.desk.models import COLOR, KEY, Label, Project, RelationRule, User
from articles.desk.newsroom import SPARE_COLORS
from articles.desk.queries import articles_open_to
from articles.desk.recording import recorded
from newsdesk.errors import IdReused, Invalid, NotAllowed, StaleVersion, refused_by

#: What a label may be given, besides its key and kind, which never change.
CHANGEABLE = (
    "name",
    "definition",
    "hotkey",
    "color",
    "color_dark",
    "line",
    "attributes",
)


def add_labels(project: Project, given: Sequence[Mapping[str, Any]]) -> list[Label | RelationRule]:
    """Make ``given`` labels in this order, relations after the spans they join; returns the rows.

    Part of a larger change: runs inside its transaction and leaves the event to it.

    Raises:
        Invalid: if a label makes no sense.
        Taken: if a key or hotkey is used twice.
    """
    position = project.labels.count()
    made: list[Label | RelationRule] = []
    for number, one in enumerate(spans_first(given), start=position + 1):
        values = {
            "position": number,
            **checked_values(one, SPARE_COLORS[(number - 1) % len(SPARE_COLORS)]),
        }
        if one.get("id"):
            values["id"] = one["id"]
        with (
            refused_by(
                label_key_once_per_project=Taken(
                    f"There is a label “{values['key']}” already.", field="key"
                ),
                label_hotkey_once_per_project=Taken(
                    f"Key {values['hotkey']} already gives another label.", field="hotkey"
                ),
                articles_label_pkey=IdReused(),
            ),
            transaction.atomic(),
        ):
            label = Label.objects.create(project=project, **values)
        made += [label, *_rules(project, label, one.get("rules", []))]
    return made


def spans_first(given: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """``given`` labels with the relations after the spans that they join."""
    return sorted(given, key=lambda one: one.get("kind") == Label.Kind.RELATION)


def add_label(*, actor: User, project: Project, **values: Any) -> Label:
    """Add one label at the end.

    Raises:
        NotAllowed, Invalid, Taken, IdReused: each in words.
    """
    _require_manager(actor, project)
    with recorded("label.added", actor=actor, project=project) as recording:
        Project.objects.select_for_update().get(pk=project.pk)
        made = add_labels(project, [values])
        recording.made(*made)
    label = made[0]
    assert isinstance(label, Label)
    return label


def change_label(*, actor: User, label: Label, version: int, **changes: Any) -> Label:
    """Rename a label or change how it looks and what it asks. Its key and annotations stay.

    Raises:
        NotAllowed, StaleVersion, Invalid, Taken: each in words.
    """
    with (
        refused_by(
            label_hotkey_once_per_project=Taken(
                "This key already gives another label.", field="hotkey"
            )
        ),
        recorded("label.changed", actor=actor, project=label.project) as recording,
    ):
        label = _locked(actor, label, version)
        recording.touching(label)
        current = {key: getattr(label, key) for key in ("key", "kind", *CHANGEABLE)}
        wanted = checked_values({**current, **changes}, (label.color, label.color_dark))
        changed = {key: wanted[key] for key in CHANGEABLE if wanted[key] != current[key]}
        if changed:
            _update(label, **changed)
    return label


def move_label(*, actor: User, label: Label, up: bool) -> None:
    """Swap a label with its neighbour; at the end of the list nothing happens."""
    _require_manager(actor, label.project)
    with recorded("label.moved", actor=actor, project=label.project) as recording:
        Project.objects.select_for_update().get(pk=label.project_id)
        labels = list(Label.objects.filter(project=label.project_id).in_order())
        at = [one.pk for one in labels].index(label.pk)
        other = at - 1 if up else at + 1
        if 0 <= other < len(labels):
            recording.touching(*labels)
            labels[at], labels[other] = labels[other], labels[at]
            for position, one in enumerate(labels, start=1):
                Label.objects.filter(pk=one.pk).exclude(position=position).update(position=position)


def retire_label(*, actor: User, label: Label, version: int) -> Label:
    """No longer offer a label; what carries it keeps it. Retiring twice changes nothing."""
    with recorded("label.retired", actor=actor, project=label.project) as recording:
        label = _locked(actor, label, version)
        if label.retired_at is None:
            recording.touching(label)
            _update(label, retired_at=timezone.now())
    return label


def restore_label(*, actor: User, label: Label, version: int) -> Label:
    """Offer a retired label again; if its hotkey is taken by now it comes back without one.

    Raises:
        Invalid: if it was merged into another.
    """
    with recorded("label.restored", actor=actor, project=label.project) as recording:
        label = _locked(actor, label, version)
        if label.merged_into_id:
            raise Invalid("This label was merged into another and cannot come back.")
        if label.retired_at is not None:
            recording.touching(label)
            taken = Label.objects.active().filter(project=label.project_id, hotkey=label.hotkey)
            hotkey = "" if label.hotkey and taken.exists() else label.hotkey
            _update(label, retired_at=None, hotkey=hotkey)
    return label


def delete_label(*, actor: User, label: Label, version: int) -> None:
    """Delete a label that nothing ever carried.

    Raises:
        NotAllowed, StaleVersion: in words.
        LabelInUse: if annotations or relations carry it, with the number of those in articles that
            the actor may know of.
    """
    # Counted through the label's own managers: this folder knows none that come after it.
    seen = articles_open_to(actor).filter(project=label.project_id)
    carried = sum(
        things.filter(article__in=seen).count() for things in (label.annotations, label.relations)
    )
    in_use = LabelInUse()
    if carried:
        in_use = LabelInUse(
            f"{carried} annotation{'s' if carried != 1 else ''} carry “{label.name}”: "
            "retire it, or merge it into another label."
        )
    if label.annotations.exists() or label.relations.exists():
        _require_manager(actor, label.project)
        raise in_use
    with (
        refused_by(annotation_label_fk=in_use, relation_label_fk=in_use),
        recorded("label.deleted", actor=actor, project=label.project) as recording,
    ):
        label = _locked(actor, label, version)
        rules = RelationRule.objects.filter(
            Q(relation_label=label) | Q(source_label=label) | Q(target_label=label)
        )
        recording.touching(label, *rules)
        rules.delete()
        label.delete()


def _require_manager(actor: User, project: Project) -> None:
    if not permissions.can_manage(permissions.role_in(project, actor)):
        raise NotAllowed("Only a manager of the project may change its labels.")


def _locked(actor: User, label: Label, version: int) -> Label:
    """The label's row, locked, as the actor last saw it."""
    _require_manager(actor, label.project)
    locked = Label.objects.select_for_update().get(pk=label.pk)
    if locked.version != version:
        raise StaleVersion(f"Somebody changed “{locked.name}” since you opened it.")
    return locked


def _update(label: Label, **values: Any) -> None:
    for key, value in values.items():
        setattr(label, key, value)
    Label.objects.filter(pk=label.pk).update(**values, version=F("version") + 1)
    label.version += 1


def _rules(project: Project, label: Label, rules: Any) -> list[RelationRule]:
    """The pairs of span labels that a relation label may join."""
    if label.kind == Label.Kind.SPAN:
        if rules:
            raise Invalid("Only a relation label has rules.", field="rules")
        return []
    spans = {one.key: one for one in project.labels.spans()}
    made = []
    for pair in rules:
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not set(pair) <= set(spans):
            raise Invalid("A rule is a pair of span labels: [from, to].", field="rules")
        made.append(
            RelationRule.objects.create(
                project=project,
                relation_label=label,
                source_label=spans[pair[0]],
                target_label=spans[pair[1]],
            )
        )
    return made


def checked_values(given: Mapping[str, Any], colors: tuple[str, str]) -> dict[str, Any]:
    """A label's values, whole and sensible."""
    unknown = set(given) - {"id", "key", "kind", "rules", *CHANGEABLE}
    if unknown:
        raise Invalid(f"A label has no “{sorted(unknown)[0]}”.", field=sorted(unknown)[0])
    name = str(given.get("name") or given.get("key") or "").strip()
    key = given.get("key") or slugify(name).replace("-", "_")[:40]
    kind = given.get("kind", Label.Kind.SPAN)
    line = given.get("line", Label.Line.SOLID)
    hotkey = given.get("hotkey", "")
    color, color_dark = given.get("color", colors[0]), given.get("color_dark", colors[1])
    if not re.fullmatch(KEY, str(key)):
        raise Invalid("A key is a word of small letters, digits and _.", field="key")
    if not 1 <= len(name) <= 60:
        raise Invalid("A label needs a name of 1 to 60 characters.", field="name")
    if kind not in Label.Kind.values:
        raise Invalid("A label is for spans or for relations.", field="kind")
    if line not in Label.Line.values:
        raise Invalid(f"A line is one of {', '.join(Label.Line.values)}.", field="line")
    if not re.fullmatch("[1-9]?", str(hotkey)):
        raise Invalid("A key for a label is one of 1 to 9.", field="hotkey")
    for field, value, dark in (("color", color, False), ("color_dark", color_dark, True)):
        if not re.fullmatch(COLOR, str(value)):
            raise Invalid("A colour is written #rrggbb.", field=field)
        contrast = palette.least_contrast(value, dark=dark)
        if contrast < palette.READABLE:
            raise Invalid(
                f"{value} is too faint: its contrast is {contrast:.1f}, "
                f"and {palette.READABLE} is the least that can be read.",
                field=field,
            )
    return {
        "key": key,
        "name": name,
        "kind": kind,
        "definition": str(given.get("definition", "")).strip()[:2000],
        "hotkey": str(hotkey),
        "color": color,
        "color_dark": color_dark,
        "line": line,
        "attributes": [one.as_json() for one in parse_schema(given.get("attributes", []))],
    }
