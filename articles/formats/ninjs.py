"""ninjs, the news agencies' JSON: one item, an array of them, or one a line.

Versions 1.x (``body_text``, ``body_xhtml``, ``headline``) and 2.x (``bodies``, ``headlines``).
Source: IPTC, https://iptc.org/std/ninjs/.
"""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from articles.formats.foreign import text_of
from articles.formats.json_items import items
from articles.formats.markup import Paragraph, composed, paragraphs, plain, squeezed
from articles.formats.moments import moment
from articles.formats.shapes import Found
from articles.text.blocks import BlockKind

#: Types of items that show something.
PICTURES = {"picture", "graphic", "video"}


def read(file: BinaryIO) -> Iterator[Found]:
    """The text items of ``file``; pictures and the like are refused one by one."""
    for item in items(file):
        if item.problem:
            yield Found(item.number, problem=item.problem)
        elif not isinstance(item.value, dict):
            yield Found(item.number, problem="This is JSON, but no object.")
        else:
            yield _found(item.number, item.value)


def _found(number: int, given: dict[str, Any]) -> Found:
    kind = text_of(given, "type") or "text"
    if kind != "text":
        return Found(number, problem=f"This item is no text but “{kind}”.", code="not_text")
    body = _body(given)
    if not body:
        return Found(number, problem="This item has no text.", code="text_empty")
    title = squeezed(text_of(given, "headline") or _entry(given, "headlines", "main"))
    standfirst = text_of(given, "description_text") or _entry(given, "descriptions", "summary")
    return Found(
        number,
        {
            **composed(title, standfirst, [*_captions(given, body), *body]),
            "title": title[:500],
            "byline": _byline(given)[:300],
            "publisher": _publisher(given)[:200],
            "published_at": moment(text_of(given, "firstcreated"))
            or moment(text_of(given, "firstCreated"))
            or moment(text_of(given, "versioncreated"))
            or moment(text_of(given, "versionCreated")),
            "language": text_of(given, "language"),
            "external_id": text_of(given, "uri")[:200],
            "url": _link(given),
        },
    )


def _body(given: Mapping[str, Any]) -> list[Paragraph]:
    """The paragraphs of an item: of its marked-up body rather than of the plain one."""
    marked_up = text_of(given, "body_xhtml")
    text = text_of(given, "body_text")
    for one in _objects(given, "bodies"):
        value = text_of(one, "value")
        if "html" in (text_of(one, "contentType") + text_of(one, "role")).lower():
            marked_up = marked_up or value
        else:
            text = text or value
    return paragraphs(marked_up) or plain(text)


def _captions(given: Mapping[str, Any], body: list[Paragraph]) -> list[Paragraph]:
    """What the pictures of an item show, where the body does not say it too."""
    associated = given.get("associations")
    pictures = associated.values() if isinstance(associated, dict) else associated
    written = {one.words for one in body}
    found = []
    for picture in pictures if isinstance(pictures, list | type({}.values())) else []:
        if isinstance(picture, dict) and text_of(picture, "type") in PICTURES:
            words = squeezed(
                text_of(picture, "description_text") or _entry(picture, "descriptions", "caption")
            )
            if words and words not in written:
                found.append(Paragraph(words, BlockKind.CAPTION))
    return found


def _byline(given: Mapping[str, Any]) -> str:
    byline = squeezed(text_of(given, "byline") or text_of(given, "by"))
    names = [squeezed(text_of(one, "name")) for one in _objects(given, "people")
             if text_of(one, "rel") == "author"]  # fmt: skip
    return byline or ", ".join(filter(None, names))


def _publisher(given: Mapping[str, Any]) -> str:
    for key in ("organisation", "organisations", "infosource", "infoSources"):
        for one in _objects(given, key):
            if (text_of(one, "rel") or "source") in ("source", "publisher", "originator"):
                return squeezed(text_of(one, "name"))
    return squeezed(text_of(given, "copyrightholder") or text_of(given, "copyrightHolder"))


def _link(given: Mapping[str, Any]) -> str | None:
    """Where a reader finds the item: its ``uri``, too, if that is an address."""
    address = text_of(given, "url") or text_of(given, "uri")
    return address if address.startswith(("https://", "http://")) else None


def _entry(given: Mapping[str, Any], key: str, role: str) -> str:
    """The value of a list of values with roles: of the one with ``role``, or the first."""
    entries = list(_objects(given, key))
    chosen = next((one for one in entries if text_of(one, "role") == role), None)
    return text_of(chosen or (entries[0] if entries else {}), "value")


def _objects(given: Mapping[str, Any], key: str) -> Iterator[dict[str, Any]]:
    value = given.get(key)
    yield from (one for one in (value if isinstance(value, list) else []) if isinstance(one, dict))
