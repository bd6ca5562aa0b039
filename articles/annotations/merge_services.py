"""Merge one label into another without losing what carries it."""

from collections import Counter
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from articles.annotations.models import Annotation, Comment, Layer, Relation
from articles.annotations.queries import link_rules
from articles.annotations.writing import fitting
from articles.desk.attributes import parse_schema
from articles.desk.models import Label, User
from articles.desk.permissions import can_manage, role_in
from articles.desk.recording import Recording, recorded
from newsdesk.errors import Invalid, NotAllowed, StaleVersion

#: Rows in one UPDATE.
BATCH = 1_000


def merge_label(*, actor: User, label: Label, version: int, into: Label) -> int:
    """Give every annotation of ``label`` the label ``into`` and retire ``label``.

    An annotation that would stand twice (same layer, same span) is kept once, with the links and
    the comments of both. Links that ``into`` does not allow and attributes that it does not know
    go; the event keeps them. Submitted layers change too: what a label is called is the desk's
    business. Returns how many live annotations changed their label.

    Raises:
        NotAllowed: unless the actor manages the project.
        StaleVersion: if somebody changed the label meanwhile.
        Invalid: unless both are span labels of one project, ``into`` is active, and ``label`` was
            not merged before.
    """
    if not can_manage(role_in(label.project, actor)):
        raise NotAllowed("Only a manager of the project may merge labels.")
    with recorded("label.merged", actor=actor, project=label.project) as recording:
        pair = Label.objects.select_for_update().filter(pk__in=[label.pk, into.pk]).order_by("pk")
        found = {one.pk: one for one in pair}
        label, into = found[label.pk], found[into.pk]
        if label.version != version:
            raise StaleVersion(f"Somebody changed “{label.name}” since you opened it.")
        if (
            label.pk == into.pk
            or label.project_id != into.project_id
            or into.retired_at is not None
            or label.merged_into_id is not None
            or (label.kind, into.kind) != (Label.Kind.SPAN, Label.Kind.SPAN)
        ):
            raise Invalid("A label is merged into another active label of its project.")
        recording.touching(label)
        label.retired_at = label.retired_at or timezone.now()
        label.merged_into, label.hotkey, label.version = into, "", label.version + 1
        label.save(update_fields=["retired_at", "merged_into", "hotkey", "version"])
        layers = Layer.objects.filter(annotations__label=label).distinct()
        list(Layer.objects.select_for_update().filter(pk__in=layers).order_by("pk"))
        twins = _twins(label, into)
        gone = _move_links(recording, label, into, twins)
        _move_comments(recording, twins)
        return _relabel(recording, label, into, twins, gone)


def _twins(label: Label, into: Label) -> dict[Annotation, Annotation]:
    """For each live annotation that would stand twice, the one that stands already. Two queries."""
    same = Annotation.objects.live().filter(
        label=into, layer=OuterRef("layer"), start=OuterRef("start"), end=OuterRef("end")
    )
    doubled = Annotation.objects.live().filter(Exists(same), label=label)
    standing = {
        (one.layer_id, one.start, one.end): one
        for one in Annotation.objects.live().filter(label=into, layer__in=doubled.values("layer"))
    }
    return {one: standing[one.layer_id, one.start, one.end] for one in doubled}


def _move_links(
    recording: Recording, label: Label, into: Label, twins: dict[Annotation, Annotation]
) -> Counter[int]:
    """Give the links of doubled annotations to their twins; delete those that no longer fit.

    Returns how many links each layer lost.
    """
    rules = link_rules(label.project_id)

    def label_at(end: Annotation) -> UUID:
        return into.pk if end.label_id == label.pk else end.label_id

    ends = Q(source__label=label) | Q(target__label=label)
    links = Relation.objects.live().filter(ends).select_related("source", "target")
    rows = list(links.order_by("id").select_for_update(of=["self"]))
    recording.touching(*rows)
    gone: Counter[int] = Counter()
    for row in rows:
        source, target = row.source, row.target
        fits = rules.allow(row.label_id, label_at(source), label_at(target) if target else None)
        source = twins.get(source, source)
        target = twins.get(target, target) if target else None
        doubled = Relation.objects.live().filter(
            label=row.label_id, source=source, target=target, target_name=row.target_name
        )
        row.version += 1
        if not fits or source == target or doubled.exclude(pk=row.pk).exists():
            row.deleted_at = timezone.now()
            gone[row.layer_id] += 1
        else:
            row.source, row.target = source, target
        row.save(update_fields=["source", "target", "deleted_at", "version"])
    return gone


def _move_comments(recording: Recording, twins: dict[Annotation, Annotation]) -> None:
    comments = list(Comment.objects.filter(annotation__in=twins))
    moved: dict[UUID | None, UUID] = {old.pk: new.pk for old, new in twins.items()}
    recording.touching(*comments)
    for comment in comments:
        comment.annotation_id = moved[comment.annotation_id]
    Comment.objects.bulk_update(comments, ["annotation"], batch_size=BATCH)


def _relabel(
    recording: Recording,
    label: Label,
    into: Label,
    twins: dict[Annotation, Annotation],
    gone: Counter[int],
) -> int:
    rows = list(Annotation.objects.filter(label=label).select_for_update().order_by("pk"))
    recording.touching(*rows)
    schema = parse_schema(into.attributes)
    doubled: Counter[int] = Counter()
    live = 0
    for row in rows:
        live += row.deleted_at is None
        if row in twins:
            row.deleted_at = timezone.now()
            doubled[row.layer_id] += 1
        row.label = into
        row.attributes = fitting(schema, row.attributes)
        row.version += 1
        row.updated_at = timezone.now()
    fields = ["label", "attributes", "version", "updated_at", "deleted_at"]
    Annotation.objects.bulk_update(rows, fields, batch_size=BATCH)
    for layer_id in {row.layer_id for row in rows}:
        Layer.objects.filter(pk=layer_id).update(
            annotation_count=F("annotation_count") - doubled[layer_id],
            relation_count=F("relation_count") - gone[layer_id],
            version=F("version") + 1,
            updated_at=Now(),
        )
    return live
