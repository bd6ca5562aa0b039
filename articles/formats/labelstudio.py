"""Label Studio's JSON: an array of tasks, each a text with what every annotator found in it.

A region is a result of its own for its labels and one more for each answer about it, all with the
region's id. Offsets count code points; older versions of Label Studio counted UTF-16 units, which
the quote of each region tells.

Source: https://labelstud.io/guide/task_format and https://labelstud.io/guide/export.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from articles.formats.labelstudio_reader import read
from articles.formats.shapes import About, AnnotationRecord, ArticleRecord, RelationRecord
from articles.formats.stated import (
    NEWSDESK,
    about_annotation,
    about_article,
    about_relation,
)
from articles.formats.works import Work, works_of

__all__ = ["read", "write"]

#: What the tags are called by which a region is labelled, and the text is shown.
LABEL, TEXT = "label", "text"
#: The choices of an attribute that is true or false.
TRUTH = ["false", "true"]


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """A task for each article, with an annotation for each layer.

    An annotator is named in ``annotator``, not in ``completed_by``: Label Studio refuses a whole
    import for one name there that it does not know.
    """
    kinds = {
        tag_name(label.key, attribute["key"]): attribute["type"]
        for label in about.labels
        for attribute in label.attributes
    }
    before = "["
    for number, record in enumerate(records, 1):
        task = {"id": number, **_task(record, kinds)}
        yield f"{before}\n{json.dumps(task, ensure_ascii=False)}".encode()
        before = ","
    yield b"[]\n" if before == "[" else b"\n]\n"


def tag_name(label: str, attribute: str) -> str:
    """What the tag is called that asks for ``attribute``, which other labels may ask for too."""
    return f"{label}__{attribute}"


def _task(record: ArticleRecord, kinds: Mapping[str, str]) -> dict[str, Any]:
    return {
        "data": {TEXT: record["text"], "title": record["title"]},
        "meta": {NEWSDESK: about_article(record)},
        "annotations": [_annotation(work, kinds) for work in works_of(record)],
        "predictions": [],
    }


def _annotation(work: Work, kinds: Mapping[str, str]) -> dict[str, Any]:
    named = work.to_names()
    result = [
        line
        for region in work.annotations
        for line in _region(region, named.get(region["id"], []), kinds)
    ]
    result += [_relation(one) for one in work.relations if one["to"] is not None]
    return {
        "annotator": work.layer,
        "result": result,
        "was_cancelled": False,
        "ground_truth": False,
    }


def _region(
    annotation: AnnotationRecord, named: Iterable[RelationRecord], kinds: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The label of a region, and its attributes, each as an answer about that region.

    ``named`` are its relations to names: there, a relation joins two regions.
    """
    place = {"start": annotation["start"], "end": annotation["end"]}
    common = {"id": annotation["id"], "to_name": TEXT, "origin": "manual"}
    yield common | {
        "from_name": LABEL,
        "type": "labels",
        "value": place | {"text": annotation["quote"], "labels": [annotation["label"]]},
        "meta": _meta(annotation, named),
    }
    for key, value in annotation["attributes"].items():
        name = tag_name(annotation["label"], key)
        kind, answer = _answer(value, kinds.get(name))
        yield common | {"from_name": name, "type": kind, "value": place | answer}


def _meta(annotation: AnnotationRecord, named: Iterable[RelationRecord]) -> dict[str, Any]:
    """What a region has beside its span and label. Label Studio shows ``text`` as its note."""
    more = about_annotation(annotation)
    if named:
        more["relations"] = [
            {"id": one["id"], "type": one["type"], "to_name": one["to_name"], **about_relation(one)}
            for one in named
        ]
    return {NEWSDESK: more} | ({"text": [annotation["note"]]} if annotation["note"] else {})


def _answer(value: Any, kind: str | None) -> tuple[str, dict[str, Any]]:
    """The type of the result for an attribute of ``kind``, and how it has ``value``."""
    if isinstance(value, bool):
        return "choices", {"choices": [TRUTH[value]]}
    if isinstance(value, str):
        return (
            ("textarea", {"text": [value]}) if kind == "text" else ("choices", {"choices": [value]})
        )
    return "number", {"number": value}


def _relation(relation: RelationRecord) -> dict[str, Any]:
    return {
        "type": "relation",
        "from_id": relation["from"],
        "to_id": relation["to"],
        "direction": "right",
        "labels": [relation["type"]],
        "meta": {NEWSDESK: {"id": relation["id"], **about_relation(relation)}},
    }
