"""Say something about an article, a layer, an annotation or a decision, and answer what was said.

Whoever is named with ``@``, or has part in a thread, finds it in their inbox, if they may read it.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from articles.annotations.errors import TooLate
from articles.annotations.models import Annotation, Comment, Layer
from articles.desk.events import Event
from articles.desk.models import User
from articles.desk.recording import Recording, recorded
from articles.intake.models import Article
from articles.review.mentions import named_in
from articles.review.models import Notice
from articles.review.notices import notify
from articles.review.permissions import Subject, can_edit, comments_visible_to
from newsdesk.errors import IdReused, Invalid, NotAllowed, refused_by

#: Code points of a comment.
LONGEST_COMMENT = 4_000


def add_comment(
    *, actor: User, on: Subject, body: str, chosen_id: UUID | None = None
) -> tuple[Comment, bool]:
    """Begin a thread about ``on``; returns its first comment and whether it is new.

    The same id with the same words again changes nothing.

    Raises:
        NotAllowed: if the actor may not read what is said there.
        Invalid: if there are no words, or too many.
        IdReused: if the id belongs to another comment.
    """
    return _say(actor, Comment(author=actor, body=_checked(body), **_place(on)), chosen_id)


def reply(
    *, actor: User, to: Comment, body: str, chosen_id: UUID | None = None
) -> tuple[Comment, bool]:
    """Answer in the thread that ``to`` is in; as ``add_comment`` otherwise."""
    first = to.thread or to
    answer = Comment(
        author=actor,
        body=_checked(body),
        thread=first,
        project=first.project,
        article_id=first.article_id,
        layer_id=first.layer_id,
        annotation_id=first.annotation_id,
        decision_id=first.decision_id,
    )
    return _say(actor, answer, chosen_id)


def edit_comment(*, actor: User, comment: Comment, body: str) -> Comment:
    """Change what one's own comment says; whoever is named in it only now is told.

    Raises:
        TooLate: if it is older than fifteen minutes, or removed.
        NotAllowed: unless the actor wrote it, and may still read it.
        Invalid: if there are no words, or too many.
    """
    body = _checked(body)
    _require_author(actor, comment)
    with _changing("comment.edited", actor, comment) as recording:
        recording.touching(comment)
        comment.refresh_from_db()
        if not can_edit(actor, comment):
            raise TooLate("A comment can be changed for fifteen minutes. Reply to it instead.")
        if comment.body != body:
            comment.body, comment.edited_at = body, timezone.now()
            comment.save(update_fields=["body", "edited_at"])
            _tell(recording, comment, Notice.Kind.MENTIONED, _mentioned(comment))
    return comment


def remove_comment(*, actor: User, comment: Comment) -> None:
    """Take one's own comment away; its place stays. Doing it twice changes nothing.

    Raises:
        NotAllowed: unless the actor wrote it, and may still read it.
    """
    _require_author(actor, comment)
    with _changing("comment.removed", actor, comment) as recording:
        recording.touching(comment)
        Comment.objects.filter(pk=comment.pk, removed_at=None).update(removed_at=Now())


def set_resolved(*, actor: User, comment: Comment, resolved: bool) -> Comment:
    """Close the thread that ``comment`` is in, or open it again; returns its first comment.

    Anybody who reads it may. Doing it twice changes nothing.

    Raises:
        NotAllowed: if the actor may not read it.
    """
    first = comment.thread or comment
    _require_reader(actor, first)
    kind = "comment.resolved" if resolved else "comment.reopened"
    with _changing(kind, actor, first) as recording:
        recording.touching(first)
        first.refresh_from_db()
        if (first.resolved_at is not None) != resolved:
            first.resolved_at = timezone.now() if resolved else None
            first.resolved_by = actor if resolved else None
            first.save(update_fields=["resolved_at", "resolved_by"])
    return first


def _place(on: Subject) -> dict[str, Any]:
    """The columns that say what a comment is on."""
    place: dict[str, Any] = {"project": on.project}
    if isinstance(on, Article):
        return place | {"article_id": on.pk}
    place["article_id"] = on.article_id
    if isinstance(on, Layer):
        return place | {"layer_id": on.pk}
    if isinstance(on, Annotation):
        return place | {"layer_id": on.layer_id, "annotation_id": on.pk}
    return place | {"decision_id": on.pk}


def _checked(body: str) -> str:
    body = body.strip()
    if not 1 <= len(body) <= LONGEST_COMMENT:
        raise Invalid(f"A comment has 1 to {LONGEST_COMMENT:,} characters.", field="body")
    return body


def _say(actor: User, comment: Comment, chosen_id: UUID | None) -> tuple[Comment, bool]:
    there = _same_again(chosen_id, comment)
    if there is not None:
        return there, False
    if chosen_id is not None:
        comment.pk = chosen_id
    try:
        _write(actor, comment)
    except IdReused:
        there = _same_again(chosen_id, comment)
        if there is None:
            raise
        return there, False
    return comment, True


def _write(actor: User, comment: Comment) -> None:
    with (
        refused_by(articles_comment_pkey=IdReused()),
        _changing("comment.added", actor, comment) as recording,
    ):
        comment.save(force_insert=True)
        comment.refresh_from_db(fields=["created_at"])
        recording.made(comment)
        _require_reader(actor, comment)
        mentioned = _mentioned(comment)
        _tell(recording, comment, Notice.Kind.MENTIONED, mentioned)
        others = _taking_part(comment).exclude(pk__in=[person.pk for person in mentioned])
        _tell(recording, comment, Notice.Kind.REPLIED, _readers(comment, others))


def _changing(kind: str, actor: User, comment: Comment) -> AbstractContextManager[Recording]:
    return recorded(
        kind,
        actor=actor,
        project=comment.project,
        article_id=comment.article_id,
        layer_id=comment.layer_id,
    )


def _same_again(chosen_id: UUID | None, comment: Comment) -> Comment | None:
    """The comment with this id, if a repeated request made it: on the same, with the same words.

    Compared with what was first written, which the event keeps, because it may have changed since.

    Raises:
        IdReused: if another one did.
    """
    there = Comment.objects.filter(pk=chosen_id).first() if chosen_id else None
    if there is None:
        return None
    first = Event.objects.filter(
        article_id=there.article_id, kind="comment.added", changes__0__id=str(there.pk)
    ).first()
    written = first.changes[0]["after"] if first else {}
    said = ("article_id", "layer_id", "annotation_id", "decision_id", "thread_id", "author_id")
    same = all(str(written.get(name)) == str(getattr(comment, name)) for name in said)
    if not same or written.get("body") != comment.body:
        raise IdReused()
    return there


def _require_reader(actor: User, comment: Comment) -> None:
    """Who could not read their own words there may not write them."""
    if not comments_visible_to(actor).filter(pk=comment.pk).exists():
        raise NotAllowed("Only those who see this talk about it.")


def _require_author(actor: User, comment: Comment) -> None:
    if comment.author_id != actor.pk:
        raise NotAllowed("Only its author changes or removes a comment.")
    _require_reader(actor, comment)


def _mentioned(comment: Comment) -> list[User]:
    """The members whom the comment names, who may read it, and who were not told before."""
    told = Notice.objects.filter(comment=comment, kind=Notice.Kind.MENTIONED).values("person")
    members = User.objects.filter(
        memberships__project=comment.project_id, memberships__deactivated_at=None
    )
    named = members.filter(username__in=named_in(comment.body)).exclude(pk__in=told)
    return _readers(comment, named)


def _taking_part(comment: Comment) -> QuerySet[User]:
    """Who wrote in the comment's thread, and the annotator whose work it is about."""
    taking_part = Q()
    if comment.thread_id is not None:
        thread = Comment.objects.filter(Q(pk=comment.thread_id) | Q(thread=comment.thread_id))
        taking_part |= Q(pk__in=thread.values("author"))
    if comment.layer_id is not None:
        taking_part |= Q(pk__in=Layer.objects.filter(pk=comment.layer_id).values("annotator"))
    return User.objects.filter(taking_part) if taking_part else User.objects.none()


def _readers(comment: Comment, people: Iterable[User]) -> list[User]:
    """Those of ``people`` who may read the comment. One query each."""
    return [
        person
        for person in people
        if person.is_active and comments_visible_to(person).filter(pk=comment.pk).exists()
    ]


def _tell(
    recording: Recording, comment: Comment, kind: Notice.Kind, people: Iterable[User]
) -> None:
    notify(recording, kind, people, article=comment.article, sender=comment.author, comment=comment)
