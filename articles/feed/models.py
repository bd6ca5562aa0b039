"""Webhooks: who is told of a project's events, and how each telling went."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now

from articles.desk.models import Project, User


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__in=Project.objects.visible_to(user), removed_at=None)

    def active(self) -> Self:
        return self.filter(disabled_at=None, removed_at=None)


class Webhook(models.Model):
    """An address that is sent a project's events, signed, in order.

    ``kinds`` are those it wants; with none it gets all. ``cursor`` is behind the last event that
    it took, as the feed counts. The secret is stored nowhere: it is derived from the server's key,
    the id and ``generation``. ``failures`` counts those in a row.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="webhooks")
    url = models.URLField(max_length=2000)
    kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    generation = models.PositiveIntegerField(default=1)
    cursor = models.CharField(max_length=60)
    failures = models.PositiveIntegerField(default=0)
    disabled_at = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())

    objects = WebhookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="webhook_of_project", fields=["project", "id"]),
            models.CheckConstraint(
                name="webhook_is_https", condition=Q(url__startswith="https://")
            ),
            models.CheckConstraint(
                name="webhook_disabled_for_a_reason",
                condition=Q(disabled_at=None) ^ ~Q(disabled_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One request to a webhook, for the events behind ``after`` up to ``until``; or a test.

    The same events again, after a failure, are the same delivery: ``attempts`` counts. ``status``
    is what the other side answered, null if it did not; ``problem`` says why in words.
    """

    class Reason(models.TextChoices):
        EVENTS = "events"
        REPLAY = "replay"
        TEST = "test"

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=6, choices=Reason, default=Reason.EVENTS)
    after = models.CharField(max_length=60, blank=True)
    until = models.CharField(max_length=60, blank=True)
    events = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="delivery_newest_first", fields=["webhook", "-id"])]

    def __str__(self) -> str:
        return f"{self.reason} to {self.webhook_id}"
