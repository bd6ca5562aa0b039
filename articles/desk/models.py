"""Who works here, and under which rules: users, projects, members, labels, tokens."""

from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import UUID7, Now

#: Keys become CSS class names, URL parts and JSON values.
KEY = r"^[a-z][a-z0-9_]{0,39}$"
#: A project's place in URLs.
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
#: The greatest number that a column of integers holds.
LARGEST_INTEGER = 2**31 - 1
#: Words that name layers where a user name could stand.
RESERVED_NAMES = ("all", "gold", "mine")
#: ``#rrggbb``.
COLOR = r"^#[0-9a-f]{6}$"


class Role(models.TextChoices):
    """What a member is in a project."""

    ANNOTATOR = "annotator"
    REVIEWER = "reviewer"
    ENGINEER = "engineer"
    MANAGER = "manager"


class User(AbstractUser):
    """A person, or a pipeline that acts as one; ``preferences`` are of the account page.

    A layer carries its annotator's user name, so those that mean something else are taken.
    """

    name = models.CharField(max_length=120, blank=True)
    preferences = models.JSONField(default=dict, blank=True)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="user_name_is_not_a_layers",
                condition=~Q(username__in=RESERVED_NAMES),
                violation_error_message="This user name has another meaning here.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> Self:
        """The projects that ``user`` is an active member of; administrators see all."""
        if user.is_superuser and user.is_active:
            return self
        mine = Membership.objects.active().filter(project=OuterRef("pk"), user=user.pk)
        return self.filter(Exists(mine))


class Project(models.Model):
    """A desk's piece of work: its articles, labels, members and guidelines.

    ``uid`` is the id that programs know it by, and may have chosen themselves. ``lease_minutes`` is
    how long a place on an article is held for somebody who does nothing; ``audit_sample`` how many
    in a hundred unanimous decisions a reviewer is shown anyway. Where annotators agree on less than
    ``raise_below`` in a hundred of an article, it asks for one more of them. ``practice`` is an
    adjudicated article on which newcomers try their hand beside the gold.
    """

    uid = models.UUIDField(unique=True, db_default=UUID7(), editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120, unique=True)
    language = models.CharField(
        max_length=35, default="en", help_text="BCP 47, such as en or pt-BR."
    )
    guidelines = models.TextField(blank=True)
    guidelines_version = models.PositiveIntegerField(default=1)
    annotators_per_article = models.PositiveSmallIntegerField(default=1)
    blind = models.BooleanField(default=True)
    lease_minutes = models.PositiveIntegerField(default=120)
    audit_sample = models.PositiveSmallIntegerField(default=10)
    separate_adjudicator = models.BooleanField(default=False)
    raise_below = models.PositiveSmallIntegerField(null=True, blank=True)
    practice = models.ForeignKey(
        "Article", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="project_slug_is_lower_case_words", condition=Q(slug__regex=SLUG)
            ),
            models.CheckConstraint(
                name="project_annotators_one_to_five",
                condition=Q(annotators_per_article__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="project_lease_five_minutes_to_a_week",
                condition=Q(lease_minutes__range=(5, 10_080)),
            ),
            models.CheckConstraint(
                name="project_percentages_to_a_hundred",
                condition=Q(audit_sample__lte=100)
                & (Q(raise_below=None) | Q(raise_below__range=(1, 100))),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        return self.filter(deactivated_at=None)


class Membership(models.Model):
    """One person's role in one project; never deleted, so that history keeps its names.

    Who is ``cleared`` sees the project's sensitive articles, too.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    cleared = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    deactivated_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="membership_once_per_project", fields=["project", "user"]),
            models.CheckConstraint(
                name="membership_role_is_known", condition=Q(role__in=Role.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class LabelQuerySet(models.QuerySet["Label"]):
    def spans(self) -> Self:
        return self.filter(kind=Label.Kind.SPAN)

    def relations(self) -> Self:
        return self.filter(kind=Label.Kind.RELATION)

    def active(self) -> Self:
        return self.filter(retired_at=None)

    def in_order(self) -> Self:
        return self.order_by("position", "key")

    def visible_to(self, user: User) -> Self:
        return self.filter(project__in=Project.objects.visible_to(user))


class Label(models.Model):
    """One choice in a project's label set, for spans or for relations.

    ``attributes`` is a list of ``{key, name, type, choices, required}``; see ``attributes.py``.
    ``color`` and ``color_dark`` are checked for contrast by ``palette.py`` before they are saved.
    A retired label can no longer be given but keeps its annotations; a merged one is retired too
    and says into which.
    """

    class Kind(models.TextChoices):
        SPAN = "span"
        RELATION = "relation"

    class Line(models.TextChoices):
        SOLID = "solid"
        DOUBLE = "double"
        DASHED = "dashed"
        DOTTED = "dotted"
        WAVY = "wavy"

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="labels")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.SPAN)
    definition = models.TextField(blank=True)
    hotkey = models.CharField(max_length=1, blank=True)
    color = models.CharField(max_length=7, default="#575c63")
    color_dark = models.CharField(max_length=7, default="#a9b0b8")
    line = models.CharField(max_length=6, choices=Line, default=Line.SOLID)
    attributes = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )

    objects = LabelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="label_key_once_per_project", fields=["project", "key"]),
            models.UniqueConstraint(
                name="label_hotkey_once_per_project",
                fields=["project", "hotkey"],
                condition=~Q(hotkey="") & Q(retired_at=None),
            ),
            models.UniqueConstraint(name="label_of_project", fields=["project", "id"]),
            models.CheckConstraint(name="label_key_is_a_word", condition=Q(key__regex=KEY)),
            models.CheckConstraint(
                name="label_color_is_hex",
                condition=Q(color__regex=COLOR) & Q(color_dark__regex=COLOR),
            ),
            models.CheckConstraint(
                name="label_hotkey_is_a_digit", condition=Q(hotkey__regex=r"^[1-9]?$")
            ),
            models.CheckConstraint(
                name="label_merged_is_retired",
                condition=Q(merged_into=None) | Q(retired_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def chip(self) -> str:
        """The letter above a labelled span."""
        return self.name[:1].upper()


class RelationRule(models.Model):
    """A relation label may join a ``source_label`` annotation to a ``target_label`` annotation."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="relation_rules")
    relation_label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="rules")
    source_label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="+")
    target_label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="relation_rule_once",
                fields=["relation_label", "source_label", "target_label"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_label} → {self.target_label}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=Now())


class Invitation(models.Model):
    """A single-use invitation into a project; only the hash of its secret is kept."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role)
    secret_sha256 = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_role_is_known", condition=Q(role__in=Role.values)
            ),
            models.CheckConstraint(
                name="invitation_expires_later", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.role})"


class Scope(models.TextChoices):
    """What an API token may do; the person's role still decides on top of it."""

    READ = "read"
    ANNOTATE = "annotate"
    IMPORT = "import"
    EXPORT = "export"
    REVIEW = "review"
    MANAGE = "manage"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=Now(), user__is_active=True)


class ApiToken(models.Model):
    """A key to the API, bound to a person and to one project or, with none, to all of theirs."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    project = models.ForeignKey(
        Project, null=True, blank=True, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=80)
    secret_sha256 = models.BinaryField(max_length=32, unique=True)
    ends_in = models.CharField(max_length=4)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope))
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_from = models.GenericIPAddressField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="api_token_has_known_scopes",
                condition=Q(scopes__contained_by=Scope.values) & Q(scopes__len__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TokenUse(models.Model):
    """How much of its rate a token has left, shared by all processes: a bucket that fills again.

    ``level`` is what was left at ``at``, in requests. The table is unlogged: a crash empties it,
    which only forgives.
    """

    token = models.OneToOneField(ApiToken, on_delete=models.CASCADE, related_name="use")
    level = models.FloatField()
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.level:.0f} left"
