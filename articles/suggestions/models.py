"""What machines propose: spans with a label, which are nothing until a person says so."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import UUID7, Now

from articles.annotations.models import Annotation, Layer
from articles.desk.models import Label, Project, User
from articles.intake.models import Article, Revision


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, user: User) -> Self:
        """Those on articles that ``user`` may see, whatever gates are closed."""
        return self.filter(article__in=Article.objects.visible_to(user))

    def current(self) -> Self:
        """Those on the text that the article has now."""
        return self.filter(revision=F("article__revision"))

    def open_for(self, user: User) -> Self:
        """Those on the current text that ``user`` neither decided on nor has labelled so."""
        decided = SuggestionVerdict.objects.filter(
            suggestion=OuterRef("pk"), layer__annotator=user.pk
        )
        labelled = Annotation.objects.live().filter(
            layer__article=OuterRef("article"),
            layer__annotator=user.pk,
            revision=OuterRef("revision"),
            label=OuterRef("label"),
            start=OuterRef("start"),
            end=OuterRef("end"),
        )
        return self.current().filter(
            ~Exists(decided), ~Exists(labelled), label__retired_at__isnull=True
        )

    def in_reading_order(self) -> Self:
        """Leftmost first; of those that start together, the widest first."""
        return self.order_by("start", "-end", "id")


class Suggestion(models.Model):
    """One label that a machine proposes for ``[start, end)`` of a revision, in code points.

    ``origin`` names what proposed it, such as ``spacy:claims-3``; ``score`` is its own opinion of
    it, from 0 to 1. It is never changed: each annotator decides on it for themselves.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="suggestions", db_constraint=False
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    label = models.ForeignKey(
        Label, on_delete=models.PROTECT, related_name="suggestions", db_constraint=False
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote_sha256 = models.BinaryField(max_length=32)
    attributes = models.JSONField(default=dict, blank=True)
    score = models.FloatField(null=True)
    origin = models.CharField(max_length=100)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="suggestion_span_not_empty", condition=Q(start__lt=F("end"))
            ),
            models.CheckConstraint(
                name="suggestion_score_zero_to_one",
                condition=Q(score=None) | Q(score__range=(0, 1)),
            ),
            models.CheckConstraint(name="suggestion_names_its_origin", condition=~Q(origin="")),
            models.UniqueConstraint(
                name="suggestion_of_article", fields=["project", "article", "id"]
            ),
            models.UniqueConstraint(
                name="suggestion_once_per_origin",
                fields=["revision", "origin", "label", "start", "end"],
            ),
        ]
        indexes = [models.Index(name="suggestion_in_text", fields=["article", "start"])]

    def __str__(self) -> str:
        return f"[{self.start}, {self.end}) by {self.origin}"


class SuggestionVerdict(models.Model):
    """What one annotator made of a suggestion, in their own ``layer``: an annotation, or nothing.

    Others who work blind learn of it no more than of the layer.
    """

    class Decision(models.TextChoices):
        ACCEPTED = "accept"
        REJECTED = "reject"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="verdicts", db_constraint=False
    )
    layer = models.ForeignKey(
        Layer, on_delete=models.PROTECT, related_name="suggestion_verdicts", db_constraint=False
    )
    decision = models.CharField(max_length=6, choices=Decision)
    annotation = models.OneToOneField(
        Annotation, null=True, on_delete=models.PROTECT, related_name="suggested_by",
        db_constraint=False,
    )  # fmt: skip
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(name="suggestion_decided_once", fields=["suggestion", "layer"]),
            models.CheckConstraint(
                name="suggestion_accepted_is_an_annotation",
                condition=Q(decision="accept", annotation__isnull=False)
                | Q(decision="reject", annotation=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.suggestion_id}"
