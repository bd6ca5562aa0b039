"""One decision about many articles: tried first, done article by article, taken back as one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from articles.annotations.models import Layer
from articles.annotations.writing import lease_end
from articles.desk import permissions
from articles.desk.events import Event
from articles.desk.models import Project, User
from articles.desk.recording import batched, recorded, rows_as_json
from articles.intake.models import Article
from articles.review.assignment_services import (
    assign,
    place,
    reassign,
    set_priority,
    take_from,
    want_annotators,
)
from articles.review.models import Notice
from newsdesk.errors import Invalid, NewsdeskError, NotAllowed

#: Articles of one bulk action.
MOST_AT_ONCE = 1_000
#: What bulk actions change. Of a notice nothing is put back: it goes.
_MODELS: dict[str, type[models.Model]] = {"article": Article, "layer": Layer, "notice": Notice}
#: Columns that go on, whatever is put back.
_GO_ON = {"version", "updated_at"}

#: What is done to one article; returns whether anything changed.
type Change = Callable[[Article], bool]


class Verb(StrEnum):
    """What can be done to many articles at once."""

    ASSIGN = "assign"
    TAKE = "take"
    HAND = "hand"
    PRIORITY = "priority"
    WANT = "want"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Act:
    """One decision: a verb, and whom or what it is about.

    ``person`` is whom it is given to or taken from, ``to`` who gets it from them; ``value`` is a
    number, or a placement.
    """

    verb: Verb
    person: User | None = None
    to: User | None = None
    value: str = ""

    def words(self, things: str) -> str:
        """The act in words, such as “Assign 3 articles to Ben”."""
        match self.verb:
            case Verb.ASSIGN:
                return f"Assign {things} to {self.person}"
            case Verb.TAKE:
                return f"Take {things} back from {self.person}"
            case Verb.HAND:
                return f"Hand {things} over from {self.person} to {self.to}"
            case Verb.PRIORITY:
                return f"Give {things} priority {self.value}"
            case Verb.WANT:
                return f"Ask for {self.value} annotators of {things}"
            case Verb.PLACE:
                return f"Park {things}" if self.value == "parked" else f"Make {things} ready"

    def done_by(self, actor: User) -> Change:
        """The act as ``actor`` does it to an article."""
        person, to, value = self.person, self.to, self.value
        match self.verb:
            case Verb.ASSIGN if person:
                return lambda one: assign(actor=actor, article=one, person=person)
            case Verb.TAKE if person:
                return lambda one: take_from(actor=actor, article=one, person=person)
            case Verb.HAND if person and to:
                return lambda one: reassign(actor=actor, article=one, person=person, to=to)
            case Verb.PRIORITY:
                return lambda one: set_priority(actor=actor, article=one, priority=int(value))
            case Verb.WANT:
                return lambda one: want_annotators(actor=actor, article=one, number=int(value))
            case Verb.PLACE:
                placement = Article.Placement(value)
                return lambda one: place(actor=actor, article=one, placement=placement)
        raise Invalid("Choose the person, too.", field="to")


@dataclass(slots=True)
class Outcome:
    """What a bulk action did, or would do: how many it changes, how many are so already, and
    which are refused, each with the reason in words."""

    changed: int = 0
    same: int = 0
    refused: list[tuple[Article, str]] = field(default_factory=list)


def try_out(*, articles: Iterable[Article], change: Change) -> Outcome:
    """What ``change`` would do to each of ``articles``. It is done, and all of it taken back."""
    with transaction.atomic():
        outcome = _done(articles, change)
        transaction.set_rollback(True)
    return outcome


def do_to_all(*, articles: Iterable[Article], change: Change, batch: UUID) -> Outcome:
    """Do ``change`` to each of ``articles``, each by itself: what one refuses stops no other.

    The same ``batch`` again changes nothing.
    """
    if Event.objects.filter(batch=batch).exists():
        return Outcome()
    with batched(batch):
        return _done(articles, change)


def undo_all(*, actor: User, project: Project, batch: UUID) -> Outcome:
    """Take a bulk action back: each article is put to where it was before, unless it was changed
    since; those are refused, and left. What a gate keeps from the actor is left, and not told.

    Raises:
        NotAllowed: unless the actor manages the project.
    """
    if not permissions.can_manage(permissions.role_in(project, actor)):
        raise NotAllowed("Only a manager of the project undoes this.")
    outcome = Outcome()
    visible = Article.objects.visible_to(actor).filter(project=project)
    events = Event.objects.filter(project=project, batch=batch, undoes=None)
    undone = set(events.filter(pk__in=Event.objects.filter(batch=batch).values("undoes")))
    articles = visible.select_related("project").in_bulk(
        [event.article_id for event in events if event.article_id]
    )
    for event in events.order_by("-id"):
        article = articles.get(event.article_id) if event.article_id else None
        if article is None:
            continue
        if event in undone:
            outcome.same += 1
            continue
        try:
            with batched(batch):
                _take_back(actor, article, event)
        except (_ChangedSince, IntegrityError, ProtectedError):
            outcome.refused.append((article, "It was changed since, and is left as it is."))
        else:
            outcome.changed += 1
    return outcome


class _ChangedSince(Exception):
    """A row is not any more as the event left it."""


def _done(articles: Iterable[Article], change: Change) -> Outcome:
    outcome = Outcome()
    for article in articles:
        try:
            with transaction.atomic():
                has_changed = change(article)
        except NotAllowed:
            raise
        except NewsdeskError as error:
            outcome.refused.append((article, error.message))
        else:
            outcome.changed += has_changed
            outcome.same += not has_changed
    return outcome


def _take_back(actor: User, article: Article, event: Event) -> None:
    """Put back what the event changed, last first: what depends on another was changed after it.

    Raises:
        _ChangedSince, IntegrityError, ProtectedError: if something else was done since.
    """
    with recorded(
        "bulk.undone", actor=actor, project=article.project, article_id=article.pk
    ) as recording:
        recording.undoes = event
        Article.objects.select_for_update().get(pk=article.pk)
        for change in reversed(event.changes):
            model = _MODELS[change["table"]]
            row = model._default_manager.filter(pk=change["id"]).first()
            if row is None:
                raise _ChangedSince
            recording.touching(row)
            if isinstance(row, Notice):
                row.delete()
                continue
            changed = _check_untouched(event, row, change["before"] or {}, change["after"])
            if change["before"] is None:
                row.delete()
            else:
                _put_back(row, {key: change["before"][key] for key in changed})


def _put_back(row: models.Model, values: dict[str, Any]) -> None:
    for key, value in values.items():
        column = type(row)._meta.get_field(key)
        assert isinstance(column, models.Field)
        setattr(row, key, column.to_python(value))
    if isinstance(row, Layer) and row.slot is not None:
        row.lease_expires_at = lease_end(row.project)
    if isinstance(row, Article):
        row.version += 1
        row.updated_at = timezone.now()
    row.save()


def _check_untouched(
    event: Event, row: models.Model, before: dict[str, Any], after: dict[str, Any]
) -> list[str]:
    """The columns that the event changed; all of them if the row was new.

    Raises:
        _ChangedSince: if one was changed again, or somebody has gone on from there.
    """
    changed = [
        key for key in after if key not in _GO_ON and (not before or before[key] != after[key])
    ]
    [now] = rows_as_json(type(row), [row.pk]).values()
    later = Event.objects.filter(pk__gt=event.pk, article_id=event.article_id)
    if (
        any(now[key] != after[key] for key in changed)
        or (isinstance(row, Layer) and later.filter(layer_id=row.pk).exists())
        # What was handed in since, was so for the number that was wanted then.
        or ("annotators_wanted" in changed and later.filter(kind="layer.submitted").exists())
    ):
        raise _ChangedSince
    return changed
