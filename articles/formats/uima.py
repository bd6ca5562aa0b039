"""UIMA: a CAS of each article as XMI, with the type system that they share, in an archive.

Types are named so that INCEpTION takes them for layers of its own: spans, and relations from a
``Governor`` to a ``Dependent``. All our layers are in the one view, told apart by a feature.
UIMA counts UTF-16 code units; dkpro-cassis converts ours.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from articles.formats.shapes import About, AnnotationRecord, ArticleRecord
from articles.formats.zipped import zipped
from articles.text.spans import Span
from articles.text.tokens import sentences, tokens

_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type"
TOKEN, SENTENCE = f"{_DKPRO}.Token", f"{_DKPRO}.Sentence"
ARTICLE, BLOCK = "newsdesk.Article", "newsdesk.Block"
SPAN, RELATION, NAMED = "webanno.custom.Annotation", "webanno.custom.Relation", "newsdesk.Named"

_STRING, _INTEGER, _BOOLEAN = "uima.cas.String", "uima.cas.Integer", "uima.cas.Boolean"
_ANNOTATION = "uima.tcas.Annotation"
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

#: What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """``TypeSystem.xml``, and a file for each article, named by its id."""
    return zipped(_files(records))


def _files(records: Iterable[ArticleRecord]) -> Iterator[tuple[str, list[bytes]]]:
    types = _type_system()
    yield "TypeSystem.xml", [types.to_xml().encode()]
    for record in records:
        yield f"{record['id']}.xmi", [_cas(record, types).to_xmi().encode()]


def _type_system() -> Any:
    from cassis import TypeSystem  # takes half a second, for those who ask for it

    types = TypeSystem()
    for name in _FEATURES:
        types.create_type(name=name, supertypeName=_ANNOTATION)
    for name, features in _FEATURES.items():
        for feature, kind in features.items():
            types.create_feature(types.get_type(name), name=feature, rangeType=kind)
    return types


def _cas(record: ArticleRecord, types: Any) -> Any:
    from cassis import Cas

    text = record["text"]
    cas = Cas(typesystem=types, sofa_string=text, document_language=record["language"] or None)

    def add(kind: str, start: int, end: int, /, **features: Any) -> Any:
        given = {key: _writable(value) for key, value in features.items() if value is not None}
        made = types.get_type(kind)(begin=start, end=end, **given)
        cas.add(made)
        return made

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
    spans = {one["id"]: add(SPAN, one["start"], one["end"], **_features(one))
             for one in record["annotations"]}  # fmt: skip
    for relation in record["relations"]:
        source = spans[relation["from"]]
        said = {"identifier": relation["id"], "label": relation["type"], "Governor": source}
        if relation["to"] is None:
            add(NAMED, source.begin, source.end, name=relation["to_name"], **said)
        else:
            target = spans[relation["to"]]
            add(RELATION, target.begin, target.end, Dependent=target, **said)
    return cas


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


def _writable(value: Any) -> Any:
    return _UNWRITABLE.sub("\ufffd", value) if isinstance(value, str) else value
