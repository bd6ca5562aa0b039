"""The list of a project's articles, with filters: for its page and for the API."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Left, Length, NullIf, Replace

from articles.annotations.models import Annotation, Layer
from articles.desk.models import Project, User
from articles.intake.models import SEARCHED_LENGTH, Article, ArticleQuerySet, Revision
from articles.review.models import Decision
from newsdesk.errors import Invalid

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


#: Languages or publishers that a filter offers.
MOST_VALUES = 200


class ArticleStatus(StrEnum):
    """Where an article stands. Derived from its placement, its layers and their review."""

    IMPORTED = "imported"
    READY = "ready"
    ANNOTATING = "annotating"
    AWAITING_REVIEW = "awaiting_review"
    IN_REVIEW = "in_review"
    ADJUDICATED = "adjudicated"
    RELEASED = "released"
    PARKED = "parked"
    EXCLUDED = "excluded"

    @property
    def has_gold(self) -> bool:
        """Whether its review is over."""
        return self in (ArticleStatus.ADJUDICATED, ArticleStatus.RELEASED)

    @property
    def words(self) -> str:
        """What editors read."""
        return self.replace("_", " ")


@dataclass(frozen=True, slots=True)
class ArticleFilters:
    """Which articles to list; empty filters let everything through.

    ``q`` is looked for in title, byline, outlet and external id, and as words of the text, where
    quotation marks, ``or`` and ``-`` mean what they mean to search engines. ``label`` is a key,
    ``annotator`` a user name. ``updated_since`` looks at the article and at all work on it.
    ``agreement`` is the most that annotators may agree, 0 to 1; articles without any are left out.
    ``returned``, when not empty, leaves those with work that was given back; ``disputed`` those on
    which annotators differed.
    """

    q: str = ""
    status: str = ""
    label: str = ""
    annotator: str = ""
    language: str = ""
    publisher: str = ""
    updated_since: datetime | None = None
    agreement: str = ""
    returned: str = ""
    disputed: str = ""


class ArticleRow(TypedDict):
    """What a listed article has besides its own columns.

    ``length`` counts code points; ``touched_at`` is when it or any work on it last changed.
    ``agreement`` is that of its review.
    """

    status: str
    length: int
    annotator_names: list[str]
    note_count: int
    touched_at: datetime
    agreement: float | None


def articles_of(
    project: Project, filters: ArticleFilters, *, reader: User, is_blind: bool
) -> QuerySet[WithAnnotations[Article, ArticleRow]]:
    """The project's articles that ``reader`` may know of and that pass ``filters``, newest first.

    One query, whatever the number of rows. For a reader who ``is_blind``, notes are counted and
    labels looked for in their own layers only, and agreement is told once all is decided: they must
    not learn from a list what others found.

    Raises:
        Invalid: if there is no such status, or the agreement is none.
    """
    layers = Layer.objects.filter(article=OuterRef("pk")).of_people().order_by()
    per_article = layers.values("article")
    blind_for = reader if is_blind else None
    seen = layers if blind_for is None else layers.filter(annotator=blind_for)
    told = Case(When(review__adjudicated_at__isnull=False, then=F("review__agreement")))
    # Whoever lost a place before doing anything there is no annotator of the article.
    working = layers.exclude(lapsed_at__isnull=False, annotation_count=0)
    articles: QuerySet[Any] = (
        with_status(Article.objects.visible_to(reader).filter(project=project))
        .annotate(
            length=F("revision__length"),
            annotator_names=ArraySubquery(working.order_by("created_at", "pk").values("name")),
            note_count=_number(seen.values("article").annotate(n=Sum("annotation_count"))),
            touched_at=Greatest(
                "updated_at",
                Subquery(per_article.annotate(last=Max("updated_at")).values("last")),
            ),
            agreement=told if is_blind else F("review__agreement"),
        )
        .newest_first()
    )
    return articles.filter(_passing(project, filters, blind_for))


def with_status(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Each of ``articles`` with its ``status``."""
    layers = Layer.objects.filter(article=OuterRef("pk")).order_by()
    submitted = layers.submitted().values("article").annotate(n=Count("pk"))
    return articles.alias(
        begun=Exists(layers.in_place()),
        submitted=_number(submitted),
        wanted=Coalesce("annotators_wanted", "project__annotators_per_article"),
    ).annotate(status=_status())


def with_words[Rows: QuerySet[Any]](articles: Rows) -> Rows:
    """Each of ``articles`` with ``words``: how many its text has, between its spaces.

    PostgreSQL counts them, in a millisecond for 100 kB.
    """
    text: Any = Replace("revision__body", Value("\n\n"), Value(" "))
    dense: Any = Func(text, Value(" \n"), Value(""), function="translate")
    return articles.annotate(words=Length(text) - Length(dense) + 1)


def with_people(articles: QuerySet[Any]) -> QuerySet[Any]:
    """Each of ``articles`` of a list with ``people``: who works on it, by the names they go by."""
    layers = Layer.objects.filter(article=OuterRef("pk")).of_people()
    working = layers.exclude(lapsed_at__isnull=False, annotation_count=0)
    named = working.order_by("created_at").values(
        n=Coalesce(NullIf("annotator__name", Value("")), "name")
    )
    rows: QuerySet[Any] = articles.annotate(people=ArraySubquery(named))
    return rows


def status_of(article: Article) -> ArticleStatus:
    """Where one article stands. One query."""
    rows: QuerySet[Any] = with_status(Article.objects.filter(pk=article.pk))
    return ArticleStatus(rows.values_list("status", flat=True).get())


def values_of(project: Project, column: str, reader: User) -> list[str]:
    """Values of ``column`` that the articles before ``reader`` have, to choose from. One query."""
    articles = Article.objects.visible_to(reader).filter(project=project)
    values = articles.exclude(**{column: ""}).order_by(column)
    return list(values.values_list(column, flat=True).distinct()[:MOST_VALUES])


def _number(rows: QuerySet[Any, Any]) -> Coalesce:
    """The ``n`` that ``rows`` count for one article; 0 if there are none."""
    return Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), 0)


def _status() -> Case:
    """What the desk decided wins; then gold; then the review, once all work is handed in."""
    placed = ~Q(placement=Article.Placement.READY)
    whole = Q(submitted__gte=F("wanted"))
    return Case(
        When(placed, then=F("placement")),
        When(review__released_at__isnull=False, then=Value(ArticleStatus.RELEASED.value)),
        When(review__adjudicated_at__isnull=False, then=Value(ArticleStatus.ADJUDICATED.value)),
        When(whole & Q(review__started_at__isnull=False),
             then=Value(ArticleStatus.IN_REVIEW.value)),
        When(whole, then=Value(ArticleStatus.AWAITING_REVIEW.value)),
        When(Q(begun=True) | Q(submitted__gt=0), then=Value(ArticleStatus.ANNOTATING.value)),
        default=Value(ArticleStatus.READY.value),
        output_field=CharField(),
    )  # fmt: skip


def _passing(project: Project, filters: ArticleFilters, blind_for: User | None) -> Q:
    passing = Q()
    if "\x00" in "".join(value for value in astuple(filters) if isinstance(value, str)):
        return Q(pk=None)  # PostgreSQL takes no NUL, and no article has one
    if filters.status:
        if filters.status not in ArticleStatus:
            raise Invalid(f"A status is one of {', '.join(ArticleStatus)}.", field="status")
        passing &= Q(status=filters.status)
    if filters.q.strip():
        passing &= _matching(project, filters.q.strip())
    if filters.label:
        labelled = Annotation.objects.live().filter(
            article=OuterRef("pk"), label__project=project, label__key=filters.label
        )
        if blind_for is not None:
            labelled = labelled.filter(layer__annotator=blind_for)
        passing &= Q(Exists(labelled))
    if filters.annotator:
        theirs = Layer.objects.filter(article=OuterRef("pk"), name=filters.annotator)
        passing &= Q(Exists(theirs))
    if filters.language:
        passing &= Q(language=filters.language)
    if filters.publisher:
        passing &= Q(publisher=filters.publisher)
    if filters.updated_since:
        passing &= Q(touched_at__gte=filters.updated_since)
    if filters.agreement:
        passing &= Q(agreement__lte=_share(filters.agreement))
    if filters.returned:
        back = Layer.objects.filter(
            article=OuterRef("pk"), returned_at__isnull=False, submitted_at=None
        )
        passing &= Q(Exists(back if blind_for is None else back.filter(annotator=blind_for)))
    if filters.disputed:
        differing = Decision.objects.exclude(kind=Decision.Kind.UNANIMOUS)
        passing &= Q(Exists(differing.filter(article=OuterRef("pk"))))
    return passing


def _share(text: str) -> float:
    """An agreement that somebody typed.

    Raises:
        Invalid: unless it is a number from 0 to 1.
    """
    try:
        share = float(text.replace(",", "."))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise Invalid("Agreement is a number from 0 to 1, such as 0.7.", field="agreement")
    return share


def _matching(project: Project, words: str) -> Q:
    # The vector is spelled as the index spells it; a subquery, so that the index is used at all.
    vector = SearchVector(Left("body", SEARCHED_LENGTH), config="simple")
    query = SearchQuery(words, config="simple", search_type="websearch")
    in_text = Revision.objects.annotate(words=vector).filter(project=project, words=query)
    found = Q(revision__in=in_text.values("pk"))
    for name in ("title", "byline", "publisher", "external_id"):
        found |= Q(**{f"{name}__icontains": words})
    return found
