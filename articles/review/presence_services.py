"""Note who has an article open. No event tells of it: it is true for a minute and never again."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models.functions import Now

from articles.review.models import Presence
from articles.review.presence_queries import HERE


def seen(present: Iterable[tuple[int, UUID, int]]) -> None:
    """Users have articles open now: ``(project, article, user)`` of each. One statement.

    In one order, so that two processes that note the same people do not wait for each other.
    """
    Presence.objects.bulk_create(
        [
            Presence(project_id=project, article_id=article, user_id=user, seen_at=Now())
            for project, article, user in sorted(present)
        ],
        update_conflicts=True,
        unique_fields=["article", "user"],
        update_fields=["seen_at"],
    )


def left(*, article_id: UUID, user_id: int) -> None:
    """The user has closed the article. One statement."""
    Presence.objects.filter(article=article_id, user=user_id).delete()


def forget() -> None:
    """Drop whoever is here no more, though no process said so. One statement."""
    Presence.objects.filter(seen_at__lt=Now() - HERE).delete()
