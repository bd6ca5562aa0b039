"""What became of an article from one version of a dataset to the next."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.datasets.diff import Difference, Totals, compare
from articles.formats.shapes import AnnotationRecord
from tests.formats.drawn import annotation_record, article_record

TEXT = "“Ours again,” said Zoë Hart ☕."
QUOTE = annotation_record(TEXT, 0, 13, "quote")
CLAIM = annotation_record(TEXT, 1, 11, "claim")


def record(*annotations: AnnotationRecord, split: str | None = None) -> dict[str, Any]:
    return {**article_record(TEXT, list(annotations)), "split": split}


def test_an_article_that_only_the_later_one_has_is_added_with_all_in_it() -> None:
    new = record(QUOTE, CLAIM, split="test")

    assert compare(None, new) == Difference(
        new["id"], new["title"], "added", added=Counter(quote=1, claim=1)
    )


def test_an_article_that_is_gone_is_removed_with_all_in_it() -> None:
    old = record(QUOTE)

    assert compare(old, None) == Difference(
        old["id"], old["title"], "removed", removed=Counter(quote=1)
    )


def test_two_without_an_article_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        compare(None, None)


@pytest.mark.parametrize(
    "change",
    [{"label": "source"}, {"start": 1}, {"end": 12}, {"quote": "Ours"},
     {"attributes": {"form": "direct"}}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_an_annotation_is_changed_if_what_it_says_of_which_words_is(
    change: dict[str, Any],
) -> None:
    there: Any = {**QUOTE, **change}

    found = compare(record(QUOTE, CLAIM), record(there, CLAIM))

    assert (found.what, found.changed) == ("changed", Counter({there["label"]: 1}))
    assert not found.added + found.removed


@pytest.mark.parametrize(
    "change", [{"note": "On tape"}, {"version": 9}, {"unsure": True}, {"updated_at": "later"}]
)
def test_what_is_noted_beside_it_is_no_change_of_an_annotation(change: dict[str, Any]) -> None:
    there: Any = {**QUOTE, **change}

    found = compare(record(QUOTE), record(there))

    assert found == Difference(found.id, found.title, "changed")


def test_an_article_is_told_by_its_later_title_and_where_it_moved_to() -> None:
    old, new = record(split="train"), {**record(split="test"), "title": "Otherwise"}

    found = compare(old, new)

    assert (found.title, found.moved) == ("Otherwise", ("train", "test"))
    assert compare(old, {**new, "split": "train"}).moved is None
    assert compare(old, {**new, "split": None}).moved == ("train", None)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from("abc")), max_size=8))
def test_every_annotation_is_there_before_after_or_both(
    given: list[tuple[bool, bool, str]],
) -> None:
    numbered: list[tuple[bool, bool, Any]] = [
        (before, after, {**QUOTE, "id": str(number), "label": label})
        for number, (before, after, label) in enumerate(given)
    ]

    found = compare(
        record(*(one for before, _, one in numbered if before)),
        record(*(one for _, after, one in numbered if after)),
    )

    def expected(before: bool, after: bool) -> Counter[str]:
        return Counter(one["label"] for b, a, one in numbered if (b, a) == (before, after))

    assert (found.added, found.removed) == (expected(False, True), expected(True, False))
    assert found.changed == Counter()


def test_totals_add_up_by_label_in_their_order() -> None:
    totals = Totals()
    for one in (
        compare(None, record(QUOTE, CLAIM)),
        compare(record(QUOTE, split="train"), record(CLAIM, split="test")),
        compare(record(CLAIM), None),
    ):
        totals.add(one)

    assert totals.articles == Counter(added=1, changed=1, removed=1)
    assert totals.moved == 1
    assert totals.by_label() == [("claim", 2, 1, 0), ("quote", 1, 1, 0)]
