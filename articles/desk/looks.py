"""How a label's pair of colours would do beside the others of its project."""

from collections.abc import Mapping
from dataclasses import dataclass

from articles.desk import palette

type Pair = tuple[str, str]

#: Who would mix two colours up, in words.
VISIONS = {
    "normal": "everybody",
    "protan": "people who do not see red",
    "deutan": "people who do not see green",
    "tritan": "people who do not see blue",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One of the two colours: its contrast on the worst surface, and which labels it resembles.

    ``alike`` holds the other label's name and who mixes the two up, in the others' order.
    """

    color: str
    contrast: float
    alike: list[tuple[str, str]]

    @property
    def readable(self) -> bool:
        return self.contrast >= palette.READABLE


def looks(pair: Pair, others: Mapping[str, Pair]) -> tuple[Look, Look]:
    """The light and the dark colour of ``pair`` (``#rrggbb``) beside those of the ``others``."""
    light, dark = (
        _look(pair[side], {name: other[side] for name, other in others.items()}, dark=bool(side))
        for side in (0, 1)
    )
    return light, dark


def _look(color: str, others: Mapping[str, str], *, dark: bool) -> Look:
    alike = [(name, who) for name, other in others.items() if (who := _who_mixes(color, other))]
    return Look(color, palette.least_contrast(color, dark=dark), alike)


def _who_mixes(one: str, other: str) -> str:
    """Who cannot well tell two colours apart, in words; empty if all can."""
    near = [v for v in VISIONS if palette.distance(one, other, v) < palette.DISTINCT]
    if "normal" in near:
        return VISIONS["normal"]
    return " and ".join(VISIONS[vision] for vision in near)
