"""Invented articles and layers for the tests of agreement, small enough for slow oracles."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from hypothesis import strategies as st

from articles.review.agreement import Labelled, Layer, Linked, Work

LENGTH = 12
Given = tuple[int, int, str]


def layer(*annotations: Given) -> Layer:
    """A layer of annotations given as ``(start, end, label)``."""
    return Layer([Labelled(*one) for one in annotations])


def work(length: int, **layers: Sequence[Given]) -> Work:
    """An article of which each annotator marked what is given."""
    return Work(length, {who: layer(*annotations) for who, annotations in layers.items()})


def labels_of(works: Sequence[Work]) -> list[str]:
    """The labels used, in order."""
    return sorted({
        one.label for work in works for layer in work.layers.values() for one in layer.annotations
    })  # fmt: skip


SPANS = list(combinations(range(LENGTH + 1), 2))
ATTRIBUTES: list[dict[str, str]] = [{}, {"form": "direct"}, {"form": "mixed"}]
annotations = st.builds(
    lambda span, label, attributes: Labelled(span[0], span[1], label, attributes),
    st.sampled_from(SPANS),
    st.sampled_from("ab"),
    st.sampled_from(ATTRIBUTES),
)


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    """Annotations that may touch, overlap and nest, each once; relations between some of them."""
    marked = draw(st.lists(annotations, max_size=4, unique=True))
    if not marked:
        return Layer()
    ends = st.sampled_from(marked)
    links = st.builds(Linked, st.sampled_from("xy"), ends, ends)
    return Layer(marked, draw(st.lists(links, max_size=2, unique=True)))


@st.composite
def works(draw: st.DrawFn) -> Work:
    """One article; its annotators differ from one article to the next."""
    who = draw(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=3, unique=True))
    words = tuple((at, at + 2) for at in range(0, LENGTH, 3))
    return Work(LENGTH, {one: draw(layers()) for one in who}, words)


newsrooms = st.lists(works(), max_size=3)
"""Several articles, some of which may have a single annotator."""


def reordered(articles: Sequence[Work], draw: st.DataObject) -> list[Work]:
    """The same articles, layers and annotations in another order."""

    def shuffled(layers: Mapping[object, Layer]) -> dict[object, Layer]:
        return {
            who: Layer(
                draw.draw(st.permutations(layers[who].annotations)),
                draw.draw(st.permutations(layers[who].relations)),
            )
            for who in draw.draw(st.permutations(list(layers)))
        }

    return [
        Work(one.length, shuffled(one.layers), one.words)
        for one in draw.draw(st.permutations(articles))
    ]
