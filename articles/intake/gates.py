"""The gates of an article, decided here and nowhere else.

A gate is no state: whatever work stands on an article, an embargo, a hold or a withdrawal hides it
from everybody but the project's managers, and a lifted gate leaves it where it stood. A sensitive
article is seen by those who are cleared for it, and by no others, be they managers. What is not
for training is seen and worked on, but never goes out; neither does what is hidden.

Who reads articles, or anything that belongs to one, goes through ``Article.objects.visible_to``
or ``.going_out``, which ask here. An embargo ends by itself, at its time by PostgreSQL's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import dateformat

from articles.desk.models import Membership, Role, User

if TYPE_CHECKING:
    from articles.intake.models import Article


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate that stands before an article, and what screens call it."""

    key: str
    words: str


def hidden() -> Q:
    """Articles that nobody but a manager may know of."""
    return Q(embargo_until__gt=Now()) | Q(held_at__isnull=False) | Q(withdrawn_at__isnull=False)


def open_to(user: User) -> Q:
    """Articles that no gate keeps from ``user``, as far as they are a member at all."""
    if user.is_superuser and user.is_active:
        return Q()
    mine = Membership.objects.active().filter(project=OuterRef("project"), user=user.pk)
    manages = Exists(mine.filter(role=Role.MANAGER))
    return (~hidden() | Q(manages)) & (Q(is_sensitive=False) | Q(Exists(mine.filter(cleared=True))))


def going_out(user: User | None) -> Q:
    """Articles that may leave in what ``user`` takes out; without one, nothing sensitive does."""
    free = ~hidden() & Q(not_for_training=False)
    return free & (Q(is_sensitive=False) if user is None else open_to(user))


def standing(article: Article, now: datetime) -> list[Gate]:
    """The gates that stand before ``article``, for those who may still see it."""
    gates = []
    if article.withdrawn_at:
        gates.append(Gate("withdrawn", "Withdrawn"))
    if article.held_at:
        gates.append(Gate("hold", f"On hold: {article.hold_reason}"))
    if article.embargo_until and article.embargo_until > now:
        gates.append(Gate("embargo", f"Embargo until {in_utc(article.embargo_until)}"))
    if article.is_sensitive:
        gates.append(Gate("sensitive", "Sensitive"))
    if article.not_for_training:
        gates.append(Gate("not-for-training", "Not for training"))
    return gates


def in_utc(at: datetime) -> str:
    """The minute, such as ``3 Dec 2026 06:00 UTC``."""
    return f"{dateformat.format(at.astimezone(UTC), 'j M Y H:i')} UTC"
