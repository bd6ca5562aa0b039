"""ClaimReview: the claims that were adjudicated, in the words of schema.org.

Each review is of one claim of the gold layer: what is claimed, in which article it appeared, and
whom it is attributed to. A rating is only there if somebody gave one: an attribute of the claim
that is called ``verdict`` or ``rating``.

Source: https://schema.org/ClaimReview, https://schema.org/Claim.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from articles.formats.shapes import About, AnnotationRecord, ArticleRecord
from articles.formats.web_annotation import GOLD, Addresses

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
        for claim in record["annotations"]:
            if claim["layer"] == GOLD and claim["label"] == CLAIM:
                yield before + _json(_review(record, claim, about, at))
                before = b",\n"
    yield b"\n]}\n"


def _review(
    record: ArticleRecord, claim: AnnotationRecord, about: About, at: Addresses
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
        }
        | _sources(record, claim),
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


def _sources(record: ArticleRecord, claim: AnnotationRecord) -> dict[str, Any]:
    """Who says so, and documents that say so."""
    annotations = {one["id"]: one for one in record["annotations"]}
    said: dict[str, list[dict[str, Any]]] = {}
    for relation in record["relations"]:
        if relation["from"] != claim["id"]:
            continue
        source = annotations.get(relation["to"] or "")
        if source is None:
            said.setdefault("author", []).append({"name": relation["to_name"]})
        elif source["label"] == SOURCE:
            kind = source["attributes"].get("kind")
            if kind == "document":
                document = {"@type": "CreativeWork", "name": source["quote"]}
                said.setdefault("isBasedOn", []).append(document)
            else:
                named = {"@type": _KINDS[kind]} if kind in _KINDS else {}
                said.setdefault("author", []).append(named | {"name": source["quote"]})
    return {key: one if len(one) > 1 else one[0] for key, one in said.items()}


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
