"""Articles, their immutable revisions, and the blocks that a revision is divided into."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import UUID7, Left, Now
from django.utils import timezone

from articles.desk.models import Project, User
from articles.intake import gates
from articles.text.blocks import BlockKind

#: Code points of a text that search looks at: a search vector may not pass 1 MB.
SEARCHED_LENGTH = 200_000
#: Languages whose lines begin at the right, by the first part of their BCP 47 tag.
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: User) -> Self:
        """Those of the user's projects that no gate keeps from them."""
        return self.filter(gates.open_to(user), project__in=Project.objects.visible_to(user))

    def going_out(self, user: User | None = None) -> Self:
        """Those that may leave in an export or a dataset that ``user`` asks for."""
        return self.filter(gates.going_out(user))

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def in_intake_order(self) -> Self:
        return self.order_by("created_at", "id")


class Article(models.Model):
    """A story. Its words are in its revisions; ``revision`` is the current one.

    ``placement`` is what the desk decided about it; its status on screens is derived from this and
    from the work on it (see ``review/listing.py``), and is stored nowhere. Gates are no states:
    they hide an article, or keep it from going out, wherever it stands (see ``gates.py``).
    ``story`` is a name that articles about the same event share, so that a dataset keeps them on
    one side of its split. ``annotators_wanted`` overrides the project's number; ``priority`` counts
    up to 3, most urgent.
    """

    class Placement(models.TextChoices):
        IMPORTED = "imported"
        READY = "ready"
        PARKED = "parked"
        EXCLUDED = "excluded"

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="articles")
    revision = models.OneToOneField(
        "Revision", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    external_id = models.CharField(max_length=200, null=True, blank=True)
    story = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=500)
    url = models.URLField(max_length=2000, null=True, blank=True)
    byline = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=35)
    metadata = models.JSONField(default=dict, blank=True)
    placement = models.CharField(max_length=8, choices=Placement, default=Placement.READY)
    priority = models.PositiveSmallIntegerField(default=0)
    annotators_wanted = models.PositiveSmallIntegerField(null=True, blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    hold_reason = models.CharField(max_length=300, blank=True)
    is_sensitive = models.BooleanField(default=False)
    not_for_training = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="article_of_project", fields=["project", "id"]),
            models.UniqueConstraint(
                name="article_external_id_once_per_project", fields=["project", "external_id"]
            ),
            models.CheckConstraint(name="article_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="article_external_id_not_empty",
                condition=Q(external_id=None) | ~Q(external_id=""),
            ),
            models.CheckConstraint(
                name="article_hold_has_a_reason", condition=Q(held_at=None) ^ ~Q(hold_reason="")
            ),
            models.CheckConstraint(
                name="article_annotators_one_to_five",
                condition=Q(annotators_wanted=None) | Q(annotators_wanted__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="article_priority_to_three", condition=Q(priority__range=(0, 3))
            ),
        ]
        indexes = [
            models.Index(name="article_newest_first", fields=["project", "-created_at", "-id"]),
            models.Index(
                name="article_in_queue_order", fields=["project", "-priority", "created_at", "id"]
            ),
            models.Index(
                name="article_embargo_ends",
                fields=["embargo_until"],
                condition=Q(embargo_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def direction(self) -> str:
        """Where its lines begin, as HTML says it."""
        return "rtl" if self.language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"

    @property
    def places(self) -> int:
        """How many annotators the article asks for."""
        return self.annotators_wanted or self.project.annotators_per_article

    @property
    def gates(self) -> list[gates.Gate]:
        """Those that stand before it now, in words."""
        return gates.standing(self, timezone.now())


class RevisionQuerySet(models.QuerySet["Revision"]):
    def current(self) -> Self:
        """Those that their article points at."""
        return self.filter(article__revision=F("pk"))

    def without_original(self) -> Self:
        """The text alone: what came in may be larger by far, and is seldom looked at."""
        return self.defer("original")


class Revision(models.Model):
    """An article's text at one moment, in canonical form; never edited (a trigger refuses).

    ``length`` counts code points, ``sha256`` is of the UTF-8 bytes; a trigger checks both.
    ``original`` is what came in, byte for byte, with its media type.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="revisions", db_constraint=False
    )
    number = models.PositiveIntegerField(default=1)
    body = models.TextField()
    length = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)
    original = models.BinaryField()
    original_type = models.CharField(max_length=100)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = RevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="revision_of_project", fields=["project", "id"]),
            models.UniqueConstraint(
                name="revision_of_article", fields=["project", "article", "id"]
            ),
            models.UniqueConstraint(
                name="revision_number_once_per_article", fields=["article", "number"]
            ),
            models.UniqueConstraint(
                name="article_text_once_per_project",
                fields=["project", "sha256"],
                condition=Q(number=1),
            ),
            models.CheckConstraint(name="revision_not_empty", condition=Q(length__gt=0)),
        ]
        indexes = [
            GinIndex(
                SearchVector(Left("body", SEARCHED_LENGTH), config="simple"),
                name="revision_search",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} r{self.number}"


class Block(models.Model):
    """A structural part of a revision: ``[start, end)`` in code points; blocks cover the text.

    ``position`` counts from 1. The division never changes; a block's kind can be corrected by hand.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="blocks", db_constraint=False
    )
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in BlockKind])
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    by_hand = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                name="block_position_once_per_revision", fields=["revision", "position"]
            ),
            models.UniqueConstraint(
                name="block_start_once_per_revision", fields=["revision", "start"]
            ),
            models.CheckConstraint(name="block_not_empty", condition=Q(start__lt=F("end"))),
            models.CheckConstraint(
                name="block_kind_is_known", condition=Q(kind__in=[k.value for k in BlockKind])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.kind}"
