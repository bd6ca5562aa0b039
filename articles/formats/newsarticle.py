"""schema.org's NewsArticle, as publishers put it into their pages for search engines: JSON-LD.

What it says is the publisher's own word, so nothing has to be guessed from the page.
Source: https://schema.org/NewsArticle.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree
from lxml.html import document_fromstring

from articles.formats.foreign import each, text_of
from articles.formats.html import LARGEST_PAGE, Refused, checked_page
from articles.formats.markup import Paragraph, composed, paragraphs, plain, squeezed
from articles.formats.moments import moment
from articles.formats.shapes import Found
from articles.text.blocks import BlockKind

#: Types of schema.org that are articles of a newsroom.
TYPES = {
    *("NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle"),
    *("OpinionNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "LiveBlogPosting"),
    *("Article", "BlogPosting", "Report", "SatiricalArticle"),
}
#: Objects in objects that are looked through for articles.
DEEPEST = 6


def read(file: BinaryIO) -> Iterator[Found]:
    """The articles that the one page in ``file`` describes; there is one, as a rule."""
    data = file.read(LARGEST_PAGE + 1)
    page = checked_page(data)
    if isinstance(page, Refused):
        yield Found(1, problem=page.words, code=page.code)
        return
    number = 0
    for article in _articles(page):
        number += 1
        yield Found(number, _record(article), original=data, original_type="text/html")
    if not number:
        yield Found(
            1,
            problem="This page holds no schema.org article with its text. "
            "Bring it in as a web page.",
            code="no_article",
        )


def _articles(page: str) -> Iterator[dict[str, Any]]:
    """The articles of a page's JSON-LD that have a text."""
    try:
        scripts = document_fromstring(page).iterfind(".//script[@type='application/ld+json']")
        sources = [script.text or "" for script in scripts]
    except (etree.ParserError, ValueError):
        return
    for source in sources:
        try:
            yield from _within(json.loads(source, strict=False), 0)
        except (ValueError, RecursionError):
            continue


def _within(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in value:
            yield from _within(one, depth + 1)
    elif isinstance(value, dict) and depth <= DEEPEST:
        types = {str(one).rpartition("/")[2] for one in each(value.get("@type"))}
        if text_of(value, "articleBody") and types & TYPES:
            yield value
        else:
            yield from _within(value.get("@graph", value.get("mainEntity")), depth + 1)


def _record(article: dict[str, Any]) -> dict[str, Any]:
    source = text_of(article, "articleBody")
    body = paragraphs(source) if "</" in source else plain(source)
    written = {one.words for one in body}
    captions = [
        Paragraph(words, BlockKind.CAPTION)
        for image in each(article.get("image"))
        if isinstance(image, dict) and (words := squeezed(text_of(image, "caption")))
    ]
    title = squeezed(text_of(article, "headline") or text_of(article, "name"))
    standfirst = text_of(article, "alternativeHeadline")
    return {
        **composed(title, standfirst, [*(c for c in captions if c.words not in written), *body]),
        "title": title[:500],
        "byline": ", ".join(filter(None, map(_name, each(article.get("author")))))[:300],
        "publisher": next(filter(None, map(_name, each(article.get("publisher")))), "")[:200],
        "published_at": moment(text_of(article, "datePublished")),
        "language": _language(article.get("inLanguage")),
        "url": text_of(article, "url") or text_of(article, "@id") or None,
    }


def _name(thing: Any) -> str:
    return squeezed(text_of(thing, "name") if isinstance(thing, dict) else str(thing or ""))


def _language(value: Any) -> str:
    return text_of(value, "alternateName") if isinstance(value, dict) else str(value or "")
