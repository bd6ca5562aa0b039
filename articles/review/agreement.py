"""Agreement: what the measures read, and the figure that each of them gives.

The measures are own code, each in its own module, each with its paper:

* ``agreement_f1``: span F1 and relation F1, exact and by overlap. The headline.
* ``agreement_unitizing``: Krippendorff's unitizing alpha of 2016, corrected for chance.
* ``agreement_gamma``: gamma, which forgives a shifted edge in proportion.
* ``agreement_coding``: nominal alpha of attributes, and the kappa of words.
* ``agreement_labels``: which labels annotators take for which.

No figure is the truth. All of them say how alike annotators are, none whether they are right.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

#: Whoever annotates: a key of any kind, the same on every article.
Annotator = Hashable

TOO_FEW = "Agreement needs two annotators on one article"
NOTHING_MARKED = "Nobody marked anything"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One annotation as the measures see it: ``[start, end)`` in code points, and its label.

    ``attributes`` holds what was said about it beside its label; what is not in it, or is
    ``None``, was not said. Two annotations are equal whatever was said about them.
    """

    start: int
    end: int
    label: str
    attributes: Mapping[str, Hashable] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Linked:
    """One relation as the measures see it: its type, and the annotations that it joins."""

    type: str
    source: Labelled
    target: Labelled


@dataclass(frozen=True, slots=True)
class Layer:
    """All that one annotator marked on one article; empty if it was read and nothing was found."""

    annotations: Sequence[Labelled] = ()
    relations: Sequence[Linked] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """One article with the layers that are to be compared.

    ``length`` is that of the whole text in code points: what nobody marked is agreed upon too.
    ``words`` are the ``(start, end)`` of its words; only the kappa of words needs them. An
    annotator who never had the article is not in ``layers``; one who found nothing in it is
    there with an empty layer. Articles need not have the same annotators.

    Raises:
        ValueError: if an annotation, or an end of a relation, is empty or reaches beyond the text.
    """

    length: int
    layers: Mapping[Annotator, Layer]
    words: Sequence[tuple[int, int]] = ()

    def __post_init__(self) -> None:
        for layer in self.layers.values():
            ends = (end for link in layer.relations for end in (link.source, link.target))
            for one in (*layer.annotations, *ends):
                if not 0 <= one.start < one.end <= self.length:
                    raise ValueError(f"{one} is no span of a text of {self.length} code points")

    def pairs(self) -> Iterator[tuple[Annotator, Annotator]]:
        """Every two of its annotators, once."""
        return combinations(self.layers, 2)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured agreement.

    ``value`` is 1 when annotators agree throughout. ``None`` means undefined, which is neither
    0 nor 1; then ``reason`` says why in words for an editor. ``low`` and ``high`` are a 95 %
    interval, where a measure has one. ``articles`` is how many articles the figure rests on, and
    ``n`` how many things were compared; each measure says of what.
    """

    value: float | None
    reason: str = ""
    low: float | None = None
    high: float | None = None
    articles: int = 0
    n: int = 0


def undefined(reason: str, *, articles: int = 0, n: int = 0) -> Figure:
    """A figure without a value, and why."""
    return Figure(None, reason, articles=articles, n=n)


def compared(works: Sequence[Work]) -> list[Work]:
    """The articles with at least two annotators: the only ones that can say anything."""
    return [work for work in works if len(work.layers) > 1]
