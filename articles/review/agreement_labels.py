"""Which labels annotators take for which: the counts behind a figure that is too low."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from articles.review.agreement import Work, compared
from articles.review.agreement_matching import Kind, aligned, annotation_things, side


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often one annotator said a label where another said this one, or nothing (``None``).

    ``labels`` are in order. ``counts`` has each pair once, in that order, ``None`` last; ask
    ``of`` for either order.
    """

    labels: tuple[str, ...]
    counts: Mapping[tuple[str, str | None], int]

    def of(self, one: str, other: str | None) -> int:
        """How often ``one`` stood across from ``other``, whoever said which."""
        if other is not None and other < one:
            one, other = other, one
        return self.counts.get((one, other), 0)


def label_confusion(works: Sequence[Work]) -> Confusion:
    """Label across from label, over all pairs of annotators of all articles.

    Annotations are aligned by overlap (at least half of what two cover together is shared), one to
    one: first those with the same label, which are the matches of the overlap F1, then of the rest
    those with different labels. What has nobody across from it is counted as not marked.
    """
    counts: Counter[tuple[str, str | None]] = Counter()
    numbers: dict[Kind, int] = {}
    for work in compared(works):
        sides = [side(annotation_things(layer), numbers) for layer in work.layers.values()]
        names = [kind[0] for kind in numbers]
        for a, b in combinations(sides, 2):
            same, rest = aligned(a, b)
            pairs = same + rest
            for i, j in pairs:
                first, second = sorted((names[a.kinds[i]], names[b.kinds[j]]))
                counts[first, second] += 1
            met = {i for i, _ in pairs}, {j for _, j in pairs}
            for one, across in zip((a, b), met, strict=True):
                counts.update(
                    (names[kind], None)
                    for place, kind in enumerate(one.kinds.tolist())
                    if place not in across
                )
    used = {label for pair in counts for label in pair if label is not None}
    return Confusion(tuple(sorted(used)), counts)
