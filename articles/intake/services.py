"""Bring articles in, place them, and correct how their text was divided."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.models import F
from django.db.models.functions import Now

from articles.desk import permissions
from articles.desk.models import Project, User
from articles.desk.recording import recorded
from articles.intake.errors import DuplicateArticle, TextRefused
from articles.intake.models import Article, Block, Revision
from articles.text import blocks
from articles.text.blocks import BlockKind
from articles.text.canonical import canonicalise, check_article_text
from articles.text.errors import TextError
from newsdesk.errors import IdReused, Invalid, NotAllowed, StaleVersion, constraint_name

LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Incoming:
    """An article as it comes in: its words and what is known about it.

    ``text`` may be in any form that ``canonicalise`` takes. ``original`` is kept byte for byte.
    ``blocks`` is given when the division is known already, as in our own export; it must cover the
    canonical text exactly.
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
    metadata: Mapping[str, Any] = field(default_factory=dict)
    id: UUID | None = None
    blocks: Sequence[blocks.Block] | None = None
    placement: Article.Placement = Article.Placement.READY


def pasted(text: str, **details: Any) -> Incoming:
    """An article whose text was typed, pasted or sent as a string."""
    return Incoming(text=text, original=text.encode("utf-8", "replace"), **details)


def add_article(*, actor: User, project: Project, incoming: Incoming) -> tuple[Article, bool]:
    """Bring one article in; returns it and whether it is new.

    The same id with the same words again returns the article that is there.

    Raises:
        NotAllowed: unless the actor may import into the project.
        TextRefused: if the text is empty, too long or only a title.
        Invalid: if a detail or the given blocks make no sense.
        DuplicateArticle: if the text or the external id is in the project already.
        IdReused: if the id belongs to another article.
    """
    if not permissions.can_import(permissions.role_in(project, actor)):
        raise NotAllowed("Only managers and engineers bring articles in.")
    text = canonicalise(incoming.text)
    try:
        check_article_text(text)
    except TextError as error:
        raise TextRefused(str(error), code=error.code) from error
    division = _checked_division(text, incoming.blocks) if incoming.blocks else None
    if division is None:
        division = blocks.divide(text, title=incoming.title or None)
    try:
        return _insert(actor, project, incoming, text, division), True
    except IntegrityError as error:
        return _already_there(project, incoming, text, error), False


def _insert(
    actor: User,
    project: Project,
    incoming: Incoming,
    text: str,
    division: Sequence[blocks.Block],
) -> Article:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(%s, uuidv7()), uuidv7()", [incoming.id])
        article_id, revision_id = cursor.fetchone()
    with recorded(
        "article.imported", actor=actor, project=project, article_id=article_id
    ) as recording:
        article = Article(
            id=article_id,
            project=project,
            revision_id=revision_id,
            external_id=incoming.external_id or None,
            title=(incoming.title.strip() or title_of(text, division))[:LONGEST_TITLE],
            url=incoming.url or None,
            byline=incoming.byline,
            publisher=incoming.publisher,
            published_at=incoming.published_at,
            language=incoming.language or project.language,
            metadata=dict(incoming.metadata),
            placement=incoming.placement,
        )
        _check_details(article)
        article.save(force_insert=True)
        revision = Revision.objects.create(
            id=revision_id,
            project=project,
            article=article,
            body=text,
            length=len(text),
            sha256=_sha256(text),
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
    return article


def _check_details(article: Article) -> None:
    """Refuse details that do not fit their columns, such as an address that is none."""
    try:
        article.clean_fields(exclude=["project", "revision"])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Invalid(messages[0], field=name) from error


def _already_there(
    project: Project, incoming: Incoming, text: str, error: IntegrityError
) -> Article:
    """The article that stood in the way, if it is the same one sent again.

    Raises:
        DuplicateArticle, IdReused: if it is not.
    """
    articles = Article.objects.filter(project=project)
    same_text = Revision.objects.filter(project=project, number=1, sha256=_sha256(text)).first()
    if incoming.id is not None and Article.objects.filter(pk=incoming.id).exists():
        if same_text is not None and same_text.article_id == incoming.id:
            there = articles.get(pk=incoming.id)
            if there.external_id == (incoming.external_id or None):
                return there
        raise IdReused("This id already belongs to another article.") from error
    rule = constraint_name(error)
    if rule == "article_text_once_per_project" and same_text is not None:
        title = articles.get(pk=same_text.article_id).title
        raise DuplicateArticle(
            f"This text is in the project already: “{title}”.", existing=same_text.article_id
        ) from error
    if rule == "article_external_id_once_per_project":
        there = articles.get(external_id=incoming.external_id)
        raise DuplicateArticle(
            f"The external id “{incoming.external_id}” is taken by “{there.title}”.",
            existing=there.pk,
        ) from error
    raise error


def title_of(text: str, division: Sequence[blocks.Block]) -> str:
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


def _checked_division(text: str, given: Sequence[blocks.Block]) -> Sequence[blocks.Block]:
    at = 0
    for block in given:
        if block.start != at or block.end <= at:
            raise Invalid("The blocks must cover the text without gap or overlap.", field="blocks")
        at = block.end
    if at != len(text):
        raise Invalid("The blocks must cover the text to its end.", field="blocks")
    return given


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
