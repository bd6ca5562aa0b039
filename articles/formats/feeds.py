"""RSS and Atom: an article for each entry that brings its text, as ``feedparser`` reads them."""

import calendar
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from articles.formats.markup import Paragraph, composed, paragraphs, plain, squeezed
from articles.formats.shapes import Found

#: Bytes of a feed: it is read whole, and publishers cut theirs off long before.
LARGEST_FEED = 20_000_000


def read(file: BinaryIO) -> Iterator[Found]:
    """The entries of the feed in ``file``, in its order."""
    # Imported here because it takes a while, which only those who bring a feed wait for.
    import feedparser

    data = file.read(LARGEST_FEED + 1)
    if len(data) > LARGEST_FEED:
        size = f"{LARGEST_FEED // 1_000_000} MB"
        yield Found(1, problem=f"This feed is larger than {size}.", code="text_too_long")
        return
    feed: Any = feedparser.parse(data)
    if not feed.get("version") or not feed.entries:
        yield Found(1, problem="No feed with entries was found in this file.", code="no_article")
        return
    for number, entry in enumerate(feed.entries, start=1):
        yield _found(number, entry, feed.feed)


def _found(number: int, entry: Any, feed: Any) -> Found:
    contents = [*entry.get("content", []), entry.get("summary_detail") or {}]
    bodies = (_body(one) for one in contents)
    body: list[Paragraph] = next(filter(None, bodies), [])
    title = squeezed(_words(entry.get("title_detail")))
    if not body:
        return Found(number, problem=f"“{title}” comes without its text.", code="text_empty")
    names = [squeezed(one.get("name", "")) for one in entry.get("authors", [])]
    link = entry.get("link", "")
    return Found(
        number,
        {
            **composed(title, "", body),
            "title": title[:500],
            "byline": ", ".join(filter(None, names))[:300],
            "publisher": squeezed(_words(feed.get("title_detail")))[:200],
            "published_at": _moment(entry.get("published_parsed") or entry.get("updated_parsed")),
            "language": contents[0].get("language") or feed.get("language") or "",
            "external_id": entry.get("id", "")[:200],
            "url": link if link.startswith(("https://", "http://")) else None,
        },
    )


def _body(content: Any) -> list[Paragraph]:
    value = content.get("value", "")
    return plain(value) if content.get("type") == "text/plain" else paragraphs(value)


def _words(detail: Any) -> str:
    """A title without its markup, which feeds may put there."""
    value = (detail or {}).get("value", "")
    if (detail or {}).get("type") == "text/plain":
        return str(value)
    return " ".join(one.words for one in paragraphs(value))


def _moment(parts: Any) -> str | None:
    """feedparser gives times in UTC, in nine numbers."""
    if not parts:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parts), UTC).isoformat()
    except (ValueError, OverflowError):
        return None
