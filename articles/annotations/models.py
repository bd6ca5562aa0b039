"""What people say about an article's text: layers of annotations, joined by relations."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import UUID7, Now

from articles.desk.models import Label, Membership, Project, User
from articles.intake.models import Article, Revision

#: Longer spans than this (code points) have an index of their own, so that finding what
#: touches a block looks at a bounded stretch of text and at the few long spans.
LONG_SPAN = 2_000


class LayerQuerySet(models.QuerySet["Layer"]):
    def of_people(self) -> Self:
        return self.filter(kind=Layer.Kind.WORK)

    def gold(self) -> Self:
        """What adjudication wrote and did not open again."""
        return self.filter(kind=Layer.Kind.GOLD, submitted_at__isnull=False)

    def submitted(self) -> Self:
        """The work that people handed in."""
        return self.of_people().filter(submitted_at__isnull=False)

    def idle(self) -> Self:
        """Open work in a place that nobody keeps: its lease is over, or its annotator left."""
        return self.of_people().filter(_is_idle(), slot__isnull=False)

    def in_place(self) -> Self:
        """The work that holds one of the article's places, and is not idle there."""
        return self.of_people().filter(~_is_idle(), slot__isnull=False)


def _is_idle() -> Q:
    left = Membership.objects.filter(
        project=OuterRef("project"), user=OuterRef("annotator"), deactivated_at__isnull=False
    )
    return Q(submitted_at=None) & (Q(lease_expires_at__lt=Now()) | Q(Exists(left)))


class Layer(models.Model):
    """All that one person annotated on one article, or the gold that adjudication wrote.

    Practice is work beside the gold of an article that is done: it takes no place, counts nowhere
    and never goes out.

    ``slot`` is the place it holds of the article's annotators; an imported layer may have none,
    and no ``annotator`` when nobody of that name is a member. ``name`` is the annotator's user
    name. An idle layer loses its slot to the next who asks: then it has ``lapsed_at`` and is closed
    until its annotator finds a free slot again. ``closed_at`` is when review began, from which on
    a submitted layer cannot be taken back, only returned.
    Counters are kept by the save statements and checked by ``verify``.
    """

    class Kind(models.TextChoices):
        WORK = "work"
        GOLD = "gold"
        PRACTICE = "practice"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="layers", db_constraint=False
    )
    annotator = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="layers")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.WORK)
    slot = models.PositiveSmallIntegerField(null=True)
    guidelines_version = models.PositiveIntegerField(default=1)
    annotation_count = models.PositiveIntegerField(default=0)
    relation_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    assigned_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lease_expires_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    objects = LayerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="layer_of_article", fields=["project", "article", "id"]),
            models.UniqueConstraint(name="layer_name_once_per_article", fields=["article", "name"]),
            models.UniqueConstraint(
                name="layer_once_per_annotator", fields=["article", "annotator"]
            ),
            models.UniqueConstraint(name="layer_slot_once_per_article", fields=["article", "slot"]),
            models.CheckConstraint(
                name="layer_slot_one_to_five", condition=Q(slot=None) | Q(slot__range=(1, 5))
            ),
            models.CheckConstraint(
                name="layer_gold_is_nobodys",
                condition=(Q(kind="work") & ~Q(name="gold"))
                | (Q(kind="practice", slot=None, annotator__isnull=False) & ~Q(name="gold"))
                | Q(kind="gold", name="gold", annotator=None, slot=None),
            ),
            models.CheckConstraint(
                name="layer_lapsed_is_open_without_slot",
                condition=Q(lapsed_at=None) | Q(slot=None, submitted_at=None),
            ),
            models.CheckConstraint(
                name="layer_closed_is_submitted",
                condition=Q(closed_at=None) | Q(submitted_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="layer_by_annotator", fields=["annotator", "-updated_at"])]

    def __str__(self) -> str:
        return self.name


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def live(self) -> Self:
        return self.filter(deleted_at=None)

    def in_reading_order(self) -> Self:
        """Leftmost first; of those that start together, the widest first."""
        return self.order_by("start", "-end", "id")


class Annotation(models.Model):
    """One label on one span ``[start, end)`` of a revision, in code points.

    The words are not stored again: a trigger compares ``quote_sha256``, the hash of what the
    writer saw, with the text itself. ``unsure`` asks the reviewer to look here first.
    """

    class Origin(models.TextChoices):
        MANUAL = "manual"
        IMPORT = "import"
        SUGGESTION = "suggestion"
        ADJUDICATION = "adjudication"

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="annotations", db_constraint=False
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="annotations", db_constraint=False
    )
    layer = models.ForeignKey(
        Layer, on_delete=models.PROTECT, related_name="annotations", db_constraint=False
    )
    label = models.ForeignKey(
        Label, on_delete=models.PROTECT, related_name="annotations", db_constraint=False
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote_sha256 = models.BinaryField(max_length=32)
    attributes = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True, default="")
    unsure = models.BooleanField(default=False)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.MANUAL)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="annotation_span_not_empty", condition=Q(start__lt=F("end"))
            ),
            models.UniqueConstraint(
                name="annotation_once_per_layer_while_live",
                fields=["layer", "label", "start", "end"],
                condition=Q(deleted_at=None),
            ),
            models.UniqueConstraint(name="annotation_of_layer", fields=["project", "layer", "id"]),
        ]
        indexes = [
            models.Index(
                name="annotation_in_reading_order",
                fields=["layer", "start"],
                condition=Q(deleted_at=None),
            ),
            models.Index(
                name="annotation_long_spans",
                fields=["layer"],
                condition=Q(deleted_at=None) & Q(end__gt=F("start") + LONG_SPAN),
            ),
            models.Index(name="annotation_by_label", fields=["label", "article"]),
        ]

    def __str__(self) -> str:
        return f"[{self.start}, {self.end})"


class RelationQuerySet(models.QuerySet["Relation"]):
    def live(self) -> Self:
        return self.filter(deleted_at=None)

    def ending_at(self, *annotations: Annotation | UUID | str) -> Self:
        """Those that begin or end at one of ``annotations``, given as rows or as ids."""
        return self.filter(Q(source__in=annotations) | Q(target__in=annotations))


class Relation(models.Model):
    """A typed, directed join of two annotations of one layer, such as quote → source.

    A source that the text does not name has ``target_name`` in place of ``target``. ``number`` is
    what chips on both ends show; relations with the same target share it.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="relations", db_constraint=False
    )
    layer = models.ForeignKey(
        Layer, on_delete=models.PROTECT, related_name="relations", db_constraint=False
    )
    label = models.ForeignKey(
        Label, on_delete=models.PROTECT, related_name="relations", db_constraint=False
    )
    source = models.ForeignKey(
        Annotation, on_delete=models.PROTECT, related_name="links_out", db_constraint=False
    )
    target = models.ForeignKey(
        Annotation, null=True, on_delete=models.PROTECT, related_name="links_in",
        db_constraint=False,
    )  # fmt: skip
    target_name = models.CharField(max_length=200, blank=True, default="")
    number = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="relation_has_one_target",
                condition=Q(target=None) ^ Q(target_name=""),
            ),
            models.CheckConstraint(
                name="relation_joins_two", condition=Q(target=None) | ~Q(source=F("target"))
            ),
            models.UniqueConstraint(
                name="relation_once_while_live",
                fields=["label", "source", "target", "target_name"],
                condition=Q(deleted_at=None),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(name="relation_of_layer", fields=["layer"], condition=Q(deleted_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id or self.target_name}"


class CommentQuerySet(models.QuerySet["Comment"]):
    def standing(self) -> Self:
        return self.filter(removed_at=None)


class Comment(models.Model):
    """A remark on an article, a layer, an annotation or a decision, or a reply; text only.

    A reply (``thread`` is what it answers) is on what its thread is on. A removed one leaves its
    place; resolving is of a thread's first comment.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="comments", db_constraint=False
    )
    layer = models.ForeignKey(
        Layer, null=True, on_delete=models.PROTECT, related_name="comments", db_constraint=False
    )
    annotation = models.ForeignKey(
        Annotation, null=True, on_delete=models.PROTECT, related_name="comments",
        db_constraint=False,
    )  # fmt: skip
    decision = models.ForeignKey(
        "Decision", null=True, on_delete=models.PROTECT, related_name="comments",
        db_constraint=False,
    )  # fmt: skip
    thread = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="comment_not_empty", condition=~Q(body="")),
            models.CheckConstraint(
                name="comment_on_one_thing",
                condition=Q(annotation=None, decision=None)
                | Q(annotation__isnull=False, layer__isnull=False, decision=None)
                | Q(annotation=None, layer=None, decision__isnull=False),
            ),
            models.CheckConstraint(
                name="comment_resolved_is_a_threads_first",
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(thread=None, resolved_at__isnull=False, resolved_by__isnull=False),
            ),
            models.UniqueConstraint(name="comment_of_article", fields=["project", "article", "id"]),
        ]
        indexes = [
            models.Index(name="comment_of_annotation", fields=["annotation", "created_at"]),
            models.Index(name="comment_by_article", fields=["article", "created_at"]),
        ]

    def __str__(self) -> str:
        return self.body[:40]
