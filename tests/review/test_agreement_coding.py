"""Nominal alpha by the coincidences of its definition; attributes and words beside slow oracles."""

from collections import Counter
from collections.abc import Hashable, Sequence
from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.review.agreement import NOTHING_MARKED, TOO_FEW, Labelled, Layer, Work
from articles.review.agreement_coding import (
    NO_ANSWERS,
    NO_WORDS,
    ONE_ANSWER,
    attribute_alpha,
    cohen_kappa,
    nominal_alpha,
    word_kappa,
)
from tests.review.works import newsrooms, reordered, work

values = st.sampled_from(["x", "y", "z", None])
items = st.lists(st.lists(values, max_size=4), max_size=6)


def by_coincidence(items: Sequence[Sequence[Hashable | None]]) -> Fraction | None:
    """Alpha from the table of coincidences, as Krippendorff builds it by hand."""
    table: Counter[tuple[Hashable, Hashable]] = Counter()
    weight: dict[tuple[Hashable, Hashable], Fraction] = {}
    for item in items:
        said = [value for value in item if value is not None]
        for pair in permutations(said, 2):
            table[pair] += 1
            weight[pair] = weight.get(pair, Fraction(0)) + Fraction(1, len(said) - 1)
    margins: dict[Hashable, Fraction] = {}
    for (first, _), number in weight.items():
        margins[first] = margins.get(first, Fraction(0)) + number
    total = sum(margins.values(), Fraction(0))
    unlike = sum((n for (a, b), n in weight.items() if a != b), Fraction(0))
    chance = sum(
        (margins[a] * margins[b] for a, b in product(margins, repeat=2) if a != b), Fraction(0)
    )
    return 1 - unlike * (total - 1) / chance if chance else None


@given(items)
def test_nominal_alpha_is_that_of_the_coincidences(items: list[list[str | None]]) -> None:
    assert nominal_alpha(items) == by_coincidence(items)


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("xyz")), max_size=8))
def test_kappa_compares_with_every_first_beside_every_second(said: list[tuple[str, str]]) -> None:
    agreed = sum(first == second for first, second in said)
    chance = sum(first == second for (first, _), (_, second) in product(said, repeat=2))

    found = cohen_kappa(Counter(said))

    if chance == len(said) ** 2:
        assert found is None
    else:
        expected = Fraction(chance, len(said) ** 2)
        assert found == (Fraction(agreed, len(said)) - expected) / (1 - expected)


def answered(*answers: tuple[str | None, str | None]) -> Work:
    """An article whose two annotators marked the same quotes, and said this of each."""
    layers = [
        Layer([
            Labelled(at * 10, at * 10 + 5, "quote", {"form": value})
            for at, value in enumerate(column)
        ])
        for column in zip(*answers, strict=True)
    ]  # fmt: skip
    return Work(1000, {"ada": layers[0], "ben": layers[1]})


@given(st.lists(st.tuples(values, values), min_size=1, max_size=8))
def test_attribute_alpha_is_nominal_alpha_of_what_both_marked(
    answers: list[tuple[str | None, str | None]],
) -> None:
    found = attribute_alpha([answered(*answers)])["quote", "form"]

    alpha = by_coincidence(answers)
    assert found.value == (None if alpha is None else float(alpha))
    assert found.n == sum(None not in pair for pair in answers)


def test_an_answer_not_given_is_missing_and_no_answer() -> None:
    both = [("direct", "direct"), ("mixed", "mixed")]

    found = attribute_alpha([answered(*both, ("direct", None))])["quote", "form"]

    assert (found.value, found.n) == (1, 2)


def test_annotations_are_matched_by_overlap_unless_exact_is_asked_for() -> None:
    ada = Layer([Labelled(0, 10, "quote", {"form": "direct"})])
    ben = Layer([Labelled(0, 8, "quote", {"form": "mixed"})])
    works = [Work(20, {"ada": ada, "ben": ben})]

    assert attribute_alpha(works)["quote", "form"].value == 0
    assert attribute_alpha(works, exact=True) == {}


@pytest.mark.parametrize(
    ("answers", "reason"),
    [([("direct", None)], NO_ANSWERS), ([("direct", "direct")], ONE_ANSWER)],
    ids=["one answer", "always the same"],
)
def test_attributes_that_cannot_be_compared_say_so(
    answers: list[tuple[str | None, str | None]], reason: str
) -> None:
    found = attribute_alpha([answered(*answers)])["quote", "form"]

    assert (found.value, found.reason) == (None, reason)


@given(newsrooms, st.data())
def test_no_order_changes_attributes_or_words(works: list[Work], draw: st.DataObject) -> None:
    again = reordered(works, draw)

    assert attribute_alpha(again) == attribute_alpha(works)
    assert word_kappa(again) == word_kappa(works)


def labels_over(word: tuple[int, int], layer: Layer) -> frozenset[str]:
    touching = (
        one for one in layer.annotations if set(range(*word)) & set(range(one.start, one.end))
    )
    return frozenset(one.label for one in touching)


@given(newsrooms)
def test_word_kappa_is_the_mean_kappa_of_the_labels_over_each_word(works: list[Work]) -> None:
    kappas = []
    for pair in ("AB", "AC", "AD", "BC", "BD", "CD"):
        said = Counter(
            tuple(labels_over(word, one.layers[who]) for who in pair)
            for one in works
            if set(pair) <= one.layers.keys()
            for word in one.words
        )
        kappas.append(cohen_kappa({(key[0], key[1]): number for key, number in said.items()}))
    defined = [kappa for kappa in kappas if kappa is not None]

    found = word_kappa(works)

    mean = float(sum(defined) / len(defined)) if defined else None
    assert found.value == pytest.approx(mean)
    assert bool(found.reason) == (found.value is None)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (Work(6, {"ada": Layer()}, [(0, 2)]), TOO_FEW),
        (work(6, ada=[(0, 2, "a")], ben=[]), NO_WORDS),
        (Work(6, {"ada": Layer(), "ben": Layer()}, [(0, 2)]), NOTHING_MARKED),
        (
            Work(
                6,
                {"ada": Layer([Labelled(0, 2, "a")]), "ben": Layer([Labelled(1, 2, "a")])},
                [(0, 2)],
            ),
            ONE_ANSWER,
        ),
    ],
    ids=["one annotator", "no words", "nothing marked", "all marked alike"],
)
def test_words_that_cannot_be_compared_say_so(one: Work, reason: str) -> None:
    found = word_kappa([one])

    assert (found.value, found.reason) == (None, reason)
