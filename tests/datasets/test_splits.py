"""Dividing articles: held against all pairs of them, for any input, in any order, for ever."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from articles.datasets.split import By, Piece, divided, grouped

START = datetime(2026, 1, 1, tzinfo=UTC)
RATIOS = {"train": 0.8, "dev": 0.1, "test": 0.1}

pieces = st.lists(
    st.builds(
        lambda key, story, url, day: Piece(key, story, url, START + timedelta(days=day)),
        st.uuids().map(str),
        st.sampled_from(["", "", "", "quay", "ferry", "flood"]),
        st.sampled_from(["", "", "https://a.example/1", "https://a.example/1#top", "https://b.example/"]),
        st.integers(0, 30),
    ),
    max_size=30,
    unique_by=lambda piece: piece.id,
)  # fmt: skip
ways: st.SearchStrategy[By] = st.sampled_from(["story", "date", "random"])
shares = st.dictionaries(
    st.sampled_from(["train", "dev", "test", "held_out"]),
    st.integers(1, 100).map(lambda n: n / 100),
    min_size=1,
)


def split(
    pieces: Sequence[Piece], by: By, seed: int = 1, ratios: Mapping[str, float] = RATIOS
) -> dict[str, str]:
    names = divided(pieces, grouped(pieces), by=by, seed=seed, ratios=ratios)
    return {piece.id: name for piece, name in zip(pieces, names, strict=True)}


def connected(pieces: Sequence[Piece]) -> list[set[str]]:
    """The oracle: merge sets until no two hold articles that belong together."""

    def belong(one: Piece, other: Piece) -> bool:
        address = one.url.split("#")[0]
        same_story = one.story != "" and one.story == other.story
        return same_story or (address != "" and address == other.url.split("#")[0])

    by_id = {piece.id: piece for piece in pieces}
    sets = [{piece.id} for piece in pieces]
    while True:
        for one, other in combinations(sets, 2):
            if any(belong(by_id[a], by_id[b]) for a in one for b in other):
                sets.remove(other)
                one.update(other)
                break
        else:
            return sets


@given(pieces, ways, st.integers(0, 5), shares)
def test_no_group_is_torn_and_nobody_is_left_out(
    pieces: list[Piece], by: By, seed: int, ratios: dict[str, float]
) -> None:
    names = split(pieces, by, seed, ratios)

    assert set(names.values()) <= set(ratios)
    assert names.keys() == {piece.id for piece in pieces}
    for group in connected(pieces):
        assert len({names[one] for one in group}) == 1


@given(pieces, ways, st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_order_in_which_articles_come_makes_no_difference(
    pieces: list[Piece], by: By, seed: int, random: Random
) -> None:
    shuffled = list(pieces)
    random.shuffle(shuffled)

    assert split(pieces, by, seed) == split(shuffled, by, seed)


@given(pieces, shares)
def test_no_split_is_more_than_one_group_over_its_share(
    pieces: list[Piece], ratios: dict[str, float]
) -> None:
    groups, whole = connected(pieces), sum(ratios.values())
    names = split(pieces, "random", ratios=ratios)
    articles = Counter(names.values())
    stories = Counter(split(pieces, "story", ratios=ratios)[next(iter(group))] for group in groups)
    largest = max(map(len, groups), default=0)

    for name, ratio in ratios.items():
        assert articles[name] < ratio / whole * len(pieces) + largest + 1e-9
        assert stories[name] < ratio / whole * len(groups) + 1 + 1e-9


@given(pieces)
def test_by_date_no_split_knows_what_came_after_the_next_began(pieces: list[Piece]) -> None:
    names = split(pieces, "date")
    newest = {
        one: max(piece.at for piece in pieces if piece.id in group)
        for group in connected(pieces)
        for one in group
    }

    for earlier, later in combinations(RATIOS, 2):
        first = [newest[one] for one in names if names[one] == earlier]
        second = [newest[one] for one in names if names[one] == later]
        assert not first or not second or max(first) <= min(second)


def ten() -> list[Piece]:
    return [Piece(f"{n:04}", "", "", START + timedelta(days=n)) for n in range(10)]


def test_the_seed_decides_and_the_answer_is_the_same_in_ten_years() -> None:
    def test_articles(seed: int) -> list[str]:
        return [one for one, name in split(ten(), "random", seed).items() if name != "train"]

    assert test_articles(1) == ["0005", "0008"]
    assert test_articles(2) == ["0004", "0009"]


def test_the_oldest_articles_are_to_learn_from() -> None:
    names = list(split(ten(), "date").values())

    assert names == ["train"] * 8 + ["dev", "test"]


def test_by_story_it_is_stories_that_are_shared_out() -> None:
    long_story = [Piece(f"long {n}", "flood", "", START) for n in range(12)]
    others = [Piece(f"other {n}", "", "", START) for n in range(3)]

    names = split([*long_story, *others], "story", ratios={"a": 0.5, "b": 0.5})

    assert sorted(Counter(names.values()).values()) in ([2, 13], [1, 14])
