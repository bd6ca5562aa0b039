"""Gamma: agreement on where spans are and what they are called, by aligning them as a whole.

Source: Mathet, Widlöcher & Métivier (2015), "The unified and holistic method gamma (γ) for
inter-annotator agreement measure and alignment", Computational Linguistics 41(3).

Two annotations are as unlike as their edges are apart and their labels differ::

    d(u, v) = α·((|Δstart| + |Δend|) / (|u| + |v|))² + β·[labels differ],   d(u, nothing) = 1

The disorder of an alignment is the sum over its pairs, divided by the mean number of annotations
of an annotator; that of two annotators is the smallest that an alignment has. It is compared with
the disorder that chance gives: γ = 1 - observed / expected. Chance is as in section 5.2 of the
paper: annotators drawn with replacement, each one's annotations moved round the text by a distance
drawn at random, two such distances at least half a mean annotation apart.

Where we differ, and say so: the paper aligns all annotators of an article at once, which grows
with the product of their annotations. **We align each two** (an assignment problem, solved
exactly) **and take the mean over the pairs.** For two annotators this is gamma. How often each of
the two is drawn for chance is fixed at its expectation, which estimates the same number with less
noise.

What it does not tell: gamma has no lower bound, hangs on α and β (both 1 here: position and label
weigh alike), and on one article with a handful of annotations it says little.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, floor, fsum
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from articles.review.agreement import (
    NOTHING_MARKED,
    TOO_FEW,
    Figure,
    Labelled,
    Work,
    compared,
    undefined,
)
from articles.review.agreement_matching import Integers, assigned

#: Chance alignments for each two annotators of an article: at least 30, as in the paper.
SAMPLES = 32
ALWAYS_ALIKE = "By chance alone the annotators would agree as well"


class Units(NamedTuple):
    """Annotations of one annotator as arrays, in order; ``labels`` are numbers."""

    starts: Integers
    ends: Integers
    labels: Integers


@dataclass(frozen=True, slots=True)
class Weights:
    """α and β: what a difference of place and of label cost, if an unaligned annotation costs 1."""

    place: float = 1.0
    label: float = 1.0


EVEN = Weights()


def gamma(works: Sequence[Work], weights: Weights = EVEN, *, samples: int = SAMPLES) -> Figure:
    """The mean of the articles' gammas, each weighed by its annotations per annotator.

    An article's gamma is the mean over the pairs of its annotators, without those pairs of which
    neither marked anything. Articles are weighed since one with a single annotation swings from 1
    to far below 0. ``n`` is how many annotations the figure rests on, ``articles`` how many
    articles have a gamma. The same input gives the same figure, in whatever order it comes.
    """
    shared = compared(works)
    if not shared:
        return undefined(TOO_FEW)
    labels = _numbers(shared)
    values, sizes, number = [], [], 0
    for work in shared:
        ordered = [units(layer.annotations, labels) for layer in work.layers.values()]
        pairs = list(_gammas(work.length, ordered, weights, samples))
        if pairs:
            marked = sum(len(one.starts) for one in ordered)
            number += marked
            sizes.append(marked / len(ordered))
            values.append(fsum(pairs) / len(pairs) * sizes[-1])
    if not values:
        anything = any(layer.annotations for work in shared for layer in work.layers.values())
        return undefined(ALWAYS_ALIKE if anything else NOTHING_MARKED, articles=len(shared))
    return Figure(fsum(values) / fsum(sizes), articles=len(values), n=number)


def units(annotations: Sequence[Labelled], labels: Mapping[str, int]) -> Units:
    """Annotations as arrays, in order."""
    rows = sorted((one.start, one.end, labels[one.label]) for one in annotations)
    return Units(*np.array(rows, np.int64).reshape(-1, 3).T)


def _numbers(works: Sequence[Work]) -> dict[str, int]:
    """A number for each label, the same whatever the order of articles and annotators."""
    used = {
        one.label for work in works for layer in work.layers.values() for one in layer.annotations
    }
    return {label: number for number, label in enumerate(sorted(used))}


def _gammas(
    length: int, ordered: Sequence[Units], weights: Weights, samples: int
) -> Iterator[float]:
    """The gamma of each two annotators for which it is defined."""
    for a, b in combinations(ordered, 2):
        if not len(a.starts) + len(b.starts):
            continue
        expected = expected_disorder(length, a, b, weights, samples=samples)
        if expected:
            yield 1 - disorder(a, b, weights) / expected


def disorder(a: Units, b: Units, weights: Weights = EVEN) -> float:
    """The disorder of the best alignment of two annotators; one of them must have marked something.

    Leaving u and v both unaligned costs 2, so a pair is worth ``2 - d(u, v)`` if that is more
    than nothing: an assignment problem of n₁ × n₂.
    """
    return _disorders(_distances(*_in_order(a, b), weights)[None])[0]


def expected_disorder(
    length: int, a: Units, b: Units, weights: Weights = EVEN, *, samples: int = SAMPLES
) -> float:
    """The mean disorder of ``samples`` chance alignments on a text of ``length`` code points.

    ``samples`` is a multiple of 4. What is drawn hangs on these two alone, so an article has the
    same gamma among others as by itself.
    """
    first, second = _in_order(a, b)
    places = np.concatenate([first.starts, first.ends, second.starts, second.ends])
    draw = np.random.default_rng([length, crc32(places.tobytes())])
    found: list[float] = []
    quarter = samples // 4
    for one, other, times in (
        (first, first, quarter), (first, second, 2 * quarter), (second, second, quarter)
    ):  # fmt: skip
        if len(one.starts) + len(other.starts):
            here, there = _shifts(draw, length, _mean_length(a, b) / 2, times)
            costs = _distances(_moved(one, here, length), _moved(other, there, length), weights)
            found += _disorders(costs)
    return fsum(found) / len(found)


def _in_order(a: Units, b: Units) -> tuple[Units, Units]:
    """The two in an order of their own, so that it does not matter who is asked for first."""
    ours, theirs = ([column.tolist() for column in one] for one in (a, b))
    return (a, b) if ours <= theirs else (b, a)


def _mean_length(a: Units, b: Units) -> float:
    long = np.concatenate([a.ends - a.starts, b.ends - b.starts])
    return float(long.mean())


def _shifts(
    draw: np.random.Generator, length: int, apart: float, times: int
) -> tuple[Integers, Integers]:
    """How far to move each of two annotators; at least ``apart``, if the text is long enough."""
    low, high = ceil(apart), floor(length - apart)
    if low > high:
        low, high = 0, length - 1
    here = draw.integers(length, size=times)
    return here, here + draw.integers(low, high + 1, size=times)


def _moved(one: Units, shifts: Integers, length: int) -> Units:
    """The annotations moved round the text, a row for each shift; none is cut at the end."""
    starts = (one.starts + shifts[:, None]) % length
    return Units(starts, starts + (one.ends - one.starts), one.labels)


def _distances(a: Units, b: Units, weights: Weights) -> NDArray[np.float64]:
    """d(u, v) of all pairs: …, annotations of ``a``, annotations of ``b``."""
    edges = np.abs(a.starts[..., :, None] - b.starts[..., None, :]) + np.abs(
        a.ends[..., :, None] - b.ends[..., None, :]
    )
    both = (a.ends - a.starts)[..., :, None] + (b.ends - b.starts)[..., None, :]
    place: NDArray[np.float64] = weights.place * np.square(edges / both)
    return place + weights.label * np.not_equal(a.labels[:, None], b.labels[None, :])


def _disorders(distances: NDArray[np.float64]) -> list[float]:
    """The least disorder for each of several tables of distances."""
    rows, columns = distances.shape[1:]
    gains = np.maximum(2 - distances, 0)
    best = [float(gain[assigned(gain)].sum()) for gain in gains]
    return [(rows + columns - gain) / ((rows + columns) / 2) for gain in best]
