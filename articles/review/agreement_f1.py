"""F1 of spans and of relations: of what two annotators marked, how much both marked.

For two annotators F1 = 2·common / (n₁ + n₂): the harmonic mean of precision and recall, whichever
of the two is taken for the truth. It equals positive specific agreement, and is what kappa comes
to when there is no end of places where neither marked anything (Hripcsak & Rothschild 2005,
"Agreement, the F-measure, and reliability in information retrieval", JAMIA 12(3)).

What it does not tell: how much of it chance would give. A label on every second sentence agrees
more by luck than a rare one does; unitizing alpha and gamma correct for that.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from articles.review.agreement import (
    NOTHING_MARKED,
    TOO_FEW,
    Annotator,
    Figure,
    Layer,
    Work,
    compared,
    undefined,
)
from articles.review.agreement_matching import (
    Integers,
    Kind,
    Thing,
    annotation_things,
    matches,
    relation_things,
    side,
)

#: Draws of the bootstrap, and what makes them the same draws each time.
RESAMPLES, SEED = 1_000, 20_150_811
#: Articles drawn in one go, so that the bootstrap of many stays within some megabytes.
MOST_DRAWN = 1_000_000
NO_RELATIONS = "Nobody linked anything"


@dataclass(frozen=True, slots=True)
class Scores:
    """F1 of all, of each label (or type of relation), and of each two annotators.

    Each figure's ``n`` counts what was compared on both sides, once for each pair of annotators,
    and its ``articles`` those with two annotators (of a label: on which it was used; of a pair:
    which both have). Pairs come without an interval.
    """

    overall: Figure
    by_label: Mapping[str, Figure]
    by_pair: Mapping[frozenset[Annotator], Figure]


def span_f1(works: Sequence[Work], *, exact: bool) -> Scores:
    """How many annotations are another annotator's too, of all pairs of annotators (micro).

    Labels must be the same. ``exact`` asks for the same edges; otherwise two match if they share
    at least half of what they cover together, one to one (``agreement_matching.matches``). An
    annotation that only one of the two made always counts against them, an article on which the
    other found nothing too.

    The interval is the percentile bootstrap over articles (Efron & Tibshirani 1993, ch. 13), for
    annotations of one article are not independent. It is left out of a figure that rests on one
    article. The same input gives the same interval, in whatever order it comes.
    """
    return _scores(works, annotation_things, exact=exact, nothing=NOTHING_MARKED)


def relation_f1(works: Sequence[Work], *, exact: bool) -> Scores:
    """The same of relations: type and both ends must agree, each end as an annotation does.

    A relation whose end the other annotator did not mark is a disagreement here as well as in
    ``span_f1``: the figure is of the graph as it stands, not of the linking alone.
    """
    return _scores(works, relation_things, exact=exact, nothing=NO_RELATIONS)


def _scores(
    works: Sequence[Work], things: Callable[[Layer], list[Thing]], *, exact: bool, nothing: str
) -> Scores:
    shared = compared(works)
    if not shared:
        return Scores(undefined(TOO_FEW), {}, {})
    numbers: dict[Kind, int] = {}
    of_work = [
        {who: side(things(layer), numbers) for who, layer in work.layers.items()} for work in shared
    ]
    labels, groups = _groups(numbers)
    counts = np.zeros((len(shared), len(labels), 2), np.int64)
    pairs: dict[frozenset[Annotator], list[Integers]] = defaultdict(list)
    for at, sides in enumerate(of_work):
        for (first, a), (second, b) in combinations(sides.items(), 2):
            found = [i for i, _ in matches(a, b, exact=exact)]
            both = np.stack(
                [
                    2 * np.bincount(groups[a.kinds[found]], minlength=len(labels)),
                    np.bincount(groups[np.append(a.kinds, b.kinds)], minlength=len(labels)),
                ],
                axis=-1,
            )
            counts[at] += both
            pairs[frozenset((first, second))].append(both.sum(axis=0))
    every = np.concatenate([counts.sum(axis=1, keepdims=True), counts], axis=1)
    overall, *each = _with_intervals(every, nothing)
    return Scores(
        overall,
        dict(zip(labels, each, strict=True)),
        {pair: _figure(np.sum(rows, axis=0), len(rows), nothing) for pair, rows in pairs.items()},
    )


def _groups(numbers: dict[Kind, int]) -> tuple[list[str], Integers]:
    """The labels in order, and the place among them of each numbered kind."""
    labels = sorted({kind[0] for kind in numbers})
    return labels, np.array([labels.index(kind[0]) for kind in numbers], np.int64)


def _figure(
    counted: Integers, articles: int, nothing: str, bounds: tuple[float, float] | None = None
) -> Figure:
    common, total = (int(number) for number in counted)
    if not total:
        return undefined(nothing, articles=articles)
    low, high = bounds or (None, None)
    return Figure(common / total, low=low, high=high, articles=articles, n=total)


def _with_intervals(counts: Integers, nothing: str) -> list[Figure]:
    """A figure for each column of ``counts``: articles × columns × (in common, in all)."""
    articles, columns, _ = counts.shape
    used = (counts[:, :, 1] > 0).sum(axis=0)
    bounds = _intervals(counts) if articles > 1 else np.zeros((columns, 2))
    return [
        _figure(
            counts[:, column].sum(axis=0),
            articles if column == 0 else int(used[column]),
            nothing,
            (float(bounds[column, 0]), float(bounds[column, 1])) if used[column] > 1 else None,
        )
        for column in range(columns)
    ]


def _intervals(counts: Integers) -> NDArray[np.float64]:
    """The 2.5th and 97.5th percentile of each column's F1 over resampled articles."""
    articles, columns, _ = counts.shape
    # As floats for the fast product, which stays exact: they are counts below 2**53.
    flat = counts.reshape(articles, -1).astype(np.float64)
    flat = flat[np.lexsort(flat.T)]
    draw = np.random.default_rng(SEED)
    at_once = max(1, MOST_DRAWN // articles)
    sums = np.concatenate(
        [
            _resampled(draw, min(at_once, RESAMPLES - done), articles) @ flat
            for done in range(0, RESAMPLES, at_once)
        ]
    ).reshape(RESAMPLES, columns, 2)
    bounds = np.zeros((columns, 2))
    for column in range(columns):
        common, total = sums[sums[:, column, 1] > 0, column].T
        if len(total):
            bounds[column] = np.percentile(common / total, (2.5, 97.5))
    return bounds


def _resampled(draw: np.random.Generator, samples: int, articles: int) -> Integers:
    """How often each article is drawn, with replacement: a row for each sample."""
    drawn = draw.integers(articles, size=(samples, articles))
    own = drawn + articles * np.arange(samples)[:, None]
    return np.bincount(own.ravel(), minlength=own.size).reshape(own.shape)
