"""Who has an article open just now."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models.functions import Now

from articles.desk.models import User
from articles.intake.models import Article
from articles.review.models import Presence

#: Who was seen so long ago is here.
HERE = timedelta(seconds=60)


def present_in(articles: Iterable[Article], reader: User) -> dict[UUID, list[User]]:
    """Who else than ``reader`` has each of ``articles`` open, by name; articles that nobody has
    open are missing. One query."""
    found = (
        Presence.objects.filter(article__in=list(articles), seen_at__gte=Now() - HERE)
        .exclude(user=reader)
        .select_related("user")
        .order_by("user__name", "user__username")
    )
    present: dict[UUID, list[User]] = {}
    for one in found:
        present.setdefault(one.article_id, []).append(one.user)
    return present
