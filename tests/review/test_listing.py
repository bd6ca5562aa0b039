"""Which articles a list shows, and what it says about them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from articles.annotations.models import Layer
from articles.desk.models import Project, Role, User
from articles.intake.models import Article
from articles.review.listing import (
    ArticleFilters,
    ArticleStatus,
    articles_of,
    status_of,
)
from articles.review.models import Review
from articles.review.submission_services import submit_layer, take_back
from newsdesk.errors import Invalid
from newsdesk.paging import page_of
from tests.desk.people import join, make_project, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project("Harbour inquiry")


@pytest.fixture
def ada(project: Project) -> User:
    return join(project, make_user("ada"), Role.ANNOTATOR)


def listed(project: Project, reader: User | None = None, **filters: Any) -> Any:
    """What a manager, or somebody who works blind, finds in the list."""
    return articles_of(
        project,
        ArticleFilters(**filters),
        reader=reader or manager_of(project),
        is_blind=reader is not None,
    )


def titles(project: Project, **filters: Any) -> list[str]:
    return [row.title for row in listed(project, **filters)]


def test_status_is_derived_from_placement_and_work(project: Project, ada: User) -> None:
    article = make_article(project)
    assert status_of(article) == ArticleStatus.READY

    layer = make_layer(article, ada)
    assert status_of(article) == ArticleStatus.ANNOTATING

    submit_layer(actor=ada, layer=layer)
    assert status_of(article) == ArticleStatus.AWAITING_REVIEW

    take_back(actor=ada, layer=layer)
    assert status_of(article) == ArticleStatus.ANNOTATING

    Project.objects.filter(pk=project.pk).update(annotators_per_article=2)
    submit_layer(actor=ada, layer=layer)
    assert status_of(Article.objects.get(pk=article.pk)) == ArticleStatus.ANNOTATING

    for placement in ("imported", "parked", "excluded"):
        Article.objects.filter(pk=article.pk).update(placement=placement)
        assert status_of(article) == placement


def test_each_status_finds_its_own_articles(project: Project, ada: User) -> None:
    for status in ArticleStatus:
        placement = status if status in ("imported", "parked", "excluded") else "ready"
        article = make_article(project, title=status.words)
        begun = [ArticleStatus.ANNOTATING, ArticleStatus.AWAITING_REVIEW]
        closed = [ArticleStatus.ADJUDICATED, ArticleStatus.RELEASED]
        reviewed = [ArticleStatus.IN_REVIEW, *closed]
        if status in begun + reviewed:
            layer = make_layer(article, ada)
            if status != ArticleStatus.ANNOTATING:
                submit_layer(actor=ada, layer=layer)
        if status in reviewed:
            now = timezone.now()
            gold = {"adjudicated_at": now, "adjudicated_by": ada}
            out = {"released_at": now} if status == ArticleStatus.RELEASED else {}
            Review.objects.filter(article=article).update(
                started_at=now, **(gold if status in closed else {}), **out
            )
        Article.objects.filter(pk=article.pk).update(placement=placement)

    for status in ArticleStatus:
        assert titles(project, status=status.value) == [status.words]


def test_an_unknown_status_is_refused(project: Project) -> None:
    with pytest.raises(Invalid):
        titles(project, status="done")


def test_words_are_looked_for_in_the_text_and_in_what_is_known(project: Project) -> None:
    make_article(
        project, "Storm\n\nThe harbour wall gave way. Nobody was hurt.", title="Storm",
        byline="Mara Lind", publisher="The Argus", external_id="argus-77",
    )  # fmt: skip
    make_article(project, "Calm\n\nNothing gave. The wall of the harbour stands.", title="Calm")

    assert titles(project, q="harbour wall") == ["Calm", "Storm"]
    assert titles(project, q='"harbour wall"') == ["Storm"]
    assert titles(project, q="harbour -hurt") == ["Calm"]
    for words in ("sTOR", "mara l", "argus-7", "the arg", "  Storm "):
        assert titles(project, q=words) == ["Storm"]
    for words in ("absent", "\x00", "Storm\x00"):
        assert titles(project, q=words) == []
    assert titles(project, q="  ") == ["Calm", "Storm"]


def test_search_asks_for_what_the_index_holds(project: Project) -> None:
    plan = listed(project, q="harbour").explain()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('revision_search'::regclass)")
        definition = cursor.fetchone()[0]
    indexed = re.search(r"USING gin \((.*)\)$", definition)
    assert indexed is not None
    assert f"{indexed[1]} @@ " in plan


def test_filters_are_combined(project: Project, ada: User) -> None:
    make_annotation(make_layer(make_article(project, title="A", language="de"), ada))
    make_layer(make_article(project, title="B", publisher="Post"), ada)
    make_article(project, title="C", publisher="Post", language="de")

    assert titles(project, annotator="ada") == ["B", "A"]
    assert titles(project, label="quote") == ["A"]
    assert titles(project, label="claim") == []
    assert titles(project, publisher="Post") == ["C", "B"]
    assert titles(project, publisher="Post", language="de") == ["C"]
    assert titles(project, annotator="ada", language="de", status="annotating") == ["A"]


def test_updated_since_looks_at_all_work(project: Project, ada: User) -> None:
    article, untouched = make_article(project, title="A"), make_article(project, title="B")
    layer = make_layer(article, ada)
    long_ago = timezone.now() - timedelta(days=9)
    Article.objects.filter(pk__in=[article.pk, untouched.pk]).update(updated_at=long_ago)
    Layer.objects.update(updated_at=long_ago)
    since = timezone.now() - timedelta(days=1)
    assert titles(project, updated_since=since) == []

    submit_layer(actor=ada, layer=layer)

    assert titles(project, updated_since=since) == ["A"]


def test_a_row_says_who_works_on_it_and_how_much(project: Project, ada: User) -> None:
    Project.objects.filter(pk=project.pk).update(annotators_per_article=2)
    project.refresh_from_db()
    article = make_article(project)
    make_annotation(make_layer(article, ada))
    make_annotation(make_layer(article), label="claim")
    rows = listed(project)
    blind = listed(project, ada, label="claim")

    row = rows.get()

    assert row.annotator_names[0] == "ada"
    assert len(row.annotator_names) == 2
    assert (row.note_count, row.length) == (2, article.revision.length)
    assert listed(project, ada).get().note_count == 1
    assert list(blind) == []


def test_another_projects_articles_are_not_listed(project: Project) -> None:
    make_article(make_project("Another"))

    assert titles(project) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_give_every_article_once_also_of_one_moment(project: Project, limit: int) -> None:
    for _ in range(5):
        make_article(project)
    Article.objects.update(created_at=timezone.now())  # then the id alone decides
    rows = listed(project)

    seen, cursor = [], None
    while True:
        page = page_of(rows, cursor, limit)
        seen += [row.pk for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == [row.pk for row in rows]
    assert len(seen) == 5
