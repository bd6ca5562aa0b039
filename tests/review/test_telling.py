"""Events in words."""

from fnmatch import fnmatch
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.review.telling import KINDS, LONGEST_VALUE, MOST_LINES, Names, needed, tell
from tests.review.event_kinds import recorded_kinds

NAMES = Names(
    labels={"L1": "Quote", "L2": "Claim"},
    people={1: "Ada Byron", 2: "Ben Okafor"},
    layers={7: "ada"},
    annotations={"A1": "Quote “It is ours”", "A2": "Source “Zoë Hart”"},
    words={("R1", 0, 9): "It is ours", ("R1", 0, 4): "It is", ("T1", 0, 9): "It is ours"},
)
ANNOTATION = {
    "id": "A1", "layer_id": 7, "label_id": "L1", "revision_id": "R1", "start": 0, "end": 9,
    "attributes": {}, "note": "", "unsure": False, "deleted_at": None, "version": 1,
}  # fmt: skip
RELATION = {"source_id": "A1", "target_id": "A2", "target_name": "", "deleted_at": None}
COMMENT = {"annotation_id": None, "decision_id": None, "layer_id": None, "body": "Between us"}
VERDICT = {
    "ruling": "accept", "variant": 1, "label_id": "L1", "start": 0, "end": 9, "article_id": "T1",
    "reason": "",
}  # fmt: skip
ARTICLE = {"title": "Quay to reopen", "placement": "ready", "priority": 0, "hold_reason": ""}


def change(table: str, before: Any, after: Any, row_id: str = "A1") -> dict[str, Any]:
    return {"table": table, "id": row_id, "before": before, "after": after}


def told(kind: str, *changes: dict[str, Any]) -> list[str]:
    """The sentence, then its lines."""
    found = tell(kind, changes, NAMES)
    return [found.summary, *map(str, found.lines)]


def test_every_kind_that_is_recorded_can_be_told() -> None:
    kinds = recorded_kinds()

    assert [kind for kind in kinds if not any(fnmatch(known, kind) for known in KINDS)] == []
    assert [known for known in KINDS if not any(fnmatch(known, kind) for kind in kinds)] == []


@pytest.mark.parametrize("kind", [*KINDS, "something.new_here"])
def test_what_is_missing_is_not_told_of_and_breaks_nothing(kind: str) -> None:
    [summary] = told(kind)

    assert summary
    assert not set("{}_") & set(summary)


@pytest.mark.parametrize(
    ("kind", "before", "after", "words"),
    [
        ("created", None, ANNOTATION, ["added Quote “It is ours”"]),
        ("created", None, {**ANNOTATION, "attributes": {"form": "direct"}},
         ["added Quote “It is ours”", "form: direct"]),
        ("changed", ANNOTATION, {**ANNOTATION, "label_id": "L2", "end": 4},
         ["changed Claim “It is”", "label: Quote → Claim; words: “It is ours” → “It is”"]),
        ("changed", {**ANNOTATION, "attributes": {"form": "direct"}},
         {**ANNOTATION, "unsure": True, "note": "Ask", "attributes": {}},
         ["changed Quote “It is ours”", "note: Ask; unsure: no → yes; form: direct → none"]),
        ("deleted", ANNOTATION, {**ANNOTATION, "deleted_at": "2026-11-03T09:30:00+00:00"},
         ["deleted Quote “It is ours”"]),
    ],
)  # fmt: skip
def test_what_became_of_an_annotation(kind: str, before: Any, after: Any, words: list[str]) -> None:
    assert told(f"annotation.{kind}", change("annotation", before, after)) == words


def test_what_went_with_it_has_lines_of_its_own() -> None:
    gone = {"deleted_at": "2026-11-03T09:30:00+00:00"}

    assert told(
        "annotation.deleted",
        change("relation", RELATION, {**RELATION, **gone}, "B1"),
        change("annotation", ANNOTATION, {**ANNOTATION, **gone}),
    ) == [
        "deleted Quote “It is ours”",
        "deleted the link of Quote “It is ours” to Source “Zoë Hart”",
    ]
    assert told("layer.undone", change("annotation", {**ANNOTATION, **gone}, ANNOTATION)) == [
        "took a change back",
        "restored Quote “It is ours”",
    ]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({}, "commented on the article"),
        ({"layer_id": 7}, "commented on the work of ada"),
        ({"layer_id": 7, "annotation_id": "A1"}, "commented on Quote “It is ours”"),
        ({"decision_id": "D1"}, "commented on a decision"),
        ({"decision_id": "D1", "thread_id": "C1"}, "answered a comment on a decision"),
    ],
)
def test_a_comment_is_told_of_by_what_it_is_on_and_not_by_its_words(
    place: dict[str, Any], words: str
) -> None:
    assert told("comment.added", change("comment", None, {**COMMENT, **place})) == [words]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ({}, ["accepted variant 1: Quote “It is ours”"]),
        ({"ruling": "fix", "variant": None, "reason": "edge_habit"},
         ["fixed: Quote “It is ours”", "reason: edge_habit"]),
        ({"ruling": "reject", "variant": None, "label_id": None, "start": None, "end": None},
         ["rejected: nothing belongs here"]),
    ],
)  # fmt: skip
def test_a_verdict_is_what_the_reviewer_ruled(verdict: dict[str, Any], words: list[str]) -> None:
    assert told("decision.ruled", change("verdict", None, {**VERDICT, **verdict})) == words


def test_gates_and_placements_are_told_with_their_values() -> None:
    until = {**ARTICLE, "embargo_until": "2026-11-03T09:30:00+00:00"}

    assert told("article.embargoed", change("article", ARTICLE, until)) == [
        "put “Quay to reopen” under embargo",
        "embargo until: 2026-11-03 09:30 UTC",
    ]
    assert told(
        "article.placed", change("article", ARTICLE, {**ARTICLE, "placement": "parked"})
    ) == [
        "placed “Quay to reopen”",
        "placement: ready → parked",
    ]


def test_people_and_what_they_may_are_named() -> None:
    member = {"user_id": 2, "role": "annotator"}

    assert told("member.set", change("membership", None, member)) == [
        "made Ben Okafor a member",
        "role: annotator",
    ]
    assert told("member.set", change("membership", member, {**member, "role": "reviewer"})) == [
        "made Ben Okafor a member",
        "role: annotator → reviewer",
    ]


@given(st.text(min_size=1, max_size=400), st.integers(0, 60))
def test_long_values_and_many_rows_are_cut(note: str, count: int) -> None:
    after = {**ANNOTATION, "note": note}
    found = tell("layer.redone", [change("annotation", ANNOTATION, after)] * count, NAMES)

    assert len(found.lines) == min(count, MOST_LINES)
    assert all(len(step.after) <= LONGEST_VALUE + 1 for line in found.lines for step in line.steps)


def test_what_is_named_is_asked_for() -> None:
    wanted = needed(
        [
            change("annotation", ANNOTATION, {**ANNOTATION, "label_id": "L2", "end": 4}),
            change("relation", None, RELATION),
            change("membership", None, {"user_id": 2}),
            change("verdict", None, VERDICT),
            change("comment", None, {**COMMENT, "layer_id": 7}),
        ]
    )

    assert wanted.labels == {"L1", "L2"}
    assert wanted.words == {("R1", 0, 9), ("R1", 0, 4), ("T1", 0, 9)}
    assert (wanted.annotations, wanted.people, wanted.layers) == ({"A1", "A2"}, {2}, {7})
