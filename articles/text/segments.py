"""Flat segments: a stretch of text cut at every edge of the spans over it.

Overlapping annotations cannot be nested as elements; cut at every edge they can be drawn
as a flat row of marks, each of which knows the annotations over it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Lines drawn below one segment; deeper annotations are counted, not drawn.
LANES = 3


@dataclass(frozen=True, slots=True)
class Covering:
    """One annotation as the division into segments sees it; ``key`` is its identity."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """``[start, end)`` in code points, with what lies over it.

    ``over`` lists keys, outermost first. ``lanes`` maps a lane (0 is nearest the text) to the key
    drawn there. ``opens`` and ``closes`` are the keys whose span begins or ends at this segment's
    edge. ``hidden`` counts the annotations that found no lane.
    """

    start: int
    end: int
    over: tuple[str, ...] = ()
    lanes: tuple[str | None, ...] = ()
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    hidden: int = 0


def divide(start: int, end: int, coverings: Iterable[Covering]) -> list[Segment]:
    """Cut ``[start, end)`` at every edge of ``coverings``; the segments cover it exactly.

    Coverings may reach beyond the range and need no order. The outer of two takes the upper lane
    while one is free below it, and an annotation keeps its lane through the whole range. Costs
    n log n in the coverings, and what it returns.
    """
    if start >= end:
        return []
    inside = sorted(
        (c for c in coverings if c.start < end and start < c.end),
        key=lambda c: (c.start, -c.end, c.key),
    )
    lanes = _lanes(inside)
    cuts = sorted({start, end, *(e for c in inside for e in (c.start, c.end) if start < e < end)})
    segments = []
    active: list[Covering] = []
    upcoming = 0
    for left, right in pairwise(cuts):
        active = [c for c in active if c.end > left]
        while upcoming < len(inside) and inside[upcoming].start <= left:
            active.append(inside[upcoming])
            upcoming += 1
        segments.append(_segment(left, right, active, lanes))
    return segments


def _segment(
    left: int, right: int, active: Sequence[Covering], lanes: dict[str, int | None]
) -> Segment:
    drawn: list[str | None] = [None] * LANES
    hidden = 0
    for covering in active:
        lane = lanes[covering.key]
        if lane is None:
            hidden += 1
        else:
            drawn[lane] = covering.key
    while drawn and drawn[-1] is None:
        drawn.pop()
    return Segment(
        start=left,
        end=right,
        over=tuple(c.key for c in active),
        lanes=tuple(drawn),
        opens=tuple(c.key for c in active if c.start == left),
        closes=tuple(c.key for c in active if c.end == right),
        hidden=hidden,
    )


def _lanes(ordered: Sequence[Covering]) -> dict[str, int | None]:
    """A lane for each, below the annotations around it while one is free there.

    When none is, any free lane does; ``None`` when all are taken.
    """
    drawn: list[tuple[int, int]] = []  # the end and the lane of each that is drawn by now
    lanes: dict[str, int | None] = {}
    for covering in ordered:
        drawn = [(end, lane) for end, lane in drawn if end > covering.start]
        free = [lane for lane in range(LANES) if all(lane != taken for _, taken in drawn)]
        around = max((lane for end, lane in drawn if end >= covering.end), default=-1)
        lane = next((lane for lane in free if lane > around), free[0] if free else None)
        lanes[covering.key] = lane
        if lane is not None:
            drawn.append((covering.end, lane))
    return lanes
