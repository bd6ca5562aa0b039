"""How much annotators share of a text: flat marks, each with what is decided about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from articles.annotations.painting import KICKERS, Part, Read
from articles.text.segments import Covering, divide


@dataclass(frozen=True, slots=True)
class Disputed:
    """A decision as the text shows it: ``[start, end)``, and how many say so of which stretch.

    ``said`` has a span for each layer that annotated here, in code points. ``chip`` stands where
    the decision begins.
    """

    id: str
    label: str
    start: int
    end: int
    said: tuple[tuple[int, int], ...]
    chip: str


@dataclass(frozen=True, slots=True)
class Warm:
    """A stretch of text; ``share`` counts the layers that annotated it, of the innermost decision.

    ``over`` lists the decisions here, outermost first, ``lanes`` the labels below it.
    """

    text: str
    over: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    share: int = 0
    chip: str = ""


@dataclass(frozen=True, slots=True)
class WarmBlock:
    """A block with its stretches."""

    part: Part
    stretches: tuple[Warm, ...]

    @property
    def kicker(self) -> str:
        return KICKERS.get(self.part.kind, "")


def warm(parts: Iterable[Part], disputes: Sequence[Disputed], read: Read) -> list[WarmBlock]:
    """Every block cut at each edge of what is decided and of what anybody annotated."""
    known = {one.id: one for one in disputes}
    coverings = [Covering(one.id, one.start, one.end) for one in disputes]
    edges = sorted({edge for one in disputes for span in one.said for edge in span})
    return [
        WarmBlock(part, tuple(_stretches(part, coverings, known, edges, read))) for part in parts
    ]


def _stretches(
    part: Part,
    coverings: Sequence[Covering],
    known: dict[str, Disputed],
    edges: Sequence[int],
    read: Read,
) -> Iterable[Warm]:
    for segment in divide(part.start, part.end, coverings):
        inner = [edge for edge in edges if segment.start < edge < segment.end]
        for start, end in pairwise([segment.start, *inner, segment.end]):
            if not segment.over:
                yield Warm(read(start, end))
                continue
            innermost = known[segment.over[-1]]
            opens = segment.opens if start == segment.start else ()
            yield Warm(
                read(start, end),
                over=segment.over,
                lanes=tuple(known[key].label for key in segment.lanes if key),
                share=sum(low <= start and end <= high for low, high in innermost.said),
                chip=" ".join(known[key].chip for key in opens),
            )
