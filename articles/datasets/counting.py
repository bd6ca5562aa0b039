"""What a snapshot holds, counted record by record."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Counts:
    """Of the records that were added: how many of what."""

    articles: int = 0
    annotations: int = 0
    relations: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    relation_types: Counter[str] = field(default_factory=Counter)
    layers: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    split_articles: Counter[str] = field(default_factory=Counter)
    split_annotations: Counter[str] = field(default_factory=Counter)
    split_relations: Counter[str] = field(default_factory=Counter)
    first_published: str = ""
    last_published: str = ""

    def add(self, record: Mapping[str, Any]) -> None:
        """Count one more; its times have equal form, so that they compare as texts."""
        annotations, relations = record["annotations"], record["relations"]
        self.articles += 1
        self.annotations += len(annotations)
        self.relations += len(relations)
        self.labels.update(one["label"] for one in annotations)
        self.relation_types.update(one["type"] for one in relations)
        self.layers.update(one["name"] for one in record["layers"])
        self.languages[record["language"]] += 1
        if record["split"] is not None:
            self.split_articles[record["split"]] += 1
            self.split_annotations[record["split"]] += len(annotations)
            self.split_relations[record["split"]] += len(relations)
        if at := record["published_at"]:
            self.first_published = min(self.first_published or at, at)
            self.last_published = max(self.last_published, at)

    def as_json(self, splits: list[str]) -> dict[str, Any]:
        """All of it, with ``splits`` in their order, also those that got nothing."""
        return {
            "articles": self.articles,
            "annotations": self.annotations,
            "relations": self.relations,
            "labels": dict(sorted(self.labels.items())),
            "relation_types": dict(sorted(self.relation_types.items())),
            "layers": dict(sorted(self.layers.items())),
            "languages": dict(sorted(self.languages.items())),
            "splits": {
                name: {
                    "articles": self.split_articles[name],
                    "annotations": self.split_annotations[name],
                    "relations": self.split_relations[name],
                }
                for name in splits
            },
            "first_published": self.first_published or None,
            "last_published": self.last_published or None,
        }
