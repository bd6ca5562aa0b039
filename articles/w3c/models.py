"""Web Annotations as other programs sent them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now

from articles.annotations.models import Annotation, Layer
from articles.desk.models import Project, User


class WebAnnotationQuerySet(models.QuerySet["WebAnnotation"]):
    def live(self) -> Self:
        return self.filter(deleted_at=None)


class WebAnnotation(models.Model):
    """What another program wrote by the Web Annotation Protocol, beside or without a span of ours.

    With ``annotation``, that row holds what it says of a text, and ``document`` only what our own
    tables have no place for. Without one, its target is not a text of ours, and ``document`` is
    all of it. What the server itself decides (id, creator, times) is never in ``document``.
    ``name`` is the last part of its IRI, and is not given twice, not even after it was deleted.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    layer = models.ForeignKey(
        Layer, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    annotation = models.OneToOneField(
        Annotation, null=True, on_delete=models.PROTECT, related_name="web", db_constraint=False
    )
    document = models.JSONField(default=dict)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True)

    objects = WebAnnotationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="web_annotation_name_once", fields=["project", "name"]),
            models.CheckConstraint(
                name="web_annotation_in_its_layer",
                condition=Q(layer=None, annotation=None)
                | Q(layer__isnull=False, annotation__isnull=False),
            ),
            models.CheckConstraint(name="web_annotation_has_a_name", condition=~Q(name="")),
        ]
        indexes = [
            models.Index(name="web_annotation_in_order", fields=["project", "id"]),
        ]

    def __str__(self) -> str:
        return self.name
