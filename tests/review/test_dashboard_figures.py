"""What the figures find in numbers, in words."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.review.agreement import Figure, undefined
from articles.review.agreement_figures import MOST_PEOPLE
from articles.review.dashboard_figures import figures, tiles
from articles.review.dashboard_numbers import (
    METRICS,
    Across,
    Agreement,
    Counted,
    Numbers,
    OfLabel,
    OfPair,
    Pace,
    Standing,
    pooled,
)
from articles.review.shown import Entry, Reader, Shown, decimal

PEOPLE = {"ada": "Ada Okafor", "ben": "Ben Lindqvist", "zoe": "Zoë Hart"}
LABELS = {"claim": "Claim", "quote": "Quote", "source": "Source"}
EVERYTHING = Reader(PEOPLE, LABELS, opens=True)
f1 = st.floats(0, 1)


def numbers_with(**some: Any) -> Numbers:
    """Numbers of nothing, but for ``some``; figures of metrics by their keys."""
    agreement = tuple(
        some.pop(metric.key, Agreement(metric.key, undefined("Nobody marked anything")))
        for metric in METRICS
    )
    nothing: dict[str, Any] = dict.fromkeys(
        ("progress", "throughput", "confusion", "labels", "reasons", "quotes"), ()
    )
    return Numbers(**{**nothing, "pace": Pace(), "agreement": agreement, **some})


def shown(key: str, numbers: Numbers, reader: Reader = EVERYTHING) -> Shown:
    return next(one for one in figures(numbers, reader) if one.key == key)


def pairs_of(*rows: tuple[str, str, float, int]) -> Agreement:
    pairs = tuple(OfPair(one, other, Figure(f1, articles=3, n=n)) for one, other, f1, n in rows)
    return Agreement("f1_exact", Figure(0.7, articles=5, n=100), pairs=pairs)


def test_without_numbers_every_figure_says_so_and_draws_nothing() -> None:
    for one in figures(numbers_with(), EVERYTHING):
        assert one.finding.endswith(".")
        assert one.chart is None or one.chart.rects


def test_the_pair_that_agrees_least_is_found_among_those_that_share_enough() -> None:
    exact = pairs_of(("ada", "ben", 0.8, 40), ("ada", "zoe", 0.61, 30), ("ben", "zoe", 0.1, 4))

    found = shown("pairs", numbers_with(f1_exact=exact))

    assert found.finding == (
        "Ada Okafor and Zoë Hart agree least: 0.61 over 3 articles; all together 0.70."
    )
    assert found.chart is not None
    assert [rect.tone for rect in found.chart.rects].count("few") == 2
    assert found.rows[0][2] == Entry(0.8, "one=ada&other=ben")


def test_an_annotator_is_shown_no_pair_of_others() -> None:
    exact = pairs_of(("ada", "ben", 0.8, 40), ("ada", "zoe", 0.6, 40), ("ben", "zoe", 0.1, 40))
    reader = Reader(PEOPLE, LABELS, alone="ada")

    found = shown("pairs", numbers_with(f1_exact=exact), reader)

    assert found.finding == "You and the others: 0.70. The team's mean: 0.70."
    assert [(row[0].words, row[1].words) for row in found.rows] == [
        ("You", "Ben Lindqvist"),
        ("You", "Zoë Hart"),
        ("The team", "The team's mean"),
    ]
    assert all(not entry.query for row in found.rows for entry in row)


def test_the_map_has_room_for_those_who_share_most_and_the_table_for_all() -> None:
    names = [f"person-{number:02}" for number in range(MOST_PEOPLE + 3)]
    rows = [
        (one, other, 0.5, 20 + 100 * (place < MOST_PEOPLE))
        for place, other in enumerate(names)
        for one in names[:place]
    ]

    found = shown("pairs", numbers_with(f1_exact=pairs_of(*rows)))

    assert found.chart is not None
    assert len(found.chart.rects) == MOST_PEOPLE * (MOST_PEOPLE - 1)
    assert len(found.rows) == len(rows)


def test_the_label_that_is_hardest_is_named_with_what_it_is_taken_for() -> None:
    overlap = Agreement(
        "f1_overlap",
        Figure(0.7, n=90),
        labels=(
            OfLabel("claim", Figure(0.9, n=60)),
            OfLabel("source", Figure(0.61, n=30)),
            OfLabel("quote", Figure(0.1, n=3)),
        ),
    )
    confusion = (
        Across("claim", "claim", 50), Across("claim", "source", 2), Across("source", None, 7),
        Across("source", "source", 20),
    )  # fmt: skip

    found = shown("confusion", numbers_with(f1_overlap=overlap, confusion=confusion))

    assert found.finding == (
        "Source has the lowest agreement: 0.61 by overlap; where two differ it is most often "
        "not marked by the other (7)."
    )
    assert [row[0].words for row in found.rows] == ["Claim", "Source"]


def test_tiles_say_what_they_rest_on() -> None:
    standing = (
        Standing(date(2026, 11, 9), (9, 0, 0, 0, 0)),
        Standing(date(2026, 11, 16), (800, 60, 10, 2, 412)),
    )
    alpha = Agreement("alpha_unitizing", Figure(0.78, articles=230, n=900))
    numbers = numbers_with(progress=standing, alpha_unitizing=alpha, pace=Pace(96, 86, 6.2, 200, 8))

    assert [(one.value, one.about) for one in tiles(numbers)] == [
        ("412", "of 1,284 articles"),
        ("96", "+12% on the week before"),
        ("0.78", "over 230 articles"),
        ("6 min", "median, from opening to handing in"),
        ("4%", "of 200 layers handed in"),
    ]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(None, "–"), (0.2, "under 1 min"), (95.0, "95 min"), (180.0, "3 h"), (60 * 24 * 9, "9 days")],
)
def test_times_are_said_as_people_say_them(minutes: float | None, words: str) -> None:
    assert tiles(numbers_with(pace=Pace(median_minutes=minutes)))[3].value == words


def test_quotes_and_reasons_are_found_in_their_weeks_and_words() -> None:
    numbers = numbers_with(
        quotes=(Counted("2026-11-09", 30, 6), Counted("2026-11-16", 10, 0)),
        reasons=(Counted("edge_habit", 5), Counted("", 3)),
    )

    assert shown("quotes", numbers).finding == "6 of 40 quotes (15%) have no source."
    assert shown("reasons", numbers).finding == (
        "Edge habit is the reason given most: 5 of 8 verdicts."
    )


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 60)), max_size=6))
def test_pairs_are_pooled_as_if_their_annotations_were_counted_together(
    counted: list[tuple[int, int]],
) -> None:
    pairs = [
        OfPair("a", "b", Figure(2 * min(both, n) / (2 * n), n=2 * n)) for both, n in counted
    ]  # fmt: skip

    found = pooled(pairs)

    every = sum(n for _, n in counted)
    if not every:
        assert found is None
    else:
        assert found is not None
        assert found.value == pytest.approx(sum(min(both, n) for both, n in counted) / every)


@given(st.floats(-1, 1))
def test_numbers_have_two_places_and_no_negative_nothing(value: float) -> None:
    words = decimal(value)

    assert "-" not in words
    assert words != "−0.00"
    assert float(words.replace("−", "-")) == pytest.approx(value, abs=0.0051)
