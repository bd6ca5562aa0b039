"""ClaimReview: adjudicated claims, read by a JSON-LD processor."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from pyld import jsonld

from articles.formats.claimreview import CONTEXT, write
from articles.formats.shapes import ArticleRecord
from tests.formats.drawn import (
    ABOUT,
    annotation_record,
    article_record,
    records,
    relation_record,
)

TEXT = "📰 Quay opens. The work cost 2.4 million, says the port. Zoë Hart agrees."


def reviews(*records: ArticleRecord) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(b"".join(write(records, ABOUT)))["@graph"]
    return found


def on(words: str, label: str = "claim", who: str = "gold", **attributes: Any) -> Any:
    start = TEXT.index(words)
    return annotation_record(TEXT, start, start + len(words), label, who, attributes=attributes)


def schema_org(url: str, options: dict[str, Any]) -> dict[str, Any]:
    """What a processor needs of schema.org's context: every word is one of its own."""
    assert url == CONTEXT
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url,
            "document": {"@context": {"@vocab": CONTEXT}}}  # fmt: skip


def test_a_review_says_what_is_claimed_where_and_by_whom() -> None:
    claim = on("The work cost 2.4 million", verdict="half true")
    source = on("the port", "source", kind="organisation")
    record = article_record(TEXT, [claim, source], [relation_record(claim, source)])

    (review,) = reviews(record)

    at = f"https://desk.example/w3c/east-quay/{claim['id']}"
    assert review == {
        "@type": "ClaimReview",
        "@id": at,
        "url": at,
        "claimReviewed": "The work cost 2.4 million",
        "datePublished": "2026-11-23T10:00:00.000000Z",
        "author": {"@type": "Organization", "name": "East Quay"},
        "itemReviewed": {
            "@type": "Claim",
            "text": "The work cost 2.4 million",
            "appearance": {
                "@type": "NewsArticle",
                "headline": "Quay opens 🏗️",
                "url": "https://news.example/1",
                "author": {"@type": "Person", "name": "Zoë Hart"},
                "publisher": {"@type": "Organization", "name": "The Pilot"},
                "datePublished": "2026-11-20T08:00:00.000000Z",
                "inLanguage": "en",
                "identifier": "cms-1",
                "version": 2,
                "encoding": {
                    "@type": "TextObject",
                    "url": f"https://desk.example/api/v1/articles/{record['id']}/text",
                    "encodingFormat": "text/plain",
                    "sha256": record["sha256"],
                },
            },
            "author": {"@type": "Organization", "name": "the port"},
        },
        "reviewRating": {"@type": "Rating", "alternateName": "half true"},
    }


def test_only_claims_of_the_gold_are_reviewed_and_only_rated_if_somebody_did() -> None:
    (review,) = reviews(
        article_record(TEXT, [on("Quay"), on("Quay", who="ada"), on("Quay", "quote")])
    )

    assert review["claimReviewed"] == "Quay"
    assert not {"reviewRating"} & review.keys()
    assert not {"author", "isBasedOn"} & review["itemReviewed"].keys()


@pytest.mark.parametrize(
    ("attributes", "rating"),
    [
        ({"rating": 2.5}, {"@type": "Rating", "ratingValue": 2.5}),
        ({"verdict": "false", "rating": 1}, {"@type": "Rating", "alternateName": "false"}),
        ({"verdict": True}, None),
        ({"checkable": "yes"}, None),
    ],
)
def test_a_rating_is_words_or_a_number(attributes: dict[str, Any], rating: Any) -> None:
    (review,) = reviews(article_record(TEXT, [on("Quay", **attributes)]))

    assert review.get("reviewRating") == rating


def test_sources_may_be_people_documents_or_a_name_that_is_not_in_the_text() -> None:
    claim = on("The work cost 2.4 million")
    person = on("Zoë Hart", "source", kind="person")
    report = on("the port", "source", kind="document")
    record = article_record(
        TEXT, [claim, person, report],
        [relation_record(claim, person), relation_record(claim, report),
         relation_record(claim, None, "the ministry"), relation_record(person, report)],
    )  # fmt: skip

    (review,) = reviews(record)

    assert review["itemReviewed"]["author"] == [
        {"@type": "Person", "name": "Zoë Hart"}, {"name": "the ministry"},
    ]  # fmt: skip
    assert review["itemReviewed"]["isBasedOn"] == {"@type": "CreativeWork", "name": "the port"}


@settings(deadline=None, max_examples=30)
@given(records())
def test_a_json_ld_processor_finds_every_claim(record: ArticleRecord) -> None:
    document = json.loads(b"".join(write([record], ABOUT)))

    nodes = jsonld.flatten(document, None, {"documentLoader": schema_org})

    found = [
        node[f"{CONTEXT}claimReviewed"][0]["@value"]
        for node in nodes
        if f"{CONTEXT}ClaimReview" in node.get("@type", [])
    ]
    assert sorted(found) == sorted(
        one["quote"]
        for one in record["annotations"]
        if (one["label"], one["layer"]) == ("claim", "gold")
    )
