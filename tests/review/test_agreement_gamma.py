"""Gamma against every alignment of two annotators, tried one by one."""

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.review.agreement import NOTHING_MARKED, TOO_FEW, Labelled, Layer, Work
from articles.review.agreement_gamma import (
    ALWAYS_ALIKE,
    Weights,
    disorder,
    expected_disorder,
    gamma,
    units,
)
from tests.review.works import layers, newsrooms, reordered, work

NUMBERS = {"a": 0, "b": 1}
weights = st.builds(Weights, st.sampled_from([1.0, 3.0]), st.sampled_from([0.5, 1.0, 2.0]))


def unlike(a: Labelled, b: Labelled, by: Weights) -> float:
    apart = abs(a.start - b.start) + abs(a.end - b.end)
    lengths = a.end - a.start + b.end - b.start
    return by.place * (apart / lengths) ** 2 + by.label * (a.label != b.label)


def least_cost(ours: Sequence[Labelled], theirs: Sequence[Labelled], by: Weights) -> float:
    """The cheapest alignment: each of ours takes one of theirs, or none, in every way there is."""
    across: list[Labelled | None] = [*theirs, *[None] * len(ours)]
    costs = []
    for taken in permutations(across, len(ours)):
        pairs = zip(ours, taken, strict=True)
        cost = sum(1 if other is None else unlike(one, other, by) for one, other in pairs)
        costs.append(cost + sum(other not in taken for other in theirs))
    return min(costs)


@given(layers(), layers(), weights)
def test_disorder_is_that_of_the_best_alignment(ours: Layer, theirs: Layer, by: Weights) -> None:
    # Three of each keep the oracle fast.
    a, b = ours.annotations[:3], theirs.annotations[:3]
    if a or b:
        found = disorder(units(a, NUMBERS), units(b, NUMBERS), by)

        assert found == pytest.approx(least_cost(a, b, by) / ((len(a) + len(b)) / 2))


@given(newsrooms)
def test_gamma_is_at_most_one_and_says_why_there_is_none(works: list[Work]) -> None:
    found = gamma(works)

    shared = [one for one in works if len(one.layers) > 1]
    anything = any(layer.annotations for one in shared for layer in one.layers.values())
    assert (found.value is None) == (not anything)
    assert bool(found.reason) == (found.value is None)
    assert found.value is None or found.value <= 1


@given(newsrooms, st.data())
def test_no_order_changes_gamma(works: list[Work], draw: st.DataObject) -> None:
    assert gamma(reordered(works, draw)) == gamma(works)


@given(layers())
def test_alike_throughout_is_one(one: Layer) -> None:
    found = gamma([Work(12, {"ada": one, "ben": one, "cleo": one})])

    assert found.value == (1 if one.annotations else None)


def test_what_only_one_annotator_marked_is_no_better_than_chance() -> None:
    found = gamma([work(40, ada=[(0, 6, "a"), (10, 18, "b"), (30, 33, "a")], ben=[])])

    assert found.value is not None
    assert found.value <= 0


def test_a_shifted_edge_costs_less_than_a_missing_annotation() -> None:
    ada = [(0, 10, "a"), (30, 44, "b"), (60, 66, "a")]
    shifted = gamma([work(80, ada=ada, ben=[(0, 9, "a"), *ada[1:]])]).value
    missing = gamma([work(80, ada=ada, ben=ada[1:])]).value

    assert shifted is not None
    assert missing is not None
    assert 1 > shifted > missing > 0


def test_an_article_weighs_what_is_marked_on_it() -> None:
    small = work(40, ada=[(0, 10, "0")], ben=[(0, 8, "b")])
    large = work(
        99, ada=[(0, 10, "a"), (20, 30, "b"), (50, 60, "a")], ben=[(0, 10, "a"), (20, 31, "b")]
    )
    of_small, of_large = gamma([small]).value, gamma([large]).value

    found = gamma([small, large])

    assert of_small is not None
    assert of_large is not None
    assert found.value == pytest.approx((of_small * 1 + of_large * 2.5) / 3.5)
    assert (found.articles, found.n) == (2, 7)


def test_more_annotators_are_the_mean_of_their_pairs() -> None:
    given_ = {
        "ada": [(0, 10, "a"), (20, 30, "b")],
        "ben": [(2, 10, "a"), (21, 30, "b")],
        "cleo": [(0, 10, "b"), (60, 70, "b")],
    }
    pairs = [("ada", "ben"), ("ada", "cleo"), ("ben", "cleo")]
    each = [gamma([work(80, **{who: given_[who] for who in pair})]).value for pair in pairs]

    found = gamma([work(80, **given_)]).value

    assert found == pytest.approx(sum(one for one in each if one is not None) / 3)


def test_few_samples_come_near_what_many_say() -> None:
    a = units([Labelled(0, 9, "a"), Labelled(30, 50, "b"), Labelled(70, 74, "a")], NUMBERS)
    b = units([Labelled(3, 9, "a"), Labelled(55, 60, "b")], NUMBERS)

    few, many = (expected_disorder(100, a, b, samples=samples) for samples in (32, 4000))

    assert few == pytest.approx(many, rel=0.15)


@pytest.mark.parametrize(
    ("works", "reason", "articles"),
    [
        ([], TOO_FEW, 0),
        ([work(9, ada=[(0, 4, "a")])], TOO_FEW, 0),
        ([work(9, ada=[], ben=[])], NOTHING_MARKED, 1),
        ([work(1, ada=[(0, 1, "a")], ben=[(0, 1, "a")])], ALWAYS_ALIKE, 1),
    ],
    ids=["no article", "one annotator", "nothing marked", "one place to mark"],
)
def test_what_cannot_be_said_is_said(works: list[Work], reason: str, articles: int) -> None:
    found = gamma(works)

    assert (found.value, found.reason, found.articles) == (None, reason, articles)
