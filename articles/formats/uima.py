"""UIMA: a CAS of each article as XMI, with the type system that they share, in an archive.

Types are named so that INCEpTION takes them for layers of its own: spans, and relations from a
``Governor`` to a ``Dependent``. All our layers are in the one view, told apart by a feature.
UIMA counts UTF-16 code units.

The type system is written by dkpro-cassis, every CAS by ourselves: dkpro-cassis makes an object of
each token, and asks of each feature of each whether it is a list, which takes four times as long.
The bytes are those that it would write.

Source: Apache UIMA References, "XMI CAS Serialization Reference".
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from lxml import etree

from articles.formats.shapes import About, AnnotationRecord, ArticleRecord
from articles.formats.zipped import zipped
from articles.text.spans import Span
from articles.text.tokens import sentences, tokens

_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type"
TOKEN, SENTENCE = f"{_DKPRO}.Token", f"{_DKPRO}.Sentence"
ARTICLE, BLOCK = "newsdesk.Article", "newsdesk.Block"
SPAN, RELATION, NAMED = "webanno.custom.Annotation", "webanno.custom.Relation", "newsdesk.Named"

_STRING, _INTEGER, _BOOLEAN = "uima.cas.String", "uima.cas.Integer", "uima.cas.Boolean"
_ANNOTATION, DOCUMENT = "uima.tcas.Annotation", "uima.tcas.DocumentAnnotation"
#: The features of each type. A relation to a name that is not in the text is ``Named``.
_FEATURES = {
    TOKEN: {},
    SENTENCE: {},
    ARTICLE: {
        "identifier": _STRING, "externalId": _STRING, "title": _STRING, "url": _STRING,
        "publishedAt": _STRING, "revision": _INTEGER, "sha256": _STRING, "offsetUnit": _STRING,
    },
    BLOCK: {"kind": _STRING},
    SPAN: {
        "identifier": _STRING, "label": _STRING, "layer": _STRING, "attributes": _STRING,
        "note": _STRING, "unsure": _BOOLEAN, "origin": _STRING, "version": _INTEGER,
        "createdAt": _STRING, "updatedAt": _STRING,
    },
    RELATION: {"Governor": SPAN, "Dependent": SPAN, "identifier": _STRING, "label": _STRING},
    NAMED: {"Governor": SPAN, "identifier": _STRING, "label": _STRING, "name": _STRING},
}  # fmt: skip

#: Of types and of XMI itself: a package's last part is the prefix.
_NAMESPACES = {
    "xmi": "http://www.omg.org/XMI",
    "cas": "http:///uima/cas.ecore",
    "tcas": "http:///uima/tcas.ecore",
    "newsdesk": "http:///newsdesk.ecore",
    "type": "http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore",
    "custom": "http:///webanno/custom.ecore",
}
#: Ids of the one text, and of the first thing that is said about it.
_SOFA, _FIRST = "1", 2


def _named(name: str) -> str:
    """A type, or another name, as XML has it."""
    prefix, local = name.split(".")[-2:]
    return f"{{{_NAMESPACES[prefix]}}}{local}"


_ID = _named("xmi.id")
_TAGS = {kind: _named(kind) for kind in (DOCUMENT, *_FEATURES)}
#: What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """``TypeSystem.xml``, and a file for each article, named by its id."""
    return zipped(_files(records))


def _files(records: Iterable[ArticleRecord]) -> Iterator[tuple[str, list[bytes]]]:
    yield "TypeSystem.xml", [_type_system().encode()]
    for record in records:
        yield f"{record['id']}.xmi", [_cas(record)]


def _type_system() -> str:
    from cassis import TypeSystem

    types = TypeSystem()
    for name in _FEATURES:
        types.create_type(name=name, supertypeName=_ANNOTATION)
    for name, features in _FEATURES.items():
        for feature, kind in features.items():
            types.create_feature(types.get_type(name), name=feature, rangeType=kind)
    xml: str = types.to_xml()
    return xml


def _cas(record: ArticleRecord) -> bytes:
    text = record["text"]
    units = [0, *accumulate(1 + (character > "\uffff") for character in text)]
    root = etree.Element(_named("xmi.XMI"), {_named("xmi.version"): "2.0"}, nsmap=_NAMESPACES)
    etree.SubElement(root, _named("cas.NULL"), {_ID: "0"})
    members: list[str] = []

    def add(kind: str, start: int, end: int, /, **features: Any) -> str:
        """The id of what was added."""
        key = str(_FIRST + len(members))
        members.append(key)
        place = {_ID: key, "sofa": _SOFA, "begin": str(units[start]), "end": str(units[end])}
        given = {name: _told(value) for name, value in features.items() if value is not None}
        etree.SubElement(root, _TAGS[kind], place | given)
        return key

    if record["language"]:
        add(DOCUMENT, 0, 0, language=record["language"])
    add(ARTICLE, 0, len(text), identifier=record["id"], externalId=record["external_id"],
        title=record["title"], url=record["url"], publishedAt=record["published_at"],
        revision=record["revision"], sha256=record["sha256"],
        offsetUnit="utf_16_code_unit")  # fmt: skip
    for block in record["blocks"]:
        add(BLOCK, block["start"], block["end"], kind=block["kind"])
    for sentence in _sentences(record):
        add(SENTENCE, sentence[0].start, sentence[-1].end)
        for token in sentence:
            add(TOKEN, token.start, token.end)
    spans = {one["id"]: one for one in record["annotations"]}
    keys = {one["id"]: add(SPAN, one["start"], one["end"], **_features(one))
            for one in record["annotations"]}  # fmt: skip
    for relation in record["relations"]:
        said = {"identifier": relation["id"], "label": relation["type"]}
        governor = keys[relation["from"]]
        if relation["to"] is None:
            source = spans[relation["from"]]
            add(NAMED, source["start"], source["end"], Governor=governor, **said,
                name=relation["to_name"])  # fmt: skip
        else:
            target = spans[relation["to"]]
            add(RELATION, target["start"], target["end"], Governor=governor,
                Dependent=keys[relation["to"]], **said)  # fmt: skip
    sofa = {_ID: _SOFA, "sofaNum": "1", "sofaID": "_InitialView", "mimeType": "text/plain"}
    etree.SubElement(root, _named("cas.Sofa"), sofa | {"sofaString": text})
    etree.SubElement(root, _named("cas.View"), {"sofa": _SOFA, "members": " ".join(members)})
    etree.cleanup_namespaces(root)
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return xml


def _sentences(record: ArticleRecord) -> list[list[Span]]:
    text = record["text"]
    spans = [Span(one["start"], one["end"]) for one in record["annotations"]]
    found = tokens(text, (edge for span in spans for edge in (span.start, span.end)))
    return sentences(text, found, spans, (block["start"] for block in record["blocks"]))


def _features(annotation: AnnotationRecord) -> dict[str, Any]:
    """What is said of a span; attributes are one JSON object, because they differ by label."""
    return {
        "identifier": annotation["id"],
        "label": annotation["label"],
        "layer": annotation["layer"],
        "attributes": json.dumps(annotation["attributes"], sort_keys=True),
        "note": annotation["note"] or None,
        "unsure": annotation["unsure"],
        "origin": annotation["origin"],
        "version": annotation["version"],
        "createdAt": annotation["created_at"],
        "updatedAt": annotation["updated_at"],
    }


def _told(value: str | int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _UNWRITABLE.sub("\ufffd", str(value))
