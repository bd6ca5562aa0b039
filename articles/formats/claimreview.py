"""ClaimReview: the claims that were adjudicated, in the words of schema.org.

Each review is of one claim of the gold layer: what is claimed, in which article it appeared, and
whom it is attributed to. A rating is only there if somebody gave one: an attribute of the claim
that is called ``verdict`` or ``rating``.

Source: https://schema.org/ClaimReview, https://schema.org/Claim.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from articles.formats.shapes import About, AnnotationRecord, ArticleRecord, RelationRecord
from articles.formats.web_annotation import GOLD, Addresses
from articles.formats.works import Work, works_of

CONTEXT = "https://schema.org/"
CLAIM, SOURCE = "claim", "source"
#: What a source's attribute ``kind`` is there; an anonymous one is somebody, and no more is said.
_KINDS = {"person": "Person", "organisation": "Organization"}


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """One graph with a review a line, in reading order; needs memory for one article."""
    yield f'{{"@context":"{CONTEXT}","@graph":['.encode()
    before = b"\n"
    at = Addresses(about.home, about.project)
    for record in records:
        for review in _reviews(record, about, at):
            yield before + _json(review)
            before = b",\n"
    yield b"\n]}\n"


def _reviews(record: ArticleRecord, about: About, at: Addresses) -> Iterator[dict[str, Any]]:
    for gold in (work for work in works_of(record) if work.layer == GOLD):
        sources = _sources(gold)
        for claim in gold.annotations:
            if claim["label"] == CLAIM:
                yield _review(record, claim, sources.get(claim["id"], {}), about, at)


def _review(
    record: ArticleRecord,
    claim: AnnotationRecord,
    sources: Mapping[str, Any],
    about: About,
    at: Addresses,
) -> dict[str, Any]:
    review = {
        "@type": "ClaimReview",
        "@id": at.annotation(claim["id"]),
        "url": at.annotation(claim["id"]),
        "claimReviewed": claim["quote"],
        "datePublished": claim["updated_at"],
        "author": {"@type": "Organization", "name": about.name},
        "itemReviewed": {
            "@type": "Claim",
            "text": claim["quote"],
            "appearance": _article(record, at),
            **sources,
        },
    }
    rating = _rating(claim)
    return review | ({"reviewRating": rating} if rating else {})


def _article(record: ArticleRecord, at: Addresses) -> dict[str, Any]:
    """Where the claim appeared, and which text of it was read."""
    known: dict[str, Any] = {
        "headline": record["title"],
        "url": record["url"],
        "datePublished": record["published_at"],
        "inLanguage": record["language"],
        "identifier": record["external_id"],
    }
    for key, kind in (("author", "Person"), ("publisher", "Organization")):
        name = record["byline"] if key == "author" else record["publisher"]
        known[key] = {"@type": kind, "name": name} if name else None
    return {
        "@type": "NewsArticle",
        "version": record["revision"],
        "encoding": {
            "@type": "TextObject",
            "url": at.text(record["id"]),
            "encodingFormat": "text/plain",
            "sha256": record["sha256"],
        },
    } | {key: value for key, value in known.items() if value}


def _sources(gold: Work) -> dict[str, dict[str, Any]]:
    """Who says so, and documents that say so, by the annotation that it is said of."""
    annotations = {one["id"]: one for one in gold.annotations}
    said: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for relation in gold.relations:
        kind, source = _source(relation, annotations)
        said.setdefault(relation["from"], {}).setdefault(kind, []).append(source)
    return {
        key: {kind: one if len(one) > 1 else one[0] for kind, one in sources.items() if kind}
        for key, sources in said.items()
    }


def _source(
    relation: RelationRecord, annotations: Mapping[str, AnnotationRecord]
) -> tuple[str, dict[str, Any]]:
    """As what a claim names the end of a relation, which is nothing unless it is a source."""
    if relation["to"] is None:
        return "author", {"name": relation["to_name"]}
    source = annotations[relation["to"]]
    if source["label"] != SOURCE:
        return "", {}
    kind = source["attributes"].get("kind")
    if kind == "document":
        return "isBasedOn", {"@type": "CreativeWork", "name": source["quote"]}
    named = {"@type": _KINDS[kind]} if kind in _KINDS else {}
    return "author", named | {"name": source["quote"]}


def _rating(claim: AnnotationRecord) -> dict[str, Any] | None:
    """A verdict in words or a number, as one of the claim's attributes has it."""
    for key in ("verdict", "rating"):
        value = claim["attributes"].get(key)
        if isinstance(value, str):
            return {"@type": "Rating", "alternateName": value}
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"@type": "Rating", "ratingValue": value}
    return None


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
