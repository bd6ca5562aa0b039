"""What the protocol gives out: annotations, containers and pages as JSON-LD.

Source: W3C Web Annotation Protocol (2017), 3 and 4; Web Annotation Vocabulary for the terms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from articles.formats.web_annotation import CONTEXT, Addresses, creator, generator

LDP = "http://www.w3.org/ns/ldp.jsonld"

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What all pages of a container say of it. ``iri`` ends in a slash."""

    iri: str
    label: str
    total: int
    modified: datetime
    size: int

    @property
    def last(self) -> int:
        """The number of the last page, from 0; an empty container has none, and page 0 is empty."""
        return max(0, self.total - 1) // self.size

    def page(self, number: int, iris: bool) -> str:
        """Where a page is."""
        return f"{self.iri}?{urlencode({'iris': int(iris), 'page': number})}"

    def whole(self, iris: bool) -> str:
        """Where the container is, with its annotations named or described."""
        return f"{self.iri}?{urlencode({'iris': int(iris)})}"


def moment(at: datetime) -> str:
    """A time as the model wants it: in UTC, written ``Z``."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def with_rest(ours: Json, rest: Mapping[str, Any]) -> Json:
    """``ours`` and what another program said besides: further bodies, selectors, members."""
    whole = {**ours, **rest}
    if "body" in rest:
        whole["body"] = [*ours["body"], *rest["body"]]
    if "target" in rest:
        more = dict(rest["target"])
        selectors = [*ours["target"]["selector"], *more.pop("selector", [])]
        whole["target"] = {**ours["target"], **more, "selector": selectors}
    return {"@context": rest.get("@context", CONTEXT), **whole}


def kept_document(
    document: Mapping[str, Any], *, name: str, at: Addresses, maker: str, version: int,
    created: datetime, modified: datetime,
) -> Json:  # fmt: skip
    """What another program said of something else than our texts, and what the server says."""
    return {
        "@context": CONTEXT,
        "id": at.annotation(name),
        "type": "Annotation",
        **document,
        "creator": creator(maker, at),
        "created": moment(created),
        "modified": moment(modified),
        "generator": generator(at),
        "schema:version": version,
    }


def container_document(shelf: Shelf, *, iris: bool, page: Json | None) -> Json:
    """The container; without ``page`` its pages are only named."""
    whole: Json = {
        "@context": [CONTEXT, LDP],
        "id": shelf.whole(iris) if page is not None else shelf.iri,
        "type": ["BasicContainer", "AnnotationCollection"],
        "label": shelf.label,
        "modified": moment(shelf.modified),
        "total": shelf.total,
    }
    if shelf.total:
        whole["first"] = shelf.page(0, iris) if page is None else page
        whole["last"] = shelf.page(shelf.last, iris)
    return whole


def page_document(
    shelf: Shelf, *, iri: str, iris: bool, start: int, items: Sequence[Any], after: str
) -> Json:
    """A page that begins with annotation ``start`` of the container, counted from 0.

    ``after`` is its last annotation, from which the next page goes on.
    """
    page: Json = {"id": iri, "type": "AnnotationPage", "startIndex": start}
    if start:
        page["prev"] = shelf.page((start - 1) // shelf.size, iris)
    if after:
        page["next"] = f"{shelf.iri}?{urlencode({'iris': int(iris), 'after': after})}"
    return {**page, "items": list(items)}


def page_alone(shelf: Shelf, *, iris: bool, page: Json) -> Json:
    """A page that was asked for by itself, and what it is a part of."""
    whole: Json = {
        "id": shelf.whole(iris),
        "type": "AnnotationCollection",
        "label": shelf.label,
        "modified": moment(shelf.modified),
        "total": shelf.total,
    }
    return {"@context": CONTEXT, **page, "partOf": whole}
