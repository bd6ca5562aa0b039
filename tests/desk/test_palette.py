"""The newsroom's colours: everybody can read them, and tell one label from another."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.newsroom import LABELS, SPARE_COLORS
from articles.desk.palette import contrast, distance, least_contrast, too_alike

CORE = [label for label in LABELS if label.get("kind", "span") == "span"]
SIDES = ["color", "color_dark"]
PAIRS = [(label["color"], label["color_dark"]) for label in CORE] + SPARE_COLORS

colors = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(("light", "dark"), PAIRS)
def test_each_colour_is_readable_on_every_surface(light: str, dark: str) -> None:
    assert least_contrast(light, dark=False) >= 4.5
    assert least_contrast(dark, dark=True) >= 4.5


@pytest.mark.parametrize("vision", ["normal", "protan", "deutan", "tritan"])
@pytest.mark.parametrize("side", SIDES)
def test_the_core_labels_are_told_apart_with_every_vision(side: str, vision: str) -> None:
    for one, other in combinations(CORE, 2):
        assert distance(one[side], other[side], vision) >= 15, (one["key"], other["key"])


@pytest.mark.parametrize("side", SIDES)
def test_nothing_is_said_against_the_core_labels(side: str) -> None:
    assert too_alike({label["key"]: label[side] for label in CORE}) == []


def test_what_is_too_alike_is_named_with_those_who_mix_it_up() -> None:
    found = too_alike({"plum": "#ad1fd0", "navy": "#16357a", "lime": "#a5e87a"})

    assert [(one.first, one.second, one.vision) for one in found] == [("plum", "navy", "protan")]
    assert found[0].distance == pytest.approx(14.97, abs=0.01)


def test_black_on_white_has_the_greatest_contrast_there_is() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@given(colors, colors)
def test_contrast_and_distance_do_not_mind_the_order(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one) >= 1
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert distance(one, one) == 0
