"""Bring articles in, place them, and correct how their text was divided."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection
from django.db.models import F
from django.db.models.functions import Now

from articles.desk import permissions
from articles.desk.models import Project, User
from articles.desk.recording import Recording, recorded
from articles.intake.errors import DuplicateArticle, TextRefused
from articles.intake.models import Article, Block, Revision
from articles.text.blocks import Block as TextBlock
from articles.text.blocks import BlockKind, divide
from articles.text.canonical import canonicalise, check_article_text, text_hash
from articles.text.errors import TextError
from articles.text.languages import is_language
from newsdesk.errors import IdReused, Invalid, NotAllowed, StaleVersion, constraint_name

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


def pasted(text: str, **details: Any) -> Incoming:
    """An article whose text was typed, pasted or sent as a string."""
    return Incoming(text=text, original=text.encode("utf-8", "replace"), **details)


def add_article(*, actor: User, project: Project, incoming: Incoming) -> tuple[Article, bool]:
    """Bring one article in; returns it and whether it is new.

    The same id with the same words again returns the article that is there.

    Raises:
        NotAllowed: unless the actor may import into the project.
        TextRefused: if the text is empty, too long, in too many parts, or only a title.
        Invalid: if a detail or the given blocks make no sense.
        DuplicateArticle: if the text or the external id is in the project already.
        IdReused: if the id belongs to another article.
    """
    try:
        with adding(actor=actor, project=project, incoming=incoming) as (_recording, article):
            return article, True
    except IntegrityError as error:
        return already_there(actor=actor, project=project, incoming=incoming, error=error), False


@contextmanager
def adding(
    *, actor: User, project: Project, incoming: Incoming
) -> Iterator[tuple[Recording, Article]]:
    """One recorded change that begins with a new article; more may be made inside it.

    What stands in the way is an ``IntegrityError`` here: ``already_there`` puts it in words.

    Raises:
        NotAllowed, TextRefused, Invalid: as ``add_article`` does.
    """
    if not permissions.can_import(permissions.role_in(project, actor)):
        raise NotAllowed("Only managers and engineers bring articles in.")
    incoming = _tidied(incoming)
    text = incoming.text
    try:
        check_article_text(text)
    except TextError as error:
        raise TextRefused(str(error), code=error.code) from error
    division = _division(incoming)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(%s, uuidv7()), uuidv7()", [incoming.id])
        article_id, revision_id = cursor.fetchone()
    article = Article(
        id=article_id,
        project=project,
        revision_id=revision_id,
        placement=incoming.placement,
        **_details(project, incoming, division),
    )
    _check_details(article)
    with recorded(
        "article.imported", actor=actor, project=project, article_id=article_id
    ) as recording:
        _insert(article)
        revision = Revision.objects.create(
            id=revision_id,
            project=project,
            article=article,
            number=incoming.revision_number,
            body=text,
            length=len(text),
            sha256=text_hash(text),
            original=incoming.original,
            original_type=incoming.original_type,
            created_by=actor,
        )
        made = Block.objects.bulk_create(
            Block(
                project=project,
                revision=revision,
                position=position,
                kind=block.kind,
                start=block.start,
                end=block.end,
            )
            for position, block in enumerate(division, start=1)
        )
        recording.made(article, revision, *made)
        yield recording, article


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


def _check_details(article: Article) -> None:
    """Refuse details that do not fit their columns, such as an address that is none."""
    try:
        article.clean_fields(exclude=["project", "revision"])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Invalid(messages[0], field=name) from error
    if not is_language(article.language):
        raise Invalid("A language is a BCP 47 code such as en or pt-BR.", field="language")


def _insert(article: Article) -> None:
    """Save a new article; what PostgreSQL cannot keep can only be in its metadata."""
    try:
        article.save(force_insert=True)
    except DataError as error:
        raise Invalid(
            "Metadata is plain JSON, without NUL, half of a letter, or NaN.", field="metadata"
        ) from error


def already_there(
    *, actor: User, project: Project, incoming: Incoming, error: IntegrityError
) -> Article:
    """The article that stood in the way, if it is the same one sent again.

    Of one that a gate keeps from the actor they learn no more than that it is there.

    Raises:
        DuplicateArticle, IdReused: if it is not.
    """
    incoming = _tidied(incoming)
    text = incoming.text
    articles = Article.objects.filter(project=project)
    open_ones = articles.visible_to(actor)
    first_texts = Revision.objects.filter(project=project, number=1, sha256=text_hash(text))
    same_text = first_texts.values_list("article_id", flat=True).first()
    if incoming.id is not None and Article.objects.filter(pk=incoming.id).exists():
        there = open_ones.filter(pk=incoming.id).first() if same_text == incoming.id else None
        if there is not None:
            details = _details(project, incoming, _division(incoming))
            if all(getattr(there, name) == value for name, value in details.items()):
                return there
        raise IdReused("This id already belongs to another article.") from error
    rule = constraint_name(error)
    if rule == "article_text_once_per_project" and same_text is not None:
        there = open_ones.filter(pk=same_text).first()
        raise duplicate(there, "in this project has the same text.") from error
    if rule == "article_external_id_once_per_project":
        there = open_ones.filter(external_id=incoming.external_id).first()
        raise duplicate(there, f"has the external id {incoming.external_id} already.") from error
    raise error


def duplicate(there: Article | None, words: str) -> DuplicateArticle:
    """The refusal that says ``words`` of the article there; no more than that there is one, if a
    gate keeps it from whoever reads this."""
    if there is None:
        return DuplicateArticle()
    return DuplicateArticle(f"“{there.title}” {words}", existing=there.pk)


def title_of(text: str, division: Sequence[TextBlock]) -> str:
    """The headline, or the first words if there is none."""
    headlines = [block for block in division if block.kind is BlockKind.HEADLINE]
    words = [block for block in division if block.kind is not BlockKind.BOILERPLATE]
    first = (headlines or words or list(division))[0]
    return text[first.start : first.end].strip().split("\n", 1)[0]


def place_article(*, actor: User, article: Article, version: int, placement: str) -> Article:
    """Make an article ready, park it, or exclude it; the same placement again changes nothing.

    Raises:
        NotAllowed, StaleVersion, Invalid: each in words.
    """
    if placement not in Article.Placement.values:
        raise Invalid(f"An article is {', '.join(Article.Placement.values)}.", field="placement")
    if not permissions.can_manage(permissions.role_in(article.project, actor)):
        raise NotAllowed("Only a manager of the project places articles.")
    with recorded(
        "article.placed", actor=actor, project=article.project, article_id=article.pk
    ) as recording:
        article = Article.objects.select_for_update().get(pk=article.pk)
        if article.version != version:
            raise StaleVersion("Somebody changed this article since you opened it.")
        if article.placement != placement:
            recording.touching(article)
            article.placement = Article.Placement(placement)
            Article.objects.filter(pk=article.pk).update(
                placement=placement, version=F("version") + 1, updated_at=Now()
            )
            article.version += 1
    return article


def change_block_kind(*, actor: User, block: Block, version: int, kind: str) -> Block:
    """Say what a block really is; annotations are not touched, since its edges stay.

    Raises:
        NotAllowed: unless the actor annotates in the project.
        StaleVersion: if somebody else corrected it meanwhile.
        Invalid: if there is no such kind.
    """
    if kind not in BlockKind:
        raise Invalid(f"A block is one of {', '.join(BlockKind)}.", field="kind")
    project, article_id = block.project, block.revision.article_id
    role = permissions.role_in(project, actor)
    if not (permissions.can_annotate(role) or permissions.can_import(role)):
        raise NotAllowed("Only members who work on the text correct its parts.")
    with recorded(
        "block.changed", actor=actor, project=project, article_id=article_id
    ) as recording:
        block = Block.objects.select_for_update().get(pk=block.pk)
        if block.kind != kind:
            if block.version != version:
                raise StaleVersion("Somebody corrected this part meanwhile.")
            recording.touching(block)
            block.kind, block.by_hand = kind, True
            block.version += 1
            block.save(update_fields=["kind", "by_hand", "version"])
    return block


def _checked_division(text: str, given: Sequence[TextBlock]) -> Sequence[TextBlock]:
    at = 0
    for block in given:
        if block.start != at or block.end <= at:
            raise Invalid("The blocks must cover the text without gap or overlap.", field="blocks")
        at = block.end
    if at != len(text):
        raise Invalid("The blocks must cover the text to its end.", field="blocks")
    return given
