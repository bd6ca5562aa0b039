"""Near duplicates: against all pairs of texts, and on wire copies as outlets print them."""

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.datasets.near_duplicates import ALIKE, join_near_duplicates, likeness, shingles
from articles.datasets.split import Groups

WIRE = (
    "The harbour board voted on Tuesday to reopen the east quay before winter, nine months after "
    "cracks were found in its wall. Engineers told the board that the repairs held in the March "
    "storms and that cranes could return in stages. “We have waited long enough,” said Idris "
    "Vaughan, the harbour master, who had asked for the vote in June. Fish sellers who moved to "
    "the north mole said that they lost a third of their takings over the summer. The board will "
    "meet again in the first week of November to decide on the cost, which it put at 2.4 million. "
    "Two members voted against, among them Zoë Hart, who called the survey of the wall too short. "
    "The first ferry is to land at the quay on the tenth of December, weather permitting."
)
OTHER = (
    "A school in the hills has taught its pupils to read the sky for a hundred years. The "
    "observatory on its roof was paid for by a whaler’s widow, who wanted the children to find "
    "their way home. This spring its dome was mended by former pupils over eleven weekends."
)

letters = st.lists(st.sampled_from("abc"), min_size=1, max_size=30).map(" ".join)


@st.composite
def texts(draw: st.DrawFn) -> list[str]:
    """Some texts, and some of them again with a word changed, as many as a small edit needs."""
    found = draw(st.lists(letters, max_size=6))
    for text in draw(st.lists(st.sampled_from(found), max_size=4)) if found else []:
        words = (text + " d e f g h i j k l m n o p q r s t u v w").split()
        found.append(" ".join(words))
        words[draw(st.integers(0, len(words) - 1))] = "x"
        found.append(" ".join(words))
    return found


def together(texts: Sequence[str]) -> list[list[int]]:
    groups = Groups(len(texts))
    join_near_duplicates(texts, texts.__getitem__, groups)
    return groups.members()


@settings(max_examples=60)
@given(texts())
def test_who_is_together_is_who_is_alike_by_comparing_all_pairs(texts: list[str]) -> None:
    every = Groups(len(texts))
    for one, other in combinations(range(len(texts)), 2):
        if likeness(shingles(texts[one]), shingles(texts[other])) >= ALIKE:
            every.join(one, other)

    assert together(texts) == every.members()


def test_a_wire_story_is_known_in_every_outlet() -> None:
    copies = [
        WIRE,
        f"PORT HAVEN (Argus News) – {WIRE}",
        WIRE.replace("on Tuesday", "late on Tuesday"),
        WIRE.replace("Idris Vaughan", "Idris Vaughn").upper(),
        f"{WIRE} Additional reporting by staff.",
        OTHER,
    ]

    assert together(copies) == [[0, 1, 2, 3, 4], [5]]


def test_a_story_told_anew_is_another_text() -> None:
    half = WIRE[: len(WIRE) // 2] + " " + OTHER

    assert together([WIRE, half]) == [[0], [1]]


def test_scripts_without_spaces_are_compared_sign_by_sign() -> None:
    story = (
        "港口委员会周二投票决定在冬季之前重新开放东码头，此前墙体出现裂缝已有九个月。"
        "工程师告诉委员会，维修经受住了三月的风暴，起重机可以分阶段返回。"
    )

    assert together([story, story.replace("周二", "周三"), OTHER]) == [[0, 1], [2]]


def test_what_has_no_words_is_only_like_itself() -> None:
    assert together(["!!!", "???", "!!!", ""]) == [[0, 2], [1], [3]]


def test_a_thousand_copies_are_one_group() -> None:
    copies = [f"{WIRE} Copy {number}." for number in range(300)]

    assert together(copies) == [list(range(300))]
