"""What the desk's pages need to know; each says what it costs.

Articles and annotations are reached through the project's and the label's own
relations: this folder knows no model that comes after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from articles.desk.models import ApiToken, Label, Membership, Project, User

#: How long a revoked or expired token is still listed.
TOKENS_STAY = timedelta(days=90)


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


def project_rows(user: User) -> list[ProjectRow]:
    """The projects that ``user`` sees, by name. One query, which counts their layers."""
    mine = Membership.objects.active().filter(project=OuterRef("pk"), user=user.pk)
    submitted = Q(articles__layers__submitted_at__isnull=False)
    begun = Q(articles__layers__annotator=user.pk, articles__layers__submitted_at=None)
    rows: Iterable[Any] = (
        Project.objects.visible_to(user)
        .annotate(
            role=Subquery(mine.values("role")[:1]),
            article_count=Count("articles", distinct=True),
            done=Count("articles__layers", filter=submitted, distinct=True),
            waiting=Count("articles__layers", filter=begun, distinct=True),
        )
        .order_by("name")
    )
    return [
        ProjectRow(row, row.role or "", row.article_count, row.done, row.waiting) for row in rows
    ]


def label_rows(project: Project) -> list[LabelRow]:
    """Every label of the project, retired ones too, in order. Two queries."""
    rows: Iterable[Any] = (
        project.labels.annotate(
            annotated=Count("annotations", filter=Q(annotations__deleted_at=None), distinct=True),
            linked=Count("relations", filter=Q(relations__deleted_at=None), distinct=True),
        )
        .select_related("merged_into")
        .prefetch_related("rules__source_label", "rules__target_label")
        .in_order()
    )
    return [
        LabelRow(row, row.annotated + row.linked, [str(rule) for rule in row.rules.all()])
        for row in rows
    ]


def member_rows(project: Project) -> list[MemberRow]:
    """The members, those who left last. One query."""
    begun = Q(user__layers__project=project.pk, user__layers__submitted_at=None)
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


def _state(token: ApiToken) -> Literal["usable", "revoked", "expired"]:
    if token.revoked_at:
        return "revoked"
    return "expired" if token.expires_at <= timezone.now() else "usable"
