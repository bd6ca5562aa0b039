"""Which annotations of two annotators are the same one: the matching below F1 and its kin."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from articles.review.agreement import Labelled, Layer, Linked

Integers = NDArray[np.int64]
#: Which thing of one side is matched with which of the other, by their places.
Pairs = list[tuple[int, int]]
#: A label alone, or the type of a relation and the labels of its ends.
Kind = tuple[str, ...]


class Thing(NamedTuple):
    """What can match: its ``kind``, and its spans.

    ``edges`` are the starts and ends of its spans in turn: two numbers for an annotation, four
    for a relation. Things sort, so that no result hangs on the order they came in.
    """

    kind: Kind
    edges: tuple[int, ...]


def annotation_thing(one: Labelled) -> Thing:
    """An annotation as a thing to match."""
    return Thing((one.label,), (one.start, one.end))


def annotation_things(layer: Layer) -> list[Thing]:
    """The annotations of a layer as things to match."""
    return [annotation_thing(one) for one in layer.annotations]


def relation_things(layer: Layer) -> list[Thing]:
    """The relations of a layer as things to match; each end is matched as an annotation is."""
    return [_relation_thing(one) for one in layer.relations]


def _relation_thing(one: Linked) -> Thing:
    source, target = one.source, one.target
    return Thing(
        (one.type, source.label, target.label), (source.start, source.end, target.start, target.end)
    )


class Side(NamedTuple):
    """One layer's things in order; as arrays their kinds as numbers, and a row of edges each."""

    things: list[Thing]
    kinds: Integers
    edges: Integers


def side(things: Iterable[Thing], numbers: dict[Kind, int]) -> Side:
    """``things`` as arrays. ``numbers`` remembers the number of each kind, for all sides alike."""
    ordered = sorted(things)
    kinds = [numbers.setdefault(thing.kind, len(numbers)) for thing in ordered]
    edges = [thing.edges for thing in ordered] or np.empty((0, 2))
    return Side(ordered, np.array(kinds, np.int64), np.array(edges, np.int64))


def matches(a: Side, b: Side, *, exact: bool, any_kind: bool = False) -> Pairs:
    """The most pairs that can be matched one to one, as places in ``a`` and ``b``.

    Two things may match if their kinds are the same (with ``any_kind``, whatever they are) and
    each span of one has its fellow in the other. ``exact`` asks for the same edges. Otherwise two
    spans are fellows if they share at least half of the code points that they cover together:
    Jaccard's index of 0.5 or more, compared in whole numbers.

    Among equally many pairs, those that overlap more are taken; which of several such matchings
    it is does not hang on who is ``a``.
    """
    if not a.things or not b.things:
        return []
    if b.things < a.things:
        return [(i, j) for j, i in matches(b, a, exact=exact, any_kind=any_kind)]
    if exact:
        fits = (a.edges[:, None] == b.edges[None]).all(axis=-1)
        return _one_to_one(fits if any_kind else fits & _same_kind(a, b), None)
    starts = np.maximum(a.edges[:, None, 0::2], b.edges[None, :, 0::2])
    ends = np.minimum(a.edges[:, None, 1::2], b.edges[None, :, 1::2])
    shared = np.maximum(ends - starts, 0)
    both = _lengths(a)[:, None] + _lengths(b)[None]
    # Together they cover both - shared; at least half of that is shared.
    fits = (3 * shared >= both).all(axis=-1)
    return _one_to_one(
        fits if any_kind else fits & _same_kind(a, b), (shared / (both - shared)).mean(axis=-1)
    )


def aligned(a: Side, b: Side) -> tuple[Pairs, Pairs]:
    """Who stands across from whom by overlap: pairs of the same kind, then of the rest any pairs.

    The first are exactly the matches that the overlap F1 counts.
    """
    same = matches(a, b, exact=False)
    left = _without(len(a.things), [i for i, _ in same])
    right = _without(len(b.things), [j for _, j in same])
    rest = matches(_only(a, left), _only(b, right), exact=False, any_kind=True)
    return same, [(left[i], right[j]) for i, j in rest]


def _without(count: int, taken: Sequence[int]) -> list[int]:
    gone = set(taken)
    return [place for place in range(count) if place not in gone]


def _only(one: Side, places: Sequence[int]) -> Side:
    return Side([one.things[at] for at in places], one.kinds[places], one.edges[places])


def _same_kind(a: Side, b: Side) -> NDArray[np.bool_]:
    return np.equal(a.kinds[:, None], b.kinds[None])


def _lengths(one: Side) -> Integers:
    return one.edges[:, 1::2] - one.edges[:, 0::2]


def assigned(worth: NDArray[np.float64]) -> tuple[Integers, Integers]:
    """The rows and the columns of the pairs, one to one, whose ``worth`` adds up to the most."""
    # Imported here because it takes half a second and 50 MB, in every process that never measures.
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(worth, maximize=True)
    return rows, columns


def _one_to_one(fits: NDArray[np.bool_], share: NDArray[np.float64] | None) -> Pairs:
    """The most pairs among those that fit; then those with the greatest sum of ``share``."""
    rows, columns = np.nonzero(fits)
    if not (len(set(rows.tolist())) == len(set(columns.tolist())) == len(rows)):
        # A pair more outweighs all that shares (each at most 1) can add up to.
        worth = min(fits.shape) + 1 + (share if share is not None else 0.0)
        rows, columns = assigned(np.where(fits, worth, 0.0))
        chosen = fits[rows, columns]
        rows, columns = rows[chosen], columns[chosen]
    return list(zip(rows.tolist(), columns.tolist(), strict=True))
