"""Invented layers for the tests of clustering and matching: small, crowded, of every kind."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from articles.review.items import Linked, Marked

QUOTE, SOURCE, CLAIM = (UUID(int=0xA0 + number) for number in range(3))
SAID_BY, SUPPORTS = (UUID(int=0xB0 + number) for number in range(2))
LENGTH = 24

type Work = tuple[list[Marked], list[Linked], list[int]]

layer_ids = st.lists(st.integers(1, 90), min_size=1, max_size=4, unique=True)
FORMS: list[dict[str, Any]] = [{}, {"form": "direct"}, {"form": "mixed", "certain": True}]
#: Few enough that layers often agree, or nearly.
EDGES = (0, 1, 2, 7, 8, 9, 10, 15, 21, LENGTH)
spans = st.lists(st.sampled_from(EDGES), min_size=2, max_size=2, unique=True).map(
    lambda edges: (min(edges), max(edges))
)


@st.composite
def works(draw: st.DrawFn) -> Work:
    """What some layers say: as in the database, none says the same thing twice."""
    layers = draw(layer_ids)
    said = draw(
        st.lists(
            st.tuples(st.sampled_from(layers), st.sampled_from([QUOTE, SOURCE, CLAIM]), spans),
            max_size=11,
            unique=True,
        )
    )
    marks = [
        Marked(
            UUID(int=number), layer, label, *span, draw(st.sampled_from(FORMS)), draw(st.booleans())
        )
        for number, (layer, label, span) in zip(_ids(draw, said, 1), said, strict=True)
    ]
    return marks, draw(_links(marks)), layers


@st.composite
def _links(draw: st.DrawFn, marks: Sequence[Marked]) -> list[Linked]:
    ends = [
        (source, target)
        for source in marks
        for target in [*marks, None]
        if target is None or (target.layer == source.layer and target is not source)
    ]
    if not ends:
        return []
    said = draw(
        st.lists(
            st.tuples(
                st.sampled_from(ends),
                st.sampled_from([SAID_BY, SUPPORTS]),
                st.sampled_from(["the mayor", "a clerk"]),
            ),
            max_size=8,
            unique_by=lambda one: (
                one[0][0].id, one[0][1] and one[0][1].id, one[1], one[0][1] is None and one[2]
            ),
        )
    )  # fmt: skip
    return [
        Linked(
            UUID(int=number), source.layer, label, source.id,
            None if target is None else target.id, "" if target else name,
        )
        for number, ((source, target), label, name) in zip(_ids(draw, said, 100), said, strict=True)
    ]  # fmt: skip


def _ids(draw: st.DrawFn, said: Sequence[object], first: int) -> list[int]:
    """As many numbers as there are things said, from ``first``, in any order."""
    return draw(st.permutations(range(first, first + len(said))))


def retellings(work: Work) -> st.SearchStrategy[Work]:
    """The same work, told in any order."""
    marks, links, layers = work
    return st.tuples(st.permutations(marks), st.permutations(links), st.permutations(layers))


def renamings(work: Work) -> st.SearchStrategy[dict[UUID, UUID]]:
    """Other ids for all annotations and relations, in any order."""
    ids = [mark.id for mark in work[0]] + [link.id for link in work[1]]
    fresh = [UUID(int=10_000 + number) for number in range(len(ids))]
    return st.permutations(fresh).map(lambda others: dict(zip(ids, others, strict=True)))


def renamed(work: Work, ids: dict[UUID, UUID]) -> Work:
    """The same work with other ids of annotations and relations."""
    marks, links, layers = work
    return (
        [replace(mark, id=ids[mark.id]) for mark in marks],
        [
            replace(
                link,
                id=ids[link.id],
                source=ids[link.source],
                target=link.target and ids[link.target],
            )
            for link in links
        ],
        layers,
    )
