"""What every change of a layer shares: it locks, checks the version, counts, and is recorded."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from articles.annotations.errors import (
    DuplicateAnnotation,
    LabelUnknown,
    LayerClosed,
    QuoteMismatch,
    SpanEmpty,
    SpanOutOfRange,
)
from articles.annotations.models import Annotation, Layer, Relation, RelationQuerySet
from articles.annotations.permissions import can_write
from articles.desk.attributes import Attribute
from articles.desk.models import Project, User
from articles.desk.permissions import role_in
from articles.desk.recording import Recording, recorded
from articles.intake.models import Article
from newsdesk.errors import Invalid, NotAllowed, StaleVersion, refused_by


@contextmanager
def truth() -> Iterator[None]:
    """What the database refuses about annotations, as our errors."""
    with refused_by(
        annotation_span_not_empty=SpanEmpty(),
        annotation_span_inside_revision=SpanOutOfRange(),
        annotation_quote_equals_text=QuoteMismatch(
            "These words are not at this place in the text. Offsets count code points, "
            "and the end is exclusive."
        ),
        annotation_label_is_active=LabelUnknown(),
        annotation_once_per_layer_while_live=DuplicateAnnotation(),
        layer_is_open=LayerClosed(),
    ):
        yield


@contextmanager
def writing(kind: str, actor: User, layer: Layer) -> Iterator[tuple[Recording, Layer]]:
    """One recorded change in a layer that the actor may write on, which it locks and counts.

    Raises:
        NotAllowed: if it is not the actor's layer.
        LayerClosed: if it is submitted, or its place went to somebody else.
    """
    if not can_write(actor, role_in(layer.project, actor), layer):
        raise NotAllowed("Only its annotator changes a layer.")
    with (
        truth(),
        recorded(
            kind,
            actor=actor,
            project=layer.project,
            article_id=layer.article_id,
            layer_id=layer.pk,
        ) as recording,
    ):
        rows = Layer.objects.select_related("project").select_for_update(of=["self"])
        layer = rows.get(pk=layer.pk)
        if layer.submitted_at is not None or layer.lapsed_at is not None:
            raise LayerClosed()
        yield recording, layer
        recount(recording, layer)


def recount(recording: Recording, layer: Layer) -> None:
    """Move the layer's counters by what this change made live or took back."""
    step = {"annotation": 0, "relation": 0}
    for change in recording.changes:
        if change["table"] in step:
            before, after = change["before"], change["after"]
            step[change["table"]] += _is_live(after) - _is_live(before)
    if recording.changes:
        Layer.objects.filter(pk=layer.pk).update(
            annotation_count=F("annotation_count") + step["annotation"],
            relation_count=F("relation_count") + step["relation"],
            version=F("version") + 1,
            updated_at=timezone.now(),
            lease_expires_at=lease_end(layer.project),
        )


def lease_end(project: Project) -> datetime:
    """Until when a place is held for somebody who is active now."""
    return timezone.now() + timedelta(minutes=project.lease_minutes)


def take_place(recording: Recording, article: Article) -> int | None:
    """A free place of ``article``, which is locked; ``None`` if there is none.

    Whoever is idle gives way, the longest absent first; their work stays.
    """
    held = set(article.layers.filter(slot__isnull=False).values_list("slot", flat=True))
    free = next((slot for slot in range(1, article.places + 1) if slot not in held), None)
    if free is not None:
        return free
    idle = article.layers.idle().filter(slot__lte=article.places)
    longest = idle.order_by("lease_expires_at").first()
    if longest is None:
        return None
    slot = longest.slot
    recording.touching(longest)
    longest.slot, longest.lapsed_at = None, timezone.now()
    longest.save(update_fields=["slot", "lapsed_at"])
    return slot


def locked(annotation: Annotation) -> Annotation:
    """The annotation's row as it stands now, deleted or not, locked."""
    return (
        Annotation.objects.select_for_update(of=["self"])
        .select_related("label", "layer")
        .get(pk=annotation.pk)
    )


def check_version(row: Annotation | Relation, seen: int) -> None:
    """Refuse to change what is not any more as the actor saw it.

    Raises:
        StaleVersion: in words.
    """
    if row.version != seen:
        name = "link" if isinstance(row, Relation) else "annotation"
        raise StaleVersion(
            f"This {name} was changed from elsewhere: you saw version {seen}, "
            f"it is at {row.version} now."
        )


def write(row: Annotation | Relation, **values: Any) -> None:
    """Set ``values`` and count the version up."""
    for key, value in values.items():
        setattr(row, key, value)
    row.version += 1
    fields = [*values, "version"]
    if isinstance(row, Annotation):
        row.updated_at = timezone.now()
        fields.append("updated_at")
    row.save(update_fields=fields)


def drop_links(recording: Recording, links: RelationQuerySet) -> None:
    """Delete the live ones of ``links``."""
    rows = list(links.live())
    recording.touching(*rows)
    now = timezone.now()
    for row in rows:
        write(row, deleted_at=now)


def fitting(schema: Iterable[Attribute], values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of ``values`` that the schema knows and takes."""
    kept = {}
    for attribute in schema:
        if attribute.key in values:
            try:
                attribute.check(values[attribute.key])
            except Invalid:
                continue
            kept[attribute.key] = values[attribute.key]
    return kept


def _is_live(row: Mapping[str, Any] | None) -> int:
    return int(row is not None and row["deleted_at"] is None)
