"""The confusion of labels, which must add up to what was marked and to the overlap F1."""

from hypothesis import given
from hypothesis import strategies as st

from articles.review.agreement import Work
from articles.review.agreement_f1 import span_f1
from articles.review.agreement_labels import label_confusion
from tests.review.works import labels_of, newsrooms, reordered, work


@given(newsrooms)
def test_every_annotation_is_counted_once_for_each_other_annotator(works: list[Work]) -> None:
    found = label_confusion(works)

    shared = [one for one in works if len(one.layers) > 1]
    assert list(found.labels) == labels_of(shared)
    for label in found.labels:
        marked = sum(
            (len(one.layers) - 1)
            * sum(annotation.label == label for annotation in layer.annotations)
            for one in shared
            for layer in one.layers.values()
        )
        across = sum(found.of(label, other) for other in (*found.labels, None))
        assert marked == across + found.of(label, label)


@given(newsrooms)
def test_the_diagonal_is_what_overlap_f1_counts(works: list[Work]) -> None:
    found = label_confusion(works)

    for label, figure in span_f1(works, exact=False).by_label.items():
        assert figure.value == 2 * found.of(label, label) / figure.n


@given(newsrooms, st.data())
def test_no_order_changes_a_count(works: list[Work], draw: st.DataObject) -> None:
    assert label_confusion(reordered(works, draw)) == label_confusion(works)


def test_a_label_stands_across_from_another_or_from_nothing() -> None:
    works = [
        work(
            40,
            ada=[(0, 8, "claim"), (10, 14, "quote"), (30, 34, "claim")],
            ben=[(0, 8, "quote"), (10, 14, "quote"), (20, 24, "source")],
        )
    ]

    found = label_confusion(works)

    assert found.counts == {
        ("claim", "quote"): 1,
        ("quote", "quote"): 1,
        ("claim", None): 1,
        ("source", None): 1,
    }
    assert found.of("quote", "claim") == found.of("claim", "quote") == 1


def test_the_same_label_is_preferred_to_a_closer_span() -> None:
    works = [
        work(40, ada=[(0, 10, "claim")], ben=[(0, 10, "quote"), (0, 8, "claim")]),
    ]

    assert label_confusion(works).counts == {("claim", "claim"): 1, ("quote", None): 1}


def test_one_annotator_confuses_nothing() -> None:
    assert label_confusion([work(9, ada=[(0, 4, "claim")])]).labels == ()
