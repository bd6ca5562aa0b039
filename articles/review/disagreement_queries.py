"""The annotations on which two annotators differ: what stands behind a figure of agreement."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db import connection, models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.db.models.functions import Greatest, Least

from articles.annotations.models import Annotation, Layer
from articles.annotations.painting import shortened
from articles.review.dashboard_queries import View

#: Code points of an annotation's words that are shown.
WORDS_SHOWN = 120
#: What ``across`` is called where the other marked nothing.
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose disagreements: ``one`` with ``other``, each the name of a layer or anybody's, about
    annotations with ``label`` across from which the other one said ``across``, both keys."""

    one: str = ""
    other: str = ""
    label: str = ""
    across: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a layer says about a place: its name, the label's key and the words; or nothing."""

    name: str
    label: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An annotation that another did not make so, and what each of the others has there."""

    annotation: Annotation
    said: Said
    others: list[Said]


def disagreements(view: View, asked: Asked) -> QuerySet[Annotation]:
    """The annotations in the work of ``view`` that somebody else on the article did not make
    exactly so, in the order of articles and of their texts. One query.

    Across from an annotation stands what shares at least half of what the two cover together.
    """
    layers = view.handed_in
    names = [name for name in (asked.one, asked.other) if name]
    others = layers.filter(article=OuterRef("article")).exclude(pk=OuterRef("layer"))
    if len(names) == 2:
        layers, others = layers.filter(name__in=names), others.filter(name__in=names)
    elif names:
        layers = layers.filter(name__in=names)
    theirs = Annotation.objects.live().filter(layer=OuterRef("pk"))
    span = {"start": OuterRef(OuterRef("start")), "end": OuterRef(OuterRef("end"))}
    same = theirs.filter(label=OuterRef(OuterRef("label")), **span)
    others = others.filter(~Exists(same))
    if asked.across:
        near = _near(theirs, span["start"], span["end"])
        met = near if asked.across == NOTHING else near.filter(label__key=asked.across)
        others = others.filter(~Exists(met) if asked.across == NOTHING else Exists(met))
    found = Annotation.objects.live().filter(
        Exists(others), layer__in=layers.values("pk"), revision=F("article__revision")
    )
    if asked.label:
        found = found.filter(label__key=asked.label)
    return found.select_related("article", "layer", "label").order_by("article_id", "start", "id")


def with_others(view: View, asked: Asked, rows: Sequence[Annotation]) -> list[Disagreement]:
    """What stands beside each of ``rows`` in the other layers, and the words. Three queries."""
    articles = {row.article_id for row in rows}
    names = {name for name in (asked.one, asked.other) if name}
    layers = view.handed_in.filter(article__in=articles)
    if len(names) == 2:
        layers = layers.filter(name__in=names)
    by_article: dict[object, list[Layer]] = defaultdict(list)
    for layer in layers.order_by("name"):
        by_article[layer.article_id].append(layer)
    near: dict[int, list[Annotation]] = defaultdict(list)
    theirs = Annotation.objects.live().filter(layer__in=layers.values("pk"))
    for one in theirs.select_related("label").in_reading_order():
        near[one.layer_id].append(one)
    across = {
        row.pk: {
            layer.name: [
                one for one in near[layer.pk] if one.start < row.end and row.start < one.end
            ]
            for layer in by_article[row.article_id]
            if layer.pk != row.layer_id
        }
        for row in rows
    }
    shown = [*rows, *chain.from_iterable(chain.from_iterable(a.values()) for a in across.values())]
    words = _words(shown)
    return [
        Disagreement(
            row,
            Said(row.layer.name, row.label.key, words[row.pk]),
            [said for name, found in across[row.pk].items() for said in _said(name, found, words)],
        )
        for row in rows
    ]


def _near(
    theirs: QuerySet[Annotation], start: OuterRef, end: OuterRef
) -> QuerySet[Annotation]:  # fmt: skip
    """Those that share at least half of what they and ``[start, end)`` cover together."""
    shared = Least(F("end"), end) - Greatest(F("start"), start)
    both = F("end") - F("start") + end - start
    return theirs.annotate(
        shared=ExpressionWrapper(shared, models.IntegerField()),
        both=ExpressionWrapper(both, models.IntegerField()),
    ).filter(shared__gt=0, both__lte=3 * F("shared"))


def _said(
    name: str, found: Sequence[Annotation], words: Mapping[object, str]
) -> list[Said]:  # fmt: skip
    """What a layer says in a place: each annotation there, or that it has none."""
    return [Said(name, one.label.key, words[one.pk]) for one in found] or [Said(name)]


def _words(annotations: Sequence[Annotation]) -> dict[object, str]:
    """The first words of each of ``annotations``, by its id."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT a.id, substr(body, a.start + 1, least(a."end" - a.start, %s))'
            " FROM articles_annotation a JOIN articles_revision r ON r.id = a.revision_id"
            " WHERE a.id = ANY(%s)",
            [WORDS_SHOWN + 1, [one.pk for one in annotations]],
        )
        found = dict(cursor.fetchall())
    return {key: shortened(text, WORDS_SHOWN, goes_on=False) for key, text in found.items()}
