"""uα against its definition: every two code points that chance may pair, one by one."""

from collections import Counter
from fractions import Fraction
from itertools import combinations, groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.review.agreement import NOTHING_MARKED, TOO_FEW, Layer, Work
from articles.review.agreement_unitizing import ALL_ALIKE, unitizing_alpha
from tests.review.works import labels_of, newsrooms, reordered, work

Value = frozenset[str]


def unioned(layer: Layer, label: str) -> list[set[int]]:
    """The code points of each unit of one label: what shares one is one unit."""
    found: list[set[int]] = []
    for one in layer.annotations:
        if one.label == label:
            mine = set(range(one.start, one.end))
            for other in [unit for unit in found if unit & mine]:
                found.remove(other)
                mine |= other
            found.append(mine)
    return found


def code_points(layer: Layer, length: int) -> list[tuple[Value, int]]:
    """The value of each code point, and which stretch it is of; a gap's are each alone."""
    labels = {one.label for one in layer.annotations}
    named = [(label, unit) for label in sorted(labels) for unit in unioned(layer, label)]
    over = [
        tuple(place for place, (_, unit) in enumerate(named) if at in unit) for at in range(length)
    ]
    points: list[tuple[Value, int]] = []
    for stretch, (places, group) in enumerate(groupby(over)):
        value = frozenset(named[place][0] for place in places)
        points += [(value, stretch if value else -len(points) - n) for n, _ in enumerate(group)]
    return points


def slow_alpha(works: list[Work], *, relevance: bool = False) -> Fraction | None:
    """1 - observed / expected disagreement, from all pairs of code points."""
    observed = Fraction(0)
    stretches: Counter[tuple[int, object, Value | bool, int]] = Counter()
    for number, one in enumerate(works):
        if len(one.layers) < 2:
            continue
        points = {
            who: [(bool(value) if relevance else value, of) for value, of in code_points(layer, 12)]
            for who, layer in one.layers.items()
        }
        for a, b in combinations(points.values(), 2):
            unlike = sum(x != y for (x, _), (y, _) in zip(a, b, strict=True))
            observed += Fraction(2 * unlike, len(points) - 1)
        for who, mine in points.items():
            stretches.update((number, who, value, of) for value, of in mine)
    total = stretches.total()
    pairable = unlike = 0
    for left in stretches:
        for right in stretches:
            if left != right:
                number = stretches[left] * stretches[right]
                pairable += number
                unlike += number * (left[2] != right[2])
    return 1 - observed / (total * Fraction(unlike, pairable)) if unlike else None


@given(newsrooms)
def test_alpha_is_its_definition_over_all_pairs_of_code_points(works: list[Work]) -> None:
    found = unitizing_alpha(works)

    for figure, slow in (
        (found.overall, slow_alpha(works)),
        (found.relevance, slow_alpha(works, relevance=True)),
    ):
        assert figure.value == (None if slow is None else float(slow))
        assert bool(figure.reason) == (figure.value is None)


@given(newsrooms)
def test_a_labels_alpha_sees_that_label_alone(works: list[Work]) -> None:
    found = unitizing_alpha(works)

    shared = [one for one in works if len(one.layers) > 1]
    assert list(found.by_label) == labels_of(shared)
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
        slow = slow_alpha(alone)
        assert figure.value == (None if slow is None else float(slow))


@given(newsrooms, st.data())
def test_no_order_changes_alpha(works: list[Work], draw: st.DataObject) -> None:
    assert unitizing_alpha(reordered(works, draw)) == unitizing_alpha(works)


@given(newsrooms)
def test_articles_of_the_same_annotators_are_one_text(works: list[Work]) -> None:
    same = [Work(12, dict(zip("AB", (*one.layers.values(),) * 2, strict=False))) for one in works]
    together = [
        tuple(
            (one.start + 12 * number, one.end + 12 * number, one.label)
            for number, article in enumerate(same)
            for one in article.layers[who].annotations
        )
        for who in "AB"
    ]
    joined = work(12 * len(same), A=together[0], B=together[1])

    apart, at_once = unitizing_alpha(same), unitizing_alpha([joined])

    assert apart.overall.value == at_once.overall.value
    assert apart.relevance.value == at_once.relevance.value


def test_unmarked_text_around_what_is_marked_counts() -> None:
    marked = {"ada": [(0, 4, "claim")], "ben": [(0, 3, "claim")]}

    short, long = (unitizing_alpha([work(length, **marked)]).overall for length in (8, 80))

    assert short.value is not None
    assert long.value is not None
    assert short.value < long.value < 1


def test_alike_throughout_is_one() -> None:
    alike = [(0, 4, "claim"), (2, 6, "quote")]

    found = unitizing_alpha([work(9, ada=alike, ben=alike, cleo=alike)])

    assert (found.overall.value, found.relevance.value) == (1, 1)
    assert {figure.value for figure in found.by_label.values()} == {1}


def test_nesting_in_another_label_does_not_touch_a_labels_own_figure() -> None:
    works = [work(20, ada=[(0, 10, "claim"), (2, 6, "quote")], ben=[(0, 10, "claim")])]

    found = unitizing_alpha(works)

    assert found.by_label["claim"].value == 1
    assert found.by_label["quote"].value == pytest.approx(float(slow_two(20, 4)))
    assert found.overall.value is not None
    assert found.overall.value < 1


def slow_two(length: int, alone: int) -> Fraction:
    """uα where one of two annotators marked one unit of ``alone`` code points, the other none."""
    total = 2 * length
    pairable = total**2 - alone**2 - (total - alone)
    return 1 - Fraction(2 * alone * pairable, total * 2 * alone * (total - alone))


def test_overlapping_annotations_of_one_label_are_one_unit_and_touching_ones_two() -> None:
    other = [(0, 9, "claim")]

    one, overlapping, touching = (
        unitizing_alpha([work(20, ada=mine, ben=other)]).overall.value
        for mine in (other, [(0, 5, "claim"), (4, 9, "claim")], [(0, 5, "claim"), (5, 9, "claim")])
    )
    shifted = [
        unitizing_alpha([work(20, ada=mine, ben=[(1, 9, "claim")])]).overall.value
        for mine in (other, [(0, 5, "claim"), (5, 9, "claim")])
    ]

    assert one == overlapping == touching == 1
    assert shifted[0] != shifted[1]


@pytest.mark.parametrize(
    ("works", "reason", "articles"),
    [
        ([], TOO_FEW, 0),
        ([work(9, ada=[(0, 4, "claim")])], TOO_FEW, 0),
        ([work(9, ada=[], ben=[])], NOTHING_MARKED, 1),
        ([work(0, ada=[], ben=[])], NOTHING_MARKED, 1),
        ([work(9, ada=[(0, 9, "claim")], ben=[(0, 9, "claim")])], ALL_ALIKE, 1),
    ],
    ids=["no article", "one annotator", "nothing marked", "no text", "all marked"],
)
def test_what_cannot_be_said_is_said(works: list[Work], reason: str, articles: int) -> None:
    found = unitizing_alpha(works)

    for figure in (found.overall, found.relevance):
        assert (figure.value, figure.reason, figure.articles) == (None, reason, articles)


def test_what_only_one_annotator_marked_is_worse_than_chance() -> None:
    found = unitizing_alpha([work(30, ada=[(0, 10, "claim")], ben=[])])

    assert found.overall.value == pytest.approx(-0.15)
    assert (found.overall.articles, found.overall.n) == (1, 1)
