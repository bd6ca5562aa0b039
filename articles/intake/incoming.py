"""An article on its way in: put in order and checked, as far as that goes without the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from articles.desk.models import Project
from articles.intake.errors import TextRefused
from articles.intake.models import Article
from articles.text.blocks import Block as TextBlock
from articles.text.blocks import BlockKind, divide
from articles.text.canonical import canonicalise, check_article_text, text_hash
from articles.text.errors import TextError
from articles.text.languages import is_language
from newsdesk.errors import Invalid

LONGEST_TITLE = 500
#: Blocks of one article: more are a book or an attack, and no page could show them.
MOST_BLOCKS = 20_000
#: Lines of a text that is still to be divided, counted first because dividing takes longer.
MOST_LINES = 50_000


@dataclass(frozen=True, slots=True)
class Incoming:
    """An article as it comes in: its words and what is known about it.

    ``text`` may be in any form that ``canonicalise`` takes. ``original`` is kept byte for byte.
    ``blocks`` is given when the division is known already, as in our own export; it must cover the
    canonical text exactly. So is ``revision_number``, of a text that was corrected before.
    ``may_be_title`` says that a title alone was not sent by mistake.
    """

    text: str
    original: bytes
    original_type: str = "text/plain; charset=utf-8"
    title: str = ""
    url: str | None = None
    byline: str = ""
    publisher: str = ""
    published_at: datetime | None = None
    language: str = ""
    external_id: str | None = None
    story: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    id: UUID | None = None
    revision_number: int = 1
    blocks: Sequence[TextBlock] | None = None
    placement: Article.Placement = Article.Placement.READY
    may_be_title: bool = False


def pasted(text: str, **details: Any) -> Incoming:
    """An article whose text was typed, pasted or sent as a string."""
    return Incoming(text=text, original=text.encode("utf-8", "replace"), **details)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with which nothing is wrong that can be known without looking at others.

    ``incoming`` is in canonical form; ``details`` are what is kept about it, beside its text, by
    the names of their columns.
    """

    incoming: Incoming
    sha256: bytes
    division: Sequence[TextBlock]
    details: Mapping[str, Any]

    @property
    def keys(self) -> dict[str, bytes]:
        """What no two articles of a project share: what it is called, and bytes to compare.

        A corrected text is compared with those that were corrected as often.
        """
        keys = {"text": self.sha256 + bytes(str(self.incoming.revision_number), "ascii")}
        if self.incoming.external_id:
            keys["external id"] = b"id " + self.incoming.external_id.encode()
        return keys


def prepare(project: Project, incoming: Incoming) -> Prepared:
    """All that can be done for an article before it is written.

    Raises:
        TextRefused: if the text is empty, too long, in too many parts, or only a title.
        Invalid: if a detail or the given blocks make no sense.
    """
    incoming = _tidied(incoming)
    try:
        check_article_text(incoming.text, may_be_title=incoming.may_be_title)
    except TextError as error:
        raise TextRefused(str(error), code=error.code) from error
    division = _division(incoming)
    details = _details(project, incoming, division)
    _check_details(details)
    return Prepared(incoming, text_hash(incoming.text), division, details)


def _division(incoming: Incoming) -> Sequence[TextBlock]:
    """The given blocks of a tidied article, or those that its text is divided into.

    Raises:
        TextRefused: if there are too many of them.
        Invalid: if those given make no sense.
    """
    if incoming.blocks:
        division = _checked_division(incoming.text, incoming.blocks)
    else:
        lines = incoming.text.count("\n") + 1
        if lines > MOST_LINES:
            raise _too_many(lines, "lines", MOST_LINES)
        division = divide(incoming.text, title=incoming.title or None)
    if len(division) > MOST_BLOCKS:
        raise _too_many(len(division), "parts", MOST_BLOCKS)
    return division


def _too_many(number: int, things: str, most: int) -> TextRefused:
    return TextRefused(
        f"This text has {number:,} {things}; Newsdesk takes up to {most:,}.", code="too_many_parts"
    )


def _details(project: Project, incoming: Incoming, division: Sequence[TextBlock]) -> dict[str, Any]:
    """What is kept about a tidied article, beside its text."""
    title = incoming.title or _line(title_of(incoming.text, division))
    return {
        "external_id": incoming.external_id,
        "story": incoming.story,
        "title": title[:LONGEST_TITLE].strip(),
        "url": incoming.url,
        "byline": incoming.byline,
        "publisher": incoming.publisher,
        "published_at": incoming.published_at,
        "language": incoming.language or project.language,
        "metadata": dict(incoming.metadata),
        "placement": str(incoming.placement),
    }


def _tidied(incoming: Incoming) -> Incoming:
    """The article with its text in canonical form, and each detail so on one line."""
    return replace(
        incoming,
        text=canonicalise(incoming.text),
        title=_line(incoming.title),
        url=_line(incoming.url or "") or None,
        byline=_line(incoming.byline),
        publisher=_line(incoming.publisher),
        language=_line(incoming.language),
        external_id=_line(incoming.external_id or "") or None,
        story=_line(incoming.story),
    )


def _line(words: str) -> str:
    return " ".join(canonicalise(words).split())


def _check_details(details: Mapping[str, Any]) -> None:
    """Refuse details that do not fit their columns, such as an address that is none."""
    try:
        Article(**details).clean_fields(exclude=["project", "revision"])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Invalid(messages[0], field=name) from error
    if not is_language(details["language"]):
        raise Invalid("A language is a BCP 47 code such as en or pt-BR.", field="language")


def title_of(text: str, division: Sequence[TextBlock]) -> str:
    """The headline, or the first words if there is none."""
    headlines = [block for block in division if block.kind is BlockKind.HEADLINE]
    words = [block for block in division if block.kind is not BlockKind.BOILERPLATE]
    first = (headlines or words or list(division))[0]
    return text[first.start : first.end].strip().split("\n", 1)[0]


def _checked_division(text: str, given: Sequence[TextBlock]) -> Sequence[TextBlock]:
    at = 0
    for block in given:
        if block.start != at or block.end <= at:
            raise Invalid("The blocks must cover the text without gap or overlap.", field="blocks")
        at = block.end
    if at != len(text):
        raise Invalid("The blocks must cover the text to its end.", field="blocks")
    return given
