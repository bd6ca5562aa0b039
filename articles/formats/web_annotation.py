"""W3C Web Annotations: one annotation as a document, a file of them, and such a file read.

A target names the article's current text as its ``source``, the revision's own text as what its
state has ``cached``, and the span twice, by position and by quote. All that the model has no word
for is said in words of Dublin Core and schema.org, whose prefixes its context has.

Source: W3C Web Annotation Data Model (2017).
"""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypedDict
from urllib.parse import quote

from articles.formats.shapes import About, AnnotationRecord, ArticleRecord, RelationRecord
from articles.formats.web_annotation_reader import read

__all__ = [
    "Addresses", "annotation_document", "creator", "generator", "read", "relation_document",
    "write",
]  # fmt: skip

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
#: Code points that a quote has before and behind it.
AROUND = 32
GOLD = "gold"
#: A key is in no language: "no linguistic content", as BCP 47 calls it.
NO_LANGUAGE = "zxx"


class SourceText(TypedDict):
    """What a target says of the text it is in; every ``ArticleRecord`` is one."""

    id: str
    text: str
    language: str
    revision: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """The IRIs of what is in a project; ``home`` has no slash at its end."""

    home: str
    project: str

    @property
    def about(self) -> str:
        return f"{self.home}/api/v1/projects/{self.project}"

    def annotation(self, key: str) -> str:
        return f"{self.home}/w3c/{self.project}/{key}"

    def label(self, key: str) -> str:
        return f"{self.about}/labels#{key}"

    def annotator(self, name: str) -> str:
        return f"{self.about}/members/{quote(name, safe='')}"

    def text(self, article: str) -> str:
        return f"{self.home}/api/v1/articles/{article}/text"


def annotation_document(
    source: SourceText,
    annotation: AnnotationRecord,
    at: Addresses,
    *,
    cached: str = "",
    revised_at: str = "",
) -> dict[str, Any]:
    """A span's label as an Annotation, without ``@context``, which a page says once for all.

    ``cached`` is where the revision's text can be had, and ``revised_at`` since when it is the
    article's. Without them the text is named by its own hash, and the moment is the one at which
    the annotation was last changed.
    """
    language = {"language": source["language"]} if source["language"] else {}
    text = {"id": at.text(source["id"]), "type": "Text", "format": "text/plain"} | language
    return {
        "id": at.annotation(annotation["id"]),
        "type": "Annotation",
        "motivation": "classifying",
        "creator": creator(annotation["annotator"], at),
        "created": annotation["created_at"],
        "modified": annotation["updated_at"],
        "generator": generator(at),
        "body": [
            _classifying(annotation["label"], at) | _properties(annotation["attributes"]),
            _tagging(annotation["label"]),
            *([_comment(annotation["note"])] if annotation["note"] else []),
        ],
        "target": {
            "type": "SpecificResource",
            "source": text,
            "selector": _selectors(source["text"], annotation["start"], annotation["end"]),
            "state": {
                "type": "TimeState",
                "sourceDate": revised_at or annotation["updated_at"],
                "cached": cached or named_by_hash(source["sha256"]),
                "schema:version": source["revision"],
                "schema:sha256": source["sha256"],
            },
        },
        "schema:version": annotation["version"],
    } | _properties({"origin": annotation["origin"], "unsure": annotation["unsure"]})


def relation_document(relation: RelationRecord, annotator: str, at: Addresses) -> dict[str, Any]:
    """A relation as an Annotation of the annotation that it comes from, without ``@context``."""
    if relation["to"] is None:
        end = {"type": "TextualBody", "purpose": "identifying", "value": relation["to_name"],
               "format": "text/plain"}  # fmt: skip
    else:
        end = {"type": "SpecificResource", "purpose": "linking",
               "source": at.annotation(relation["to"])}  # fmt: skip
    return {
        "id": at.annotation(relation["id"]),
        "type": "Annotation",
        "motivation": "linking",
        "creator": creator(annotator, at),
        "created": relation["created_at"],
        "generator": generator(at),
        "body": [end, _classifying(relation["type"], at), _tagging(relation["type"])],
        "target": at.annotation(relation["from"]),
        "schema:version": relation["version"],
    }


def named_by_hash(sha256: str) -> str:
    """The name of the bytes with this hash, wherever they are. Source: RFC 6920, ``ni`` URIs."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """One AnnotationCollection with one page, an item a line; needs memory for one article.

    The items of an article stand together, its relations last. The first has the article's text
    and what is known of it, so that the file can be read where the server cannot be asked.
    Articles without annotations are not in it.
    """
    at = Addresses(about.home, about.project)
    collection = f"{at.about}/export?format=w3c"
    page = f"{collection}#page"
    head: dict[str, Any] = {
        "@context": CONTEXT,
        "id": collection,
        "type": "AnnotationCollection",
        "label": about.name,
        "generator": generator(at),
    }
    first = {"id": page, "type": "AnnotationPage", "startIndex": 0,
             "partOf": {"id": collection, "type": "AnnotationCollection"}}  # fmt: skip
    yield _json(head)[:-1]
    total = 0
    modified = ""
    for record in records:
        for item in _items(record, at):
            yield b",\n" if total else b',"first":' + _json(first)[:-1] + b',"items":[\n'
            yield _json(item)
            total += 1
            modified = max(modified, item.get("modified", item["created"]))
    tail: dict[str, Any] = {"total": total}
    if total:
        yield b"\n]}"
        tail = {"last": page, "modified": modified, "total": total}
    yield b"," + _json(tail)[1:] + b"\n"


def _items(record: ArticleRecord, at: Addresses) -> Iterator[dict[str, Any]]:
    annotators: dict[str, str] = {}
    for annotation in record["annotations"]:
        document = annotation_document(record, annotation, at)
        if not annotators:
            document["target"]["source"]["dcterms:hasVersion"] = _article(record)
        annotators[annotation["id"]] = annotation["annotator"]
        yield document
    for relation in record["relations"]:
        yield relation_document(relation, annotators[relation["from"]], at)


def _article(record: ArticleRecord) -> dict[str, Any]:
    """The revision of an article that a file's annotations are about, with its text."""
    known = {
        "schema:headline": record["title"],
        "schema:url": record["url"],
        "schema:author": record["byline"],
        "schema:publisher": record["publisher"],
        "schema:datePublished": record["published_at"],
        "schema:inLanguage": record["language"],
        "schema:identifier": record["external_id"],
        "schema:about": record["story"],
    }
    return {
        "id": named_by_hash(record["sha256"]),
        "type": ["Text", "schema:NewsArticle"],
        "schema:articleBody": record["text"],
        "schema:version": record["revision"],
        "schema:sha256": record["sha256"],
    } | {key: value for key, value in known.items() if value}


def _selectors(text: str, start: int, end: int) -> list[dict[str, Any]]:
    """Two selectors of the same span; whoever cannot use one uses the other."""
    return [
        {"type": "TextPositionSelector", "start": start, "end": end},
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(0, start - AROUND) : start],
            "suffix": text[end : end + AROUND],
        },
    ]


def creator(annotator: str, at: Addresses) -> dict[str, Any]:
    """Who said so. The gold is nobody's in particular, so the whole project says it."""
    if annotator == GOLD:
        return {"id": at.about, "type": "Organization", "nickname": GOLD}
    return {"id": at.annotator(annotator), "type": "Person", "nickname": annotator}


def generator(at: Addresses) -> dict[str, Any]:
    """What made the document."""
    return {"id": f"{at.home}/", "type": "Software", "name": "Newsdesk"}


def _classifying(label: str, at: Addresses) -> dict[str, Any]:
    return {"type": "SpecificResource", "purpose": "classifying", "source": at.label(label)}


def _tagging(label: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": "tagging", "value": label, "format": "text/plain",
            "language": NO_LANGUAGE}  # fmt: skip


def _comment(note: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": "commenting", "value": note, "format": "text/plain"}


def _properties(values: dict[str, Any]) -> dict[str, Any]:
    """What was asked and answered, as schema.org has it; nothing if there is nothing."""
    if not values:
        return {}
    return {
        "schema:additionalProperty": [
            {"type": "schema:PropertyValue", "schema:name": key, "schema:value": values[key]}
            for key in sorted(values)
        ]
    }


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
