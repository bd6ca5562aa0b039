"""What reviewers do: reviews, the decisions in them, the verdicts, and where gold came from.

And what goes with work in common: notices to a person, who is here now, and saved views.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import UUID7, Now

from articles.annotations.models import Annotation, Comment, Relation
from articles.desk.models import Label, Project, User
from articles.intake.models import Article


class Review(models.Model):
    """The review of one article: there as soon as all its work is submitted.

    ``reviewer`` holds it until ``lease_expires_at``; ``started_at`` is when the first one opened
    it. ``agreement`` is the exact span F1 of the submitted layers, null where it is undefined.
    ``released_at`` is when its gold first went into a snapshot: from then on it is not reopened.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.OneToOneField(
        Article, on_delete=models.PROTECT, related_name="review", db_constraint=False
    )
    reviewer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lease_expires_at = models.DateTimeField(null=True)
    agreement = models.FloatField(null=True)
    started_at = models.DateTimeField(null=True)
    adjudicated_at = models.DateTimeField(null=True)
    adjudicated_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(name="review_of_article", fields=["project", "article"]),
            models.CheckConstraint(
                name="review_lease_is_somebodys",
                condition=Q(reviewer=None, lease_expires_at=None)
                | Q(reviewer__isnull=False, lease_expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_adjudicated_by_somebody",
                condition=Q(adjudicated_at=None, adjudicated_by=None)
                | Q(adjudicated_at__isnull=False, adjudicated_by__isnull=False),
            ),
            models.CheckConstraint(
                name="review_released_stays_adjudicated",
                condition=Q(released_at=None) | Q(adjudicated_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"review of {self.article_id}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def with_standing(self) -> Self:
        """Each with ``is_decided``: whether a verdict stands on it."""
        standing = Verdict.objects.filter(decision=OuterRef("pk"), round=OuterRef("round"))
        return self.annotate(is_decided=Exists(standing))

    def undecided(self) -> Self:
        """Those without a standing verdict."""
        return self.with_standing().filter(is_decided=False)

    def open(self) -> Self:
        """Those without a standing verdict, or with one that must be confirmed."""
        return self.with_standing().filter(Q(is_decided=False) | Q(changed_at__isnull=False))

    def in_reading_order(self) -> Self:
        """Leftmost first, the widest first of those that start together; links after spans."""
        is_link = ExpressionWrapper(Q(kind="relation"), output_field=models.BooleanField())
        return self.order_by("start", is_link, "-end", "id")


class Decision(models.Model):
    """One thing that a reviewer rules on: what the submitted layers say about one place.

    ``variants`` is a list of what can be accepted, the proposed one first: each has ``label``,
    ``start``, ``end`` and ``attributes`` or, for a relation, ``label``, ``source`` and ``target``
    (ids of decisions) or ``target_name``; and ``members``, the ids of the annotations or relations
    that say exactly this, with ``layers``, whose they are. ``[start, end)`` spans them all.

    Verdicts are never changed: reopening a decision begins its next ``round``. ``changed_at`` is
    when the work under a standing verdict changed. ``is_sampled`` asks a reviewer to look at a
    unanimous one. ``is_unsure``: one of its annotators doubted.
    """

    class Kind(models.TextChoices):
        UNANIMOUS = "unanimous"
        BOUNDARY = "boundary"
        LABEL = "label"
        MISSING = "missing"
        RELATION = "relation"

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="decisions", db_constraint=False
    )
    kind = models.CharField(max_length=9, choices=Kind)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    variants = models.JSONField()
    round = models.PositiveIntegerField(default=1)
    is_sampled = models.BooleanField(default=False)
    is_unsure = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="decision_of_article", fields=["project", "article", "id"]
            ),
            models.CheckConstraint(name="decision_not_empty", condition=Q(start__lt=F("end"))),
            models.CheckConstraint(
                name="decision_kind_is_known",
                condition=Q(kind__in=["unanimous", "boundary", "label", "missing", "relation"]),
            ),
        ]
        indexes = [models.Index(name="decision_in_reading_order", fields=["article", "start"])]

    def __str__(self) -> str:
        return f"{self.kind} [{self.start}, {self.end})"

    @property
    def is_to_look_at(self) -> bool:
        """Whether it is not to be accepted with others: a sample, or somebody was unsure."""
        return self.is_sampled or self.is_unsure


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def standing(self) -> Self:
        """Those of the round that their decision is in."""
        return self.filter(round=F("decision__round"))


class Verdict(models.Model):
    """What a reviewer ruled on a decision, for ever (a trigger refuses changes).

    One in each round of a decision: of two reviewers who rule at once, the database refuses one.
    ``reject`` says that nothing belongs here. Else the verdict holds what belongs here: a label on
    a span with attributes, or a link from the annotation of ``source`` to that of ``target`` (both
    decisions) or to ``target_name``. ``variant`` counts from 1 where one was accepted.
    """

    class Ruling(models.TextChoices):
        ACCEPT = "accept"
        FIX = "fix"
        REJECT = "reject"

    class Reason(models.TextChoices):
        GUIDELINE_GAP = "guideline_gap"
        AMBIGUOUS = "ambiguous"
        SLIP = "slip"
        WRONG_LABEL = "wrong_label"
        EDGE_HABIT = "edge_habit"

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="verdicts", db_constraint=False
    )
    round = models.PositiveIntegerField(default=1)
    ruling = models.CharField(max_length=6, choices=Ruling)
    variant = models.PositiveSmallIntegerField(null=True)
    label = models.ForeignKey(
        Label, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    attributes = models.JSONField(default=dict)
    source = models.ForeignKey(
        Decision, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    target = models.ForeignKey(
        Decision, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    target_name = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=13, choices=Reason, blank=True, default="")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = VerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="verdict_once_per_round", fields=["decision", "round"]
            ),
            models.UniqueConstraint(name="verdict_of_article", fields=["project", "article", "id"]),
            models.CheckConstraint(
                name="verdict_says_what_belongs_here",
                condition=Q(ruling="reject", label=None, start=None, end=None, source=None)
                | Q(ruling__in=["accept", "fix"], label__isnull=False, source=None,
                    start__lt=F("end"))
                | Q(ruling__in=["accept", "fix"], label__isnull=False, source__isnull=False,
                    start=None, end=None),
            ),
            models.CheckConstraint(
                name="verdict_accepts_a_variant",
                condition=Q(ruling="accept", variant__gte=1)
                | (~Q(ruling="accept") & Q(variant=None)),
            ),
            models.CheckConstraint(
                name="verdict_link_has_one_target",
                condition=Q(source=None, target=None, target_name="")
                | Q(source__isnull=False) & (Q(target=None) ^ Q(target_name="")),
            ),
            models.CheckConstraint(
                name="verdict_reason_is_known",
                condition=Q(reason__in=["", "guideline_gap", "ambiguous", "slip", "wrong_label",
                                        "edge_habit"]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.ruling} in round {self.round}"

    @property
    def is_span(self) -> bool:
        """Whether it says that a label belongs on a span."""
        return self.start is not None


class Provenance(models.Model):
    """Which decision and verdict a gold annotation, or a gold relation, follows from."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    annotation = models.OneToOneField(
        Annotation, null=True, on_delete=models.PROTECT, related_name="provenance"
    )
    relation = models.OneToOneField(
        Relation, null=True, on_delete=models.PROTECT, related_name="provenance"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    verdict = models.ForeignKey(
        Verdict, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="provenance_of_one_thing", condition=Q(annotation=None) ^ Q(relation=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.annotation_id or self.relation_id} from {self.verdict_id}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> Self:
        return self.filter(done_at=None)


class Notice(models.Model):
    """Something that waits in a person's inbox until they have done with it.

    It is about an article or, of the kinds ``webhook``, ``dataset`` and ``import``, about the one
    that ``about`` names; then ``words`` say what became of it.
    """

    class Kind(models.TextChoices):
        RETURNED = "returned"
        MENTIONED = "mentioned"
        REPLIED = "replied"
        ASSIGNED = "assigned"
        ADJUDICATED = "adjudicated"
        WEBHOOK = "webhook"
        DATASET = "dataset"
        IMPORT = "import"

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    sender = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind)
    comment = models.ForeignKey(
        Comment, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    about = models.UUIDField(null=True)
    words = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_kind_is_known",
                condition=Q(kind__in=["returned", "mentioned", "replied", "assigned",
                                      "adjudicated", "webhook", "dataset", "import"]),
            ),
            models.CheckConstraint(
                name="notice_is_about_an_article",
                condition=Q(kind__in=["webhook", "dataset", "import"], article=None)
                | ~Q(kind__in=["webhook", "dataset", "import"]) & Q(article__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                name="notice_waiting", fields=["person", "-created_at"], condition=Q(done_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"


class Presence(models.Model):
    """Who had an article open a moment ago; no event tells of it, and nothing depends on it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="presences", db_constraint=False
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(name="presence_once_per_article", fields=["article", "user"]),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.article_id}"


class SavedView(models.Model):
    """Filters of the article list, that a person named; ``query`` is as in the address."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="saved_view_name_once", fields=["project", "user", "name"]
            ),
            models.CheckConstraint(
                name="saved_view_not_empty", condition=~Q(name="") & ~Q(query="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Measurement(models.Model):
    """A figure of the dashboard as it was last computed; ``key`` says which, with its filters."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=300)
    value = models.JSONField()
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(name="measurement_once", fields=["project", "key"]),
        ]

    def __str__(self) -> str:
        return self.key
