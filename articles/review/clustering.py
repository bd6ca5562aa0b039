"""From what several layers say about one article to the items that a reviewer decides.

Annotations that could be one and the same become the variants of one item, at most one of each
layer. Joining goes from the most alike pair to the least, as in single-linkage clustering, and
every tie is broken by content (place, label, attributes, layer): neither the order in which
annotations come nor their random ids decide anything, unless two are the same in all else.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from articles.review.items import (
    Item,
    Kind,
    Linked,
    Marked,
    Placed,
    Variant,
    attributes_text,
    overlap,
)

#: The least Jaccard overlap (of code points) of two annotations that could be one. With the same
#: label a tenth is enough: a name within its whole clause is an edge to settle, while two claims
#: that meet in a word or two are two claims. With different labels most of both must be shared: a
#: source within a quote is no dispute about a label, it is two annotations.
LEAST_WITH_SAME_LABEL, LEAST_WITH_OTHER_LABEL = 0.1, 0.5


def cluster(marks: Iterable[Marked], links: Iterable[Linked], layers: Iterable[int]) -> list[Item]:
    """What there is to decide, in reading order: leftmost first, spans before links, widest first.

    ``layers`` are all that count, also those that annotated nothing. Costs n log n in the
    annotations, and the pairs of them that overlap.
    """
    everyone = set(layers)
    spans = [_span_item(group, everyone) for group in _groups(marks)]
    spans.sort(key=_reading_order)
    found = [*spans, *_link_items(links, spans, everyone)]
    return sorted(found, key=lambda item: (item.start, item.kind is Kind.RELATION, -item.end))


def overlapping[P: Placed](ordered: Iterable[P]) -> Iterator[tuple[P, P]]:
    """Every pair that shares a code point, of things sorted by their start; the earlier first."""
    open_: list[P] = []
    for one in ordered:
        open_ = [earlier for earlier in open_ if earlier.end > one.start]
        yield from ((earlier, one) for earlier in open_)
        open_.append(one)


# --- spans ---


def _groups(marks: Iterable[Marked]) -> list[list[Marked]]:
    """The annotations divided into those that could be one, joined from the best pair down."""
    ordered = sorted(marks, key=_content_order)
    group_of = {mark.id: [mark] for mark in ordered}
    for first, second in _best_first(ordered):
        group, joining = group_of[first.id], group_of[second.id]
        if _may_join(group, joining):
            group += joining
            for mark in joining:
                group_of[mark.id] = group
    return [group_of[mark.id] for mark in ordered if group_of[mark.id][0] is mark]


def _best_first(ordered: Sequence[Marked]) -> Iterator[tuple[Marked, Marked]]:
    """The pairs that could be one: same label before others, and then the greater overlap.

    So the same label on the same span comes first of all, and a quote finds its quote before the
    claim that somebody made of the very same words.
    """
    place = {mark.id: number for number, mark in enumerate(ordered)}
    ranked = []
    for first, second in overlapping(ordered):
        if first.layer == second.layer:
            continue
        relabelled, shared = first.label != second.label, overlap(first, second)
        if shared >= (LEAST_WITH_OTHER_LABEL if relabelled else LEAST_WITH_SAME_LABEL):
            ranked.append((relabelled, -shared, place[first.id], place[second.id]))
    ranked.sort()
    return ((ordered[first], ordered[second]) for *_, first, second in ranked)


def _may_join(group: Collection[Marked], joining: Collection[Marked]) -> bool:
    """Whether two groups have no layer in common, and all their spans a code point.

    Only one variant of an item can be accepted, so spans that could both stand, side by side, must
    not get into one item by way of a third that covers both.
    """
    if not {mark.layer for mark in group}.isdisjoint(mark.layer for mark in joining):
        return False
    both = [*group, *joining]
    return max(mark.start for mark in both) < min(mark.end for mark in both)


def _content_order(mark: Marked) -> tuple[Any, ...]:
    text = attributes_text(mark.attributes)
    return mark.start, -mark.end, mark.label, text, mark.unsure, mark.layer, mark.id


def _span_item(group: Sequence[Marked], everyone: set[int]) -> Item:
    variants = _span_variants(group)
    layers = {mark.layer for mark in group}
    if len({(one.label, attributes_text(one.attributes)) for one in variants}) > 1:
        kind = Kind.LABEL
    elif len(variants) > 1:
        kind = Kind.BOUNDARY
    else:
        kind = Kind.MISSING if everyone - layers else Kind.UNANIMOUS
    return Item(
        key=min(mark.id for mark in group),
        kind=kind,
        start=min(mark.start for mark in group),
        end=max(mark.end for mark in group),
        variants=variants,
        layers=tuple(sorted(layers)),
        missing=tuple(sorted(everyone - layers)),
        unsure=any(mark.unsure for mark in group),
    )


def _span_variants(group: Sequence[Marked]) -> tuple[Variant, ...]:
    """The different answers in ``group``: first what most layers say, span and all.

    Of equals, the one whose label, then whose span, has most layers behind it; then the one about
    which fewer were unsure; then the leftmost, the widest, and by label and attributes.
    """
    labels = Counter(mark.label for mark in group)
    spans = Counter((mark.start, mark.end) for mark in group)
    alike = defaultdict(list)
    for mark in group:
        text = attributes_text(mark.attributes)
        alike[mark.start, -mark.end, mark.label, text].append(mark)
    ranked = sorted(
        (
            -len(same),
            -labels[label],
            -spans[start, -minus_end],
            sum(mark.unsure for mark in same),
            (start, minus_end, label, text),
        )
        for (start, minus_end, label, text), same in alike.items()
    )
    return tuple(_span_variant(alike[content], content[-1]) for *_, content in ranked)


def _span_variant(same: Sequence[Marked], text: str) -> Variant:
    return Variant(
        label=same[0].label,
        start=same[0].start,
        end=same[0].end,
        attributes=json.loads(text),
        members=tuple(sorted(mark.id for mark in same)),
        layers=tuple(sorted(mark.layer for mark in same)),
    )


def _reading_order(item: Item) -> tuple[Any, ...]:
    """Leftmost first, of those the widest; then by content, and at the very last by id."""
    contents = [
        (one.start, -one.end, one.label, attributes_text(one.attributes), one.layers)
        for one in item.variants
    ]
    return item.start, -item.end, contents, item.key


# --- links ---


def _link_items(
    links: Iterable[Linked], spans: Sequence[Item], everyone: set[int]
) -> Iterator[Item]:
    """Links of one label that start at one item, aligned by where they lead.

    Those that lead to the same item or name are one variant. A variant becomes an alternative to
    the most common one that none of its layers has made: if two lead a quote to the mayor and one
    to the council, that is one question; if one layer says both, there are two.
    """
    place = {member: at for at, item in enumerate(spans) for member in item.members}
    nowhere = len(spans)  # a target that the text does not name comes after all that it does
    starts: dict[tuple[int, UUID], list[tuple[int, str, Linked]]] = defaultdict(list)
    for link in links:
        target = nowhere if link.target is None else place[link.target]
        starts[place[link.source], link.label].append((target, link.target_name, link))
    for (at, _), ends in sorted(starts.items(), key=lambda start: start[0]):
        source = spans[at]
        variants = [
            _link_variant(source, spans[target].key if target < nowhere else None, name, same)
            for target, name, same in _same_ends(ends)
        ]
        for group in _alternatives(variants):
            layers = {layer for variant in group for layer in variant.layers}
            yield Item(
                key=min(member for variant in group for member in variant.members),
                kind=Kind.RELATION,
                start=source.start,
                end=source.end,
                variants=tuple(group),
                layers=tuple(sorted(layers)),
                missing=tuple(sorted(everyone - layers)),
            )


def _same_ends(
    ends: Iterable[tuple[int, str, Linked]],
) -> Iterator[tuple[int, str, list[Linked]]]:
    """The links that lead to one place, by most layers first and then in reading order.

    A layer that says the same twice has its second link in a second list.
    """
    said: Counter[tuple[int, str, int]] = Counter()
    same: dict[tuple[int, str, int], list[Linked]] = defaultdict(list)
    for target, name, link in sorted(ends, key=lambda end: (end[2].layer, end[2].id)):
        same[target, name, said[target, name, link.layer]].append(link)
        said[target, name, link.layer] += 1
    for target, name, again in sorted(same, key=lambda end: (-len(same[end]), end)):
        yield target, name, same[target, name, again]


def _link_variant(source: Item, target: UUID | None, name: str, same: Sequence[Linked]) -> Variant:
    return Variant(
        label=same[0].label,
        start=source.start,
        end=source.end,
        attributes={},
        members=tuple(sorted(link.id for link in same)),
        layers=tuple(sorted(link.layer for link in same)),
        source=source.key,
        target=target,
        target_name=name,
    )


def _alternatives(variants: Iterable[Variant]) -> list[list[Variant]]:
    """Each variant beside the first ones with whose layers it has none in common."""
    groups: list[list[Variant]] = []
    for variant in variants:
        for group in groups:
            if all(set(variant.layers).isdisjoint(other.layers) for other in group):
                group.append(variant)
                break
        else:
            groups.append([variant])
    return groups
