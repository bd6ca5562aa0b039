"""Importing in a browser: by keyboard alone, without JavaScript, and for everybody's eyes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from articles.desk.models import User
from articles.intake.models import Article
from tests.browser.accessibility import check_accessibility, check_in_every_look
from tests.browser.conftest import NewPage
from tests.desk.people import make_project, manager_of
from tests.intake.stories import PAGE, STORY, make_article

pytestmark = pytest.mark.django_db(transaction=True)

type SignIn = Callable[[Page, User], None]


def test_an_editor_pastes_an_article_with_the_keyboard_alone(page: Page, sign_in: SignIn) -> None:
    project = make_project()
    sign_in(page, manager_of(project))
    page.goto(f"/p/{project.slug}/import/")

    page.get_by_label("Text").focus()
    page.keyboard.insert_text(STORY)
    page.keyboard.press("Tab")
    page.keyboard.type("Strike over")
    page.keyboard.press("Enter")
    page.wait_for_url("**/annotate/")

    article = Article.objects.get()
    assert (article.title, article.revision.body) == ("Strike over", STORY)


def test_files_come_in_without_javascript_and_each_is_answered_for(
    new_page: NewPage, sign_in: SignIn, tmp_path: Path
) -> None:
    project = make_project()
    (tmp_path / "strike.html").write_text(PAGE, "utf-8")
    (tmp_path / "empty.txt").write_text("", "utf-8")
    page = new_page(java_script_enabled=False)
    sign_in(page, manager_of(project))
    page.goto(f"/p/{project.slug}/import/files/")

    page.get_by_label("Files").set_input_files([tmp_path / "strike.html", tmp_path / "empty.txt"])
    page.get_by_role("button", name="Import").click()

    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("strike.html")
    expect(rows.nth(1)).to_contain_text("Imported")
    expect(rows.nth(2)).to_contain_text("This file is empty.")


def test_a_mistake_is_told_where_the_focus_is(
    page: Page, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("422")
    project = make_project()
    sign_in(page, manager_of(project))
    page.goto(f"/p/{project.slug}/import/")

    page.get_by_label("Text").fill("Only a title")
    page.get_by_role("button", name="Import").click()

    summary = page.get_by_role("alert").filter(has_text="Only a title: paste")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label("Text")).to_be_focused()
    check_accessibility(page)


def test_what_waits_is_made_ready_from_the_list(page: Page, sign_in: SignIn) -> None:
    project = make_project()
    article = make_article(project, placement=Article.Placement.IMPORTED)
    sign_in(page, manager_of(project))
    page.goto(f"/p/{project.slug}/import/waiting/")

    page.get_by_role("button", name="Ready").click()

    expect(page.get_by_text("Nothing waits to be checked")).to_be_visible()
    article.refresh_from_db()
    assert article.placement == "ready"


def test_what_became_of_files_is_for_everybody(page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    project = make_project()
    (tmp_path / "strike.html").write_text(PAGE, "utf-8")
    sign_in(page, manager_of(project))

    page.goto(f"/p/{project.slug}/import/files/")
    page.get_by_label("Files").set_input_files(tmp_path / "strike.html")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", name="What became of 1 file")).to_be_visible()
    check_in_every_look(page)
