"""F1 and the matching below it, against oracles that try every matching."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.review.agreement import NOTHING_MARKED, TOO_FEW, Labelled, Layer, Linked, Work
from articles.review.agreement_f1 import NO_RELATIONS, relation_f1, span_f1
from articles.review.agreement_matching import (
    Kind,
    Side,
    Thing,
    aligned,
    annotation_things,
    matches,
    side,
)
from tests.review.works import labels_of, layer, layers, newsrooms, reordered, work


def jaccard(a: tuple[int, ...], b: tuple[int, ...]) -> Fraction:
    ours, theirs = set(range(*a)), set(range(*b))
    return Fraction(len(ours & theirs), len(ours | theirs))


def share(a: Thing, b: Thing, *, exact: bool, any_kind: bool) -> Fraction | None:
    """How much two things overlap; ``None`` if they do not match."""
    ends = [(a.edges[at : at + 2], b.edges[at : at + 2]) for at in range(0, len(a.edges), 2)]
    each = [jaccard(*pair) for pair in ends]
    least = 1 if exact else Fraction(1, 2)
    return sum(each, Fraction(0)) / len(each) if min(each) >= least and (
        any_kind or a.kind == b.kind
    ) else None  # fmt: skip


def best(
    ours: Sequence[Thing], theirs: Sequence[Thing], *, exact: bool, any_kind: bool = False
) -> tuple[int, Fraction]:
    """The most pairs of any matching, and of those matchings the greatest overlap."""
    if not ours:
        return 0, Fraction(0)
    first, *rest = ours
    found = [best(rest, theirs, exact=exact, any_kind=any_kind)]
    for at, other in enumerate(theirs):
        overlap = share(first, other, exact=exact, any_kind=any_kind)
        if overlap is not None:
            left = [*theirs[:at], *theirs[at + 1 :]]
            number, total = best(rest, left, exact=exact, any_kind=any_kind)
            found.append((number + 1, total + overlap))
    return max(found)


def both_sides(a: Sequence[Thing], b: Sequence[Thing]) -> tuple[Side, Side]:
    numbers: dict[Kind, int] = {}
    return side(a, numbers), side(b, numbers)


def relations(one: Layer) -> list[Thing]:
    return [
        Thing(
            (link.type, link.source.label, link.target.label),
            (link.source.start, link.source.end, link.target.start, link.target.end),
        )
        for link in one.relations
    ]


@given(layers(), layers(), st.booleans(), st.booleans())
def test_the_most_pairs_are_matched_and_of_those_the_closest(
    ours: Layer, theirs: Layer, exact: bool, any_kind: bool
) -> None:
    a, b = sorted(annotation_things(ours)), sorted(annotation_things(theirs))
    sides = both_sides(a, b)

    pairs = matches(*sides, exact=exact, any_kind=any_kind)

    shares = [share(a[i], b[j], exact=exact, any_kind=any_kind) for i, j in pairs]
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    total = sum((one for one in shares if one is not None), Fraction(0))
    assert None not in shares
    assert (len(pairs), total) == best(a, b, exact=exact, any_kind=any_kind)


@given(layers(), layers(), st.booleans())
@example(layer((0, 1, "a"), (1, 5, "a")), layer((2, 7, "a"), (3, 5, "a")), False)
def test_it_does_not_matter_who_is_matched_with_whom(
    ours: Layer, theirs: Layer, any_kind: bool
) -> None:
    a, b = both_sides(annotation_things(ours), annotation_things(theirs))

    there, back = (matches(*sides, exact=False, any_kind=any_kind) for sides in ((a, b), (b, a)))

    assert sorted(there) == sorted((i, j) for j, i in back)


@given(layers(), layers())
def test_alignment_takes_the_matches_first_and_then_whatever_overlaps(
    ours: Layer, theirs: Layer
) -> None:
    a, b = sorted(annotation_things(ours)), sorted(annotation_things(theirs))
    sides = both_sides(a, b)

    same, rest = aligned(*sides)

    left = [thing for at, thing in enumerate(a) if at not in {i for i, _ in same}]
    across = [thing for at, thing in enumerate(b) if at not in {j for _, j in same}]
    assert same == matches(*sides, exact=False)
    assert len(rest) == best(left, across, exact=False, any_kind=True)[0]
    assert all(a[i].kind != b[j].kind and jaccard(a[i].edges, b[j].edges) * 2 >= 1 for i, j in rest)


@given(newsrooms, st.booleans())
def test_span_f1_counts_common_annotations_over_all_pairs(works: list[Work], exact: bool) -> None:
    common = total = 0
    for one in works:
        for a, b in combinations(one.layers.values(), 2):
            ours, theirs = annotation_things(a), annotation_things(b)
            common += 2 * best(ours, theirs, exact=exact)[0]
            total += len(ours) + len(theirs)

    found = span_f1(works, exact=exact).overall

    assert found.value == (common / total if total else None)
    assert found.n == total
    assert bool(found.reason) == (found.value is None)


@given(newsrooms, st.booleans())
def test_relation_f1_asks_for_the_type_and_both_ends(works: list[Work], exact: bool) -> None:
    common = total = 0
    for one in works:
        for a, b in combinations(one.layers.values(), 2):
            common += 2 * best(relations(a), relations(b), exact=exact)[0]
            total += len(a.relations) + len(b.relations)

    assert relation_f1(works, exact=exact).overall.value == (common / total if total else None)


@given(newsrooms, st.booleans())
def test_labels_and_pairs_are_the_f1_of_their_part(works: list[Work], exact: bool) -> None:
    found = span_f1(works, exact=exact)

    for label, figure in found.by_label.items():
        alone = [
            Work(
                one.length,
                {
                    who: Layer(
                        [
                            annotation
                            for annotation in layer.annotations
                            if annotation.label == label
                        ]
                    )
                    for who, layer in one.layers.items()
                },
            )
            for one in works
        ]
        assert figure.value == span_f1(alone, exact=exact).overall.value
    for pair, figure in found.by_pair.items():
        alone = [
            Work(one.length, {who: one.layers[who] for who in pair})
            for one in works
            if pair <= one.layers.keys()
        ]
        assert figure.value == span_f1(alone, exact=exact).overall.value
        assert figure.articles == len(alone)
    shared = [one for one in works if len(one.layers) > 1]
    assert list(found.by_label) == labels_of(shared)


@given(newsrooms)
def test_overlap_never_finds_less_than_exact(works: list[Work]) -> None:
    exact, overlap = (span_f1(works, exact=exact).overall.value for exact in (True, False))

    assert (exact or 0) <= (overlap or 0)


@given(newsrooms, st.data())
def test_no_order_changes_a_score_or_its_interval(works: list[Work], draw: st.DataObject) -> None:
    again = reordered(works, draw)

    for exact in (True, False):
        assert span_f1(again, exact=exact) == span_f1(works, exact=exact)
        assert relation_f1(again, exact=exact) == relation_f1(works, exact=exact)


def test_one_annotator_agrees_with_nobody() -> None:
    found = span_f1([work(9, ada=[(0, 4, "claim")])], exact=True)

    assert (found.overall.value, found.overall.reason) == (None, TOO_FEW)
    assert (found.by_label, found.by_pair) == ({}, {})


def test_an_article_on_which_nobody_marked_anything_has_no_f1() -> None:
    found = span_f1([work(9, ada=[], ben=[])], exact=True).overall

    assert (found.value, found.reason, found.articles) == (None, NOTHING_MARKED, 1)


def test_what_only_one_annotator_marked_counts_against_them() -> None:
    found = span_f1([work(9, ada=[(0, 4, "claim")], ben=[])], exact=False)

    assert found.overall.value == 0
    assert found.by_label["claim"].value == 0
    assert found.by_pair[frozenset({"ada", "ben"})].value == 0


def test_annotations_without_links_have_no_relation_f1() -> None:
    found = relation_f1([work(9, ada=[(0, 4, "claim")], ben=[])], exact=True).overall

    assert (found.value, found.reason) == (None, NO_RELATIONS)


@pytest.mark.parametrize(("end", "value"), [(5, 1), (4, 0)], ids=["half", "less than half"])
def test_half_of_what_both_cover_is_enough_to_overlap(end: int, value: int) -> None:
    works = [work(20, ada=[(0, 10, "claim")], ben=[(0, end, "claim")])]

    assert span_f1(works, exact=False).overall.value == value
    assert span_f1(works, exact=True).overall.value == 0


def test_one_annotation_matches_one_only() -> None:
    halves = [(0, 5, "claim"), (5, 10, "claim")]

    found = span_f1([work(20, ada=[(0, 10, "claim")], ben=halves)], exact=False).overall

    assert found.value == pytest.approx(2 / 3)


def test_a_link_in_the_other_direction_is_another_link() -> None:
    quote, source = Labelled(0, 8, "quote"), Labelled(9, 12, "source")
    there, back = Linked("says", quote, source), Linked("says", source, quote)
    ours, theirs = (Layer([quote, source], [link]) for link in (there, back))

    found = relation_f1([Work(20, {"ada": ours, "ben": theirs})], exact=True)

    assert found.overall.value == 0
    assert found.by_label["says"].value == 0


def test_links_overlap_where_both_ends_do() -> None:
    source = Labelled(20, 24, "source")
    ours, theirs = (
        Layer([quote, source], [Linked("says", quote, source)])
        for quote in (Labelled(0, 10, "quote"), Labelled(0, 8, "quote"))
    )
    works = [Work(30, {"ada": ours, "ben": theirs})]

    assert relation_f1(works, exact=False).overall.value == 1
    assert relation_f1(works, exact=True).overall.value == 0


def test_the_interval_is_that_of_resampled_articles() -> None:
    # Half of 100 articles agree throughout: their mean is a binomial with deviation 0.05.
    alike = work(9, ada=[(0, 4, "claim")], ben=[(0, 4, "claim")])
    unlike = work(9, ada=[(0, 4, "claim")], ben=[(5, 9, "claim")])

    found = span_f1([alike, unlike] * 50, exact=True).overall

    assert found.value == 0.5
    assert found.low == pytest.approx(0.402, abs=0.02)
    assert found.high == pytest.approx(0.598, abs=0.02)


def test_one_article_has_no_interval() -> None:
    alike = work(9, ada=[(0, 4, "claim")], ben=[(0, 4, "claim")])
    nothing = work(9, ada=[], ben=[])
    other = work(9, ada=[(0, 4, "quote")], ben=[])

    assert span_f1([alike], exact=True).overall.low is None
    found = span_f1([alike, nothing, other], exact=True)
    assert found.by_label["claim"].low is None
    assert found.by_label["claim"].articles == 1
    assert (found.overall.low, found.overall.high) == (0, 1)


def test_annotations_and_the_ends_of_links_must_lie_in_the_text() -> None:
    inside, beyond = Labelled(0, 4, "claim"), Labelled(4, 10, "claim")

    for outside in (Layer([beyond]), Layer([inside], [Linked("says", inside, beyond)])):
        with pytest.raises(ValueError, match="no span of a text of 9 code points"):
            Work(9, {"ada": outside})


def test_the_interval_does_not_hang_on_the_order_of_articles() -> None:
    marked = [(at, at + 1, "claim") for at in range(15)]
    works = [work(20, ada=marked[: 3 + shared], ben=marked[3:]) for shared in range(12)]

    assert span_f1(works[::-1], exact=True) == span_f1(works, exact=True)
