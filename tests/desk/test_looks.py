"""How a label's colours do beside the others."""

from hypothesis import given
from hypothesis import strategies as st

from articles.desk import palette
from articles.desk.looks import VISIONS, looks

colors = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
pairs = st.tuples(colors, colors)


@given(pairs, st.dictionaries(st.text("abc", min_size=1, max_size=3), pairs, max_size=3))
def test_the_labels_named_are_those_too_near_for_somebody(
    pair: tuple[str, str], others: dict[str, tuple[str, str]]
) -> None:
    for side, look in enumerate(looks(pair, others)):
        near = {
            name
            for name, other in others.items()
            if any(
                palette.distance(pair[side], other[side], vision) < palette.DISTINCT
                for vision in VISIONS
            )
        }

        assert {name for name, _ in look.alike} == near


def test_a_twin_is_near_for_everybody() -> None:
    light, dark = looks(("#16357a", "#b5cdf0"), {"Claim": ("#16357a", "#b5cdf0")})

    assert light.alike == [("Claim", "everybody")]
    assert dark.alike == [("Claim", "everybody")]


def test_red_and_green_are_told_apart_by_those_who_see_both() -> None:
    light, _ = looks(("#8a2f00", "#ffffff"), {"Forecast": ("#5b4903", "#000000")})

    [(name, who)] = light.alike
    assert name == "Forecast"
    assert who.startswith("people who do not see red")


def test_the_newsroom_quote_can_be_read_on_both_sides() -> None:
    light, dark = looks(("#8a2f00", "#e88a45"), {})

    assert (light.readable, dark.readable) == (True, True)
