"""Set the gates of an article, and lift them. Where the article stands is not touched by any."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from articles.desk.models import User
from articles.desk.permissions import can_manage, role_in
from articles.desk.recording import recorded
from articles.intake.errors import NotCleared
from articles.intake.models import Article
from newsdesk.errors import Invalid, NotAllowed, StaleVersion

#: Code points of the reason for a hold.
LONGEST_REASON = 300
#: Embargoes that are ended in one go.
MOST_AT_ONCE = 1_000


def embargo(*, actor: User, article: Article, version: int, until: datetime) -> Article:
    """Hide the article until a time, at which it shows again by itself.

    Raises:
        Invalid: unless ``until`` is in the future, in a time zone.
        NotAllowed, StaleVersion: each in words.
    """
    if until.tzinfo is None or until <= timezone.now():
        raise Invalid("An embargo ends in the future. Times are in UTC.", field="until")
    return _set("article.embargoed", actor, article, version, embargo_until=until)


def lift_embargo(*, actor: User, article: Article, version: int) -> Article:
    """Show the article before its time. Without an embargo it changes nothing.

    Raises:
        NotAllowed, StaleVersion: each in words.
    """
    return _set("article.embargo_lifted", actor, article, version, embargo_until=None)


def end_embargoes() -> int:
    """Say of each embargo that is over that it is, and take its time away; returns how many.

    The articles went out again at that time. But time passes without an event, and whoever follows
    what changes has to learn of it.
    """
    over = Article.objects.filter(embargo_until__lte=Now()).select_related("project")
    ended = 0
    for found in over.order_by("embargo_until", "pk")[:MOST_AT_ONCE]:
        with recorded(
            "article.embargo_ended", actor=None, project=found.project, article_id=found.pk
        ) as recording:
            article = over.select_for_update(of=["self"]).filter(pk=found.pk).first()
            if article is None:
                continue
            recording.touching(article)
            Article.objects.filter(pk=article.pk).update(
                embargo_until=None, version=F("version") + 1, updated_at=Now()
            )
            ended += 1
    return ended


def hold(*, actor: User, article: Article, version: int, reason: str) -> Article:
    """Hide the article until somebody lifts the hold. Held again, it only gets the new reason.

    Raises:
        Invalid: unless there is a reason, of no more than 300 characters.
        NotAllowed, StaleVersion: each in words.
    """
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Invalid(f"Say why, in up to {LONGEST_REASON} characters.", field="reason")
    held_at = article.held_at or timezone.now()
    return _set("article.held", actor, article, version, held_at=held_at, hold_reason=reason)


def lift_hold(*, actor: User, article: Article, version: int) -> Article:
    """Let the article go on from where it stood. Without a hold it changes nothing.

    Raises:
        NotAllowed, StaleVersion: each in words.
    """
    return _set("article.hold_lifted", actor, article, version, held_at=None, hold_reason="")


def mark_sensitive(*, actor: User, article: Article, version: int) -> Article:
    """Show the article to nobody but those who are cleared for what is sensitive.

    Raises:
        NotCleared: if the actor is not: they would lose sight of it.
        NotAllowed, StaleVersion: each in words.
    """
    member = article.project.memberships.active().filter(user=actor, cleared=True)
    if can_manage(role_in(article.project, actor)) and not (actor.is_superuser or member.exists()):
        raise NotCleared()
    return _set("article.marked_sensitive", actor, article, version, is_sensitive=True)


def unmark_sensitive(*, actor: User, article: Article, version: int) -> Article:
    """Show the article to those who are not cleared, too.

    Raises:
        NotAllowed, StaleVersion: each in words.
    """
    return _set("article.unmarked_sensitive", actor, article, version, is_sensitive=False)


def keep_from_training(*, actor: User, article: Article, version: int) -> Article:
    """Leave the article out of whatever goes out; it can be worked on as before.

    Raises:
        NotAllowed, StaleVersion: each in words.
    """
    return _set("article.kept_from_training", actor, article, version, not_for_training=True)


def free_for_training(*, actor: User, article: Article, version: int) -> Article:
    """Let the article go out again.

    Raises:
        NotAllowed, StaleVersion: each in words.
    """
    return _set("article.freed_for_training", actor, article, version, not_for_training=False)


def withdraw(*, actor: User, article: Article, version: int) -> Article:
    """Hide an article that should not be here any more; what was done on it stays.

    Raises:
        NotAllowed, StaleVersion: each in words.
    """
    withdrawn_at = article.withdrawn_at or timezone.now()
    return _set("article.withdrawn", actor, article, version, withdrawn_at=withdrawn_at)


def bring_back(*, actor: User, article: Article, version: int) -> Article:
    """Show a withdrawn article again, with all that was done on it.

    Raises:
        NotAllowed, StaleVersion: each in words.
    """
    return _set("article.brought_back", actor, article, version, withdrawn_at=None)


def _set(kind: str, actor: User, article: Article, version: int, **values: Any) -> Article:
    """One recorded change of the article as the actor saw it; none if it is so already."""
    if not can_manage(role_in(article.project, actor)):
        raise NotAllowed("Only a manager of the project sets the gates of its articles.")
    with recorded(kind, actor=actor, project=article.project, article_id=article.pk) as recording:
        article = Article.objects.select_for_update(of=["self"]).get(pk=article.pk)
        if article.version != version:
            raise StaleVersion("Somebody changed this article since you opened it. Look again.")
        if any(getattr(article, name) != value for name, value in values.items()):
            recording.touching(article)
            Article.objects.filter(pk=article.pk).update(
                **values, version=F("version") + 1, updated_at=Now()
            )
            article.refresh_from_db()
    return article
