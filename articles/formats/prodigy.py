"""Prodigy's JSON lines: an example a line, as ``prodigy db-out`` has it, by one annotator each.

Offsets count code points. Spans have the tokens that they are made of, because Prodigy's interface
selects tokens; ours are cut at the edges of every span.

Source: https://prodi.gy/docs/api-interfaces, spans_manual and relations.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

from articles.formats.foreign import a_name, a_number, a_text, an_object, objects
from articles.formats.pieces import Piece, read_lines
from articles.formats.settling import Joined, Marked
from articles.formats.shapes import About, ArticleRecord, Found, RelationRecord
from articles.formats.stated import (
    NEWSDESK,
    about_article,
    about_relation,
    all_about_annotation,
    annotation_fields,
    article_fields,
    ours,
    relation_fields,
    stated_relation,
)
from articles.formats.works import NOBODY, Work, works_of
from articles.text.spans import Span
from articles.text.tokens import spaced

type Token = dict[str, Any]
#: What a rejected example says is that its spans are wrong; an ignored one says nothing.
_NO_ANSWER = {"reject": "rejected", "ignore": "ignored"}


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """An accepted example for each layer; for an article without any, one without an answer."""
    for record in records:
        cut = _tokens(record)
        for work in works_of(record) or NOBODY:
            example = _example(record, work, cut)
            yield json.dumps(example, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _example(record: ArticleRecord, work: Work, cut: list[Token]) -> dict[str, Any]:
    first = {token["start"]: token["id"] for token in cut}
    last = {token["end"]: token["id"] for token in cut}
    spans: dict[str | None, dict[str, Any]] = {
        one["id"]: {
            "start": one["start"],
            "end": one["end"],
            "label": one["label"],
            "token_start": first[one["start"]],
            "token_end": last[one["end"]],
        }
        for one in work.annotations
    }
    joins = [_relation(one, spans) for one in work.relations if one["to"] is not None]
    named = [one for one in work.relations if one["to"] is None]
    return {
        "text": record["text"],
        "meta": {"title": record["title"]},
        "tokens": cut,
        "spans": [
            spans[one["id"]]
            | {
                "id": one["id"],
                "text": one["quote"],
                NEWSDESK: all_about_annotation(one),
            }
            for one in work.annotations
        ],
        "relations": joins,
        "_view_id": "relations" if joins else "spans_manual",
        **({"answer": "accept", "_annotator_id": work.layer} if work.layer else {}),
        NEWSDESK: about_article(record) | ({"relations": named} if named else {}),
    }


def _relation(relation: RelationRecord, spans: Mapping[str | None, Any]) -> dict[str, Any]:
    """A relation, which Prodigy draws from the last token of one span to that of the other."""
    head, child = spans[relation["from"]], spans[relation["to"]]
    return {
        "head": head["token_end"],
        "child": child["token_end"],
        "label": relation["type"],
        "head_span": head,
        "child_span": child,
        NEWSDESK: {"id": relation["id"], **about_relation(relation)},
    }


def _tokens(record: ArticleRecord) -> list[Token]:
    text = record["text"]
    spans = [Span(one["start"], one["end"]) for one in record["annotations"]]
    return [
        {"text": token.text_in(text), "start": token.start, "end": token.end, "id": at, "ws": space}
        for at, (token, space) in enumerate(spaced(text, spans))
    ]


def read(file: BinaryIO) -> Iterator[Found]:
    """The examples of a file. Those of one text that follow one another are one article.

    ``prodigy db-out`` has them in the order of the answers: sorted by ``_input_hash`` first, all
    annotators of a text come together.
    """
    return read_lines(file, _read_example, "An example")


def _read_example(number: int, example: dict[str, Any]) -> Piece:
    text = a_text(example.get("text"), "An example's “text”")
    layer = a_name(example.get("_annotator_id") or example.get("_session_id"))
    answer = a_name(example.get("answer"))
    said = []
    marks: list[Marked] = []
    joins: list[Joined] = []
    if answer in _NO_ANSWER:
        said = [f"An example was {_NO_ANSWER[answer]} in Prodigy; its spans were left out."]
    else:
        spans = objects(example.get("spans"), "spans")
        marks = [
            _mark(one, f"spans[{at}]", f"{number}/{at}", layer) for at, one in enumerate(spans)
        ]
        joins, lost = _joins(number, example, marks)
        if lost:
            said = [f"Relations between tokens that have no label were left out: {lost}."]
    fields = article_fields(ours(example)) or _fields(example, layer)
    article = a_name(fields.get("id"))
    return Piece(number, text, layer, marks, joins, article, fields, said=said)


def _mark(span: dict[str, Any], name: str, key: str, layer: str) -> Marked:
    more = ours(span)
    return Marked(
        label=a_text(span.get("label"), f"{name}.label"),
        start=a_number(span.get("start"), f"{name}.start"),
        end=a_number(span.get("end"), f"{name}.end"),
        quote=span["text"] if isinstance(span.get("text"), str) else None,
        id=a_name(span.get("id")) or key,
        layer=layer,
        attributes=an_object(more.get("attributes", {}), f"{name}.attributes"),
        more=annotation_fields(more),
    )


def _joins(
    number: int, example: Mapping[str, Any], marks: list[Marked]
) -> tuple[list[Joined], int]:
    """The relations between ``marks``, and how many others there are."""
    ids = {f"{one.start} {one.end} {one.label}": one.id for one in marks}
    joins = []
    relations = objects(example.get("relations"), "relations")
    for at, one in enumerate(relations):
        source, target = (
            ids.get(f"{end.get('start')} {end.get('end')} {end.get('label')}")
            for end in (
                an_object(one.get(key), f"relations[{at}].{key}")
                for key in ("head_span", "child_span")
            )
        )
        if source and target:
            more = ours(one)
            key = a_name(more.get("id")) or f"{number}/{at}"
            label = a_name(one.get("label"))
            joins.append(Joined(label, source, target, id=key, more=relation_fields(more)))
    lost = len(relations) - len(joins)
    for one in objects(ours(example).get("relations"), "relations"):
        join = replace(stated_relation(one), target=None)
        if join.source in ids.values():
            joins.append(join)
    return joins, lost


def _fields(example: Mapping[str, Any], layer: str) -> dict[str, Any]:
    """The fields of a record of an example that is not from here."""
    meta = example.get("meta")
    fields: dict[str, Any] = {"metadata": meta if isinstance(meta, dict) else {}}
    if layer and example.get("answer"):
        fields["layers"] = [{"name": layer, "submitted_at": _time(example.get("_timestamp"))}]
    return fields


def _time(seconds: Any) -> str | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return None
