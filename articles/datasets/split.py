"""Dividing the articles of a dataset: what belongs together stays on one side, for ever the same.

Articles of one story, at one address, or with nearly the same words are one group, and a group is
never torn: what was learnt from one half of it would be asked of the other.

* ``story``: shares of the groups. They are dealt out in an order that the seed decides, each to
  the split that is furthest short of its share.
* ``random``: the same, with shares of the articles.
* ``date``: shares of the articles from the oldest to the newest, in the order of the splits. A
  group is as old as its newest article: no split knows what came after the next one began.

A group is known by its smallest id, and the order comes from SHA-256: neither the order in which
articles are given nor the machine makes a difference.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

type By = Literal["story", "date", "random"]


@dataclass(frozen=True, slots=True)
class Piece:
    """An article as splitting sees it; ``at`` is when it was published, or else came in."""

    id: str
    story: str
    url: str
    at: datetime


class Groups:
    """Numbers from 0 that are joined into groups, each with a root that all of it share."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def root(self, number: int) -> int:
        """What the whole group of ``number`` answers with, until it is joined to another."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = number = parents[parents[number]]
        return number

    def join(self, one: int, other: int) -> None:
        """Make one group of two; the smaller root stays."""
        low, high = sorted((self.root(one), self.root(other)))
        self._parents[high] = low

    def members(self) -> list[list[int]]:
        """All groups, each in order."""
        found: dict[int, list[int]] = {}
        for number in range(len(self._parents)):
            found.setdefault(self.root(number), []).append(number)
        return list(found.values())


def grouped(pieces: Sequence[Piece]) -> Groups:
    """Articles of one story or at one address together, all others alone."""
    groups = Groups(len(pieces))
    seen: dict[tuple[str, str], int] = {}
    for number, piece in enumerate(pieces):
        for name in (("story", piece.story), ("url", piece.url.partition("#")[0])):
            if name[1]:
                groups.join(seen.setdefault(name, number), number)
    return groups


def divided(
    pieces: Sequence[Piece], groups: Groups, *, by: By, seed: int, ratios: Mapping[str, float]
) -> list[str]:
    """The name of the split of each of ``pieces``.

    ``ratios`` are shares, in the order of the splits; they are taken as they are written and need
    not add up to 1.
    """
    shares = _shares(ratios)
    of_groups = [_Group.of([pieces[n] for n in group], group) for group in groups.members()]
    if by == "date":
        dealt = _in_turn(sorted(of_groups, key=lambda one: (one.at, one.id)), shares)
    else:
        counts_groups = by == "story"
        dealt = _dealt(sorted(of_groups, key=lambda one: one.place(seed)), shares, counts_groups)
    names = [""] * len(pieces)
    for group, name in dealt:
        for number in group.numbers:
            names[number] = name
    return names


@dataclass(frozen=True, slots=True)
class _Group:
    id: str
    at: datetime
    numbers: list[int]

    @classmethod
    def of(cls, pieces: Sequence[Piece], numbers: list[int]) -> "_Group":
        return cls(min(one.id for one in pieces), max(one.at for one in pieces), numbers)

    def place(self, seed: int) -> bytes:
        return hashlib.sha256(f"{seed}\n{self.id}".encode()).digest()


def _shares(ratios: Mapping[str, float]) -> dict[str, Fraction]:
    """Exact, so that no rounding of a sum decides where an article goes."""
    exact = {name: Fraction(str(ratio)) for name, ratio in ratios.items()}
    whole = sum(exact.values())
    return {name: ratio / whole for name, ratio in exact.items()}


def _dealt(
    groups: Sequence[_Group], shares: Mapping[str, Fraction], counts_groups: bool
) -> Iterable[tuple[_Group, str]]:
    weights = [1 if counts_groups else len(group.numbers) for group in groups]
    short = {name: share * sum(weights) for name, share in shares.items()}
    for group, weight in zip(groups, weights, strict=True):
        name = max(short, key=lambda one: short[one])  # of equals the first
        short[name] -= weight
        yield group, name


def _in_turn(
    groups: Sequence[_Group], shares: Mapping[str, Fraction]
) -> Iterable[tuple[_Group, str]]:
    """A group is of the split in whose share its middle lies."""
    whole = sum(len(group.numbers) for group in groups)
    names = list(shares)
    ends = [sum(list(shares.values())[: n + 1], Fraction()) * whole for n in range(len(names))]
    before = 0
    for group in groups:
        middle = before + Fraction(len(group.numbers), 2)
        yield group, next(name for name, end in zip(names, ends, strict=True) if middle <= end)
        before += len(group.numbers)
