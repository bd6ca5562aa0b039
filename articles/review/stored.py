"""The variants of a decision, as its row keeps them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from articles.desk.models import Label
from articles.intake.models import Article
from articles.review.items import Variant
from articles.review.models import Decision


def variants_of(decision: Decision) -> tuple[Variant, ...]:
    """What can be accepted, the proposed one first."""
    return tuple(_variant(kept) for kept in decision.variants)


def is_unanimous(decision: Decision, layers: Iterable[int]) -> bool:
    """Whether all of ``layers``, the submitted ones, say the same."""
    return len(decision.variants) == 1 and set(decision.variants[0]["layers"]) == set(layers)


def label_by_now(article: Article, label_id: UUID) -> Label:
    """The label, or the one into which it was merged since; labels were merged a few times at
    most. One query for each time."""
    label = article.project.labels.get(pk=label_id)
    while label.merged_into_id is not None:
        label = article.project.labels.get(pk=label.merged_into_id)
    return label


def stored(variant: Variant) -> dict[str, Any]:
    """A variant as the decision's row keeps it."""
    return {
        "label": str(variant.label),
        "start": variant.start,
        "end": variant.end,
        "attributes": dict(variant.attributes),
        "members": [str(member) for member in variant.members],
        "layers": list(variant.layers),
        "source": variant.source and str(variant.source),
        "target": variant.target and str(variant.target),
        "target_name": variant.target_name,
    }


def _variant(kept: Mapping[str, Any]) -> Variant:
    return Variant(
        label=UUID(kept["label"]),
        start=kept["start"],
        end=kept["end"],
        attributes=kept["attributes"],
        members=tuple(UUID(member) for member in kept["members"]),
        layers=tuple(kept["layers"]),
        source=kept["source"] and UUID(kept["source"]),
        target=kept["target"] and UUID(kept["target"]),
        target_name=kept["target_name"],
    )
