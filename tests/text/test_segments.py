"""Segments against an oracle that looks at one character after the other."""

from collections import defaultdict
from itertools import combinations, groupby, pairwise

from hypothesis import given
from hypothesis import strategies as st

from articles.text.segments import LANES, Covering, Segment, divide

LENGTH = 30

ends = st.integers(0, LENGTH)
spans = st.tuples(ends, ends).filter(lambda pair: pair[0] != pair[1]).map(sorted)
coverings = st.lists(spans, max_size=9).map(
    lambda pairs: [Covering(f"k{n}", start, end) for n, (start, end) in enumerate(pairs)]
)
ranges = spans.map(tuple)


def over(at: int, given_: list[Covering]) -> list[Covering]:
    """The coverings over the character ``at``, outermost first."""
    there = [c for c in given_ if c.start <= at < c.end]
    return sorted(there, key=lambda c: (c.start, -c.end, c.key))


def lanes_of(segments: list[Segment]) -> dict[str, set[int]]:
    """The lanes in which each key is drawn."""
    lanes: dict[str, set[int]] = defaultdict(set)
    for segment in segments:
        for lane, key in enumerate(segment.lanes):
            if key is not None:
                lanes[key].add(lane)
    return lanes


@given(ranges, coverings)
def test_each_character_knows_what_is_over_it_outermost_first(
    where: tuple[int, int], given_: list[Covering]
) -> None:
    found = {at: s.over for s in divide(*where, given_) for at in range(s.start, s.end)}

    assert found == {at: tuple(c.key for c in over(at, given_)) for at in range(*where)}


@given(ranges, coverings)
def test_segments_cover_the_range_and_are_cut_only_at_edges(
    where: tuple[int, int], given_: list[Covering]
) -> None:
    segments = divide(*where, given_)

    assert (segments[0].start, segments[-1].end) == where
    assert all(left.end == right.start for left, right in pairwise(segments))
    edges = {edge for c in given_ for edge in (c.start, c.end)}
    assert all(right.start in edges for right in segments[1:])


@given(coverings)
def test_an_empty_range_has_no_segments(given_: list[Covering]) -> None:
    assert divide(7, 7, given_) == []


@given(ranges, coverings)
def test_an_annotation_opens_at_its_first_character_and_closes_at_its_last(
    where: tuple[int, int], given_: list[Covering]
) -> None:
    for segment in divide(*where, given_):
        keys = over(segment.start, given_)
        assert segment.opens == tuple(c.key for c in keys if c.start == segment.start)
        assert segment.closes == tuple(c.key for c in keys if c.end == segment.end)


@given(ranges, coverings)
def test_an_annotation_keeps_one_lane_or_is_counted_as_hidden_all_along(
    where: tuple[int, int], given_: list[Covering]
) -> None:
    segments = divide(*where, given_)
    lanes = lanes_of(segments)

    assert all(len(mine) == 1 for mine in lanes.values())
    for segment in segments:
        drawn = [key for key in segment.lanes if key is not None]
        assert sorted(drawn) == sorted(set(segment.over) & set(lanes))
        assert segment.hidden == len(segment.over) - len(drawn)
        assert len(segment.lanes) <= LANES
        assert not segment.lanes or segment.lanes[-1] is not None


@given(ranges, coverings)
def test_nothing_is_hidden_while_a_lane_is_free_where_it_begins(
    where: tuple[int, int], given_: list[Covering]
) -> None:
    segments = divide(*where, given_)
    drawn = lanes_of(segments)
    for segment in segments:
        for key in segment.opens:
            if key not in drawn:
                assert len([lane for lane in segment.lanes if lane]) == LANES


@given(ranges, coverings)
def test_the_outer_of_two_takes_the_upper_lane_while_there_is_one_below(
    where: tuple[int, int], given_: list[Covering]
) -> None:
    segments = divide(*where, given_)
    lane_of = {key: next(iter(lanes)) for key, lanes in lanes_of(segments).items()}
    for segment in segments:
        for outer, inner in combinations(over(segment.start, given_), 2):
            if not {outer.key, inner.key} <= lane_of.keys() or inner.end > outer.end:
                continue
            if lane_of[outer.key] > lane_of[inner.key]:
                first = max(inner.start, where[0])
                busy = {lane_of[c.key] for c in over(first, given_) if c.key in lane_of}
                assert busy >= set(range(lane_of[outer.key], LANES))


def test_a_late_nested_annotation_lies_below_the_one_around_it() -> None:
    first, outer, inner = Covering("a", 0, 6), Covering("b", 3, 20), Covering("c", 10, 15)

    segments = divide(0, 20, [inner, outer, first])

    assert [(s.start, s.lanes) for s in segments] == [
        (0, ("a",)),
        (3, ("a", "b")),
        (6, (None, "b")),
        (10, (None, "b", "c")),
        (15, (None, "b")),
    ]


@given(coverings)
def test_the_order_in_which_they_come_does_not_matter(given_: list[Covering]) -> None:
    assert divide(0, LENGTH, given_) == divide(0, LENGTH, given_[::-1])


@given(coverings)
def test_no_two_neighbours_could_be_one(given_: list[Covering]) -> None:
    segments = divide(0, LENGTH, given_)
    alike = [list(group) for _, group in groupby(segments, key=lambda s: s.over)]

    for group in alike:
        for left, right in pairwise(group):
            assert left.closes or right.opens
