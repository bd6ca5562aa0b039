"""A Web Annotation as another program sends it, read as far as it may concern a text of ours.

Knows nothing of projects: which text and which label are meant, ``target_queries`` finds out.

Source: W3C Web Annotation Data Model (2017).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from articles.formats.web_annotation import CONTEXT
from articles.w3c.errors import NotAnAnnotation
from newsdesk.api_shapes import LARGEST_JSON, storable

#: What the server says of every annotation, whatever it is sent.
OWNED = ("id", "creator", "created", "modified", "generator", "generated", "schema:version")
#: What it says besides of those that are labels on its own texts.
OWNED_OF_SPANS = ("body", "bodyValue", "target", "schema:additionalProperty")
#: What a target says that the server says anew.
OWNED_OF_TARGETS = ("id", "type", "source", "selector", "state")
#: Selectors that are kept as a span.
PLACES = ("TextPositionSelector", "TextQuoteSelector")

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """What an annotation is about; ``start`` and ``end`` count code points.

    ``cached`` are IRIs of the text as it was when it was annotated. ``rest`` is what else is said.
    """

    iri: str
    exact: str | None
    prefix: str
    suffix: str
    start: int | None
    end: int | None
    cached: list[str]
    rest: Json

    @property
    def has_place(self) -> bool:
        """Whether it says where in the text."""
        return self.exact is not None or self.start is not None


@dataclass(frozen=True, slots=True)
class Body:
    """One body: ``iri`` is what it refers to, ``value`` what it says itself."""

    given: Any
    purpose: str
    iri: str
    value: str

    @property
    def attributes(self) -> Json:
        """What it answers besides, in the words of schema.org."""
        given = self.given.get("schema:additionalProperty") if isinstance(self.given, dict) else []
        return {
            one["schema:name"]: one["schema:value"]
            for one in _listed(given)
            if isinstance(one, dict) and isinstance(one.get("schema:name"), str)
            and "schema:value" in one
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Received:
    """An annotation that can be kept: ``document`` is all of it but for what the server owns."""

    document: Json
    targets: list[Target]
    bodies: list[Body]

    def rest(self, bodies: list[Body]) -> Json:
        """What is left beside a label on a span: ``bodies`` are those that say nothing of it."""
        usual = {"@context": CONTEXT, "motivation": "classifying"}
        rest = {
            key: value
            for key, value in self.document.items()
            if key not in OWNED_OF_SPANS and usual.get(key) != value
        }
        if bodies:
            rest["body"] = [body.given for body in bodies]
        if self.targets[0].rest:
            rest["target"] = self.targets[0].rest
        return rest


def receive(given: Any, *, own_iri: str = "") -> Received:
    """Read what was sent. An id that is not ``own_iri`` is kept as ``via``.

    Raises:
        NotAnAnnotation: in words.
    """
    if not isinstance(given, dict):
        raise NotAnAnnotation("An annotation is a JSON object.")
    try:
        storable(given)
    except ValueError as error:
        raise NotAnAnnotation(str(error)) from error
    if len(json.dumps(given, ensure_ascii=False)) > LARGEST_JSON:
        raise NotAnAnnotation(f"An annotation may take {LARGEST_JSON:,} characters.")
    if "Annotation" not in _listed(given.get("type")):
        raise NotAnAnnotation("The type of an annotation is Annotation.", field="type")
    if not _listed(given.get("target")):
        raise NotAnAnnotation("An annotation has a target.", field="target")
    document = {key: value for key, value in given.items() if key not in OWNED and key != "@id"}
    if document["type"] == "Annotation":
        del document["type"]
    former = given.get("id", given.get("@id"))
    if isinstance(former, str) and former not in ("", own_iri):
        known = _listed(document.get("via"))
        document["via"] = [*known, former] if known and former not in known else known or former
    return Received(
        document,
        [_target(one) for one in _listed(given["target"])],
        [_body(one, given.get("motivation")) for one in _bodies(given)],
    )


def _target(given: Any) -> Target:
    if not isinstance(given, dict):
        return Target(str(given), None, "", "", None, None, [], {})
    selectors = _objects(given.get("selector"))
    quote = next((one for one in selectors if one.get("type") == PLACES[1]), {})
    position = next((one for one in selectors if one.get("type") == PLACES[0]), {})
    others = [one for one in _listed(given.get("selector"))
              if not (isinstance(one, dict) and one.get("type") in PLACES)]  # fmt: skip
    rest = {key: value for key, value in given.items() if key not in OWNED_OF_TARGETS}
    return Target(
        iri=_iri(given.get("source", given)),
        exact=_text(quote.get("exact"), "exact") if quote else None,
        prefix=_text(quote.get("prefix", ""), "prefix"),
        suffix=_text(quote.get("suffix", ""), "suffix"),
        start=_offset(position.get("start"), "start") if position else None,
        end=_offset(position.get("end"), "end") if position else None,
        cached=[str(one["cached"]) for one in _objects(given.get("state")) if "cached" in one],
        rest=rest | ({"selector": others} if others else {}),
    )


def _bodies(given: Json) -> Iterator[Any]:
    yield from _listed(given.get("body"))
    if isinstance(given.get("bodyValue"), str):
        yield {"type": "TextualBody", "value": given["bodyValue"], "format": "text/plain"}


def _body(given: Any, motivation: Any) -> Body:
    purposes = [*_listed(given.get("purpose") if isinstance(given, dict) else None),
                *_listed(motivation), ""]  # fmt: skip
    value = given.get("value") if isinstance(given, dict) else None
    source = given.get("source", given) if isinstance(given, dict) else given
    return Body(given, str(purposes[0]), _iri(source), value if isinstance(value, str) else "")


def _iri(given: Any) -> str:
    found = given.get("id", given.get("@id", "")) if isinstance(given, Mapping) else given
    return found if isinstance(found, str) else ""


def _listed(given: Any) -> list[Any]:
    """``given`` as a list: JSON-LD leaves the brackets out where there is one."""
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


def _objects(given: Any) -> list[Json]:
    return [one for one in _listed(given) if isinstance(one, dict)]


def _text(given: Any, name: str) -> str:
    if not isinstance(given, str):
        raise NotAnAnnotation(f"“{name}” of a TextQuoteSelector is one text.", field="target")
    return given


def _offset(given: Any, name: str) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise NotAnAnnotation(
            f"“{name}” of a TextPositionSelector is one whole number, 0 or more.", field="target"
        )
    return given
