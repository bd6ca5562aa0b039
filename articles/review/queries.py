"""Which articles wait for whom; each query says what it costs."""

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from articles.annotations.models import Layer, LayerQuerySet
from articles.desk.models import Project, User
from articles.intake.models import Article, ArticleQuerySet


def waiting_for(user: User, project: Project) -> ArticleQuerySet:
    """The articles that have a place for ``user``, in the order in which they are handed out.

    The most urgent first; of these those that somebody has begun, so that they get done; then the
    oldest. What the user works on already is not among them, unless they lost their place there;
    nor is what they hold the review of. Each has ``wanted``, how many annotators it asks for.

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
        .annotate(wanted=Coalesce("annotators_wanted", project.annotators_per_article))
        .alias(free=free, is_begun=Exists(layers.of_people()))
        .filter(free__gt=0)
        .order_by("-priority", "-is_begun", "created_at", "id")
    )


def returned_to(user: User, project: Project) -> LayerQuerySet:
    """The work that a reviewer gave back to ``user``, the longest ago first. One query."""
    articles = Article.objects.visible_to(user).filter(placement=Article.Placement.READY)
    return (
        Layer.objects.filter(project=project, annotator=user, article__in=articles)
        .filter(returned_at__isnull=False, submitted_at=None, lapsed_at=None)
        .select_related("project", "article")
        .order_by("returned_at")
    )
