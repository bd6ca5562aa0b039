"""Every colour of the pages can be read: computed from the style sheet itself."""

import re
from pathlib import Path

import pytest

from articles.desk import palette

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"^    --([\w-]+): light-dark\((#\w{6}), (#\w{6})\);",
        (CSS / "tokens.css").read_text().split('[data-theme="light"]')[0],
        re.MULTILINE,
    )
}
SIDES = pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])


@SIDES
@pytest.mark.parametrize("surface", ["page", "panel"])
@pytest.mark.parametrize(
    "ink",
    ["text", "muted", "accent", "ok", "submitted", "danger", "warn", "conflict"],
)
def test_words_can_be_read(ink: str, surface: str, side: int) -> None:
    assert palette.contrast(TOKENS[ink][side], TOKENS[surface][side]) >= 4.5


@SIDES
def test_words_on_a_button_and_on_a_selection_can_be_read(side: int) -> None:
    assert palette.contrast(TOKENS["on-accent"][side], TOKENS["accent"][side]) >= 4.5
    assert palette.contrast(TOKENS["on-selected"][side], TOKENS["selected"][side]) >= 4.5


@SIDES
@pytest.mark.parametrize("surface", ["page", "panel"])
@pytest.mark.parametrize("edge", ["edge", "focus"])
def test_the_edges_of_controls_can_be_seen(edge: str, surface: str, side: int) -> None:
    assert palette.contrast(TOKENS[edge][side], TOKENS[surface][side]) >= 3


def test_layers_are_put_in_order_once_and_nothing_shouts() -> None:
    sheets = {path.name: path.read_text() for path in CSS.glob("*.css")}

    orders = [name for name, text in sheets.items() if re.search(r"@layer [\w-]+,", text)]
    assert orders == ["tokens.css"]
    assert not [name for name, text in sheets.items() if "!important" in text]
