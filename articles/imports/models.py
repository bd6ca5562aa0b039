"""Import runs: a file or a list of addresses on its way in, and what became of each line."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now

from articles.desk.models import Project, User
from articles.intake.models import Article


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__in=Project.objects.visible_to(user))

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class ImportRun(models.Model):
    """One file that is brought in, in the background; ``stored`` is where it lies in the storage,
    empty when it was deleted.

    ``options`` are what was chosen for all its articles: language, publisher, whose layer the
    annotations are for. ``done`` counts the lines that are over, whatever became of them, and
    moves in the transaction that writes their articles: a run that was cut off goes on behind it.
    A dry run goes through the same motions and keeps no article; ``confirms`` is the dry run that
    this one repeats in earnest.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="import_runs")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    options = models.JSONField(default=dict)
    is_dry = models.BooleanField(default=False)
    confirms = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    read = models.PositiveBigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    cancel_asked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="import_run_of_project", fields=["project", "id"]),
            models.CheckConstraint(
                name="import_run_counts_every_line",
                condition=Q(done=models.F("created") + models.F("duplicates") + models.F("failed")),
            ),
            models.CheckConstraint(
                name="import_run_finished_is_over",
                condition=Q(finished_at=None, status__in=["queued", "running"])
                | Q(finished_at__isnull=False, status__in=["done", "failed", "cancelled"]),
            ),
        ]
        indexes = [
            models.Index(name="import_run_newest_first", fields=["project", "-created_at"]),
        ]

    def __str__(self) -> str:
        return self.name


class ImportLine(models.Model):
    """What became of one line of a run, or of one file of an archive; ``number`` counts from 1.

    ``detail`` says in words why there is no article, or what was done to it on the way.
    """

    class Outcome(models.TextChoices):
        CREATED = "created"
        DUPLICATE = "duplicate"
        FAILED = "failed"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="lines")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=Outcome)
    title = models.CharField(max_length=500, blank=True)
    article = models.ForeignKey(
        Article, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    annotations = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="import_line_once", fields=["run", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"
