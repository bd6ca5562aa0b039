"""The gates of an article, decided here and nowhere else.

A gate is no state: whatever work stands on an article, an embargo, a hold or a withdrawal hides it
from everybody but the project's managers, and a lifted gate leaves it where it stood. A sensitive
article is seen by those who are cleared for it. What is not for training is seen and worked on,
but never goes out.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from articles.desk.models import Membership, Role, User


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
