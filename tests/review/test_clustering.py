"""Clustering, against an oracle that looks at all pairs again after each joining."""

import json
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from hypothesis import assume, given
from hypothesis import strategies as st

from articles.review.clustering import cluster
from articles.review.items import Change, Item, Kind, Linked, Marked, Variant, agreed, compared
from articles.text.spans import Span
from tests.review.layers import (
    CLAIM,
    QUOTE,
    SAID_BY,
    SOURCE,
    SUPPORTS,
    Work,
    renamed,
    renamings,
    retellings,
    spans,
    works,
)

A, B, C = 11, 12, 13


def marked(layer: int, label: UUID, start: int, end: int, **more: Any) -> Marked:
    return Marked(
        uuid5(NAMESPACE_OID, repr((layer, label, start, end))), layer, label, start, end, **more
    )


def linked(source: Marked, target: Marked | str, label: UUID = SAID_BY) -> Linked:
    id_ = uuid5(NAMESPACE_OID, repr((source, target, label)))
    if isinstance(target, str):
        return Linked(id_, source.layer, label, source.id, None, target)
    return Linked(id_, source.layer, label, source.id, target.id)


def shown(item: Item) -> list[tuple[int, int, tuple[int, ...]]]:
    """The variants of spans, with who made them."""
    return [(one.start, one.end, one.layers) for one in item.variants]


def groups_of(items: list[Item]) -> set[frozenset[UUID]]:
    return {item.members for item in items}


# --- the laws ---


def points(mark: Marked) -> set[int]:
    return set(range(mark.start, mark.end))


def jaccard(one: Marked, other: Marked) -> Fraction:
    return Fraction(len(points(one) & points(other)), len(points(one) | points(other)))


def content(mark: Marked) -> tuple[Any, ...]:
    text = json.dumps(mark.attributes, sort_keys=True)
    return mark.start, -mark.end, mark.label, text, mark.unsure, mark.layer


def could_be_one(one: Marked, other: Marked) -> bool:
    least = Fraction(1, 10) if one.label == other.label else Fraction(1, 2)
    return jaccard(one, other) >= least


def may_join(one: list[Marked], other: list[Marked]) -> bool:
    both = [*one, *other]
    once = len({mark.layer for mark in both}) == len(both)
    return once and bool(set.intersection(*map(points, both)))


def slowly_joined(marks: list[Marked]) -> set[frozenset[UUID]]:
    """The groups, by joining the two that hold the best pair until no two may join."""
    groups = [[mark] for mark in marks]
    while True:
        joinable = [
            (
                (one.label != other.label, -jaccard(one, other), *sorted(map(content, pair))),
                group,
                joining,
            )
            for group, joining in combinations(groups, 2)
            if may_join(group, joining)
            for pair in product(group, joining)
            for one, other in [pair]
            if could_be_one(one, other)
        ]
        if not joinable:
            return {frozenset(mark.id for mark in group) for group in groups}
        _, group, joining = min(joinable, key=lambda found: found[0])
        groups = [one for one in groups if one is not group and one is not joining]
        groups.append([*group, *joining])


@given(works())
def test_annotations_join_from_the_best_pair_down(work: Work) -> None:
    marks, _, layers = work

    assert groups_of(cluster(marks, [], layers)) == slowly_joined(marks)


@given(works())
def test_everything_said_is_in_one_variant_of_one_item_and_each_layer_once(work: Work) -> None:
    marks, links, layers = work
    items = cluster(marks, links, layers)

    members = Counter(
        member for item in items for variant in item.variants for member in variant.members
    )
    layer_of = {mark.id: mark.layer for mark in marks} | {link.id: link.layer for link in links}
    assert members == Counter([mark.id for mark in marks] + [link.id for link in links])
    for item in items:
        makers = sorted(layer for variant in item.variants for layer in variant.layers)
        assert makers == sorted(set(makers)) == list(item.layers)
        assert makers == sorted(layer_of[member] for member in item.members)
        assert sorted((*item.layers, *item.missing)) == sorted(layers)


@given(works())
def test_a_variant_says_what_its_members_say_and_no_other_says_the_same(work: Work) -> None:
    marks, links, layers = work
    items = cluster(marks, links, layers)
    item_of = {member: item.key for item in items for member in item.members}
    says: dict[UUID, tuple[Any, ...]] = {
        mark.id: (mark.label, mark.start, mark.end, dict(mark.attributes), None, None, "")
        for mark in marks
    }
    for link in links:
        target = link.target and item_of[link.target]
        says[link.id] = (link.label, item_of[link.source], target, link.target_name)

    def told(item: Item, variant: Variant) -> tuple[Any, ...]:
        if item.kind is Kind.RELATION:
            return variant.label, variant.source, variant.target, variant.target_name
        plain = variant.label, variant.start, variant.end, variant.attributes
        return *plain, variant.source, variant.target, variant.target_name

    for item in items:
        answers = [told(item, variant) for variant in item.variants]
        assert all(one != other for one, other in combinations(answers, 2))
        for variant, answer in zip(item.variants, answers, strict=True):
            assert all(says[member] == answer for member in variant.members)


@given(works())
def test_kinds_are_what_they_say(work: Work) -> None:
    marks, links, layers = work
    by_id = {mark.id: mark for mark in marks}
    for item in cluster(marks, links, layers):
        if not item.members <= by_id.keys():
            assert item.kind is Kind.RELATION
            continue
        mine = [by_id[member] for member in item.members]
        alike = all(
            (one.label, one.attributes) == (other.label, other.attributes)
            for one, other in combinations(mine, 2)
        )
        in_place = all(points(one) == points(other) for one, other in combinations(mine, 2))
        everybody = {mark.layer for mark in mine} == set(layers)
        assert (
            item.kind
            == {
                (False, False, False): Kind.LABEL,
                (False, False, True): Kind.LABEL,
                (False, True, False): Kind.LABEL,
                (False, True, True): Kind.LABEL,
                (True, False, False): Kind.BOUNDARY,
                (True, False, True): Kind.BOUNDARY,
                (True, True, False): Kind.MISSING,
                (True, True, True): Kind.UNANIMOUS,
            }[alike, in_place, everybody]
        )
        assert item.is_unanimous == (item.kind is Kind.UNANIMOUS)
        assert item.unsure == any(mark.unsure for mark in mine)
        assert (item.start, item.end) == (
            min(mark.start for mark in mine),
            max(mark.end for mark in mine),
        )


@given(works())
def test_links_of_an_item_have_one_label_and_start_at_one_item(work: Work) -> None:
    items = cluster(*work)
    by_key = {item.key: item for item in items}
    for item in items:
        if item.kind is Kind.RELATION:
            (source,) = {variant.source for variant in item.variants}
            assert source is not None
            assert len({variant.label for variant in item.variants}) == 1
            assert (item.start, item.end) == (by_key[source].start, by_key[source].end)
            assert item.is_unanimous == (
                len(item.variants) == 1 and set(item.layers) == set(work[2])
            )


@given(works())
def test_variants_that_no_layer_keeps_apart_are_one_question(work: Work) -> None:
    links = [item for item in cluster(*work) if item.kind is Kind.RELATION]
    for one, other in combinations(links, 2):
        if one.variants[0].label == other.variants[0].label and (
            one.variants[0].source == other.variants[0].source
        ):
            assert set(one.layers) & set(other.layers)


@given(works())
def test_most_layers_come_first(work: Work) -> None:
    for item in cluster(*work):
        sizes = [len(variant.layers) for variant in item.variants]
        assert sizes == sorted(sizes, reverse=True)


@given(works())
def test_items_come_in_reading_order_and_links_after_what_they_start_at(work: Work) -> None:
    items = cluster(*work)

    order = [(item.start, item.kind is Kind.RELATION, -item.end) for item in items]
    assert order == sorted(order)
    place = {item.key: at for at, item in enumerate(items)}
    for item in items:
        assert all(place[one.source] < place[item.key] for one in item.variants if one.source)


@given(st.data())
def test_the_order_in_which_things_are_told_does_not_matter(data: st.DataObject) -> None:
    work = data.draw(works())

    assert cluster(*data.draw(retellings(work))) == cluster(*work)


@given(st.data())
def test_ids_do_not_matter(data: st.DataObject) -> None:
    work = data.draw(works())
    ids = data.draw(renamings(work))

    again = cluster(*renamed(work, ids))

    def plain(item: Item, names: dict[UUID, UUID]) -> Any:
        return (
            item.kind,
            shown(item),
            [(one.label, one.attributes, one.target_name) for one in item.variants],
            [{names[member] for member in one.members} for one in item.variants],
            (item.layers, item.missing, item.unsure),
        )

    same = {new: old for old, new in ids.items()}
    assert [plain(item, same) for item in again] == [
        plain(item, {old: old for old in ids}) for item in cluster(*work)
    ]


@given(works(), st.integers(2, 9), st.integers(0, 99))
def test_names_of_layers_matter_only_by_their_order(work: Work, times: int, plus: int) -> None:
    def other(layer: int) -> int:
        return layer * times + plus

    marks, links, layers = work
    again = cluster(
        [replace(mark, layer=other(mark.layer)) for mark in marks],
        [replace(link, layer=other(link.layer)) for link in links],
        [other(layer) for layer in layers],
    )

    assert again == [
        replace(
            item,
            layers=tuple(map(other, item.layers)),
            missing=tuple(map(other, item.missing)),
            variants=tuple(
                replace(one, layers=tuple(map(other, one.layers))) for one in item.variants
            ),
        )
        for item in cluster(*work)
    ]


@given(works(), st.integers(1, 4))
def test_layers_that_say_the_same_are_unanimous(work: Work, count: int) -> None:
    marks, links, layers = work
    mine = [mark for mark in marks if mark.layer == layers[0]]
    ours = [link for link in links if link.layer == layers[0]]
    everyone = list(range(count))
    copies = []
    for number in everyone:
        ids = [mark.id for mark in mine] + [link.id for link in ours]
        copies.append(renamed((mine, ours, []), {old: uuid5(old, str(number)) for old in ids}))

    items = cluster(
        [replace(mark, layer=at) for at in everyone for mark in copies[at][0]],
        [replace(link, layer=at) for at in everyone for link in copies[at][1]],
        everyone,
    )

    assert len(items) == len(mine) + len(ours)
    assert all(item.is_unanimous for item in items)


@given(works(), st.sampled_from([QUOTE, CLAIM]))
def test_what_is_far_away_changes_nothing_else(work: Work, label: UUID) -> None:
    marks, links, layers = work
    far = marked(layers[0], label, 1000, 1010)

    *items, last = cluster([far, *marks], links, layers)

    assert items == cluster(*work)
    assert last.members == {far.id}


@given(works(), st.integers(1, 4))
def test_what_enough_layers_made_exactly_is_agreed(work: Work, at_least: int) -> None:
    for item in cluster(*work):
        enough = [one for one in item.variants if len(one.layers) >= at_least]
        assert agreed(item.variants, at_least) == (enough[0] if len(enough) == 1 else None)


@given(spans, spans)
def test_comparing_says_of_each_character_what_became_of_it(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    before, after = set(range(*one)), set(range(*other))

    pieces = compared(Span(*one), Span(*other))

    found = [(at, change) for start, end, change in pieces for at in range(start, end)]
    assert found == sorted(
        [(at, Change.KEPT) for at in before & after]
        + [(at, Change.LEFT_OUT) for at in before - after]
        + [(at, Change.ADDED) for at in after - before]
    )


# --- examples, as a reviewer meets them ---


def test_two_of_three_agree_on_a_quote_and_one_goes_on_to_said() -> None:
    marks = [marked(A, QUOTE, 10, 36), marked(B, QUOTE, 10, 36), marked(C, QUOTE, 10, 41)]

    (item,) = cluster(marks, [], [A, B, C])

    assert item.kind is Kind.BOUNDARY
    assert shown(item) == [(10, 36, (A, B)), (10, 41, (C,))]
    assert agreed(item.variants, 2) == item.variants[0]
    assert agreed(item.variants, 3) is None
    assert compared(item.variants[0], item.variants[1]) == [
        (10, 36, Change.KEPT),
        (36, 41, Change.ADDED),
    ]


def test_between_two_of_two_nothing_is_agreed() -> None:
    marks = [marked(layer, QUOTE, 0, 9 + layer // B) for layer in (A, B)]

    (item,) = cluster(marks, [], [A, B])

    assert agreed(item.variants, 1) is None


def test_a_quote_finds_its_quote_before_the_claim_on_the_same_words() -> None:
    claim, quote, longer = marked(A, CLAIM, 0, 20), marked(B, QUOTE, 0, 20), marked(A, QUOTE, 0, 31)

    items = cluster([claim, quote, longer], [], [A, B])

    assert groups_of(items) == {frozenset([quote.id, longer.id]), frozenset([claim.id])}
    assert [item.kind for item in items] == [Kind.BOUNDARY, Kind.MISSING]


def test_when_label_and_edges_differ_the_label_comes_first() -> None:
    (item,) = cluster([marked(A, QUOTE, 0, 20), marked(B, CLAIM, 0, 18)], [], [A, B])

    assert item.kind is Kind.LABEL


def test_attributes_that_differ_are_a_question_of_the_label() -> None:
    direct = marked(A, QUOTE, 0, 20, attributes={"form": "direct"})
    mixed = marked(B, QUOTE, 0, 20, attributes={"form": "mixed"})

    (item,) = cluster([direct, mixed], [], [A, B])

    assert item.kind is Kind.LABEL


def test_a_number_is_the_same_with_and_without_its_point() -> None:
    marks = [
        marked(A, CLAIM, 0, 20, attributes={"year": 2024, "of": 3}),
        marked(B, CLAIM, 0, 20, attributes={"of": 3.0, "year": 2024.0}),
    ]

    (item,) = cluster(marks, [], [A, B])

    assert item.kind is Kind.UNANIMOUS


def test_a_source_within_a_quote_and_claims_that_meet_in_a_word_stay_apart() -> None:
    marks = [
        marked(A, QUOTE, 0, 100), marked(B, SOURCE, 10, 20),
        marked(A, CLAIM, 200, 260), marked(B, CLAIM, 255, 320),
    ]  # fmt: skip

    assert [item.kind for item in cluster(marks, [], [A, B])] == [Kind.MISSING] * 4


def test_two_that_lie_side_by_side_do_not_meet_under_a_third_that_covers_both() -> None:
    left, right, both = marked(A, CLAIM, 0, 30), marked(B, CLAIM, 30, 50), marked(C, CLAIM, 0, 50)

    items = cluster([left, right, both], [], [A, B, C])

    assert groups_of(items) == {frozenset([left.id, both.id]), frozenset([right.id])}


def test_who_finds_a_full_item_goes_on_to_the_next_best() -> None:
    quote, same, nested, after = (
        marked(A, QUOTE, 0, 20), marked(B, QUOTE, 0, 20),
        marked(A, QUOTE, 2, 19), marked(B, QUOTE, 8, 24),
    )  # fmt: skip

    items = cluster([quote, same, nested, after], [], [A, B])

    assert groups_of(items) == {
        frozenset([quote.id, same.id]),
        frozenset([nested.id, after.id]),
    }


def test_one_layer_that_says_the_same_twice_has_two_items() -> None:
    once = marked(A, QUOTE, 0, 20)
    twice, other = replace(once, id=UUID(int=7)), marked(B, QUOTE, 0, 20)
    links = [linked(other, "the mayor"), replace(linked(other, "the mayor"), id=UUID(int=8))]

    items = cluster([once, twice, other], links, [A, B])

    assert items == cluster([other, twice, once], links[::-1], [B, A])
    assert [(item.kind, item.layers) for item in items] == [
        (Kind.MISSING, (A,)), (Kind.UNANIMOUS, (A, B)),
        (Kind.RELATION, (B,)), (Kind.RELATION, (B,)),
    ]  # fmt: skip


def test_of_variants_with_as_many_layers_the_one_nobody_doubts_is_proposed() -> None:
    doubted = marked(A, QUOTE, 0, 20, unsure=True)

    (item,) = cluster([doubted, marked(B, QUOTE, 0, 18)], [], [A, B])

    assert shown(item) == [(0, 18, (B,)), (0, 20, (A,))]
    assert item.unsure


def test_the_label_and_the_span_that_most_chose_are_proposed_together() -> None:
    marks = [marked(A, QUOTE, 0, 20), marked(B, CLAIM, 0, 24), marked(C, CLAIM, 0, 20)]

    (item,) = cluster(marks, [], [A, B, C])

    assert (item.variants[0].label, item.variants[0].layers) == (CLAIM, (C,))


def test_a_quote_linked_to_two_different_sources_is_one_question() -> None:
    quotes = [marked(layer, QUOTE, 40, 80) for layer in (A, B, C)]
    vaughans = [marked(layer, SOURCE, 10, 23) for layer in (A, B, C)]
    inquiry = marked(B, SOURCE, 30, 37)
    links = [linked(quotes[0], vaughans[0]), linked(quotes[1], inquiry),
             linked(quotes[2], vaughans[2])]  # fmt: skip

    *items, link = cluster([*quotes, *vaughans, inquiry], links, [A, B, C])

    assert [item.kind for item in items] == [Kind.UNANIMOUS, Kind.MISSING, Kind.UNANIMOUS]
    assert link.kind is Kind.RELATION
    assert [(one.source, one.target, one.layers) for one in link.variants] == [
        (items[2].key, items[0].key, (A, C)),
        (items[2].key, items[1].key, (B,)),
    ]


def test_a_quote_with_two_sources_is_two_questions_aligned_by_where_they_lead() -> None:
    quotes = [marked(layer, QUOTE, 40, 80) for layer in (A, B)]
    links = [
        linked(quotes[0], "the mayor"), linked(quotes[0], "a clerk"),
        linked(quotes[1], "the mayor"),
    ]  # fmt: skip

    _, first, second = cluster(quotes, links, [A, B])

    assert [(one.target_name, one.layers) for one in first.variants] == [("the mayor", (A, B))]
    assert first.is_unanimous
    assert [(one.target_name, one.layers) for one in second.variants] == [("a clerk", (A,))]
    assert second.missing == (B,)


def test_links_of_different_labels_are_different_questions() -> None:
    quotes = [marked(layer, QUOTE, 40, 80) for layer in (A, B)]
    links = [linked(quotes[0], "the mayor"), linked(quotes[1], "the mayor", SUPPORTS)]

    assert len(cluster(quotes, links, [A, B])) == 3


@given(works())
def test_one_layer_alone_is_unanimous_about_all_it_says(work: Work) -> None:
    marks, links, layers = work
    mine = [mark for mark in marks if mark.layer == layers[0]]
    assume(mine)

    items = cluster(mine, [link for link in links if link.layer == layers[0]], layers[:1])

    assert all(item.is_unanimous for item in items)
