"""What the dashboard counts: one query for each figure, and one more for what is compared."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, overload

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import (
    Aggregate,
    Count,
    DateField,
    DurationField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Coalesce, TruncDate, TruncWeek
from django.utils import timezone
from numpy.typing import NDArray
from psycopg import ClientCursor

from articles.annotations.models import (
    Annotation,
    AnnotationQuerySet,
    Layer,
    LayerQuerySet,
    Relation,
)
from articles.desk.models import Project, RelationRule, User
from articles.intake.models import Article, ArticleQuerySet, Revision
from articles.review.agreement import Labelled, Linked, Work
from articles.review.agreement import Layer as Marked
from articles.review.dashboard_numbers import STATUSES, Counted, Pace, Standing
from articles.review.models import Decision, Verdict
from articles.text.words import plain_words

#: The most weeks and days that a figure shows, the last ones.
MOST_WEEKS, MOST_DAYS = 26, 42
#: Texts that are read at once.
TEXTS = 200
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class View:
    """What is asked of a project: by whom, and which part of the work.

    ``days`` looks at what was handed in during the last days only, from midnight UTC; ``label`` is
    a key; ``annotator`` the name of a layer: only articles that this person handed in, and, where
    work is counted, only theirs. Who ``is_blind`` learns what was annotated only where the review
    is over.
    """

    project: Project
    reader: User
    is_blind: bool
    days: int | None = None
    label: str = ""
    annotator: str = ""

    @property
    def today(self) -> date:
        return timezone.now().date()

    @property
    def since(self) -> datetime | None:
        """When the range begins."""
        if self.days is None:
            return None
        return datetime.combine(self.today - timedelta(days=self.days), time(), UTC)

    @property
    def articles(self) -> ArticleQuerySet:
        """The articles that the reader may know of, without those that the desk keeps back."""
        return Article.objects.visible_to(self.reader).filter(
            project=self.project, placement=Article.Placement.READY
        )

    @property
    def readable(self) -> ArticleQuerySet:
        """Those of which the reader may learn what was annotated."""
        articles = self.articles
        if self.annotator:
            theirs = Layer.objects.submitted().filter(article=OuterRef("pk"), name=self.annotator)
            articles = articles.filter(Exists(theirs))
        return articles.filter(review__adjudicated_at__isnull=False) if self.is_blind else articles

    @property
    def handed_in(self) -> LayerQuerySet:
        """The work that is compared: handed in, in the range, on readable articles."""
        layers = Layer.objects.submitted().filter(article__in=self.readable.values("pk"))
        return layers.filter(submitted_at__gte=self.since) if self.since else layers

    @property
    def counted(self) -> LayerQuerySet:
        """The same of the one annotator, if the reader asked for one."""
        return self.handed_in.filter(name=self.annotator) if self.annotator else self.handed_in

    @property
    def annotations(self) -> AnnotationQuerySet:
        """The annotations on the current texts in the work that is counted."""
        return Annotation.objects.live().filter(
            layer__in=self.counted.values("pk"), revision=F("article__revision")
        )


class Median(Aggregate):
    """The value in the middle."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def hidden_from(project: Project, reader: User) -> list[str]:
    """The ids of the project's articles that gates keep from ``reader``, in order. One query."""
    open_to = Article.objects.visible_to(reader).filter(project=project)
    hidden = Article.objects.filter(project=project).exclude(pk__in=open_to.values("pk"))
    return [str(key) for key in hidden.order_by("pk").values_list("pk", flat=True)]


def progress(view: View) -> tuple[Standing, ...]:
    """Where the articles stood at the end of each week, this week's at this moment. One query.

    Told from the times that rows carry: work that was returned looks as if it had never been
    handed in before.
    """
    work = Q(layers__kind=Layer.Kind.WORK)
    rows = view.articles.annotate(
        wanted=Coalesce("annotators_wanted", "project__annotators_per_article"),
        begun=Min("layers__created_at", filter=work),
        handed_in=ArrayAgg(
            "layers__submitted_at",
            filter=work & Q(layers__submitted_at__isnull=False),
            order_by="layers__submitted_at",
        ),
    ).values_list(
        "created_at", "wanted", "begun", "handed_in", "review__started_at", "review__adjudicated_at"
    )
    times = [_times(*row) for row in rows]
    if not times:
        return ()
    first = min(created for created, *_ in times if created is not None)
    return tuple(_standing(times, monday) for monday in _mondays(view, first.date()))


def throughput(view: View) -> tuple[Counted, ...]:
    """The layers handed in on each of the last days, also on those without any. One query."""
    days = min(view.days or MOST_DAYS, MOST_DAYS)
    first = view.today - timedelta(days=days - 1)
    counted = dict(
        _work(view)
        .filter(submitted_at__gte=datetime.combine(first, time(), UTC))
        .annotate(day=TruncDate("submitted_at"))
        .values_list("day")
        .annotate(Count("pk"))
    )
    every = [first + timedelta(days=number) for number in range(days)]
    return tuple(Counted(day.isoformat(), counted.get(day, 0)) for day in every)


def pace(view: View) -> Pace:
    """How work goes. What came in with an import is no work. One query."""
    now = timezone.now()
    began = F("submitted_at") - F("created_at")
    done = Q(submitted_at__isnull=False)
    found = (
        _work(view)
        .filter(slot__isnull=False)
        .aggregate(
            this_week=Count("pk", filter=Q(submitted_at__gt=now - _WEEK)),
            last_week=Count(
                "pk", filter=Q(submitted_at__gt=now - 2 * _WEEK, submitted_at__lte=now - _WEEK)
            ),
            median=Median(began, filter=done, output_field=DurationField()),
            submitted=Count("pk", filter=done | Q(returned_at__isnull=False)),
            returned=Count("pk", filter=Q(returned_at__isnull=False)),
        )
    )
    median = found.pop("median")
    return Pace(**found, median_minutes=None if median is None else median.total_seconds() / 60)


def label_uses(view: View) -> tuple[Counted, ...]:
    """How often each label was given, the labels in their order. One query."""
    rows = view.annotations.order_by().values_list("label__key").annotate(Count("pk"))
    counted = rows.order_by("label__position", "label__key")
    return tuple(Counted(*row) for row in counted if view.label in ("", row[0]))


def reasons(view: View) -> tuple[Counted, ...]:
    """How often reviewers gave each reason for a standing verdict; ``""`` where they gave none,
    left out where annotators did not differ. One query."""
    verdicts = Verdict.objects.filter(
        article__in=view.readable.values("pk"), round=F("decision__round")
    ).exclude(decision__kind=Decision.Kind.UNANIMOUS, reason="")
    if view.since:
        verdicts = verdicts.filter(created_at__gte=view.since)
    if view.label:
        verdicts = verdicts.filter(label__key=view.label)
    rows = verdicts.order_by().values_list("reason").annotate(number=Count("pk"))
    return tuple(Counted(*row) for row in rows.order_by("-number", "reason"))


def quotes(view: View) -> tuple[Counted, ...]:
    """The quotes handed in in each of the last weeks, and how many of them have no source.

    None if the project asks for no source. Two queries.
    """
    rules = RelationRule.objects.filter(
        project=view.project, relation_label__retired_at=None, source_label__key="quote"
    )
    asking = set(rules.values_list("source_label_id", flat=True))
    linked = Relation.objects.live().filter(source=OuterRef("pk"))
    rows = (
        view.annotations.filter(label__in=asking)
        .annotate(week=TruncWeek("layer__submitted_at", output_field=DateField()))
        .order_by()
        .values_list("week")
        .annotate(every=Count("pk"), without=Count("pk", filter=~Exists(linked)))
    )
    counted = {week: (every, without) for week, every, without in rows}
    if not counted:
        return ()
    mondays = _mondays(view, min(counted))
    return tuple(Counted(day.isoformat(), *counted.get(day, (0, 0))) for day in mondays)


def works(handed_in: LayerQuerySet, *, with_words: bool = True) -> list[Work]:
    """What is compared: articles with at least two layers ``handed_in``. Four queries, streamed.

    Costs about 150 bytes an annotation and 8 a word: a million annotations fit into 200 MB. Only
    the kappa of words needs those.
    """
    layers: dict[Any, dict[str, int]] = defaultdict(dict)
    lengths: dict[Any, int] = {}
    rows = handed_in.values_list("article_id", "name", "pk", "article__revision__length")
    for article, name, layer, length in _copied(rows, "uuid", "varchar", "int8", "int4"):
        layers[article][name] = layer
        lengths[article] = length
    compared = {article: names for article, names in layers.items() if len(names) > 1}
    annotations, relations = _annotations(handed_in), _relations(handed_in)
    texts = _words(list(compared)) if with_words else {}
    return [
        Work(
            lengths[article],
            {name: Marked(annotations[pk], relations[pk]) for name, pk in sorted(names.items())},
            texts.get(article, ()),
        )
        for article, names in compared.items()
    ]


class Places(Sequence[tuple[int, int]]):
    """Where the words of one text stand, kept in eight bytes each."""

    def __init__(self, text: str) -> None:
        pairs = [(word.start, word.end) for word in plain_words(text)]
        self._edges: NDArray[np.int32] = np.array(pairs, np.int32).reshape(-1, 2)

    def __len__(self) -> int:
        return len(self._edges)

    @overload
    def __getitem__(self, at: int) -> tuple[int, int]: ...
    @overload
    def __getitem__(self, at: slice) -> list[tuple[int, int]]: ...
    def __getitem__(self, at: int | slice) -> tuple[int, int] | list[tuple[int, int]]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        start, end = self._edges[at].tolist()
        return start, end


def _annotations(handed_in: LayerQuerySet) -> dict[int, list[Labelled]]:
    """The annotations of each layer that is compared."""
    found: dict[int, list[Labelled]] = defaultdict(list)
    rows = (
        Annotation.objects.live()
        .filter(layer__in=handed_in.values("pk"), revision=F("article__revision"))
        .values_list("layer_id", "label__key", "start", "end", "attributes")
    )
    for layer, label, start, end, said in _copied(rows, "int8", "varchar", "int4", "int4", "jsonb"):
        found[layer].append(
            Labelled(start, end, label, said) if said else Labelled(start, end, label)
        )
    return found


def _relations(handed_in: LayerQuerySet) -> dict[int, list[Linked]]:
    """The relations of each layer that is compared, but for those to a name alone."""
    found: dict[int, list[Linked]] = defaultdict(list)
    ends = ("start", "end", "label__key")
    rows = (
        Relation.objects.live()
        .filter(layer__in=handed_in.values("pk"), target__isnull=False)
        .values_list(
            "layer_id",
            "label__key",
            *(f"source__{end}" for end in ends),
            *(f"target__{end}" for end in ends),
        )
    )
    types = ("int8", "varchar", *("int4", "int4", "varchar") * 2)
    for layer, kind, *both in _copied(rows, *types):
        found[layer].append(Linked(kind, Labelled(*both[:3]), Labelled(*both[3:])))
    return found


def _words(articles: Sequence[Any]) -> dict[Any, Places]:
    """Where the words of each article's text stand. A query for every ``TEXTS`` of them."""
    found = {}
    for first in range(0, len(articles), TEXTS):
        some = Revision.objects.current().filter(article__in=articles[first : first + TEXTS])
        for article, body in some.values_list("article_id", "body"):
            found[article] = Places(body)
    return found


def _copied(rows: QuerySet[Any, Any], *types: str) -> Iterator[tuple[Any, ...]]:
    """The rows by COPY, which holds one at a time; ``types`` are those of the columns."""
    statement, values = rows.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        query = ClientCursor(connection.connection).mogrify(statement, values)  # COPY takes none
        with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy:
            copy.set_types(types)
            yield from copy.rows()


def _work(view: View) -> LayerQuerySet:
    """The layers of people on articles that the reader may know of: who works, not what."""
    layers = Layer.objects.of_people().filter(article__in=view.articles.values("pk"))
    return layers.filter(name=view.annotator) if view.annotator else layers


def _mondays(view: View, first: date) -> list[date]:
    """The weeks of the range, from that of ``first`` on, up to this one."""
    begin = max(first, view.since.date()) if view.since else first
    monday = view.today - timedelta(days=view.today.weekday())
    many = (monday - (begin - timedelta(days=begin.weekday()))).days // 7 + 1
    return [monday - number * _WEEK for number in reversed(range(min(max(many, 1), MOST_WEEKS)))]


def _times(
    created: datetime,
    wanted: int,
    begun: datetime | None,
    handed_in: list[datetime] | None,
    started: datetime | None,
    adjudicated: datetime | None,
) -> tuple[datetime | None, ...]:
    """When an article came to each of ``STATUSES``; later ones count first."""
    whole = handed_in[wanted - 1] if handed_in and len(handed_in) >= wanted else None
    return created, begun, whole, max(started, whole) if started and whole else None, adjudicated


def _standing(times: Sequence[tuple[datetime | None, ...]], monday: date) -> Standing:
    over = datetime.combine(monday + _WEEK, time(), UTC)
    reached = Counter(
        max((place for place, at in enumerate(row) if at is not None and at < over), default=-1)
        for row in times
    )
    return Standing(monday, tuple(reached[place] for place in range(len(STATUSES))))
