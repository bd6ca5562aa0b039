"""Snapshots: datasets that are frozen, whole and as they were, for ever."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now

from articles.desk.models import Project, User
from articles.intake.models import Article


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__in=Project.objects.visible_to(user))

    def ready(self) -> Self:
        return self.filter(status=Snapshot.Status.READY)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class Snapshot(models.Model):
    """A choice of articles and layers, frozen at one moment, as version ``number`` of ``name``.

    ``layers`` is ``gold``, ``submitted`` or ``all``; ``filter`` and ``split`` are as they were
    asked for, ``split`` with its seed. ``sha256`` is that of the canonical bytes: all its records,
    a line each, in order. ``counts`` and ``card`` are written when it is frozen, and ``about`` is
    what its files say of themselves: the project, its labels as they were, and where it is at home.
    From then on a trigger refuses every change.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="snapshots")
    name = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    layers = models.CharField(max_length=10)
    filter = models.JSONField(default=dict)
    split = models.JSONField(default=dict)
    licence = models.CharField(max_length=100, blank=True)
    formats = models.JSONField(default=list)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=7, choices=Status, default=Status.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    guidelines_version = models.PositiveIntegerField(default=1)
    sha256 = models.BinaryField(max_length=32, null=True)
    size = models.PositiveBigIntegerField(null=True)
    counts = models.JSONField(default=dict)
    card = models.TextField(blank=True)
    about = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    frozen_at = models.DateTimeField(null=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="snapshot_of_project", fields=["project", "id"]),
            models.UniqueConstraint(
                name="snapshot_version_once", fields=["project", "name", "number"]
            ),
            models.CheckConstraint(
                name="snapshot_layers_are_known",
                condition=Q(layers__in=["gold", "submitted", "all"]),
            ),
            models.CheckConstraint(
                name="snapshot_ready_is_whole",
                condition=~Q(status="ready")
                | Q(sha256__isnull=False, size__isnull=False, frozen_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="snapshot_newest_first", fields=["project", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    @property
    def percent(self) -> int:
        """How much of it is frozen so far, of a hundred."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def hash(self) -> str:
        """``sha256`` in hexadecimal; empty until it is frozen."""
        return bytes(self.sha256).hex() if self.sha256 else ""


class SnapshotRecord(models.Model):
    """One article of a snapshot: its line of the canonical JSONL, to the byte, without its end.

    ``position`` counts from 0 in the order of the file.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="records")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    position = models.PositiveIntegerField()
    split = models.CharField(max_length=20, blank=True)
    line = models.TextField()
    sha256 = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="snapshot_position_once", fields=["snapshot", "position"]),
            models.UniqueConstraint(name="snapshot_article_once", fields=["snapshot", "article"]),
        ]
        indexes = [models.Index(name="snapshot_record_of_article", fields=["article"])]

    def __str__(self) -> str:
        return f"{self.position} of {self.snapshot_id}"


class SnapshotFile(models.Model):
    """A snapshot in one format, as a file in the storage; it can be deleted and built again.

    ``variant`` holds the format's options, in one fixed form. The hash is kept when the file is
    not, and a file that is built again must have it.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="files")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=20)
    variant = models.CharField(max_length=100, blank=True)
    stored = models.CharField(max_length=300, blank=True)
    sha256 = models.BinaryField(max_length=32)
    size = models.PositiveBigIntegerField()
    built_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="snapshot_file_once", fields=["snapshot", "format", "variant"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} of {self.snapshot_id}"

    @property
    def hash(self) -> str:
        """``sha256`` in hexadecimal."""
        return bytes(self.sha256).hex()
