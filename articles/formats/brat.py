"""brat's standoff format: a ZIP archive with a text and its annotations for each layer.

``layer/article.txt`` is the text, ``layer/article.ann`` what the layer has on it, line by line, in
code points. What brat has no lines for is said in notes of a type of our own, and of the article
in ``newsdesk/article.json``. ``annotation.conf`` tells brat of the labels.

Source: https://brat.nlplab.org/standoff.html and https://brat.nlplab.org/configuration.html.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from articles.formats.brat_lines import NOTE, OURS
from articles.formats.brat_reader import BESIDE, file_name, read
from articles.formats.shapes import About, AnnotationRecord, ArticleRecord, RelationRecord
from articles.formats.stated import about_annotation, about_article, about_relation
from articles.formats.works import NOBODY, Work, works_of
from articles.formats.zipped import zipped

__all__ = ["read", "write"]

type Piece = tuple[int, int]

#: The folder of articles that nobody worked on.
TEXTS = "texts"


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """A folder for each layer, and one for articles without any."""
    return zipped(_files(records, about))


def _files(records: Iterable[ArticleRecord], about: About) -> Iterator[tuple[str, list[bytes]]]:
    yield "annotation.conf", [_configuration(about).encode()]
    for record in records:
        name = file_name(record["id"])
        folders = {}
        for work in works_of(record) or NOBODY:
            folder = TEXTS
            if work.layer:
                folder = file_name(work.layer)
                folders[folder] = work.layer
            yield f"{folder}/{name}.txt", [record["text"].encode()]
            yield f"{folder}/{name}.ann", [line.encode() for line in _lines(record["text"], work)]
        beside = about_article(record) | {"folders": folders}
        yield f"{BESIDE}/{name}.json", [json.dumps(beside).encode()]


def _lines(text: str, work: Work) -> Iterator[str]:
    """What a layer says, line by line; what is about another line comes behind it."""
    ids = {one["id"]: f"T{at}" for at, one in enumerate(work.annotations, 1)}
    named = work.to_names()
    attributes, notes, joins = count(1), count(1), count(1)
    for one in work.annotations:
        key, pieces = ids[one["id"]], _pieces(text, one)
        yield f"{key}\t{one['label']} {_place(text, pieces)}\n"
        for name, value in one["attributes"].items():
            if _is_told(value):
                told = "" if value is True else f" {value}"
                yield f"A{next(attributes)}\t{name} {key}{told}\n"
        if one["note"]:
            yield f"#{next(notes)}\t{NOTE} {key}\t{_in_one_line(one['note'])}\n"
        more = _more(one, pieces, named.get(one["id"], []))
        yield f"#{next(notes)}\t{OURS} {key}\t{json.dumps(more)}\n"
    for relation in work.relations:
        if relation["to"] is not None:
            key = f"R{next(joins)}"
            ends = f"Arg1:{ids[relation['from']]} Arg2:{ids[relation['to']]}"
            more = {"id": relation["id"], **about_relation(relation)}
            yield f"{key}\t{relation['type']} {ends}\n"
            yield f"#{next(notes)}\t{OURS} {key}\t{json.dumps(more)}\n"


def _place(text: str, pieces: Sequence[Piece]) -> str:
    """Offsets and words of a span."""
    offsets = ";".join(f"{start} {end}" for start, end in pieces)
    words = " ".join(_in_one_line(text[start:end]) for start, end in pieces)
    return f"{offsets}\t{words}"


def _pieces(text: str, annotation: AnnotationRecord) -> list[Piece]:
    """The parts of a span, one for each line of the text, because brat's spans end with it."""
    at, pieces = annotation["start"], []
    for line in text[at : annotation["end"]].split("\n"):
        if line:
            pieces.append((at, at + len(line)))
        at += len(line) + 1
    return pieces or [(annotation["start"], annotation["end"])]


def _more(
    annotation: AnnotationRecord, pieces: Sequence[Piece], named: Sequence[RelationRecord]
) -> dict[str, Any]:
    """What brat's lines do not say of ``annotation``, or not exactly; ``named`` are its relations
    to what is not in the text."""
    more = {"id": annotation["id"], **about_annotation(annotation)}
    if (pieces[0][0], pieces[-1][1]) != (annotation["start"], annotation["end"]):
        more |= {"start": annotation["start"], "end": annotation["end"]}
    untold = {key: one for key, one in annotation["attributes"].items() if not _is_told(one)}
    if untold:
        more["attributes"] = untold
    if named:
        more["relations"] = named
    return more


def _is_told(value: Any) -> bool:
    """Whether brat has a line for this value of an attribute: one word, or none for what is so."""
    return value is True or (isinstance(value, str) and value.split() == [value])


def _in_one_line(words: str) -> str:
    return words.replace("\n", " ").replace("\t", " ")


def _configuration(about: About) -> str:
    """The labels, what may join what, and attributes with their values."""
    spans = [label.key for label in about.labels if label.kind == "span"]
    relations = [label.key for label in about.labels if label.kind == "relation"]
    lines = ["[entities]", *spans, "", "[relations]"]
    lines += [f"{key}\tArg1:<ENTITY>, Arg2:<ENTITY>" for key in relations]
    lines += ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "", "[events]", ""]
    lines.append("[attributes]")
    for key, (asking, values) in _attributes(about).items():
        choices = f", Value:{'|'.join(values)}" if values else ""
        lines.append(f"{key}\tArg:{'|'.join(asking)}{choices}")
    return "\n".join(lines) + "\n"


def _attributes(about: About) -> Mapping[str, tuple[list[str], list[str]]]:
    """Of each attribute that brat can have: the labels that ask for it, and its values."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for label in about.labels:
        for attribute in label.attributes:
            if label.kind == "span" and attribute["type"] in ("choice", "boolean"):
                asking, values = found.setdefault(attribute["key"], ([], []))
                asking.append(label.key)
                choices = attribute.get("choices") or []
                values += [one for one in choices if _is_told(one) and one not in values]
    return found
