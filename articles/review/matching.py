"""Which standing decision each freshly clustered item continues, so that no verdict is lost.

A decision is known by the annotations it is made of, or else by what they say: who deletes a
rejected annotation and makes it again meets the verdict that stands.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from typing import Any, NamedTuple
from uuid import UUID

from articles.review.clustering import LEAST_WITH_SAME_LABEL, overlapping
from articles.review.items import Item, Variant, attributes_text, overlap


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision as it was last seen; the ends of its links are ids of decisions.

    Decided ones are to be given again for as long as their verdict stands, also when nothing
    continues them any more: what they decided may come back.
    """

    id: UUID
    variants: tuple[Variant, ...]
    is_decided: bool = False

    @property
    def members(self) -> frozenset[UUID]:
        """The ids of the annotations, or relations, that it was made of."""
        return frozenset(member for variant in self.variants for member in variant.members)


@dataclass(frozen=True, slots=True)
class Matching:
    """Items with the decisions they continue, ``new`` items, and decisions that ``vanished``.

    Items are in the order they were given, vanished decisions in reading order. Each item and each
    decision is in it exactly once.
    """

    pairs: tuple[tuple[Standing, Item], ...]
    new: tuple[Item, ...]
    vanished: tuple[Standing, ...]


def match(standing: Iterable[Standing], items: Sequence[Item]) -> Matching:
    """Let each of ``items``, as ``cluster`` returns them, continue at most one decision.

    An item can continue a decision with which it shares annotations, or that says the same: one
    label on one span, or a link with the same ends. Decided ones choose before open ones, which
    have no verdict to lose, and choose what says the same, then what shares most, then what is
    closest. So a rejected span that is made again, by whomever, meets its verdict.

    At last, a decision whose annotations are all gone continues what is closest to it: a span of
    the same label that overlaps as much as clustering asks.
    """
    known = sorted(standing, key=_content_order)
    spans = [one for one in known if not _is_link(one.variants)]
    span_items = [item for item in items if not _is_link(item.variants)]
    decision_of = _paired(spans, span_items, _near_spans(spans, span_items))
    decisions = {key: one.id for key, one in decision_of.items()}
    links = [one for one in known if _is_link(one.variants)]
    link_items = [item for item in items if _is_link(item.variants)]
    decision_of |= _paired(links, link_items, _same_links(links, link_items, decisions))
    continued = {one.id for one in decision_of.values()}
    return Matching(
        pairs=tuple((decision_of[item.key], item) for item in items if item.key in decision_of),
        new=tuple(item for item in items if item.key not in decision_of),
        vanished=tuple(one for one in known if one.id not in continued),
    )


def kept_variants(item: Item, decisions: Mapping[UUID, UUID]) -> tuple[Variant, ...]:
    """The variants of ``item`` as its decision keeps them: a link joins decisions, not items.

    ``decisions`` maps the keys of all span items to the ids of their decisions.
    """
    return tuple(_kept(variant, decisions) for variant in item.variants)


def must_confirm(standing: Standing, variants: Iterable[Variant]) -> bool:
    """Whether a verdict was given on something else than ``variants``, which stand now.

    What they say counts, and who said it; which is proposed does not, nor that somebody deleted
    an annotation and made the same again.
    """
    before, now = (
        {(_content(variant), variant.layers) for variant in each}
        for each in (standing.variants, variants)
    )
    return standing.is_decided and before != now


def _paired(
    known: Sequence[Standing], items: Sequence[Item], near: Mapping[tuple[int, int], float]
) -> dict[UUID, Standing]:
    """Keys of items with the decisions they continue, from the best pair down.

    ``near`` tells, for places in ``known`` and in ``items``, how close they are: 1 is the same.
    """
    shared = _shared(known, items)
    alive = frozenset(chain.from_iterable(item.members for item in items))
    ranked = []
    for at, there in shared.keys() | near.keys():
        one = known[at]
        count, close = shared[at, there], near.get((at, there), 0.0)
        continues, is_same = count > 0 or close == 1, close == 1
        if continues or one.members.isdisjoint(alive):
            choice = not continues, not one.is_decided, not is_same, -count, -close
            ranked.append((choice, at, there))
    decision_of: dict[UUID, Standing] = {}
    taken = set()
    for _, at, there in sorted(ranked):
        if at not in taken and items[there].key not in decision_of:
            decision_of[items[there].key] = known[at]
            taken.add(at)
    return decision_of


def _shared(known: Sequence[Standing], items: Sequence[Item]) -> Counter[tuple[int, int]]:
    """How many members a decision and an item share, by their places; none is not listed."""
    place = {member: there for there, item in enumerate(items) for member in item.members}
    return Counter(
        (at, place[member])
        for at, one in enumerate(known)
        for member in one.members
        if member in place
    )


class _Place(NamedTuple):
    """Where a decision or an item lies, and its own place among its like."""

    start: int
    end: int
    at: int
    is_decision: bool


def _near_spans(known: Sequence[Standing], items: Sequence[Item]) -> dict[tuple[int, int], float]:
    """The greatest overlap of a decision's and an item's spans of one label, where it matters."""
    places = [_Place(*_hull(one.variants), at, True) for at, one in enumerate(known)]
    places += [_Place(item.start, item.end, there, False) for there, item in enumerate(items)]
    near = {}
    for pair in overlapping(sorted(places)):
        item, decision = sorted(pair, key=lambda place: place.is_decision)
        if decision.is_decision and not item.is_decision:
            close = _closeness(known[decision.at].variants, items[item.at].variants)
            if close >= LEAST_WITH_SAME_LABEL:
                near[decision.at, item.at] = close
    return near


def _closeness(variants: Sequence[Variant], others: Sequence[Variant]) -> float:
    pairs = product(variants, others)
    return max((overlap(*pair) for pair in pairs if pair[0].label == pair[1].label), default=0.0)


def _same_links(
    known: Sequence[Standing], items: Sequence[Item], decisions: Mapping[UUID, UUID]
) -> dict[tuple[int, int], float]:
    """The decisions and items that have a link in common: one label, from and to the same."""
    saying = defaultdict(list)
    for at, one in enumerate(known):
        for variant in one.variants:
            saying[_content(variant)].append(at)
    return {
        (at, there): 1.0
        for there, item in enumerate(items)
        for variant in item.variants
        if _ends(variant) <= decisions.keys()
        for at in saying.get(_content(_kept(variant, decisions)), ())
    }


def _kept(variant: Variant, decisions: Mapping[UUID, UUID]) -> Variant:
    return replace(
        variant,
        source=variant.source and decisions[variant.source],
        target=variant.target and decisions[variant.target],
    )


def _ends(variant: Variant) -> set[UUID]:
    return {end for end in (variant.source, variant.target) if end is not None}


def _is_link(variants: Sequence[Variant]) -> bool:
    return variants[0].source is not None


def _content(variant: Variant) -> tuple[Any, ...]:
    """What a variant says. Where a link lies is not a part of it: its ends are decided apart."""
    if variant.source is not None:
        return variant.label, variant.source, variant.target, variant.target_name
    return variant.label, variant.start, variant.end, attributes_text(variant.attributes)


def _hull(variants: Iterable[Variant]) -> tuple[int, int]:
    starts, ends = zip(*((variant.start, variant.end) for variant in variants), strict=True)
    return min(starts), max(ends)


def _content_order(one: Standing) -> tuple[Any, ...]:
    start, end = _hull(one.variants)
    contents = sorted((str(_content(variant)), variant.layers) for variant in one.variants)
    return start, -end, contents, not one.is_decided, one.id
