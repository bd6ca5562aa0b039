"""Who reads what people say about the work.

Nobody reads about an article that they may not see, and blind work stays blind: what is said about
a layer is for those who read the layer, and what somebody says who works blind could tell others
what they found.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from articles.annotations.models import Annotation, Comment, CommentQuerySet, Layer
from articles.desk.models import Membership, User
from articles.desk.permissions import SEE_ALL_LAYERS
from articles.intake.models import Article
from articles.review.models import Decision, DecisionQuerySet

#: What can be talked about.
type Subject = Article | Layer | Annotation | Decision

#: How long its author can change what a comment says.
EDITABLE = timedelta(minutes=15)


def can_edit(actor: User, comment: Comment) -> bool:
    """Its author, for a while."""
    is_young = timezone.now() - comment.created_at <= EDITABLE
    return comment.author_id == actor.pk and comment.removed_at is None and is_young


def comments_visible_to(user: User) -> CommentQuerySet:
    """The comments that ``user`` may read, in all their projects; removed ones keep their place.

    * On a layer or an annotation: for those who read that layer.
    * On a decision: for those who see all layers, and, once the article is adjudicated, for its
      annotators.
    * On the article itself: for everybody who sees the article. But as long as it is not
      adjudicated, what somebody says who works blind, and all of a thread that they began, is for
      themselves and for those who see all layers.
    """
    comments = Comment.objects.filter(article__in=Article.objects.visible_to(user))
    if user.is_superuser and user.is_active:
        return comments
    on_layer = Q(layer__annotator=user.pk)
    on_decision = Q(decision__isnull=False) & _adjudicated_and_worked_on_by(user)
    heard = (Q(thread=None) | _may_hear(user, "thread__author")) & _may_hear(user, "author")
    on_article = Q(layer=None, decision=None) & heard
    return comments.filter(_sees_all(user) | on_layer | on_decision | on_article)


def decisions_visible_to(user: User) -> DecisionQuerySet:
    """The decisions that ``user`` may read, and talk about."""
    decisions = Decision.objects.filter(article__in=Article.objects.visible_to(user))
    if user.is_superuser and user.is_active:
        return decisions
    return decisions.filter(_sees_all(user) | _adjudicated_and_worked_on_by(user))


def _sees_all(user: User) -> Q:
    """As ``can_see_all_layers`` has it, of rows that have a project."""
    mine = Membership.objects.active().filter(project=OuterRef("project"), user=user.pk)
    return Q(project__blind=False) | Q(Exists(mine.filter(role__in=SEE_ALL_LAYERS)))


def _adjudicated_and_worked_on_by(user: User) -> Q:
    mine = Layer.objects.filter(article=OuterRef("article"), annotator=user.pk)
    return Q(article__review__adjudicated_at__isnull=False) & Q(Exists(mine))


def _may_hear(user: User, speaker: str) -> Q:
    """Comments whose ``speaker`` is ``user``, or could tell them nothing that they must not know.

    Whoever saw all layers and left the project still counts as somebody who saw them.
    """
    sees_all = Membership.objects.filter(
        project=OuterRef("project"), user=OuterRef(speaker), role__in=SEE_ALL_LAYERS
    )
    return (
        Q(**{speaker: user.pk})
        | Q(**{f"{speaker}__is_superuser": True})
        | Q(Exists(sees_all))
        | Q(article__review__adjudicated_at__isnull=False)
    )
