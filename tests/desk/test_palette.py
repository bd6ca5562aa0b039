"""Contrast and distance of colours against published values, and the newsroom's own colours."""

from itertools import combinations

import pytest

from articles.desk import palette
from articles.desk.newsroom import LABELS

#: Source: G. Sharma, W. Wu, E. N. Dalal, "The CIEDE2000 Color-Difference Formula: Implementation
#: Notes, Supplementary Test Data, and Mathematical Observations", 2005, table 1.
SHARMA = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
    ((50, 2.8361, -74.0200), (50, 0, -82.7485), 3.4412),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, -1.1848, -84.8006), (50, 0, -82.7485), 1.0000),
    ((50, -0.9009, -85.5211), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, -1, 2), (50, 0, 0), 2.3669),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0009), 7.1792),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0010), 7.1792),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0011), 7.2195),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0012), 7.2195),
    ((50, -0.0010, 2.4900), (50, 0.0009, -2.4900), 4.8045),
    ((50, -0.0010, 2.4900), (50, 0.0010, -2.4900), 4.8045),
    ((50, -0.0010, 2.4900), (50, 0.0011, -2.4900), 4.7461),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (61, -5, 29), 22.8977),
    ((50, 2.5, 0), (56, -27, -3), 31.9030),
    ((50, 2.5, 0), (58, 24, 15), 19.4535),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
    ((35.0831, -44.1164, 3.7933), (35.0232, -40.0716, 1.5901), 1.8645),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]
NEWSROOM = {one["name"]: one for one in LABELS if "color" in one}
#: How much of its own colour lies behind labelled words on the page (marks.css).
TINT = 0.09


@pytest.mark.parametrize(("one", "other", "published"), SHARMA)
def test_the_distance_is_the_published_one(
    one: palette.Linear, other: palette.Linear, published: float
) -> None:
    assert palette.ciede2000(one, other) == pytest.approx(published, abs=0.0001)
    assert palette.ciede2000(other, one) == pytest.approx(published, abs=0.0001)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54),
     ("#0000ff", "#ffffff", 8.59), ("#ff0000", "#ffffff", 4.00), ("#123456", "#123456", 1)],
)  # fmt: skip
def test_the_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert palette.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert palette.contrast(other, one) == palette.contrast(one, other)


def test_grey_is_the_same_grey_to_everybody() -> None:
    for vision in ("protan", "deutan", "tritan"):
        assert palette.distance("#808080", "#808080", vision) == 0
        assert palette.distance("#000000", "#ffffff", vision) == pytest.approx(100, abs=0.1)


def tinted(surface: str, color: str) -> str:
    """A surface with ``TINT`` of a colour on it, mixed channel by channel.

    The browser mixes in oklch; at so little of the colour the two differ by less than a step in
    the contrast's second digit.
    """
    channels = [
        round((1 - TINT) * int(surface[at : at + 2], 16) + TINT * int(color[at : at + 2], 16))
        for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{channel:02x}" for channel in channels)


@pytest.mark.parametrize("name", NEWSROOM)
@pytest.mark.parametrize(
    ("side", "surfaces"),
    [("color", palette.LIGHT_SURFACES), ("color_dark", palette.DARK_SURFACES)],
)
def test_a_newsroom_colour_can_be_read_on_page_and_panel_and_on_its_own_tint(
    name: str, side: str, surfaces: tuple[str, ...]
) -> None:
    color = NEWSROOM[name][side]
    for surface in surfaces:
        assert palette.contrast(color, surface) >= palette.READABLE
    assert palette.contrast(color, tinted(surfaces[0], color)) >= palette.READABLE


@pytest.mark.parametrize("vision", ["normal", "protan", "deutan", "tritan"])
@pytest.mark.parametrize("side", ["color", "color_dark"])
def test_any_two_newsroom_colours_are_told_apart_by_everybody(side: str, vision: str) -> None:
    near = {
        (one, other): round(distance, 1)
        for one, other in combinations(NEWSROOM, 2)
        if (distance := palette.distance(NEWSROOM[one][side], NEWSROOM[other][side], vision))
        < palette.DISTINCT
    }

    assert not near
