"""Which articles wait for whom; each query says what it costs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.annotations.models import Layer, LayerQuerySet
from articles.desk.events import Event
from articles.desk.models import Project, User
from articles.intake.models import Article, ArticleQuerySet
from articles.review.listing import ArticleStatus, with_status, with_words
from articles.review.models import Notice

#: Waiting articles that the queue shows.
MOST_SHOWN = 50


def waiting_for(user: User, project: Project) -> ArticleQuerySet:
    """The articles that have a place for ``user``, in the order in which they are handed out.

    The most urgent first; of these those that somebody has begun, so that they get done; then the
    oldest. What the user works on already is not among them, unless they lost their place there;
    nor is what they hold the review of. Each has ``wanted``, how many annotators it asks for, and
    ``is_begun``.

    One query, whose time grows with the articles that are not adjudicated.
    """
    layers = Layer.objects.filter(article=OuterRef("pk")).order_by()
    theirs = layers.filter(Q(annotator=user) | Q(name=user.username), lapsed_at=None)
    held = layers.in_place().values("article").annotate(n=Count("pk")).values("n")
    # A case, so that places are not counted where the review says that none is free.
    free = Case(
        When(review__adjudicated_at__isnull=False, then=Value(0)),
        default=F("wanted") - Coalesce(Subquery(held), 0),
        output_field=IntegerField(),
    )
    return (
        Article.objects.visible_to(user)
        .filter(~Exists(theirs), project=project, placement=Article.Placement.READY)
        .exclude(review__reviewer=user)
        .annotate(
            wanted=Coalesce("annotators_wanted", project.annotators_per_article),
            is_begun=Exists(layers.of_people()),
        )
        .alias(free=free)
        .filter(free__gt=0)
        .order_by("-priority", "-is_begun", "created_at", "id")
    )


def in_hand(user: User, project: Project) -> LayerQuerySet:
    """The work of ``user`` that is not handed in: what was returned to them first, the longest ago;
    then what they did something on last."""
    articles = Article.objects.visible_to(user).filter(placement=Article.Placement.READY)
    return Layer.objects.filter(
        project=project, annotator=user, submitted_at=None, article__in=articles
    ).order_by(F("returned_at").asc(nulls_last=True), "-updated_at")


def returned_to(user: User, project: Project) -> LayerQuerySet:
    """The work that a reviewer gave back to ``user``, the longest ago first."""
    returned = in_hand(user, project).filter(returned_at__isnull=False, lapsed_at=None)
    return returned.select_related("project", "article")


@dataclass(frozen=True, slots=True)
class InHand:
    """Work that somebody has begun or was given, with the words that it was returned with."""

    layer: Layer
    message: str

    @property
    def is_returned(self) -> bool:
        return self.layer.returned_at is not None


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for one person: what they have in hand, and what they could claim.

    ``waiting`` are the first of ``waiting_count``. ``with_others`` counts the articles that others
    work on, ``done_today`` what the person handed in since midnight, UTC.
    """

    in_hand: list[InHand]
    waiting: list[Article]
    waiting_count: int
    with_others: int
    done_today: int


def queue_of(user: User, project: Project) -> Queue:
    """The queue of ``user``. Five queries, and one more where not all of it is shown."""
    layers = list(in_hand(user, project).select_related("article", "assigned_by"))
    notices = Notice.objects.filter(
        kind=Notice.Kind.RETURNED, person=user, article__in=[one.article_id for one in layers]
    )
    said = {
        article: words or ""
        for article, words in notices.order_by("created_at").values_list("article", "comment__body")
    }
    waiting = waiting_for(user, project)
    shown = list(with_words(waiting)[:MOST_SHOWN])
    visible = Layer.objects.filter(project=project, article__in=Article.objects.visible_to(user))
    others = visible.in_place().filter(submitted_at=None).exclude(annotator=user)
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    done = visible.submitted().filter(annotator=user, submitted_at__gte=midnight)
    return Queue(
        in_hand=[
            InHand(one, said.get(one.article_id, "") if one.returned_at else "") for one in layers
        ],
        waiting=shown,
        waiting_count=len(shown) if len(shown) < MOST_SHOWN else waiting.count(),
        with_others=others.values("article").distinct().count(),
        done_today=done.count(),
    )


def left_to_undo(project: Project, reader: User, batch: UUID) -> int:
    """How many of the articles that ``reader`` may know of a bulk action changed, without those
    that were put back since. One query."""
    visible = Article.objects.visible_to(reader).filter(project=project)
    events = Event.objects.filter(project=project, batch=batch, article_id__in=visible.values("pk"))
    undone = events.exclude(undoes=None).values("undoes")
    return events.filter(undoes=None).exclude(pk__in=undone).count()


def waiting_counts(user: User, project: Project) -> tuple[int, int]:
    """How much ``user`` has in hand, and how many articles wait for a review. One query.

    Neither counts all of the project's articles: every page asks.
    """
    mine = in_hand(user, project).filter(lapsed_at=None)
    unfinished = Article.objects.filter(
        project=project, review__isnull=False, review__adjudicated_at=None
    )
    begun: QuerySet[Any] = with_status(unfinished & Article.objects.visible_to(user))
    reviews = begun.filter(status__in=[ArticleStatus.AWAITING_REVIEW, ArticleStatus.IN_REVIEW])
    rows = Project.objects.filter(pk=project.pk).values_list(_count(mine), _count(reviews))
    in_hand_count, review_count = rows.get()
    return in_hand_count, review_count


def _count(rows: QuerySet[Any, Any]) -> Coalesce:
    counted = rows.order_by().values("project").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
