"""Articles come in once, whole, and are never changed; blocks and places can be corrected."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from articles.desk.events import Event
from articles.desk.models import Project, Role, User
from articles.intake.errors import DuplicateArticle, TextRefused
from articles.intake.incoming import pasted
from articles.intake.models import Article, Block, Revision
from articles.intake.services import add_article, change_block_kind, place_article
from articles.text.blocks import Block as TextBlock
from articles.text.blocks import BlockKind
from newsdesk.errors import IdReused, Invalid, NotAllowed, StaleVersion, constraint_name
from tests.desk.people import join, make_project, make_user, manager_of
from tests.intake.stories import STORY, make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def manager(project: Project) -> User:
    return manager_of(project)


def bring(project: Project, text: str = STORY, **details: Any) -> tuple[Article, bool]:
    """What happens when the project's manager brings a text in."""
    return add_article(actor=manager_of(project), project=project, incoming=pasted(text, **details))


def nothing_is_stored(project: Project) -> bool:
    events = Event.objects.filter(project=project, kind="article.imported")
    return not (Article.objects.exists() or Revision.objects.exists() or events.exists())


def rule_that_refuses(statement: str) -> str | None:
    """The name of the rule by which the database refuses a statement."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        connection.cursor().execute(statement)
    return constraint_name(refused.value)


# --- coming in ------------------------------------------------------------------------------------


def test_an_article_comes_in_with_its_text_its_original_and_its_blocks(project: Project) -> None:
    article, is_new = bring(project, "\ufeff" + STORY.replace("\n", "\r\n"))

    revision = Revision.objects.get(article=article)
    assert is_new
    assert article.title == "Ferry strike ends after nine days"
    assert (article.placement, article.language, article.version) == ("ready", "en", 1)
    assert (revision.number, revision.body, revision.length) == (1, STORY, len(STORY))
    assert bytes(revision.sha256) == hashlib.sha256(STORY.encode()).digest()
    assert bytes(revision.original).decode() == "\ufeff" + STORY.replace("\n", "\r\n")
    assert "".join(STORY[block.start : block.end] for block in revision.blocks.all()) == STORY
    assert [block.position for block in revision.blocks.all()] == [1, 2, 3]


def test_coming_in_is_one_event_without_the_text_in_it(project: Project, manager: User) -> None:
    article, _ = bring(project)

    event = Event.objects.get(kind="article.imported")
    tables = [change["table"] for change in event.changes]
    assert (event.project, event.actor, event.article_id) == (project, manager, article.pk)
    assert tables == ["article", "revision", "block", "block", "block"]
    assert "Hedda Vance" not in str(event.changes)


def test_details_that_were_given_are_kept(project: Project) -> None:
    article, _ = bring(
        project,
        title="  Strike over ",
        publisher="The Skerry Bugle",
        byline="Ida Brakespear",
        url="https://bugle.example/1",
        language="en-GB",
        external_id="bugle-1",
        metadata={"desk": "ferries"},
        placement=Article.Placement.IMPORTED,
    )

    article.refresh_from_db()
    assert article.title == "Strike over"
    assert (article.publisher, article.byline) == ("The Skerry Bugle", "Ida Brakespear")
    assert (article.url, article.language) == ("https://bugle.example/1", "en-GB")
    assert (article.external_id, article.metadata) == ("bugle-1", {"desk": "ferries"})
    assert article.placement == "imported"


def test_details_are_kept_on_one_line_and_without_signs_that_cannot_be_stored(
    project: Project,
) -> None:
    article, _ = bring(project, title="Strike\n\0 over", byline="\ud800", external_id=" \0bugle-1")

    article.refresh_from_db()
    assert (article.title, article.byline, article.external_id) == ("Strike over", "", "bugle-1")


def test_without_a_title_the_headline_gives_it_cut_where_it_is_too_long(project: Project) -> None:
    words = "Ferry strike ends " * 40

    article, _ = bring(project, f"{words.strip()}\n\nIt was long.")

    assert article.title == words[:500].strip()


def test_a_division_that_is_known_is_kept(project: Project) -> None:
    text = "The Petrel at her berth.\nIt rained."
    blocks = [TextBlock(BlockKind.CAPTION, 0, 25), TextBlock(BlockKind.PARAGRAPH, 25, 35)]

    article, _ = bring(project, text, blocks=blocks)

    kept = article.revision.blocks.values_list("kind", "start", "end")
    assert list(kept) == [("caption", 0, 25), ("paragraph", 25, 35)]


@pytest.mark.parametrize(
    "ranges",
    [[(0, 5)], [(0, 5), (6, 35)], [(0, 6), (5, 35)], [(1, 35)], [(0, 36)], [(0, 0), (0, 35)]],
    ids=["too short", "gap", "overlap", "late start", "too long", "empty block"],
)
def test_a_division_that_does_not_cover_the_text_is_refused(
    project: Project, ranges: list[tuple[int, int]]
) -> None:
    blocks = [TextBlock(BlockKind.PARAGRAPH, start, end) for start, end in ranges]

    with pytest.raises(Invalid, match="The blocks must cover the text"):
        bring(project, "The Petrel at her berth.\nIt rained.", blocks=blocks)

    assert nothing_is_stored(project)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "text_empty", "There is no text here, only white space."),
        (" \n\t\u200b\ufeff", "text_empty", "There is no text here, only white space."),
        ("Ferry strike ends", "title_only", "Only a title: paste the article's text too."),
        (
            "A ferry. " * 250_000,
            "text_too_long",
            "This text has 2.25 MB; Newsdesk takes up to 2 MB.",
        ),
    ],
    ids=["nothing", "white space", "title", "too long"],
)
def test_a_text_that_is_no_article_is_refused_in_words(
    project: Project, text: str, code: str, words: str
) -> None:
    with pytest.raises(TextRefused) as refused:
        bring(project, text)

    assert (refused.value.code, refused.value.message) == (code, words)
    assert nothing_is_stored(project)


def test_a_text_in_more_parts_than_a_page_can_show_is_refused(project: Project) -> None:
    for text, words in [
        ("It rained.\n\n" * 20_001, "This text has 20,001 parts; Newsdesk takes up to 20,000."),
        ("\n".join(["a"] * 50_001), "This text has 50,001 lines; Newsdesk takes up to 50,000."),
    ]:
        with pytest.raises(TextRefused) as refused:
            bring(project, text)

        assert (refused.value.code, refused.value.message) == ("too_many_parts", words)
        assert nothing_is_stored(project)


def test_given_blocks_are_counted_too(project: Project) -> None:
    blocks = [TextBlock(BlockKind.PARAGRAPH, at, at + 1) for at in range(20_001)]

    with pytest.raises(TextRefused, match="20,001 parts"):
        bring(project, "It rains. " * 2_000 + "o", blocks=blocks)

    assert nothing_is_stored(project)


def test_two_megabytes_in_twenty_thousand_parts_are_taken(project: Project) -> None:
    article, _ = bring(project, ("It rained. " * 8 + "It rained.\n\n") * 20_000)

    assert article.revision.length == 2_000_000
    assert article.revision.blocks.count() == 20_000


def test_a_text_with_signs_that_cannot_be_stored_comes_in_without_them(project: Project) -> None:
    article, _ = bring(project, "It\x00 rained\ud800 on the quay.\x07")

    assert article.revision.body == "It rained on the quay."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "not an address"),
        ("url", "javascript:alert(1)"),
        ("publisher", "x" * 201),
        ("byline", "x" * 301),
        ("external_id", "x" * 201),
        ("language", "English, mostly"),
        ("metadata", {"desk": "\0"}),
        ("metadata", {"desk": "\ud800"}),
        ("metadata", {"desk": float("nan")}),
    ],
    ids=str,
)
def test_a_detail_that_makes_no_sense_is_named(project: Project, field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        bring(project, STORY, **{field: value})

    assert refused.value.field == field
    assert nothing_is_stored(project)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ENGINEER])
def test_managers_and_engineers_bring_articles_in(project: Project, role: Role) -> None:
    somebody = join(project, make_user("somebody"), role)

    _, is_new = add_article(actor=somebody, project=project, incoming=pasted(STORY))

    assert is_new


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER, None])
def test_others_do_not(project: Project, role: Role | None) -> None:
    somebody = make_user("somebody")
    if role:
        join(project, somebody, role)

    with pytest.raises(NotAllowed):
        add_article(actor=somebody, project=project, incoming=pasted(STORY))

    assert nothing_is_stored(project)


# --- the same again -------------------------------------------------------------------------------


def test_the_same_text_again_is_named_with_the_article_that_has_it(project: Project) -> None:
    there, _ = bring(project)

    with pytest.raises(DuplicateArticle) as refused:
        bring(project, STORY.replace("\n", "\r\n"), title="Another title")

    assert refused.value.existing == there.pk
    assert refused.value.message == (
        "“Ferry strike ends after nine days” in this project has the same text."
    )
    assert Article.objects.count() == 1


def test_the_same_text_may_come_into_another_project(project: Project) -> None:
    bring(project)

    _, is_new = bring(make_project("Science desk"))

    assert is_new


def test_the_same_external_id_again_is_named_with_the_article_that_has_it(project: Project) -> None:
    there, _ = bring(project, external_id="bugle-1")

    with pytest.raises(DuplicateArticle) as refused:
        bring(project, "Something else happened.", external_id="bugle-1")

    assert refused.value.existing == there.pk
    assert refused.value.message == (
        "“Ferry strike ends after nine days” has the external id bugle-1 already."
    )


def test_many_articles_may_have_no_external_id(project: Project) -> None:
    bring(project, external_id="")

    _, is_new = bring(project, "Something else happened.", external_id=None)

    assert is_new


def test_the_same_request_again_changes_nothing_and_answers_the_same(project: Project) -> None:
    chosen = uuid4()
    first, is_new = bring(project, id=chosen, external_id="bugle-1")

    again, is_new_again = bring(project, id=chosen, external_id="bugle-1")

    assert (is_new, is_new_again) == (True, False)
    assert first.pk == again.pk == chosen
    assert Event.objects.filter(kind="article.imported").count() == 1


@pytest.mark.parametrize(
    ("text", "external_id"), [("Something else happened.", "bugle-1"), (STORY, "bugle-2")]
)
def test_the_same_id_with_another_body_is_refused(
    project: Project, text: str, external_id: str
) -> None:
    chosen = uuid4()
    bring(project, id=chosen, external_id="bugle-1")

    with pytest.raises(IdReused):
        bring(project, text, id=chosen, external_id=external_id)

    assert Article.objects.count() == 1


def test_the_id_of_another_projects_article_is_refused_without_showing_it(
    project: Project,
) -> None:
    chosen = uuid4()
    bring(make_project("Science desk"), id=chosen)

    with pytest.raises(IdReused):
        bring(project, id=chosen)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_bring_the_same_text_at_once_one_wins() -> None:
    project = make_project()
    actor, together = manager_of(project), Barrier(4)

    def race(_: int) -> UUID | None:
        try:
            together.wait(timeout=10)
            article, _is_new = add_article(actor=actor, project=project, incoming=pasted(STORY))
        except DuplicateArticle as refused:
            return refused.existing
        else:
            return article.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(race, range(4)))

    assert found == {Article.objects.get().pk}
    assert Revision.objects.count() == 1
    assert Event.objects.filter(kind="article.imported").count() == 1


# --- what the database says -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    ["UPDATE articles_revision SET body = 'It did not rain.'", "DELETE FROM articles_revision"],
)
def test_the_database_lets_nobody_change_or_delete_a_revision(
    project: Project, statement: str
) -> None:
    bring(project)

    assert rule_that_refuses(statement) == "revision_is_immutable"


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("sha256", b"\0" * 32, "revision_sha256_is_of_body"),
        ("length", 9, "revision_length_counts_code_points"),
    ],
)
def test_the_database_checks_what_a_revision_says_of_its_text(
    project: Project, column: str, value: object, rule: str
) -> None:
    revision = bring(project)[0].revision
    revision.pk, revision.number, revision._state.adding = uuid4(), 2, True
    setattr(revision, column, value)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        revision.save(force_insert=True)

    assert constraint_name(refused.value) == rule


def test_length_counts_code_points_not_bytes(project: Project) -> None:
    article, _ = bring(project, "Zoë 📰 👩‍👩‍👧 said so. שלום.")

    assert article.revision.length == len("Zoë 📰 👩‍👩‍👧 said so. שלום.")


# --- blocks corrected by hand ---------------------------------------------------------------------


def first_block(project: Project) -> Block:
    return make_article(project).revision.blocks.get(position=1)


def test_a_blocks_kind_is_corrected_once_and_remembered_as_done_by_hand(
    project: Project, manager: User
) -> None:
    block = first_block(project)

    change_block_kind(actor=manager, block=block, version=1, kind="boilerplate")
    change_block_kind(actor=manager, block=block, version=1, kind="boilerplate")

    block.refresh_from_db()
    assert (block.kind, block.by_hand, block.version) == ("boilerplate", True, 2)
    assert Event.objects.filter(kind="block.changed").count() == 1


def test_who_corrects_what_somebody_else_just_corrected_is_told(
    project: Project, manager: User
) -> None:
    block = first_block(project)
    change_block_kind(actor=manager, block=block, version=1, kind="boilerplate")

    with pytest.raises(StaleVersion):
        change_block_kind(actor=manager, block=block, version=1, kind="caption")

    block.refresh_from_db()
    assert block.kind == "boilerplate"


def test_a_kind_that_does_not_exist_is_refused(project: Project, manager: User) -> None:
    with pytest.raises(Invalid) as refused:
        change_block_kind(actor=manager, block=first_block(project), version=1, kind="chapter")

    assert refused.value.field == "kind"


@pytest.mark.parametrize("role", list(Role))
def test_every_member_corrects_blocks(project: Project, role: Role) -> None:
    block = first_block(project)
    somebody = join(project, make_user("somebody"), role)

    changed = change_block_kind(actor=somebody, block=block, version=1, kind="paragraph")

    assert changed.kind == "paragraph"


def test_an_outsider_does_not(project: Project) -> None:
    with pytest.raises(NotAllowed):
        change_block_kind(
            actor=make_user("outsider"), block=first_block(project), version=1, kind="paragraph"
        )


# --- where an article goes ------------------------------------------------------------------------


def test_a_manager_places_an_article_once(project: Project, manager: User) -> None:
    article = make_article(project)

    place_article(actor=manager, article=article, version=1, placement="parked")
    placed = place_article(actor=manager, article=article, version=2, placement="parked")

    article.refresh_from_db()
    assert (article.placement, article.version, placed.version) == ("parked", 2, 2)
    assert Event.objects.filter(kind="article.placed").count() == 1


def test_who_places_an_article_that_somebody_else_just_placed_is_told(
    project: Project, manager: User
) -> None:
    article = make_article(project)
    place_article(actor=manager, article=article, version=1, placement="parked")

    with pytest.raises(StaleVersion):
        place_article(actor=manager, article=article, version=1, placement="excluded")


def test_an_article_goes_nowhere_else(project: Project, manager: User) -> None:
    with pytest.raises(Invalid) as refused:
        place_article(actor=manager, article=make_article(project), version=1, placement="printed")

    assert refused.value.field == "placement"


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER, Role.ENGINEER])
def test_only_managers_place_articles(project: Project, role: Role) -> None:
    somebody = join(project, make_user("somebody"), role)

    with pytest.raises(NotAllowed):
        place_article(actor=somebody, article=make_article(project), version=1, placement="parked")
