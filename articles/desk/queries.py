"""What the desk's pages need to know; each says what it costs.

Articles and annotations are reached through the project's and the label's own
relations: this folder knows no model that comes after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, cast

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from articles.desk.models import ApiToken, ApiTokenQuerySet, Label, Membership, Project, User

#: How long a revoked or expired token is still listed.
TOKENS_STAY = timedelta(days=90)
#: How long before a token ends its owner is told.
TOKENS_END_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project as its list shows it.

    ``done`` of ``places`` places for annotators are submitted; ``waiting`` of the reader's own
    articles are begun and not submitted. ``role`` is empty for an administrator who is no member.
    """

    project: Project
    role: str
    articles: int
    done: int
    waiting: int

    @property
    def places(self) -> int:
        return self.articles * self.project.annotators_per_article

    @property
    def percent_done(self) -> int:
        return 100 * min(self.done, self.places) // self.places if self.places else 0


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label, how many annotations or links carry it, and what it joins if it is for links."""

    label: Label
    used: int
    joins: list[str]


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member, and how many articles they have begun and not submitted."""

    member: Membership
    in_hand: int


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token, and whether it still opens anything."""

    token: ApiToken
    state: Literal["usable", "revoked", "expired"]


def articles_open_to(user: User) -> Any:
    """The articles that ``user`` may know of: counts must not tell of any other."""
    articles = Project._meta.get_field("articles").related_model
    return cast("Any", articles).objects.visible_to(user)


def project_rows(user: User) -> list[ProjectRow]:
    """The projects that ``user`` sees, by name. Two queries: one counts articles and work."""
    mine = Membership.objects.active().filter(project=OuterRef("pk"), user=user.pk)
    projects: Iterable[Any] = (
        Project.objects.visible_to(user)
        .annotate(role=Subquery(mine.values("role")[:1]))
        .order_by("name")
    )
    submitted = Q(layers__kind="work", layers__submitted_at__isnull=False)
    begun = Q(layers__annotator=user.pk, layers__submitted_at=None)
    counted = (
        articles_open_to(user)
        .values_list("project")
        .annotate(
            number=Count("pk", distinct=True),
            done=Count("layers", filter=submitted, distinct=True),
            waiting=Count("layers", filter=begun, distinct=True),
        )
        .order_by()
    )
    counts = {project: numbers for project, *numbers in counted}
    return [
        ProjectRow(project, project.role or "", *counts.get(project.pk, [0, 0, 0]))
        for project in projects
    ]


def label_rows(project: Project, reader: User) -> list[LabelRow]:
    """Every label of the project, retired ones too, in order, as used in articles that ``reader``
    may know of. Two queries."""
    seen = articles_open_to(reader).filter(project=project)
    annotated = Q(annotations__deleted_at=None, annotations__article__in=seen)
    linked = Q(relations__deleted_at=None, relations__article__in=seen)
    rows: Iterable[Any] = (
        project.labels.annotate(
            annotated=Count("annotations", filter=annotated, distinct=True),
            linked=Count("relations", filter=linked, distinct=True),
        )
        .select_related("merged_into")
        .prefetch_related("rules__source_label", "rules__target_label")
        .in_order()
    )
    return [
        LabelRow(row, row.annotated + row.linked, [str(rule) for rule in row.rules.all()])
        for row in rows
    ]


def member_rows(project: Project, reader: User) -> list[MemberRow]:
    """The members, those who left last, with what they have in hand of the articles that
    ``reader`` may know of. One query."""
    seen = articles_open_to(reader).filter(project=project)
    begun = Q(user__layers__article__in=seen, user__layers__submitted_at=None)
    rows: Iterable[Any] = (
        project.memberships.select_related("user")
        .annotate(in_hand=Count("user__layers", filter=begun))
        .order_by(F("deactivated_at").asc(nulls_first=True), "user__name", "user__username")
    )
    return [MemberRow(row, row.in_hand) for row in rows]


def token_rows(user: User) -> list[TokenRow]:
    """The tokens of ``user``, newest first; those long gone are left out. One query."""
    now = timezone.now()
    gone = Q(revoked_at__lt=now - TOKENS_STAY) | Q(expires_at__lt=now - TOKENS_STAY)
    tokens = user.api_tokens.exclude(gone).select_related("project").order_by("-created_at", "-pk")
    return [TokenRow(token, _state(token)) for token in tokens]


def tokens_ending_soon(user: User) -> ApiTokenQuerySet:
    """The tokens of ``user`` that end within a week, the first to end first. One query."""
    soon = timezone.now() + TOKENS_END_SOON
    tokens = ApiToken.objects.usable().filter(user=user, expires_at__lte=soon)
    return tokens.select_related("project").order_by("expires_at", "pk")


def _state(token: ApiToken) -> Literal["usable", "revoked", "expired"]:
    if token.revoked_at:
        return "revoked"
    return "expired" if token.expires_at <= timezone.now() else "usable"
