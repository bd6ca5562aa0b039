"""Decision items: what a reviewer decides about, and the variants there are to choose from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any, Protocol
from uuid import UUID


class Kind(StrEnum):
    """What a reviewer has to settle, from the first that applies.

    ``LABEL``: labels or attributes differ, whatever the spans do: what a thing is comes before
    where it ends, and the variants show both. ``BOUNDARY``: only the spans differ. ``MISSING``:
    those who annotated it agree, but not all did. ``UNANIMOUS``: nothing; with one layer,
    everything. A link is a ``RELATION`` always.
    """

    UNANIMOUS = "unanimous"
    BOUNDARY = "boundary"
    LABEL = "label"
    MISSING = "missing"
    RELATION = "relation"


class Change(StrEnum):
    """What a variant does with a stretch of text, compared with the proposed one."""

    KEPT = "kept"
    ADDED = "added"
    LEFT_OUT = "left out"


class Placed(Protocol):
    """Anything that lies at ``[start, end)``, in code points."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Marked:
    """An annotation as clustering sees it."""

    id: UUID
    layer: int
    label: UUID
    start: int
    end: int
    attributes: Mapping[str, Any] = field(default_factory=dict)
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """A relation as clustering sees it; its ends are annotations of its own layer.

    A source that the text does not name has ``target_name`` in place of ``target``.
    """

    id: UUID
    layer: int
    label: UUID
    source: UUID
    target: UUID | None
    target_name: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One answer that a reviewer can accept.

    ``members`` are the ids of the annotations, or relations, that say exactly this; ``layers`` are
    those they are from. Both are sorted. A link has a ``source``, and a ``target`` or a
    ``target_name``; its ends are keys of items, and its span is where its source lies.
    """

    label: UUID
    start: int
    end: int
    attributes: Mapping[str, Any]
    members: tuple[UUID, ...]
    layers: tuple[int, ...]
    source: UUID | None = None
    target: UUID | None = None
    target_name: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What a reviewer decides at once; the variant to propose comes first.

    ``[start, end)`` covers all variants. ``layers`` have a part in it, ``missing`` have none, both
    sorted. ``key`` is the first of its members' ids: it names the item among those clustered with
    it, and nothing beyond. ``unsure`` means that somebody asked for a second look.
    """

    key: UUID
    kind: Kind
    start: int
    end: int
    variants: tuple[Variant, ...]
    layers: tuple[int, ...]
    missing: tuple[int, ...]
    unsure: bool = False

    @property
    def is_unanimous(self) -> bool:
        """Whether all layers say the same; what may be accepted in bulk."""
        return len(self.variants) == 1 and not self.missing

    @property
    def members(self) -> frozenset[UUID]:
        """The ids of the annotations, or relations, that it is made of."""
        return frozenset(member for variant in self.variants for member in variant.members)


def agreed(variants: Sequence[Variant], at_least: int) -> Variant | None:
    """The one variant that ``at_least`` layers made exactly; ``None`` if none or several are."""
    found = [variant for variant in variants if len(variant.layers) >= at_least]
    return found[0] if len(found) == 1 else None


def compared(proposed: Placed, other: Placed) -> list[tuple[int, int, Change]]:
    """What ``other`` keeps of ``proposed``, adds and leaves out, as ranges in reading order."""
    edges = sorted({proposed.start, proposed.end, other.start, other.end})
    changes = {
        (True, True): Change.KEPT,
        (False, True): Change.ADDED,
        (True, False): Change.LEFT_OUT,
    }
    return [
        (start, end, changes[within])
        for start, end in pairwise(edges)
        if (within := (_covers(proposed, start), _covers(other, start))) in changes
    ]


def overlap(one: Placed, other: Placed) -> float:
    """The Jaccard overlap of two spans: shared code points by all code points of both."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return max(shared, 0) / (one.end - one.start + other.end - other.start - max(shared, 0))


def attributes_text(attributes: Mapping[str, Any]) -> str:
    """Attributes as a text that is the same for the same values; 2 and 2.0 are the same."""
    plain = {
        key: int(value) if isinstance(value, float) and value.is_integer() else value
        for key, value in attributes.items()
    }
    return json.dumps(plain, sort_keys=True)


def _covers(placed: Placed, at: int) -> bool:
    return placed.start <= at < placed.end
