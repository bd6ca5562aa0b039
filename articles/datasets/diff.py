"""How an article of one version of a dataset differs from the same in another."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

type What = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one article: per label how many annotations came, went or changed.

    ``moved`` is from which split to which, if it is on another side now.
    """

    id: str
    title: str
    what: What
    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    moved: tuple[str | None, str | None] | None = None


@dataclass(slots=True)
class Totals:
    """All differences together."""

    articles: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    moved: int = 0

    def add(self, one: Difference) -> None:
        """Count one more article."""
        self.articles[one.what] += 1
        self.added.update(one.added)
        self.removed.update(one.removed)
        self.changed.update(one.changed)
        self.moved += one.moved is not None

    def by_label(self) -> list[tuple[str, int, int, int]]:
        """Each label that is in it, with how many annotations came, went and changed."""
        labels = sorted({*self.added, *self.removed, *self.changed})
        return [(key, self.added[key], self.removed[key], self.changed[key]) for key in labels]


def compare(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Difference:
    """The difference of two records of one article, one of which may be missing.

    An annotation is known by its id; it changed if its span, label, words or answers did.

    Raises:
        ValueError: if both are missing.
    """
    there = new or old
    if there is None:
        raise ValueError("There is nothing to compare.")
    before, after = _annotations(old), _annotations(new)
    common = before.keys() & after.keys()
    return Difference(
        id=there["id"],
        title=there["title"],
        what="added" if old is None else "removed" if new is None else "changed",
        added=Counter(after[key]["label"] for key in after.keys() - common),
        removed=Counter(before[key]["label"] for key in before.keys() - common),
        changed=Counter(
            after[key]["label"] for key in common if _said(before[key]) != _said(after[key])
        ),
        moved=(old["split"], new["split"])
        if old is not None and new is not None and old["split"] != new["split"]
        else None,
    )


def _annotations(record: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    return {one["id"]: one for one in record["annotations"]} if record else {}


def _said(annotation: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(annotation[name] for name in ("label", "start", "end", "quote", "attributes"))
