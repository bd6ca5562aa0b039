"""Label Studio's JSON read: a task becomes an article, and each annotation of it a layer.

Where a task has predictions only, each of them becomes a layer, by the name of its model.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from articles.formats.foreign import Malformed, a_list, a_name, articles, objects
from articles.formats.moments import moment
from articles.formats.settling import Joined, Marked, found
from articles.formats.shapes import Found
from articles.formats.stated import (
    annotation_fields,
    article_fields,
    ours,
    relation_fields,
    stated_relation,
)

#: The type of a relation that was given none.
RELATED = "related"
#: What our labeling interface has as the choices of an attribute that is true or false.
_TRUTH = {"false": False, "true": True}

type Result = Mapping[str, Any]


def read(file: BinaryIO) -> Iterator[Found]:
    """The tasks of a file, as Label Studio exports or imports them."""
    return articles(file, _article, "A task")


def _article(number: int, task: Mapping[str, Any]) -> Found:
    data = task.get("data")
    if not isinstance(data, dict):
        raise Malformed("A task needs an object “data”. Was this exported as JSON-MIN? Take JSON.")
    text_key = _text_key(data)
    given, said = _annotations(task)
    annotations = [_Annotation(one, at) for at, one in enumerate(given)]
    if left_out := sum(one.left_out for one in annotations):
        said.append(f"What is not about plain text, or joins it, was left out: {left_out}.")
    fields = article_fields(_meta(task)) or _fields(task, data, text_key, annotations)
    return found(
        number,
        data[text_key],
        [mark for one in annotations for mark in one.marks],
        [join for one in annotations for join in one.joins],
        said=" ".join(said),
        **fields,
    )


def _text_key(data: Mapping[str, Any]) -> str:
    """The field with the text: the one of that name, or else the longest."""
    words = {key: value for key, value in data.items() if isinstance(value, str) and value}
    if not words:
        raise Malformed("The task's “data” has no text.")
    return "text" if "text" in words else max(words, key=lambda key: len(words[key]))


def _annotations(task: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """The annotations that count, or else the predictions; and what was left out, in words."""
    said = []
    finished = objects(task.get("annotations", task.get("completions")), "annotations")
    counting = [one for one in finished if not (one.get("was_cancelled") or one.get("skipped"))]
    if skipped := len(finished) - len(counting):
        said.append(f"Annotations that were skipped in Label Studio were left out: {skipped}.")
    given = a_list(task.get("predictions"), "predictions")
    predictions = [one for one in given if isinstance(one, dict)]  # some exports have only ids
    if not finished:
        return predictions, said
    if predictions:
        said.append(f"Predictions were left out: {len(predictions)}.")
    return counting, said


def _fields(
    task: Mapping[str, Any], data: Mapping[str, Any], text_key: str, all_: list["_Annotation"]
) -> dict[str, Any]:
    """The fields of a record of a task that is not from here; what has none is metadata."""
    metadata = {key: data[key] for key in data if key not in (text_key, "title", "url")}
    if "id" in task:
        metadata["task"] = task["id"]
    for one in all_:
        metadata |= one.about_all
    layers = {one.layer: one.submitted_at for one in all_ if one.layer}
    return {
        "title": a_name(data.get("title")),
        "url": a_name(data.get("url")),
        "metadata": metadata,
        "layers": [{"name": name, "submitted_at": at} for name, at in layers.items()],
    }


class _Annotation:
    """What one annotator, or a model, said of a task.

    ``about_all`` are answers about the whole text; ``left_out`` counts the regions of anything but
    plain text, and the relations with them.
    """

    def __init__(self, given: Mapping[str, Any], at: int) -> None:
        self.layer = _layer(given) or (f"annotation {at + 1}" if at else "")
        self.submitted_at = moment(a_name(given.get("updated_at") or given.get("created_at")))
        # An annotation that began as a copy of another has regions of the same ids.
        self._prefix = f"{at}/" if at else ""
        results = objects(given.get("result"), "result")
        regions = [one for one in results if _labels(one)]
        relations = [one for one in results if one.get("type") == "relation"]
        ids = {a_name(one.get("id")) for one in regions}
        answers: dict[str, dict[str, Any]] = {one: {} for one in ids}
        self.about_all: dict[str, Any] = {}
        for one in results:
            if one.get("type") != "relation" and not _labels(one):
                about = answers.get(a_name(one.get("id")), self.about_all)
                about[a_name(one.get("from_name"))] = _answer(one)
        placed = [one for one in regions if _is_placed(one)]
        self.marks = [mark for one in placed for mark in self._marks(one, answers)]
        known = {mark.id for mark in self.marks}
        possible = [one for one in relations if set(self._ends(one)) <= known]
        self.joins = [join for one in placed for join in self._joins_to_names(one)]
        self.joins += [join for one in possible for join in self._joins(one)]
        self.left_out = len(regions) - len(placed) + len(relations) - len(possible)

    def _marks(self, region: Result, answers: Mapping[str, dict[str, Any]]) -> Iterator[Marked]:
        """A mark for each label of a region; the first of them has the region's id."""
        value = region["value"]
        about = answers[a_name(region.get("id"))].items()
        for at, label in enumerate(_labels(region)):
            yield Marked(
                label=label,
                start=value["start"],
                end=value["end"],
                quote=value["text"] if isinstance(value.get("text"), str) else None,
                id=self._id(region.get("id")) + (f"/{at}" if at else ""),
                layer=self.layer,
                attributes={key.removeprefix(f"{label}__"): answer for key, answer in about},
                more=annotation_fields(_meta(region)) | _note(region),
            )

    def _joins(self, relation: Result) -> Iterator[Joined]:
        source, target = self._ends(relation)
        more = _meta(relation)
        for label in a_list(relation.get("labels"), "labels") or [RELATED]:
            yield Joined(
                a_name(label), source, target, id=a_name(more.get("id")), more=relation_fields(more)
            )

    def _joins_to_names(self, region: Result) -> Iterator[Joined]:
        for one in objects(_meta(region).get("relations"), "relations"):
            source = self._id(region.get("id"))
            yield replace(stated_relation(one), source=source, target=None)

    def _ends(self, relation: Result) -> tuple[str, str]:
        """From which region to which; an arrow may have been drawn backwards."""
        ends = self._id(relation.get("from_id")), self._id(relation.get("to_id"))
        return ends[::-1] if relation.get("direction") == "left" else ends

    def _id(self, given: Any) -> str:
        return self._prefix + a_name(given)


def _layer(given: Mapping[str, Any]) -> str:
    """Who made an annotation: by the name we gave, by address, by number, or the model."""
    by = given.get("annotator") or given.get("completed_by") or given.get("model_version")
    if isinstance(by, dict):
        by = by.get("email") or by.get("username") or by.get("id")
    return f"user {by}" if isinstance(by, int) else a_name(by)


def _labels(result: Result) -> list[str]:
    """The labels of a region; none if the result is something else."""
    kind, value = a_name(result.get("type")), result.get("value")
    labels = value.get(kind) if kind.endswith("labels") and isinstance(value, dict) else None
    return [one for one in labels if isinstance(one, str)] if isinstance(labels, list) else []


def _is_placed(region: Result) -> bool:
    """Whether its offsets are those of plain text; in HTML they are relative to an element."""
    value = region["value"]
    return all(
        type(value.get(edge)) is int for edge in ("start", "end")
    ) and "paragraph" not in str(region.get("type"))


def _answer(result: Result) -> Any:
    """What was chosen, written or counted; several choices are a list."""
    value = result.get("value")
    given = value.get(a_name(result.get("type"))) if isinstance(value, dict) else None
    if result.get("type") == "textarea" and isinstance(value, dict):
        given = value.get("text")
    if not isinstance(given, list) or len(given) != 1:
        return given
    is_ours = "__" in a_name(result.get("from_name"))
    return _TRUTH.get(given[0], given[0]) if is_ours and isinstance(given[0], str) else given[0]


def _meta(given: Mapping[str, Any]) -> dict[str, Any]:
    """What we said of a task, a region or a relation when we wrote it."""
    meta = given.get("meta")
    return ours(meta) if isinstance(meta, dict) else {}


def _note(region: Result) -> dict[str, str]:
    meta = region.get("meta")
    lines = meta.get("text") if isinstance(meta, dict) else None
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        return {"note": "\n".join(lines)}
    return {}
