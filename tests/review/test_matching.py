"""Clustering again after people went on working: which decision is which item's."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from articles.review.clustering import cluster
from articles.review.items import Item, Linked, Marked, Variant, overlap
from articles.review.matching import Matching, Standing, kept_variants, match, must_confirm
from tests.review.layers import (
    CLAIM,
    QUOTE,
    SAID_BY,
    SOURCE,
    Work,
    renamed,
    renamings,
    works,
)

A, B, C = 11, 12, 13


def decisions_of(items: Sequence[Item]) -> dict[UUID, UUID]:
    """A decision's id for the key of each item."""
    return {item.key: uuid5(item.key, "decision") for item in items}


def standing_for(items: Sequence[Item], decided: Iterable[bool] = ()) -> list[Standing]:
    """A decision for each item; the first ones ``decided`` or not, the others open."""
    ids, flags = decisions_of(items), [*decided, *[False] * len(items)]
    return [
        Standing(ids[item.key], kept_variants(item, ids), flag)
        for item, flag in zip(items, flags, strict=False)
    ]


def standing_now(matching: Matching) -> list[Standing]:
    """The decisions after a matching: those continued with what they are now, those that vanished
    while decided, and new ones."""
    new = decisions_of(matching.new)
    ids = {item.key: one.id for one, item in matching.pairs} | new
    return [
        *(replace(one, variants=kept_variants(item, ids)) for one, item in matching.pairs),
        *(one for one in matching.vanished if one.is_decided),
        *(Standing(new[item.key], kept_variants(item, ids)) for item in matching.new),
    ]


@st.composite
def changes(draw: st.DrawFn) -> tuple[list[Standing], list[Item]]:
    """Decisions on some work, and the items after some of it went and other work came."""
    before, other = draw(works()), draw(works())
    items = cluster(*before)
    standing = standing_for(items, draw(st.lists(st.booleans(), max_size=len(items))))
    coming = renamed(other, draw(renamings(other)))
    return standing, cluster(*_mixed(draw, before, coming))


def _mixed(draw: st.DrawFn, before: Work, coming: Work) -> Work:
    stays = draw(st.lists(st.booleans(), max_size=len(before[0])))
    going = {mark.id for mark, stay in zip(before[0], stays, strict=False) if not stay}
    marks = {
        (mark.layer, mark.label, mark.start, mark.end): mark
        for mark in (*coming[0], *before[0])
        if mark.id not in going
    }
    there = {mark.id for mark in marks.values()}
    links = [
        link
        for link in (*before[1], *coming[1])
        if link.source in there and (link.target is None or link.target in there)
    ]
    return list(marks.values()), links, sorted({*before[2], *coming[2]})


def same_span(one: Variant, other: Variant) -> bool:
    """Whether two spans of one label are one span; never of links."""
    if one.source is not None or other.source is not None:
        return False
    return (one.label, one.start, one.end) == (other.label, other.start, other.end)


def repeats(one: Standing, item: Item) -> bool:
    return any(same_span(*pair) for pair in product(one.variants, item.variants))


@given(works(), st.lists(st.booleans()))
def test_clustering_again_without_a_change_changes_nothing(work: Work, decided: list[bool]) -> None:
    items = cluster(*work)
    standing = standing_for(items, decided)

    matching = match(standing, cluster(*work))

    assert list(matching.pairs) == list(zip(standing, items, strict=True))
    assert (matching.new, matching.vanished) == ((), ())
    ids = decisions_of(items)
    assert not any(must_confirm(one, kept_variants(item, ids)) for one, item in matching.pairs)


@given(st.data())
def test_who_deletes_and_makes_the_same_again_meets_the_decision_that_stands(
    data: st.DataObject,
) -> None:
    work = data.draw(works())
    items = cluster(*work)
    standing = standing_for(items, data.draw(st.lists(st.booleans())))
    remade = data.draw(renamings(work))
    left_alone = data.draw(st.sets(st.sampled_from(sorted(remade)))) if remade else set()
    remade |= {old: old for old in left_alone}

    matching = match(standing, cluster(*renamed(work, remade)))

    assert (matching.new, matching.vanished) == ((), ())
    ids = {item.key: one.id for one, item in matching.pairs}
    for one, item in matching.pairs:
        assert item.members == {remade[member] for member in one.members}
        assert not must_confirm(replace(one, is_decided=True), kept_variants(item, ids))


@given(changes())
def test_each_item_and_each_decision_is_paired_at_most_once_and_none_is_lost(
    change: tuple[list[Standing], list[Item]],
) -> None:
    standing, items = change

    matching = match(standing, items)

    continued = [one.id for one, _ in matching.pairs]
    assert Counter(continued + [one.id for one in matching.vanished]) == Counter(
        one.id for one in standing
    )
    assert [item for item in items if item not in matching.new] == [
        item for _, item in matching.pairs
    ]
    assert [item for item in items if item in matching.new] == list(matching.new)
    assert len(matching.pairs) + len(matching.new) == len(items)


@given(changes())
def test_an_item_continues_what_shares_with_it_or_says_the_same_or_is_gone_and_near(
    change: tuple[list[Standing], list[Item]],
) -> None:
    standing, items = change
    matching = match(standing, items)
    ids = {item.key: one.id for one, item in matching.pairs}

    def may_continue(one: Standing, item: Item) -> bool:
        if one.members & item.members or repeats(one, item):
            return True
        if item.variants[0].source is not None:
            ends = {end for now in item.variants for end in (now.source, now.target) if end}
            kept = kept_variants(item, ids) if ends <= ids.keys() else ()
            return any(said(before) == said(now) for before in one.variants for now in kept)
        near = any(
            before.label == now.label and before.source is None and overlap(before, now) >= 0.1
            for before, now in product(one.variants, item.variants)
        )
        return near and not any(one.members & other.members for other in items)

    def said(link: Variant) -> tuple[object, ...]:
        return link.label, link.source, link.target, link.target_name

    assert all(may_continue(one, item) for one, item in matching.pairs)
    assert not any(
        may_continue(one, item) for one, item in product(matching.vanished, matching.new)
    )


@given(changes())
def test_what_is_new_repeats_no_verdict_that_did_not_find_its_own_again(
    change: tuple[list[Standing], list[Item]],
) -> None:
    standing, items = change
    matching = match(standing, items)
    item_of = {one.id: item for one, item in matching.pairs}

    for one, item in product(standing, matching.new):
        if one.is_decided and repeats(one, item):
            assert repeats(one, item_of[one.id])


@given(st.data())
def test_the_order_of_the_decisions_does_not_matter(data: st.DataObject) -> None:
    standing, items = data.draw(changes())

    assert match(data.draw(st.permutations(standing)), items) == match(standing, items)


@given(changes())
def test_matching_once_more_changes_nothing_more(
    change: tuple[list[Standing], list[Item]],
) -> None:
    standing, items = change
    first = match(standing, items)
    now = standing_now(first)

    second = match(now, items)

    decisions = {item.key: one.id for one, item in first.pairs} | decisions_of(first.new)
    assert {item.key: one.id for one, item in second.pairs} == decisions
    assert second.new == ()
    assert {one.id for one in second.vanished} == {
        one.id for one in first.vanished if one.is_decided
    }


@given(works(), works())
def test_a_verdict_is_to_be_confirmed_when_what_is_said_or_by_whom_differs(
    work: Work, other: Work
) -> None:
    def told(variants: Iterable[Variant]) -> list[str]:
        return sorted(
            repr((one.label, one.source, one.target, one.target_name, one.layers,
                  one.source or (one.start, one.end, one.attributes)))
            for one in variants
        )  # fmt: skip

    kept = [one.variants for one in standing_for([*cluster(*work), *cluster(*other)])]
    for before, now in product(kept, kept):
        differs = told(before) != told(now)
        assert must_confirm(Standing(UUID(int=1), before, True), now) == differs
        assert not must_confirm(Standing(UUID(int=1), before, False), now)


# --- examples, as they come up in a newsroom ---


def marked(layer: int, label: UUID, start: int, end: int, made: int = 1) -> Marked:
    """An annotation made for the first time, or again."""
    id_ = uuid5(UUID(int=made), repr((layer, label, start, end)))
    return Marked(id_, layer, label, start, end)


def linked(source: Marked, target: str, made: int = 1) -> Linked:
    id_ = uuid5(UUID(int=made), repr((source.id, target)))
    return Linked(id_, source.layer, SAID_BY, source.id, None, target)


def test_a_rejected_span_made_again_with_other_edges_asks_the_reviewer_to_confirm() -> None:
    (rejected,) = standing_for(cluster([marked(B, SOURCE, 50, 56)], [], [A, B]), [True])
    items = cluster([marked(B, SOURCE, 46, 56, made=2)], [], [A, B])

    matching = match([rejected], items)

    assert matching.pairs == ((rejected, items[0]),)
    assert must_confirm(rejected, kept_variants(items[0], {}))


def test_a_rejected_span_that_another_layer_makes_meets_the_verdict() -> None:
    (rejected,) = standing_for(cluster([marked(B, SOURCE, 50, 56)], [], [A, B]), [True])
    items = cluster([marked(A, SOURCE, 50, 56)], [], [A, B])

    assert match([rejected], items).pairs == ((rejected, items[0]),)


def test_another_label_on_a_rejected_span_is_a_new_decision() -> None:
    (rejected,) = standing_for(cluster([marked(B, SOURCE, 50, 56)], [], [B]), [True])

    matching = match([rejected], cluster([marked(B, CLAIM, 50, 56)], [], [B]))

    assert (len(matching.new), matching.vanished) == (1, (rejected,))


def test_a_verdict_stays_with_the_span_it_was_given_on_when_most_of_its_makers_move_on() -> None:
    before = [marked(layer, QUOTE, 0, 20) for layer in (A, B, C)]
    (decided,) = standing_for(cluster(before, [], [A, B, C]), [True])
    moved = [before[0], *(replace(mark, start=19, end=60) for mark in before[1:])]

    matching = match([decided], cluster(moved, [], [A, B, C]))

    ((_, item),) = matching.pairs
    assert item.members == {before[0].id}
    assert [one.members for one in matching.new] == [{before[1].id, before[2].id}]


def test_of_two_verdicts_that_meet_in_one_item_the_other_waits_until_they_part() -> None:
    left, right = marked(A, CLAIM, 0, 20), marked(B, CLAIM, 30, 50)
    apart = cluster([left, right], [], [A, B])
    decided = standing_for(apart, [True, True])
    together = cluster([left, replace(right, start=0, end=24)], [], [A, B])

    met = match(decided, together)
    parted = match(standing_now(met), apart)

    assert (met.pairs, met.vanished) == (((decided[0], together[0]),), (decided[1],))
    assert [one.id for one, _ in parted.pairs] == [one.id for one in decided]
    assert (parted.new, parted.vanished) == ((), ())


def test_an_open_decision_gives_way_to_a_verdict() -> None:
    left, right = marked(A, CLAIM, 0, 20), marked(B, CLAIM, 30, 50)
    open_, decided = standing_for(cluster([left, right], [], [A, B]), [False])
    decided = replace(decided, is_decided=True)
    (item,) = cluster([left, replace(right, start=0, end=24)], [], [A, B])

    matching = match([open_, decided], [item])

    assert (matching.pairs, matching.vanished) == (((decided, item),), (open_,))


def test_a_verdict_on_what_is_gone_takes_no_decision_from_its_own_annotations() -> None:
    (open_,) = standing_for(cluster([marked(A, CLAIM, 0, 20)], [], [A]))
    (decided,) = standing_for(cluster([marked(B, CLAIM, 10, 30)], [], [B]), [True])
    (item,) = cluster([marked(A, CLAIM, 0, 20)], [], [A, B])

    matching = match([open_, decided], [item])

    assert (matching.pairs, matching.vanished) == (((open_, item),), (decided,))


def test_a_verdict_whose_annotation_moved_elsewhere_takes_nothing_that_is_only_near() -> None:
    left, right = marked(A, CLAIM, 0, 20), marked(B, CLAIM, 30, 50)
    decided = standing_for(cluster([left, right], [], [A, B]), [True, True])
    items = cluster(
        [left, replace(right, start=0, end=24), marked(C, CLAIM, 40, 60)], [], [A, B, C]
    )

    matching = match(decided, items)

    assert (matching.new, matching.vanished) == ((items[1],), (decided[1],))


def test_a_decision_that_falls_apart_goes_with_most_of_its_annotations() -> None:
    before = [marked(layer, CLAIM, 0, 20) for layer in (A, B, C)]
    (decided,) = standing_for(cluster(before, [], [A, B, C]), [True])
    after = [replace(before[0], end=12), *(replace(one, start=12, end=40) for one in before[1:])]

    ((_, item),) = match([decided], cluster(after, [], [A, B, C])).pairs

    assert item.layers == (B, C)


def test_a_decision_that_falls_in_equal_parts_goes_with_the_closest() -> None:
    before = [marked(layer, CLAIM, 0, 20) for layer in (A, B)]
    (decided,) = standing_for(cluster(before, [], [A, B]), [True])
    after = [replace(before[0], end=5), replace(before[1], start=5)]

    ((_, item),) = match([decided], cluster(after, [], [A, B])).pairs

    assert item.layers == (B,)


def test_a_rejected_link_made_again_meets_its_verdict_and_another_is_new() -> None:
    quote = marked(A, QUOTE, 0, 20)
    standing = standing_for(cluster([quote], [linked(quote, "the mayor")], [A]), [False, True])
    again = marked(A, QUOTE, 0, 22, made=2)
    links = [linked(again, "the mayor", made=2), linked(again, "a clerk")]
    items = cluster([again], links, [A])

    matching = match(standing, items)

    (clerk,) = matching.new
    assert [one.target_name for one in clerk.variants] == ["a clerk"]
    assert [one.id for one, _ in matching.pairs] == [one.id for one in standing]
    ids = {item.key: one.id for one, item in matching.pairs}
    assert not must_confirm(standing[1], kept_variants(matching.pairs[1][1], ids))
