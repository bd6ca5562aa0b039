"""Bring articles in, place them, and correct how their text was divided."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError
from django.db.models import F, Q
from django.db.models.functions import Now

from articles.desk import permissions
from articles.desk.copying import copy_in, new_ids
from articles.desk.models import Project, User
from articles.desk.recording import MadeRows, recorded, recorded_each
from articles.intake.errors import DuplicateArticle
from articles.intake.incoming import Incoming, Prepared, prepare
from articles.intake.models import Article, Block, Revision
from articles.text.blocks import BlockKind
from newsdesk.errors import IdReused, Invalid, NotAllowed, StaleVersion


class New(NamedTuple):
    """A new article, and its only revision."""

    article_id: UUID
    revision_id: UUID


def add_article(*, actor: User, project: Project, incoming: Incoming) -> tuple[Article, bool]:
    """Bring one article in; returns it and whether it is new.

    The same id with the same words again returns the article that is there.

    Raises:
        NotAllowed: unless the actor may import into the project.
        TextRefused, Invalid: as ``prepare`` does.
        DuplicateArticle: if the text or the external id is in the project already.
        IdReused: if the id belongs to another article.
    """
    require_importer(actor=actor, project=project)
    prepared = prepare(project, incoming)
    try:
        with recorded_each("article.imported", actor=actor, project=project) as made:
            [new] = add_all(made=made, actor=actor, project=project, given=[prepared])
    except IntegrityError as error:
        return _already_there(actor, project, prepared, error), False
    return Article.objects.select_related("project").get(pk=new.article_id), True


def require_importer(*, actor: User, project: Project) -> None:
    """Raise ``NotAllowed`` unless the actor may bring articles into the project."""
    if not permissions.can_import(permissions.role_in(project, actor)):
        raise NotAllowed("Only managers and engineers bring articles in.")


def add_all(
    *, made: MadeRows, actor: User, project: Project, given: Sequence[Prepared]
) -> list[New]:
    """Write articles, their texts and their blocks, as a part of a recorded change.

    Four statements, however many articles there are.

    Raises:
        Invalid: if the database cannot keep what is known about one of them.
        IntegrityError: if something stands in the way of one of them.
    """
    ids = iter(new_ids(sum(2 + len(one.division) for one in given)))
    new = [New(one.incoming.id or next(ids), next(ids)) for one in given]
    together = list(zip(new, given, strict=True))
    _copy_articles(project, together)
    copy_in(
        Revision,
        [
            {
                "id": revision_id,
                "project_id": project.pk,
                "article_id": article_id,
                "number": one.incoming.revision_number,
                "body": one.incoming.text,
                "length": len(one.incoming.text),
                "sha256": one.sha256,
                "original": one.incoming.original,
                "original_type": one.incoming.original_type,
                "created_by_id": actor.pk,
            }
            for (article_id, revision_id), one in together
        ],
    )
    blocks = [
        {
            "id": next(ids),
            "project_id": project.pk,
            "revision_id": revision_id,
            "position": position,
            "kind": str(block.kind),
            "start": block.start,
            "end": block.end,
        }
        for (_, revision_id), one in together
        for position, block in enumerate(one.division, start=1)
    ]
    copy_in(Block, blocks)
    block_ids = iter([block["id"] for block in blocks])
    for (article_id, revision_id), one in together:
        made.add(article_id, Article, [article_id])
        made.add(article_id, Revision, [revision_id])
        made.add(article_id, Block, islice(block_ids, len(one.division)))
    return new


def duplicates(
    *, actor: User, project: Project, given: Sequence[Prepared]
) -> list[DuplicateArticle | None]:
    """What is in the project already and keeps each of ``given`` out, or ``None``.

    Of an article that a gate keeps from the actor they learn no more than that it is there. Up to
    four queries, however many articles are given.
    """
    articles = Article.objects.filter(project=project)
    names = [one.incoming.external_id for one in given if one.incoming.external_id]
    named = dict(articles.filter(external_id__in=names).values_list("external_id", "pk"))
    texts = _texts_there(project, given)
    there = {*named.values(), *texts.values()}
    titles = dict(articles.visible_to(actor).filter(pk__in=there).values_list("pk", "title"))

    def refusal(key: UUID, words: str) -> DuplicateArticle:
        if key not in titles:
            return DuplicateArticle()
        return DuplicateArticle(f"“{titles[key]}” {words}", existing=key)

    found: list[DuplicateArticle | None] = []
    for one in given:
        name, number = one.incoming.external_id, one.incoming.revision_number
        same_text = texts.get((number, one.sha256))
        if same_text and number > 1:
            found.append(refusal(same_text, "in this project has the same corrected text."))
        elif name in named:
            found.append(refusal(named[name], f"has the external id {name} already."))
        elif same_text:
            found.append(refusal(same_text, "in this project has the same text."))
        else:
            found.append(None)
    return found


def _copy_articles(project: Project, given: Iterable[tuple[New, Prepared]]) -> None:
    """Write the articles; what PostgreSQL cannot keep can only be in their metadata."""
    rows = [
        {
            **one.details,
            "id": new.article_id,
            "revision_id": new.revision_id,
            "project_id": project.pk,
        }
        for new, one in given
    ]
    try:
        copy_in(Article, rows)
    except DataError as error:
        raise Invalid(
            "Metadata is plain JSON, without NUL, half of a letter, or NaN.", field="metadata"
        ) from error


def _texts_there(project: Project, given: Sequence[Prepared]) -> dict[tuple[int, bytes], UUID]:
    """Articles with the texts of ``given``, by the numbers of their revisions and by their hashes.

    A first text is one for ever, a corrected one while it is current.
    """
    hashes: dict[bool, list[bytes]] = {True: [], False: []}
    for one in given:
        hashes[one.incoming.revision_number == 1].append(one.sha256)
    same = Q(number=1, sha256__in=hashes[True])
    if hashes[False]:
        same |= Q(number__gt=1, sha256__in=hashes[False], article__revision=F("pk"))
    rows = Revision.objects.filter(same, project=project)
    return {
        (number, bytes(sha256)): article_id
        for number, sha256, article_id in rows.values_list("number", "sha256", "article_id")
    }


def _already_there(
    actor: User, project: Project, prepared: Prepared, error: IntegrityError
) -> Article:
    """The article that stood in the way, if it is the same one sent again.

    Raises:
        DuplicateArticle, IdReused: if it is not.
    """
    chosen = prepared.incoming.id
    if chosen is not None and Article.objects.filter(pk=chosen).exists():
        there = Article.objects.filter(project=project, pk=chosen).visible_to(actor).first()
        same_text = _texts_there(project, [prepared]).values()
        if there is not None and chosen in same_text and _is_told(there, prepared):
            return there
        raise IdReused("This id already belongs to another article.") from error
    [duplicate] = duplicates(actor=actor, project=project, given=[prepared])
    raise duplicate or error from error


def _is_told(there: Article, prepared: Prepared) -> bool:
    """Whether all that is known about ``prepared`` is what is kept of the article there."""
    return all(
        getattr(there, name) == value
        for name, value in prepared.details.items()
        if name != "placement"  # the desk may have moved it since
    )


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
