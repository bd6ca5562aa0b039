"""A file of W3C Web Annotations, read: one, several, a page or a collection with its pages.

Annotations are about texts elsewhere; only those are taken whose text is in the file too, as in
ours: ``web_annotation.py`` says where. What belongs to one article must stand together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import unquote

from articles.formats.foreign import each, text_of
from articles.formats.json_items import Item, items
from articles.formats.moments import moment
from articles.formats.settling import Joined, Marked, found
from articles.formats.shapes import Found
from articles.text.canonical import text_hash

#: Bytes in which the items of a page are looked for; behind more, the page is read as a whole.
_HEAD = 64 * 1024
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,"]', re.DOTALL)
_PATHS = ([b'"items"'], [b'"first"', b'"items"'])


class _Unreadable(ValueError):
    """An annotation that cannot be taken; the words say why."""


@dataclass(slots=True)
class _Article:
    """What the file says of one text, from the place of its first annotation on."""

    number: int
    source: str
    text: str | None
    fields: dict[str, Any]
    marks: list[Marked] = field(default_factory=list)
    joins: list[Joined] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    problem: str = ""
    unlabelled: int = 0

    def found(self) -> Found:
        if self.text is None:
            words = f"The text of {self.source} is not here: it must come with its first annotation"
            return Found(self.number, problem=f"{words}.", code="text_missing")
        if self.problem:
            return Found(self.number, problem=self.problem)
        said = f"Annotations without a label were left out: {self.unlabelled}."
        quoted = all(mark.quote is not None for mark in self.marks)
        return found(
            self.number, self.text, self.marks, self.joins,
            stated=None if quoted else "code_point",  # which the model demands, and some mistake
            said=said if self.unlabelled else "", **self.fields,
        )  # fmt: skip


def read(file: BinaryIO) -> Iterator[Found]:
    """The articles of the file with their annotations, one by one; ``file`` can be sought in."""
    article: _Article | None = None
    for item in _annotations(file):
        if item.problem:
            yield Found(item.number, problem=item.problem)
            continue
        if not isinstance(item.value, dict):
            yield Found(item.number, problem="This is JSON, but no annotation.")
            continue
        if article and text_of(item.value, "target") in article.ids:
            _join(article, item.value)
            continue
        try:
            target = _target(item.value)
            source = _source(target)
        except _Unreadable as problem:
            yield Found(item.number, problem=str(problem))
            continue
        if article is None or article.source != source:
            if article:
                yield article.found()
            article = _begun(item.number, source, target)
        _mark(article, item, target)
    if article:
        yield article.found()


# --- the items of a file --------------------------------------------------------------------------


def _annotations(file: BinaryIO) -> Iterator[Item]:
    """Every annotation, counted over all pages."""
    file.seek(_start_of_items(file.read(_HEAD)))
    number = 0
    for item in items(file):
        for value in _opened(item.value):
            number += 1
            yield Item(number, value, item.problem)


def _start_of_items(head: bytes) -> int:
    """Where the array of a page's or a collection's items begins; 0 if it is not in ``head``."""
    path: list[bytes] = []
    key = word = b""
    for match in _TOKEN.finditer(head):
        token = match[0]
        if token in b"{[":
            if token == b"[" and [*path, key][1:] in _PATHS:
                return match.start()
            path.append(key)
            key = b""
        elif token in b"}]" and path:
            path.pop()
        elif token == b":":
            key = word
        elif token == b'"':
            break  # it was cut off
        word = token
    return 0


def _opened(value: Any) -> Iterator[Any]:
    """The annotations in a value: of a page and of a collection its items, or else itself."""
    kinds = each(value.get("type")) if isinstance(value, dict) else []
    if "AnnotationCollection" in kinds and isinstance(value.get("first"), dict):
        yield from each(value["first"].get("items"))
    elif "AnnotationPage" in kinds or ("AnnotationCollection" in kinds and "items" in value):
        yield from each(value.get("items"))
    elif "AnnotationCollection" not in kinds or value.get("total"):
        yield value


# --- an annotation --------------------------------------------------------------------------------


def _target(given: dict[str, Any]) -> dict[str, Any]:
    if "AnnotationCollection" in each(given.get("type")):
        raise _Unreadable("This collection only says where its pages are: send those.")
    targets = each(given.get("target"))
    if len(targets) != 1 or not isinstance(targets[0], dict):
        raise _Unreadable("This annotation does not have one target with a selector.")
    target: dict[str, Any] = targets[0]
    return target


def _source(target: dict[str, Any]) -> str:
    """The address of what is annotated."""
    source = target.get("source")
    address = text_of(source, "id") if isinstance(source, dict) else source
    if not isinstance(address, str) or not address:
        raise _Unreadable("The target of this annotation has no source.")
    return address


def _begun(number: int, source: str, target: dict[str, Any]) -> _Article:
    """The article whose text comes with ``target``; without one if it does not."""
    given = target["source"] if isinstance(target["source"], dict) else {}
    version = given.get("dcterms:hasVersion")
    said = version if isinstance(version, dict) else given
    text = said.get("schema:articleBody", given.get("value"))
    if not isinstance(text, str):
        return _Article(number, source, None, {})
    known = {
        "title": text_of(said, "schema:headline"),
        "url": text_of(said, "schema:url"),
        "byline": text_of(said, "schema:author"),
        "publisher": text_of(said, "schema:publisher"),
        "published_at": moment(text_of(said, "schema:datePublished")),
        "language": text_of(said, "schema:inLanguage") or text_of(given, "language"),
        "external_id": text_of(said, "schema:identifier"),
        "story": text_of(said, "schema:about"),
        "revision": said.get("schema:version"),
    }
    article = _Article(number, source, text, {key: value for key, value in known.items() if value})
    digest = text_of(said, "schema:sha256")
    if digest and digest != text_hash(text).hex():
        article.problem = "The text is not the one that was annotated: its hash is another."
    return article


def _mark(article: _Article, item: Item, target: dict[str, Any]) -> None:
    """Put the span of an annotation and what is said of it to its article."""
    label = _label(item.value)
    if not label:
        article.unlabelled += 1
        return
    try:
        start, end, exact = _span(target, article.text or "")
    except _Unreadable as problem:
        article.problem = article.problem or f"Annotation {item.number} {problem}"
        return
    more = {
        "note": " ".join(text_of(body, "value") for body in _bodies(item.value, "commenting")),
        "created_at": moment(text_of(item.value, "created")),
        "updated_at": moment(text_of(item.value, "modified")),
        "version": item.value.get("schema:version"),
        "unsure": _properties(item.value).get("unsure"),
    }
    article.ids.add(text_of(item.value, "id"))
    article.marks.append(
        Marked(
            label, start, end, exact,
            id=text_of(item.value, "id"),
            layer=_creator(item.value),
            attributes={
                key: value
                for body in _bodies(item.value, "classifying")
                for key, value in _properties(body).items()
            },
            more={key: value for key, value in more.items() if value},
        )
    )  # fmt: skip


def _join(article: _Article, given: dict[str, Any]) -> None:
    """Put a relation to the article in which it begins."""
    ends = [text_of(body, "source") for body in _bodies(given, "linking")]
    names = [text_of(body, "value") for body in _bodies(given, "identifying")]
    label = _label(given)
    if not label or len(ends) + len(names) != 1:
        article.unlabelled += 1
        return
    more = {"created_at": moment(text_of(given, "created")), "version": given.get("schema:version")}
    article.joins.append(
        Joined(
            label, text_of(given, "target"), ends[0] if ends else None, "".join(names),
            id=text_of(given, "id"), more={key: value for key, value in more.items() if value},
        )
    )  # fmt: skip


def _span(target: dict[str, Any], text: str) -> tuple[int, int, str | None]:
    """Start, end and words of the target: by its position, or else by what it quotes.

    Raises:
        _Unreadable: if there is neither, or what is quoted stands elsewhere or nowhere.
    """
    selectors = [one for one in each(target.get("selector")) if isinstance(one, dict)]
    quotes = [one for one in selectors if one.get("type") == "TextQuoteSelector"]
    exact = text_of(quotes[0], "exact") if quotes else None
    for one in selectors:
        if one.get("type") == "TextPositionSelector":
            start, end = one.get("start"), one.get("end")
            if type(start) is not int or type(end) is not int:
                raise _Unreadable("has a position that is none.")
            return start, end, exact
    if not exact:
        raise _Unreadable("has neither a position nor a quote.")
    around = text_of(quotes[0], "prefix"), text_of(quotes[0], "suffix")
    at = text.find(exact.join(around))
    if at < 0 or text.find(exact.join(around), at + 1) >= 0:
        raise _Unreadable(f"quotes “{exact[:60]}”, which the text does not have exactly once.")
    start = at + len(around[0])
    return start, start + len(exact), exact


def _label(given: dict[str, Any]) -> str:
    """What an annotation is tagged with, or the last part of the address it is classified by."""
    for body in _bodies(given, "tagging"):
        if value := text_of(body, "value"):
            return value
    for body in _bodies(given, "classifying"):
        address = text_of(body, "source") or text_of(body, "id")
        if address:
            return unquote(re.split("[#/]", address.rstrip("#/"))[-1])
    return ""


def _bodies(given: dict[str, Any], purpose: str) -> list[dict[str, Any]]:
    """The bodies for a purpose; one that does not say is for what the annotation is for."""
    bodies = [{"value": given["bodyValue"]}] if "bodyValue" in given else each(given.get("body"))
    found: list[dict[str, Any]] = []
    for body in bodies:
        one = {"id": body} if isinstance(body, str) else body
        if isinstance(one, dict) and purpose in each(one.get("purpose", given.get("motivation"))):
            found.append(one)
    return found


def _properties(given: dict[str, Any]) -> dict[str, Any]:
    """What was asked and answered beside the label."""
    return {
        text_of(one, "schema:name"): one.get("schema:value")
        for one in each(given.get("schema:additionalProperty"))
        if isinstance(one, dict)
    }


def _creator(given: dict[str, Any]) -> str:
    """The name of who said so, or the last part of their address."""
    for creator in each(given.get("creator")):
        named = {"id": creator} if isinstance(creator, str) else creator
        if isinstance(named, dict):
            last = unquote(text_of(named, "id").rstrip("/").rpartition("/")[2])
            return text_of(named, "nickname") or text_of(named, "name") or last
    return ""
