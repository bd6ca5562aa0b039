"""The append-only event log: each change of anything is one row here, for ever.

An event holds, for every row that the change touched, what the row was before and
after. Undo, history and the verifier read nothing else.
"""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from articles.desk.models import Project, User


class Event(models.Model):
    """One change: who, when, what kind, and each touched row from → to.

    ``changes`` is a list of ``{"table", "id", "before", "after"}``; ``before`` is null for a row
    that was made, ``after`` is null for one that went away. ``undoes`` and ``redoes`` name the
    event that this one takes back or applies again. ``xid`` is the transaction that wrote it:
    the feed reads only below the oldest one still running, so that it never skips a late commit.
    ``request_id`` is what the client calls its request: the same one again changes nothing.
    ``batch`` is shared by the events of one bulk action, each of one article.
    """

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(
        db_default=RawSQL("pg_current_xact_id()::text::bigint", ()), editable=False
    )
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="events")
    article_id = models.UUIDField(null=True)
    layer_id = models.BigIntegerField(null=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    changes = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    redoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    request_id = models.UUIDField(null=True)
    batch = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(name="event_once_per_request", fields=["actor", "request_id"]),
        ]
        indexes = [
            models.Index(name="event_of_layer", fields=["layer_id", "actor", "-id"]),
            models.Index(name="event_of_article", fields=["article_id", "-id"]),
            models.Index(name="event_of_project", fields=["project", "-id"]),
            models.Index(name="event_of_batch", fields=["batch"], condition=~Q(batch=None)),
            models.Index(name="event_in_feed_order", fields=["project", "xid", "id"]),
        ]

    def __str__(self) -> str:
        return self.kind
