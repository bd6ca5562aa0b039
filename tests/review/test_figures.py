"""Where the shapes of a chart lie."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.palette import contrast
from articles.review.figures import (
    LONGEST_NAME,
    SHADES,
    WIDTH,
    Bar,
    Cell,
    Column,
    bars,
    columns,
    heat_map,
    shade,
    shortened,
    ticks,
)

STYLES = Path(__file__).parents[2] / "static" / "css" / "dashboard.css"
numbers = st.integers(0, 1_000_000).map(float)
shares = st.floats(-1, 2)
names = st.text(max_size=40)


@given(st.integers(0, 10**9))
def test_ticks_go_evenly_in_whole_numbers_from_nothing_to_the_most(most: int) -> None:
    found = ticks(most)

    assert found[0] == 0
    assert found[-1] >= most
    assert 2 <= len(found) <= 6
    assert len({after - before for before, after in pairwise(found)}) == 1


@given(st.lists(st.builds(Bar, names, numbers, st.just("n")), min_size=1, max_size=8))
def test_bars_are_as_long_as_their_numbers_and_stay_inside(rows: list[Bar]) -> None:
    chart = bars(rows)

    longest = max(rect.width for rect in chart.rects)
    most = max(row.value for row in rows)
    for rect, row in zip(chart.rects, rows, strict=True):
        assert 0 <= rect.x + rect.width <= WIDTH
        assert rect.width == pytest.approx(longest * row.value / (most or 1), abs=0.02)


@given(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)).map(sorted))
def test_an_interval_lies_about_its_bar(edges: list[float]) -> None:
    low, value, high = edges

    chart = bars([Bar("F1", value, "", low=low, high=high)], most=1)

    [rect], [whisker, *_] = chart.rects, chart.lines
    assert whisker.x1 <= rect.x + rect.width + 0.02
    assert whisker.x2 >= rect.x + rect.width - 0.02


series = st.lists(
    st.builds(Column, st.text("abc", max_size=6), st.tuples(numbers, numbers, numbers)),
    min_size=1,
    max_size=50,
)


@given(series)
def test_columns_stack_without_gap_from_the_axis(given_series: list[Column]) -> None:
    chart = columns(given_series, ["a", "b", "c"])

    axis = max(line.y1 for line in chart.grid)
    for column in {rect.x for rect in chart.rects}:
        parts = sorted((rect for rect in chart.rects if rect.x == column), key=lambda rect: -rect.y)
        below = axis
        for rect in parts:
            assert rect.y + rect.height == pytest.approx(below, abs=0.02)
            below = rect.y
        assert below >= 0


@given(series)
def test_no_words_below_columns_touch_each_other(given_series: list[Column]) -> None:
    chart = columns(given_series, ["a", "b", "c"])

    below = [text for text in chart.texts if text.anchor == "middle"]
    longest = max(len(column.name) for column in given_series)
    places = sorted(text.x for text in below)
    assert all(after - before >= longest * 6 for before, after in pairwise(places[:-1]))


@given(st.lists(st.lists(st.builds(Cell, shares, names, names), min_size=3, max_size=3)))
def test_every_cell_of_a_heat_map_has_its_number_printed_in_it(rows: list[list[Cell]]) -> None:
    chart = heat_map(["row"] * len(rows), ["a", "b", "c"], rows)

    cells = [cell for row in rows for cell in row]
    assert len(chart.rects) == len(cells)
    for rect, cell in zip(chart.rects, cells, strict=True):
        inside = [
            text.words
            for text in chart.texts
            if rect.x < text.x < rect.x + rect.width and rect.y < text.y < rect.y + rect.height
        ]
        assert inside == [cell.words, *([cell.below] if cell.below else [])]


def test_what_rests_on_few_is_hatched_and_an_absent_cell_is_not_drawn() -> None:
    chart = heat_map(["row"], ["a", "b"], [[Cell(1.0, "too few", is_few=True), None]])

    assert [rect.tone for rect in chart.rects] == ["few"]


@given(shares, shares)
def test_a_greater_share_is_never_shaded_less(one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert 0 <= shade(low) <= shade(high) < SHADES
    assert (shade(0.0), shade(1.0)) == (0, SHADES - 1)


@given(names)
def test_a_name_is_cut_only_if_it_is_long(name: str) -> None:
    assert len(shortened(name, LONGEST_NAME)) <= LONGEST_NAME
    assert (shortened(name, LONGEST_NAME) == name) == (len(name) <= LONGEST_NAME)


@pytest.mark.parametrize("number", range(SHADES))
def test_numbers_can_be_read_on_every_shade_light_and_dark(number: int) -> None:
    colours = dict(
        re.findall(r"--((?:on-)?heat-\d): light-dark\((#\w+, #\w+)\)", STYLES.read_text())
    )
    pairs = zip(
        colours[f"heat-{number}"].split(", "), colours[f"on-heat-{number}"].split(", "), strict=True
    )

    assert all(contrast(shade_, ink) >= 4.5 for shade_, ink in pairs)
