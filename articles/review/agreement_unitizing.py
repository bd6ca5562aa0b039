"""Krippendorff's unitizing alpha of 2016: uα over all labels, |uα of relevance and of each label.

Source: Krippendorff, Mathet, Bouvry & Widlöcher (2016), "On the reliability of unitizing textual
continua: Further developments", Quality & Quantity 50(6). It replaces the αU of 1995 and 2004,
which could fall when a match became exact.

Each annotator divides the text into units, which have a value, and gaps between them. With
``ℓ_ck`` the code points to which one annotator gave the value c and another k (each of an
article's m annotators paired with every other, weighed 1/(m - 1)), and ``ℓ = Σ ℓ_ck``::

    D_o = ℓ - Σ_c ℓ_cc
    D_e = ℓ - Σ_c ε_cc,  ε_cc = ℓ (ℓ_c² - S_c) / (ℓ² - S),  S = Σ_c S_c
    uα  = 1 - D_o / D_e

``S_c`` takes out what chance cannot pair: a unit with itself, so Σ length² over units; of gaps,
which have no structure, a code point with itself, so Σ length. |uα is the same with all labels
taken as one value against the gaps, while the units stay those that they are.

Two rules of ours, where the paper leaves the choice:

* **Several articles** are laid end to end into one continuum: coincidences and units are added
  up, and chance pairs a unit with those of all articles. No unit crosses from one article into
  the next. An article counts with as many annotators as it has, and one with a single annotator
  not at all, as alpha counts units of coding. With the same annotators throughout, this is uα of
  the texts put together. So a long article weighs more, as it holds more to agree on.
* **Overlapping annotations** of one annotator, since a unit has one value: those of one label
  that share a code point are one unit (those that only touch stay two); where different labels
  overlap, the stretch between two edges is a unit whose value is the set of labels. Nested labels
  are so compared whole in uα, while each label's own figure sees that label alone.

What they do not tell: whether the edges were nearly met (an edge moved by a word costs that word
and no more), and who is right. cuα and (k)uα of the same paper look only at what two annotators
both marked, and are left out: here a span that one annotator marked always counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

import numpy as np

from articles.review.agreement import (
    NOTHING_MARKED,
    TOO_FEW,
    Figure,
    Work,
    compared,
    undefined,
)
from articles.review.agreement_matching import Integers

ALL_ALIKE = "All of the text has the same label: nothing that chance could get wrong"


@dataclass(frozen=True, slots=True)
class Unitizing:
    """uα over all labels; |uα of marked against unmarked; |uα of each label against all else.

    Each figure's ``n`` is how many annotations it rests on, and its ``articles`` all that have
    two annotators, for where nobody used a label they agree about it.
    """

    overall: Figure
    relevance: Figure
    by_label: Mapping[str, Figure]


class _Spans(NamedTuple):
    """Annotations of one annotator on each of many articles, on the continuum of them all."""

    starts: Integers
    ends: Integers
    labels: Integers


class _Segmented(NamedTuple):
    """A continuum cut into units and gaps: where each begins, the end, their values (0: gap)."""

    cuts: Integers
    values: Integers


class _Continuum(NamedTuple):
    """Articles with equally many annotators, end to end; ``borders`` hold 0 and the length."""

    borders: Integers
    annotators: list[_Spans]


def unitizing_alpha(works: Sequence[Work]) -> Unitizing:
    """uα, |uα, and |uα per label, exact (in whole numbers up to the last division)."""
    shared = compared(works)
    if not shared:
        return Unitizing(undefined(TOO_FEW), undefined(TOO_FEW), {})
    used = Counter(
        one.label for work in shared for layer in work.layers.values() for one in layer.annotations
    )
    labels = {label: number for number, label in enumerate(sorted(used))}
    continua = _continua(shared, labels)
    values: dict[bytes, int] = {}
    whole = [
        [_segmented(c.borders, spans, len(labels), values) for spans in c.annotators]
        for c in continua
    ]
    relevant = [
        [_Segmented(one.cuts, np.minimum(one.values, 1)) for one in segmented]
        for segmented in whole
    ]

    def of_label(number: int) -> list[list[_Segmented]]:
        return [
            [_segmented(c.borders, _only(spans, number), 1, {}) for spans in c.annotators]
            for c in continua
        ]

    def figure(segmented: list[list[_Segmented]], n: int) -> Figure:
        alpha = _alpha(segmented)
        if alpha is None:
            return undefined(ALL_ALIKE if n else NOTHING_MARKED, articles=len(shared), n=n)
        return Figure(float(alpha), articles=len(shared), n=n)

    return Unitizing(
        figure(whole, used.total()),
        figure(relevant, used.total()),
        {label: figure(of_label(number), used[label]) for label, number in labels.items()},
    )


def _continua(works: Sequence[Work], labels: Mapping[str, int]) -> list[_Continuum]:
    """The articles end to end, apart by how many annotators they have."""
    continua = []
    for count in sorted({len(work.layers) for work in works}):
        alike = [work for work in works if len(work.layers) == count]
        borders = np.cumsum([0, *(work.length for work in alike)])
        layers = [list(work.layers.values()) for work in alike]
        continua.append(
            _Continuum(
                borders,
                [
                    _joined(
                        [
                            (at + one.start, at + one.end, labels[one.label])
                            for at, of_work in zip(borders[:-1].tolist(), layers, strict=True)
                            for one in of_work[place].annotations
                        ]
                    )
                    for place in range(count)
                ],
            )
        )
    return continua


def _joined(triples: Sequence[tuple[int, int, int]]) -> _Spans:
    """Starts, ends and labels as arrays; what overlaps under one label is made one."""
    if not triples:
        return _Spans(*np.empty((3, 0), np.int64))
    starts, ends, labels = np.array(sorted(triples, key=lambda one: (one[2], one[0]))).T
    # Each label on a stretch of its own, so that one pass finds how far everything before reaches.
    apart = labels * int(ends.max())
    reach = np.maximum.accumulate(ends + apart)
    begins = np.flatnonzero(np.append(True, (starts + apart)[1:] >= reach[:-1]))
    return _Spans(starts[begins], np.maximum.reduceat(ends, begins), labels[begins])


def _only(spans: _Spans, label: int) -> _Spans:
    """Those of one label, which is then number 0."""
    mine = spans.labels == label
    return _Spans(spans.starts[mine], spans.ends[mine], np.zeros(mine.sum(), np.int64))


def _segmented(
    borders: Integers, spans: _Spans, labels: int, values: dict[bytes, int]
) -> _Segmented:
    """One annotator's units and gaps. ``values`` numbers the sets of labels, alike for all."""
    cuts = _distinct(borders, spans.starts, spans.ends)
    over = np.zeros((len(cuts), max(labels, 1)), np.int8)
    np.add.at(over, (np.searchsorted(cuts, spans.starts), spans.labels), 1)
    np.subtract.at(over, (np.searchsorted(cuts, spans.ends), spans.labels), 1)
    # One label lies at most once over a code point, so the running sum is 0 or 1: a set of bits.
    sets = np.packbits(np.cumsum(over, axis=0, dtype=np.int8)[:-1], axis=1)
    distinct, where = np.unique(sets, axis=0, return_inverse=True)
    values.setdefault(bytes(sets.shape[1]), 0)
    numbers = [values.setdefault(one.tobytes(), len(values)) for one in distinct]
    return _Segmented(cuts, np.array(numbers, np.int64)[where.reshape(-1)])


def _alpha(continua: Sequence[Sequence[_Segmented]]) -> Fraction | None:
    """Alpha of the units on all continua together; ``None`` if nothing varies."""
    lengths: Counter[int] = Counter()
    agreed = Fraction(0)
    unpairable = 0
    for segmented in continua:
        for one in segmented:
            long = np.diff(one.cuts)
            # The sums are floats, and exact: they are far below 2**53.
            for value, length in enumerate(np.bincount(one.values, weights=long).tolist()):
                lengths[value] += int(length)
            unpairable += int(np.where(one.values > 0, long**2, long).sum())
        alike = sum(_alike(a, b) for a, b in combinations(segmented, 2))
        agreed += Fraction(2 * alike, len(segmented) - 1)
    total = lengths.total()
    varied = total**2 - sum(length**2 for length in lengths.values())
    if not varied:
        return None
    return 1 - (total - agreed) * (total**2 - unpairable) / (total * varied)


def _alike(a: _Segmented, b: _Segmented) -> int:
    """On how many code points two annotators have the same value."""
    cuts = _distinct(a.cuts, b.cuts)
    same = _at(a, cuts[:-1]) == _at(b, cuts[:-1])
    return int(np.diff(cuts)[same].sum())


def _at(one: _Segmented, places: Integers) -> Integers:
    return one.values[np.searchsorted(one.cuts, places, side="right") - 1]


def _distinct(*places: Integers) -> Integers:
    """All of ``places`` in order, each once. On millions much faster than ``numpy.unique``."""
    ordered = np.sort(np.concatenate(places))
    first: Integers = ordered[np.append(True, ordered[1:] > ordered[:-1])]
    return first
