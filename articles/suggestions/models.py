"""What machines propose: spans with a label, which are nothing until a person says so."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import UUID7, Now

from articles.annotations.models import Annotation, Layer
from articles.desk.models import Label, Project, User
from articles.intake.models import Article, Revision


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def open(self) -> Self:
        """Those that nobody has decided on yet."""
        return self.filter(decision="")

    def in_reading_order(self) -> Self:
        return self.order_by("start", "-end", "id")


class Suggestion(models.Model):
    """One label that a machine proposes for ``[start, end)`` of a revision, in code points.

    ``origin`` names what proposed it, such as ``spacy:claims-3``; ``score`` is its own opinion of
    it, from 0 to 1. Accepting it makes ``annotation``, in the ``layer`` of whoever accepted it.
    """

    class Decision(models.TextChoices):
        ACCEPTED = "accept"
        REJECTED = "reject"

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
    decision = models.CharField(max_length=6, choices=Decision, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    layer = models.ForeignKey(
        Layer, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    annotation = models.OneToOneField(
        Annotation, null=True, on_delete=models.PROTECT, related_name="suggested_by",
        db_constraint=False,
    )  # fmt: skip

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
            models.CheckConstraint(
                name="suggestion_decided_by_somebody",
                condition=Q(
                    decision="", decided_by=None, decided_at=None, layer=None, annotation=None
                )
                | Q(
                    decision="accept",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    layer__isnull=False,
                    annotation__isnull=False,
                )
                | Q(
                    decision="reject",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    layer=None,
                    annotation=None,
                ),
            ),
            models.UniqueConstraint(
                name="suggestion_once_per_origin",
                fields=["article", "origin", "label", "start", "end"],
            ),
        ]
        indexes = [
            models.Index(
                name="suggestion_open", fields=["article", "start"], condition=Q(decision="")
            ),
        ]

    def __str__(self) -> str:
        return f"[{self.start}, {self.end}) by {self.origin}"
