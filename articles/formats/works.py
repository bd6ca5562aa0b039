"""An article's annotations by layer, for formats in which each annotator's work is apart."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from articles.formats.shapes import AnnotationRecord, ArticleRecord, RelationRecord


@dataclass(frozen=True, slots=True)
class Work:
    """What one layer says of an article: its annotations, and the relations that begin in it.

    ``layer`` is empty where nobody worked on the article.
    """

    layer: str
    annotations: Sequence[AnnotationRecord] = ()
    relations: Sequence[RelationRecord] = ()

    def to_names(self) -> Mapping[str, list[RelationRecord]]:
        """The relations to what is not in the text, by the annotation that they come from."""
        found: dict[str, list[RelationRecord]] = defaultdict(list)
        for one in self.relations:
            if one["to"] is None:
                found[one["from"]].append(one)
        return found


#: What stands for any in formats that have articles nobody worked on.
NOBODY = [Work("")]


def works_of(record: ArticleRecord) -> list[Work]:
    """The work of each layer: of those that are listed, then of those that annotations name."""
    annotations: dict[str, list[AnnotationRecord]] = {one["name"]: [] for one in record["layers"]}
    layers: dict[str, str] = {}
    for one in record["annotations"]:
        annotations.setdefault(one["layer"], []).append(one)
        layers[one["id"]] = one["layer"]
    relations: dict[str, list[RelationRecord]] = defaultdict(list)
    for join in record["relations"]:
        relations[layers[join["from"]]].append(join)
    return [Work(layer, said, relations[layer]) for layer, said in annotations.items()]
