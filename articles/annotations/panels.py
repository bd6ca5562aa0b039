"""What the panels beside the text show."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from articles.annotations.desks import Desk
from articles.annotations.forms import ByTextForm
from articles.annotations.models import Annotation, AnnotationQuerySet, Relation
from articles.annotations.painting import shortened
from articles.annotations.queries import (
    link_candidates,
    names_of,
    read_ranges,
    submission_checks,
)
from articles.desk import preferences
from articles.desk.attributes import Attribute, parse_schema
from articles.desk.guidelines import headings_about
from articles.desk.models import Label
from articles.intake.models import Block
from articles.text.blocks import BlockKind

#: The panels in the order of their tabs.
PANELS = {
    "labels": "By text",
    "annotations": "Annotations",
    "links": "Links",
    "suggestions": "Suggestions",
    "comments": "Comments",
    "parts": "Parts",
    "guide": "Guide",
}
#: What each key does while the article has the focus, as the key sheet shows it.
KEYS = preferences.KEYS
#: Code points of a block, or of an annotation's words, that a panel's list shows.
PART_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Answered:
    """An attribute of the selected annotation with the value that it has."""

    attribute: Attribute
    value: Any

    @property
    def shown(self) -> str:
        """The value as its form field has it."""
        return {True: "yes", False: "no", None: ""}.get(self.value, str(self.value))


def panel_context(desk: Desk, panel: str) -> dict[str, Any]:
    """One panel's rows; each costs a fixed number of queries."""
    context: dict[str, Any] = {"desk": desk, "panel": panel, "panels": PANELS}
    if panel == "labels":
        context["by_text"] = ByTextForm(None, labels=desk.span_labels)
    elif panel == "parts":
        context |= {"parts": _parts(desk), "kinds": list(BlockKind)}
    elif panel == "links":
        context["links"] = _links(desk)
    elif panel == "annotations":
        context["listed"] = _rows(desk)
    elif panel == "guide":
        names = {label.key: label.name for label in desk.span_labels}
        context["about"] = headings_about(desk.project.guidelines, names)
    return context


def label_buttons(desk: Desk) -> list[tuple[Label, str, str]]:
    """Each label, the relation that may start at it, and the labels this may lead to. One query."""
    rules = desk.project.relation_rules.filter(relation_label__retired_at=None)
    ways: dict[UUID, list[tuple[str, str]]] = {}
    columns = ("source_label_id", "relation_label__key", "target_label__key")
    for source, relation, end in rules.values_list(*columns):
        ways.setdefault(source, []).append((relation, end))
    buttons = []
    for label in desk.span_labels:
        relations = ways.get(label.pk, [])
        first = relations[0][0] if relations else ""
        ends = " ".join(end for relation, end in relations if relation == first)
        buttons.append((label, first, ends))
    return buttons


def details_context(
    desk: Desk, annotation: Annotation, *, conflict: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The selected annotation, its links and what it could be linked to."""
    words = read_ranges(annotation.revision_id, [(annotation.start, annotation.end)])
    links = Relation.objects.live().select_related("target", "source__label")
    out = list(links.filter(source=annotation).order_by("number"))
    ranges = {(link.target.start, link.target.end) for link in out if link.target}
    names = read_ranges(annotation.revision_id, ranges) if ranges else {}
    mine = desk.layer is not None and annotation.layer_id == desk.layer.pk
    writable = mine and desk.layer is not None and desk.layer.submitted_at is None
    return {
        "desk": desk,
        "annotation": annotation,
        "quote": words[annotation.start, annotation.end],
        "attributes": [
            Answered(attribute, annotation.attributes.get(attribute.key))
            for attribute in parse_schema(annotation.label.attributes)
        ],
        "links_out": [
            (link, names[link.target.start, link.target.end] if link.target else link.target_name)
            for link in out
        ],
        "links_in": list(links.filter(target=annotation)),
        "relation": _relation_from(desk, annotation),
        "candidates": link_candidates(annotation) if writable else [],
        "may_write": writable and desk.is_own,
        "conflict": conflict,
    }


def checks_context(desk: Desk) -> dict[str, Any]:
    """What to look at before submitting."""
    checks = submission_checks(desk.layer) if desk.layer else []
    return {"checks": checks, "blocked": any(check.blocks for check in checks)}


def _relation_from(desk: Desk, annotation: Annotation) -> Any:
    """The relation label that may start at this annotation's label; ``None`` if there is none."""
    rules = desk.project.relation_rules.filter(
        source_label=annotation.label_id, relation_label__retired_at=None
    ).select_related("relation_label")
    rule = rules.first()
    return rule.relation_label if rule else None


def _rows(desk: Desk) -> list[tuple[Annotation, str]]:
    """The layer's annotations in reading order with their words."""
    if desk.layer is None:
        return []
    return _with_words(desk.layer.annotations.live())


def _with_words(annotations: AnnotationQuerySet) -> list[tuple[Annotation, str]]:
    """``annotations`` in reading order, each with its first words. Two queries."""
    rows = list(annotations.select_related("label").in_reading_order())
    words = names_of(rows, PART_LENGTH)
    return [(row, words[row.pk]) for row in rows]


def _links(desk: Desk) -> dict[str, Any]:
    """Each link with the words at both ends, and the quotes and claims that have none, first."""
    if desk.layer is None:
        return {"missing": [], "rows": []}
    relations = list(
        Relation.objects.live()
        .filter(layer=desk.layer)
        .select_related("source__label", "target__label", "label")
        .order_by("source__start", "id")
    )
    rules = desk.project.relation_rules.filter(relation_label__retired_at=None)
    missing = (
        desk.layer.annotations.live()
        .filter(label__in=rules.values("source_label"))
        .exclude(pk__in=[relation.source_id for relation in relations])
    )
    ends = {end.pk: end for r in relations for end in (r.source, r.target) if end is not None}
    words = names_of(list(ends.values()), PART_LENGTH)
    return {
        "missing": _with_words(missing),
        "rows": [
            (r, words[r.source_id], words[r.target_id] if r.target_id else r.target_name)
            for r in relations
        ],
    }


def _parts(desk: Desk) -> list[tuple[Block, str]]:
    """Every block with its first words."""
    body = desk.revision.body
    return [
        (block, shortened(body[block.start : block.end], PART_LENGTH))
        for block in desk.revision.blocks.all()
    ]
