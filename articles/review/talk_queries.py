"""What was said about an article, in threads; each query says what it costs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from articles.annotations.models import Annotation, Comment, CommentQuerySet, Layer
from articles.annotations.queries import names_of
from articles.desk.models import User
from articles.intake.models import Article
from articles.review.mentions import Part, parts_of
from articles.review.models import Notice
from articles.review.permissions import Subject, can_edit, comments_visible_to

#: Code points of an annotation's words above a thread about it.
WORDS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as one reader sees it; one that is removed has no ``parts``, and is nobody's."""

    comment: Comment
    parts: list[Part]
    is_mine: bool
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """The first remark and what was answered; ``words`` are those of the annotation it is on."""

    first: Remark
    words: str = ""
    replies: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Talk:
    """The threads that stand beside a text, by what they are on: the article or the layer first."""

    on_article: list[Thread] = field(default_factory=list)
    on_decisions: list[Thread] = field(default_factory=list)
    on_annotations: list[Thread] = field(default_factory=list)


def threads_of(reader: User, on: Subject) -> list[Thread]:
    """What ``reader`` may read of what was said about ``on`` itself, oldest first. Two queries."""
    comments = comments_visible_to(reader)
    if isinstance(on, Article):
        comments = comments.filter(article=on, layer=None, decision=None)
    elif isinstance(on, Layer):
        comments = comments.filter(layer=on, annotation=None)
    elif isinstance(on, Annotation):
        comments = comments.filter(annotation=on)
    else:
        comments = comments.filter(decision=on)
    return _threads(reader, comments)


def threads_of_decisions(reader: User, article: Article) -> dict[UUID, list[Thread]]:
    """What was said about each decision of ``article`` that has threads. Two queries."""
    comments = comments_visible_to(reader).filter(article=article, decision__isnull=False)
    by_decision = defaultdict(list)
    for thread in _threads(reader, comments):
        by_decision[thread.first.comment.decision_id].append(thread)
    return {key: threads for key, threads in by_decision.items() if key is not None}


def threads_beside(reader: User, article: Article, layer: Layer | None) -> Talk:
    """What was said about ``article``, its decisions, and ``layer`` as it stands. Three queries."""
    on_layer = Q(layer=layer, annotation__deleted_at=None) if layer else Q(pk__in=[])
    comments = comments_visible_to(reader).filter(Q(layer=None) | on_layer, article=article)
    talk = Talk()
    for thread in _threads(reader, comments, with_words=True):
        comment = thread.first.comment
        if comment.annotation_id is not None:
            talk.on_annotations.append(thread)
        elif comment.decision_id is not None:
            talk.on_decisions.append(thread)
        else:
            talk.on_article.append(thread)
    return talk


def _threads(reader: User, comments: CommentQuerySet, *, with_words: bool = False) -> list[Thread]:
    related = ("author", "project", "resolved_by", "annotation__label")
    rows = list(comments.select_related(*related).order_by("created_at", "pk"))
    people = _people(rows)
    words: dict[UUID, str] = {}
    if with_words:
        about = {row.annotation.pk: row.annotation for row in rows if row.annotation is not None}
        words = names_of(list(about.values()), WORDS_SHOWN)
    threads: dict[UUID, Thread] = {}
    for row in rows:
        remark = _remark(reader, row, people[row.pk])
        if row.thread_id is None:
            on = row.annotation_id
            threads[row.pk] = Thread(remark, words.get(on, "") if on is not None else "")
        elif row.thread_id in threads:
            threads[row.thread_id].replies.append(remark)
    return list(threads.values())


def _remark(reader: User, comment: Comment, people: dict[str, str]) -> Remark:
    parts = [] if comment.removed_at else parts_of(comment.body, people)
    is_mine = comment.author_id == reader.pk and comment.removed_at is None
    return Remark(comment, parts, is_mine, can_edit(reader, comment))


def _people(comments: Iterable[Comment]) -> dict[UUID, dict[str, str]]:
    """For each comment the names of those whom it told that it mentions them. One query."""
    told = Notice.objects.filter(comment__in=list(comments), kind=Notice.Kind.MENTIONED)
    people: dict[UUID, dict[str, str]] = defaultdict(dict)
    for notice in told.select_related("person"):
        if notice.comment_id is not None:
            people[notice.comment_id][notice.person.username] = str(notice.person)
    return people
