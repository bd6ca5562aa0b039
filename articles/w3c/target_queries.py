"""Which article, span and label of ours another program's annotation means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.db.models import Q
from django.urls import Resolver404, resolve

from articles.annotations.errors import (
    QuoteMismatch,
    RevisionNotCurrent,
    SpanEmpty,
    SpanOutOfRange,
)
from articles.annotations.services import LONGEST_NOTE
from articles.desk.models import Label, Project, User
from articles.formats.web_annotation import Addresses
from articles.intake.models import Article, Revision
from articles.text.spans import Span
from articles.w3c.errors import LabelMissing, QuoteAmbiguous, SelectorMissing, TargetUnknown
from articles.w3c.received import Body, Json, Received, Target

#: Purposes of a body whose value may be a label.
NAMING = ("", "tagging", "classifying")


@dataclass(frozen=True, slots=True)
class Meant:
    """A label on a span of one of our texts, as another program means it.

    ``rest`` is what else it said.
    """

    article: Article
    label: Label
    span: Span
    quote: str
    note: str
    attributes: Json
    rest: Json


def meant_by(
    received: Received, *, user: User, project: Project, at: Addresses, standing: UUID | None = None
) -> Meant | None:
    """What ``received`` says of a text of ours; ``None`` if it is about something else.
    Up to four queries.

    The page that an article came from is something else, unless a place in its text is given.
    ``standing`` is the revision that the annotation is on already; a new one is on the current.

    Raises:
        RevisionNotCurrent: if it is about another text than that.
        TargetUnknown, SelectorMissing, LabelMissing, SpanOutOfRange, QuoteMismatch: to be mended.
        QuoteAmbiguous: if the quote stands there several times.
    """
    found = [_article(one, user=user, project=project, at=at) for one in received.targets]
    if not any(found):
        return None
    article = found[0]
    if article is None or len(found) > 1:
        raise TargetUnknown("An annotation of a text of ours has that one target.")
    [target] = received.targets
    label, naming = _label(received.bodies, project, at)
    others = [one for one in received.bodies if one not in naming]
    note = next((one for one in others if _is_note(one)), None)
    answers = [one.attributes for one in naming if one.attributes]
    on = standing or article.revision_id
    if _revision_id(target, at) not in (None, on):
        raise RevisionNotCurrent()
    text = Revision.objects.values_list("body", flat=True).get(pk=on)
    span = settled(target, text)
    return Meant(
        article=article,
        label=label,
        span=span,
        quote=target.exact if target.exact is not None else span.text_in(text),
        note=note.value if note else "",
        attributes=answers[0] if answers else {},
        rest=received.rest([one for one in others if one is not note]),
    )


def settled(target: Target, text: str) -> Span:
    """Where in ``text`` the target is: at its position, where its quote must stand, or else
    where its quote stands alone.

    Raises:
        SpanEmpty, SpanOutOfRange, QuoteMismatch, QuoteAmbiguous: if that is nowhere, or unclear.
    """
    if target.start is not None and target.end is not None:
        if target.start >= target.end:
            raise SpanEmpty(field="target")
        if target.end > len(text):
            raise SpanOutOfRange(field="target")
        if target.exact not in (None, text[target.start : target.end]):
            raise QuoteMismatch(
                "The quote is not at this position. Offsets count code points, and the end is "
                "exclusive.",
                field="target",
            )
        return Span(target.start, target.end)
    if not target.exact:
        raise SelectorMissing("The quote is empty." if target.exact == "" else None)
    whole = target.prefix + target.exact + target.suffix
    first = text.find(whole)
    if first < 0:
        raise QuoteMismatch("These words are not in the text.", field="target")
    if text.find(whole, first + 1) >= 0:
        raise QuoteAmbiguous()
    start = first + len(target.prefix)
    return Span(start, start + len(target.exact))


def _article(target: Target, *, user: User, project: Project, at: Addresses) -> Article | None:
    """The article that a target names.

    Raises:
        TargetUnknown: if it names one of ours that the user may not know of.
        SelectorMissing: if it names one, and no place in it.
    """
    articles = Article.objects.visible_to(user).filter(project=project).select_related("project")
    ids = _ids(target.iri, at)
    if "revision_id" in ids:
        article = articles.filter(revisions=ids["revision_id"]).first()
    elif "article_id" in ids:
        article = articles.filter(pk=ids["article_id"]).first()
    elif target.has_place and target.iri:
        same = list(articles.filter(url=target.iri)[:2])
        if len(same) > 1:
            raise TargetUnknown("Several articles are from this page: name one by its own IRI.")
        return same[0] if same else None
    else:
        return None
    if article is None:
        raise TargetUnknown()
    if not target.has_place:
        raise SelectorMissing()
    return article


def _revision_id(target: Target, at: Addresses) -> UUID | None:
    """The revision that a target is, or was annotated as."""
    for iri in (target.iri, *target.cached):
        if found := _ids(iri, at).get("revision_id"):
            return UUID(str(found))
    return None


def _ids(iri: str, at: Addresses) -> dict[str, Any]:
    """What an IRI of ours names, as its address does; nothing for those of others."""
    try:
        parts, home = urlsplit(iri), urlsplit(at.home)
    except ValueError:
        return {}
    if parts.netloc != home.netloc:
        return {}
    try:
        return resolve(parts.path).kwargs
    except Resolver404:
        return {}


def _label(bodies: Sequence[Body], project: Project, at: Addresses) -> tuple[Label, list[Body]]:
    """The label that ``bodies`` name, and those of them that do. One query.

    Raises:
        LabelMissing: if they name none, or more than one.
    """
    labels = list(Label.objects.filter(Q(retired_at=None), project=project).spans().in_order())
    by_iri = {at.label(label.key): label for label in labels}
    by_name = {label.name.casefold(): label for label in reversed(labels)}
    by_name |= {label.key: label for label in labels}
    named: list[tuple[Label, Body]] = []
    for body in bodies:
        label = by_iri.get(unquote(body.iri))
        if label is None and body.purpose in NAMING:
            label = by_name.get(body.value) or by_name.get(body.value.casefold())
        if label is not None:
            named.append((label, body))
    found = {label.pk: label for label, _ in named}
    if len(found) > 1:
        names = ", ".join(label.name for label in found.values())
        raise LabelMissing(f"An annotation carries one label; these are several: {names}.")
    if not found:
        keys = ", ".join(label.key for label in labels)
        raise LabelMissing(f"{LabelMissing.__doc__} Its labels are {keys}.")
    return named[0][0], [body for _, body in named]


def _is_note(body: Body) -> bool:
    """Whether it fits into the note of an annotation of ours, and loses nothing there."""
    plain = {"type": "TextualBody", "purpose": "commenting", "format": "text/plain"}
    return (
        isinstance(body.given, dict)
        and body.purpose == "commenting"
        and all(plain.get(key, body.value) == value for key, value in body.given.items())
        and body.given.keys() <= {*plain, "value"}
        and 0 < len(body.value) <= LONGEST_NOTE
        and body.value == body.value.strip()
    )
