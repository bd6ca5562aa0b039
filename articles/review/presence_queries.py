"""Who has an article open just now."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models.functions import Now

from articles.annotations.models import Layer
from articles.desk.models import User
from articles.intake.models import Article
from articles.review.models import Presence

#: Who was seen, or saved something, so long ago is here.
HERE = timedelta(seconds=60)


def present_in(articles: Iterable[Article], reader: User) -> dict[UUID, list[User]]:
    """Who else than ``reader`` has each of ``articles`` open, by name; articles that nobody has
    open are missing. One query."""
    wanted, since = list(articles), Now() - HERE
    opened = Presence.objects.filter(article__in=wanted, seen_at__gte=since)
    working = Layer.objects.filter(article__in=wanted, submitted_at=None, updated_at__gte=since)
    here = opened.values_list("article_id", "user_id", "user__name", "user__username").union(
        working.exclude(annotator=None).values_list(
            "article_id", "annotator_id", "annotator__name", "annotator__username"
        )
    )
    present: dict[UUID, list[User]] = {}
    for article, key, name, username in sorted(here, key=lambda row: row[2:]):
        if key != reader.pk:
            present.setdefault(article, []).append(User(pk=key, name=name, username=username))
    return present
