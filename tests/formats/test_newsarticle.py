"""schema.org's NewsArticle in a page."""

import io
import json
from typing import Any

import pytest

from articles.formats.newsarticle import read
from articles.formats.shapes import Found
from articles.imports.records import parse_record

ARTICLE: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "📰 Quay opens",
    "alternativeHeadline": "Nine months late",
    "articleBody": "The quay opened on Monday.\n\n“At last,” said Zoë Hart.",
    "author": [{"@type": "Person", "name": "Ida Brakespear"}, "Bo Lind"],
    "publisher": {"@type": "Organization", "name": "The Bugle"},
    "datePublished": "2024-03-05T06:30:00+01:00",
    "inLanguage": "en-GB",
    "url": "https://bugle.example/quay",
    "image": [{"@type": "ImageObject", "caption": "The quay on Monday"}, "https://x.example/a.jpg"],
}


def page_of(*things: Any) -> bytes:
    scripts = (
        f'<script type="application/ld+json">{json.dumps(one) if one != "" else "{broken"}</script>'
        for one in things
    )
    return f"<html><head>{''.join(scripts)}</head><body><p>Menu</p></body></html>".encode()


def found_in(*things: Any) -> list[Found]:
    return list(read(io.BytesIO(page_of(*things))))


def test_what_the_publisher_says_is_the_article() -> None:
    (found,) = found_in(ARTICLE)

    assert found.record is not None
    text = found.record["text"]
    assert text == (
        "📰 Quay opens\n\nNine months late\n\nThe quay on Monday\n\n"
        "The quay opened on Monday.\n\n“At last,” said Zoë Hart."
    )
    kinds = [(block["kind"], text[block["start"] : block["end"]].strip())
             for block in found.record["blocks"]]  # fmt: skip
    assert kinds[:4] == [
        ("headline", "📰 Quay opens"),
        ("standfirst", "Nine months late"),
        ("caption", "The quay on Monday"),
        ("paragraph", "The quay opened on Monday."),
    ]
    incoming = parse_record(found.record).incoming
    assert (incoming.byline, incoming.publisher) == ("Ida Brakespear, Bo Lind", "The Bugle")
    assert (incoming.language, incoming.url) == ("en-GB", "https://bugle.example/quay")


@pytest.mark.parametrize(
    "things",
    [
        ["", ARTICLE],
        [{"@graph": [{"@type": "WebSite"}, ARTICLE]}],
        [[{"@type": "WebPage", "mainEntity": ARTICLE}]],
        [ARTICLE | {"@type": ["Thing", "http://schema.org/ReportageNewsArticle"]}],
    ],
)
def test_the_article_is_found_wherever_it_is_put(things: list[Any]) -> None:
    assert [one.problem for one in found_in(*things)] == [""]


def test_markup_in_the_body_becomes_paragraphs() -> None:
    body = "<p>One &amp; two.</p><ul><li>Three.</li></ul>"

    (found,) = found_in(ARTICLE | {"articleBody": body, "image": None})

    assert found.record is not None
    assert found.record["text"].endswith("One & two.\n\n- Three.")


def test_several_articles_of_a_page_are_counted() -> None:
    found = found_in(ARTICLE, ARTICLE | {"headline": "Another"})

    assert [one.number for one in found] == [1, 2]


@pytest.mark.parametrize(
    "things",
    [[], [""], [{"@type": "Recipe", "articleBody": "x"}], [{"@type": "NewsArticle"}], [[[]]]],
)
def test_a_page_that_says_nothing_of_its_article_is_refused(things: list[Any]) -> None:
    (found,) = found_in(*things)

    assert (found.record, found.code) == (None, "no_article")
