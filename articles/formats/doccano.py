"""doccano's JSON lines: a text with its labels a line, and one line for each annotator.

doccano counts as JavaScript does, UTF-16 units, in every line that it exports; programs around it
count code points. Its lines say neither, and quote nothing: ours state it, and of others the one is
taken by which spans begin and end with words.

Source: doccano's documentation (docs/dataset.md) and its issue 2290 on what is counted.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, cast

from articles.formats.foreign import Malformed, a_list, a_name, a_number, an_object, objects
from articles.formats.pieces import Piece, read_lines
from articles.formats.settling import Joined, Marked, Unit
from articles.formats.shapes import About, AnnotationRecord, ArticleRecord, Found, RelationRecord
from articles.formats.stated import (
    NEWSDESK,
    about_article,
    all_about_annotation,
    annotation_fields,
    article_fields,
    ours,
    stated_relation,
)
from articles.formats.works import NOBODY, Work, works_of

_TEXTS = ("text", "data")
#: Where versions of doccano have had what was annotated.
_SPANS = ("label", "labels", "entities", "annotations")
_NO_METADATA = {*_TEXTS, *_SPANS, "relations", "meta", "metadata", "user", "username", NEWSDESK}


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """A line for each layer; for an article without any, one line.

    With the option ``for`` as ``relations`` the lines are for doccano's projects with relations;
    otherwise for those without, and relations are only in what we state beside. With ``offsets``
    as ``utf_16`` they count what doccano itself counts.
    """
    for record in records:
        for work in works_of(record) or NOBODY:
            line = _line(record, work, about.options)
            yield json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _line(record: ArticleRecord, work: Work, options: Mapping[str, str]) -> dict[str, Any]:
    unit = options.get("offsets", "code_point")
    spans = [
        (start, end, one["label"], one["id"])
        for one, (start, end) in zip(
            work.annotations, _counted(record["text"], work.annotations, unit), strict=True
        )
    ]
    beside = about_article(record) | {"offset_unit": unit}
    if work.layer:
        beside["layer"] = work.layer
    beside["annotations"] = [
        {"start": start, "end": end, "label": label, "id": key} | all_about_annotation(one)
        for (start, end, label, key), one in zip(spans, work.annotations, strict=True)
    ]
    beside["relations"] = work.relations
    if options.get("for") == "relations":
        said = _entities(spans, work.relations)
    else:
        said = {"label": [[start, end, label] for start, end, label, _ in spans]}
    return {"text": record["text"], **said, NEWSDESK: beside}


def _counted(
    text: str, annotations: Iterable[AnnotationRecord], unit: str
) -> Iterator[tuple[int, int]]:
    """The offsets of ``annotations`` in ``unit``; what UTF-16 has in two units counts twice."""
    of_two = [at for at, one in enumerate(text) if one > "\uffff"] if unit == "utf_16" else []
    for one in annotations:
        start, end = one["start"], one["end"]
        yield start + bisect_left(of_two, start), end + bisect_left(of_two, end)


def _entities(
    spans: Iterable[tuple[int, int, str, str]], relations: Iterable[RelationRecord]
) -> dict[str, Any]:
    """Spans and relations as projects with relations have them; there, ids are numbers."""
    numbers: dict[str | None, int] = {}
    entities = []
    for number, (start, end, label, key) in enumerate(spans, 1):
        numbers[key] = number
        entities.append({"id": number, "label": label, "start_offset": start, "end_offset": end})
    joins = [
        {
            "id": number,
            "from_id": numbers[one["from"]],
            "to_id": numbers[one["to"]],
            "type": one["type"],
        }
        for number, one in enumerate(relations, 1)
        if one["to"] is not None
    ]
    return {"entities": entities, "relations": joins}


def read(file: BinaryIO) -> Iterator[Found]:
    """The lines of any version of doccano, and those that are made for it."""
    return read_lines(file, _read_line, "A line")


def _read_line(number: int, line: dict[str, Any]) -> Piece:
    key = next((key for key in _TEXTS if isinstance(line.get(key), str)), None)
    if key is None:
        raise Malformed("A line needs a string “text”.")
    beside = ours(line)
    known = {_place(one): one for one in objects(beside.get("annotations"), "annotations")}
    layer = a_name(beside.get("layer") or line.get("username") or line.get("user"))
    marks: list[Marked] = []
    ids: dict[str, str] = {}
    for local, span in _spans(line):
        more = known.get(_place(span), {})
        mark = Marked(
            label=span["label"],
            start=span["start"],
            end=span["end"],
            id=a_name(more.get("id")) or f"{number}/{local}",
            layer=layer or span["user"],
            attributes=an_object(more.get("attributes", {}), "attributes"),
            more=annotation_fields(more),
        )
        ids[local] = mark.id
        marks.append(mark)
    is_export = "Comments" in line or any("start_offset" in str(one) for one in line.values())
    fields = article_fields(beside) or {"metadata": _metadata(line)}
    return Piece(
        number=number,
        text=line[key],
        layer=layer,
        marks=marks,
        joins=_joins(number, line, beside, ids),
        article=a_name(fields.get("id")),
        fields=fields,
        usual="utf_16" if is_export else "code_point",
        stated=_unit(beside),
    )


def _spans(line: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each span with the id that relations call it by: in triples, or as objects."""
    for key in _SPANS:
        for at, one in enumerate(a_list(line.get(key), key)):
            name = f"{key}[{at}]"
            if isinstance(one, list) and len(one) == 3:
                given = dict(zip(("start_offset", "end_offset", "label"), one, strict=True))
            else:
                given = an_object(one, name)
            yield (
                a_name(given.get("id", f"{key}/{at}")),
                {
                    "start": a_number(given.get("start_offset"), f"{name}.start_offset"),
                    "end": a_number(given.get("end_offset"), f"{name}.end_offset"),
                    "label": a_name(given.get("label")),
                    "user": f"user {given['user']}" if "user" in given else "",
                },
            )


def _place(span: Mapping[str, Any]) -> str:
    return f"{span.get('start')} {span.get('end')} {span.get('label')}"


def _joins(
    number: int, line: Mapping[str, Any], beside: Mapping[str, Any], ids: Mapping[str, str]
) -> list[Joined]:
    """The relations that the line itself has; and ours, where it has no place for them."""
    joins = [
        Joined(
            a_name(one.get("type")),
            ids.get(a_name(one.get("from_id")), ""),
            ids.get(a_name(one.get("to_id")), ""),
            id=f"{number}/{a_name(one.get('id'))}",
        )
        for one in objects(line.get("relations"), "relations")
    ]
    marked = set(ids.values())
    for one in objects(beside.get("relations"), "relations"):
        join = stated_relation(one)
        is_said_beside = join.target is None or (join.target in marked and "relations" not in line)
        if join.source in marked and is_said_beside:
            joins.append(join)
    return joins


def _unit(beside: Mapping[str, Any]) -> Unit | None:
    unit = beside.get("offset_unit")
    return cast(Unit, unit) if unit in ("code_point", "utf_16") else None


def _metadata(line: Mapping[str, Any]) -> dict[str, Any]:
    """What else the line says; doccano mixes it with its own fields."""
    metadata = {key: value for key, value in line.items() if key not in _NO_METADATA and value}
    for key in ("meta", "metadata"):
        if isinstance(line.get(key), dict):
            metadata |= line[key]
    return metadata
