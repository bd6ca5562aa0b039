"""The import wizard in a browser: by keyboard alone, without JavaScript, for everybody's eyes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from articles.desk.models import User
from articles.intake.models import Article
from tests.browser.accessibility import check_in_every_look
from tests.browser.conftest import NewPage
from tests.browser.helpers import ASKS_SOON
from tests.desk.people import make_project, manager_of
from tests.imports.runs import imported, jsonl, start, stories, story
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

type SignIn = Callable[[Page, User], None]


def test_a_file_is_tried_and_confirmed_with_the_keyboard_alone(
    page: Page, sign_in: SignIn, tmp_path: Path
) -> None:
    project = make_project()
    page.add_init_script(ASKS_SOON)
    sign_in(page, manager_of(project))
    (tmp_path / "stories.jsonl").write_bytes(stories(2) + b"\n{broken")
    page.goto(f"/p/{project.slug}/imports/")

    page.get_by_role("link", name="choose a file").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/imports/new/")
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "stories.jsonl")
    page.get_by_label("Publisher").focus()
    page.keyboard.type("The Bugle")
    page.keyboard.press("Enter")
    page.wait_for_url("**/imports/*-*/")
    expect(page.get_by_text("Waiting")).to_be_visible()
    run_jobs()

    button = page.get_by_role("button", name="Import 2")  # the page finds out by itself
    expect(page.get_by_text("3 found · 2 new · 1 not readable")).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop, and keep what is imported").focus()
    run_jobs()

    expect(page.get_by_text("3 found · 2 imported · 1 not readable")).to_be_visible()
    expect(page.locator("#status")).to_have_text("stories.jsonl: done, 2 imported.")
    expect(page.get_by_role("link", name="Go to the articles")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="📰 Quay 1 opens", exact=True)).to_be_visible()
    assert set(Article.objects.values_list("publisher", flat=True)) == {"The Bugle"}


def test_labels_are_mapped_without_javascript(
    new_page: NewPage, sign_in: SignIn, tmp_path: Path
) -> None:
    project = make_project()
    zitat = {"label": "Zitat", "start": 2, "end": 6, "quote": "Quay"}
    lines = jsonl({"text": story(1), "annotations": [zitat]})
    (tmp_path / "stories.jsonl").write_bytes(lines)
    page = new_page(java_script_enabled=False)
    sign_in(page, manager_of(project))
    page.goto(f"/p/{project.slug}/imports/new/")

    page.get_by_label("File", exact=True).set_input_files(tmp_path / "stories.jsonl")
    page.get_by_role("button", name="Try it").click()
    run_jobs()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("1 label not known here")).to_be_visible()
    page.locator("#missing-labels").get_by_role("link", name="Other options").click()
    page.get_by_label("Their “Zitat”").select_option("quote")
    page.get_by_role("button", name="Try again").click()
    run_jobs()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("button", name="Import 1").click()
    run_jobs()

    annotation = Article.objects.get().annotations.get()
    assert annotation.label.key == "quote"


def test_the_pages_of_an_import_are_for_everybody(page: Page, sign_in: SignIn) -> None:
    project = make_project()
    lines = stories(2) + b"\n" + json.dumps({"text": story(1)}).encode() + b"\n{broken"
    tried = imported(project, lines, is_dry=True)
    waiting = start(project, stories(1))
    sign_in(page, manager_of(project))

    for part in (f"{tried.pk}/", f"{tried.pk}/options/"):
        page.goto(f"/p/{project.slug}/imports/{part}")
        check_in_every_look(page)
    page.goto(f"/p/{project.slug}/imports/{waiting.pk}/")
    expect(page.get_by_label("How far it is")).to_be_visible()
    check_in_every_look(page)
