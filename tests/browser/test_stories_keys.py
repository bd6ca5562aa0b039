"""The keys themselves: found on their sheet, printed, and exchanged for others."""

import re

import pytest
from playwright.sync_api import Page, expect

from articles.desk.services import publish_guidelines
from tests.browser.accessibility import check_accessibility
from tests.browser.conftest import NewPage
from tests.browser.helpers import QUAY, SignIn, at_work, labelled
from tests.desk.people import manager_of
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = "The mayor, Ọ\u0301láwálé Rice, called the figures wrong."


def test_a_key_is_exchanged_for_another_and_used(
    page: Page, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("422")  # for a key used twice
    article = make_article(text=QUAY)
    sign_in(page, manager_of(article.project))
    page.goto("/account/")
    page.get_by_label("Select the sentence").fill("p")
    page.get_by_role("button", name="Save the keys").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Select the sentence: “p” is also the key for: select the paragraph."
    )
    check_accessibility(page)
    page.get_by_label("Select the sentence").fill("w")
    page.get_by_label("Undo").fill("x")
    page.get_by_role("button", name="Save the keys").click()
    expect(page.get_by_role("status").get_by_text("Keys saved.")).to_be_visible()

    work = at_work(page, sign_in, article)
    expect(page.get_by_role("button", name="Undo")).to_have_text("Undo x")
    work.go_to("figures")
    work.press("s")
    assert work.selection == ""
    work.press("w")
    assert work.selection == SENTENCE
    work.press("1")
    expect(work.notes).to_have_count(1)
    work.press("z", "x")
    expect(work.notes).to_have_count(0)
    work.press("?")
    row = page.get_by_role("dialog").get_by_role("row", name="select the sentence")
    expect(row).to_have_text(re.compile(r"^\s*w\s*select the sentence$"))

    page.goto("/account/")
    page.get_by_role("button", name="All keys as usual").click()
    expect(page.get_by_label("Select the sentence")).to_have_value("s")
    work.open()
    work.press("s")
    assert work.selection == QUAY.split("\n")[0]
    assert labelled(article) == []


def test_the_sheet_is_searched_and_printed(page: Page, sign_in: SignIn) -> None:
    work = at_work(page, sign_in, make_article(text=QUAY))
    work.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    rows = sheet.get_by_role("row")
    expect(sheet.get_by_label("Find a key")).to_be_focused()

    page.keyboard.type("Sentence")
    expect(rows).to_have_text([re.compile("Does"), re.compile("start or end"), re.compile("^s")])
    page.keyboard.type(" of nothing")
    expect(rows).to_have_count(1)
    sheet.get_by_label("Find a key").fill("")
    page.emulate_media(media="print")
    expect(rows.filter(has_text="select the sentence")).to_be_visible()
    expect(sheet.get_by_label("Find a key")).not_to_be_visible()
    expect(work.article).not_to_be_visible()

    work.press("Escape")
    expect(work.article).to_be_visible()


GUIDELINES = (
    """# What we label

## Quotes

Words that somebody said.

## Everything else

"""
    + "Think twice. " * 200
)


@pytest.mark.parametrize("width", [1280, 1000])
def test_the_guide_opens_where_it_is_about_the_label_at_hand(
    new_page: NewPage, sign_in: SignIn, width: int
) -> None:
    article = make_article(text=QUAY)
    project = article.project
    publish_guidelines(
        actor=manager_of(project), project=project, version=project.version, text=GUIDELINES
    )
    page = new_page(viewport={"width": width, "height": 700})
    work = at_work(page, sign_in, article)
    work.press("g")
    expect(page.get_by_role("heading", name="What we label")).to_be_in_viewport()

    work.article.focus()
    work.mark("“Nobody asked us, not once,”", "2")
    work.press("g")
    expect(page.get_by_role("heading", name="Quotes")).to_be_focused()
    expect(page.get_by_text("Words that somebody said.")).to_be_in_viewport()
    check_accessibility(page)
    work.press("Escape")
    expect(work.article).to_be_focused()

    work.mark("Zoë Hart", "3")
    work.press("g")
    part = page.locator("#panel section:focus")
    expect(part.get_by_role("heading")).to_have_text("Source")
    expect(part).to_be_in_viewport()


def test_without_highlights_of_the_browser_the_cursor_is_drawn(
    new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page(viewport={"width": 390, "height": 700})  # where notes move the text
    page.add_init_script("delete CSS.highlights; delete globalThis.Highlight")
    work = at_work(page, sign_in, make_article(text=QUAY))
    page.wait_for_function("CSS.highlights?.get('cursor')")  # what draws is loaded after the page
    work.mark("Nobody asked", "1")
    work.go_to("mayor")

    for words, drawn in [("mayor", "cursor"), ("The mayor", "selection")]:
        x, y = work.point(words)
        box = page.locator(f".drawn.{drawn}").bounding_box()
        assert box
        assert box["x"] <= x <= box["x"] + box["width"]
        assert box["y"] <= y <= box["y"] + box["height"]
        work.press("ArrowLeft", "Shift+ArrowRight")
    assert work.selection == "The mayor"
    work.press("1")
    expect(work.notes).to_have_count(2)
    work.settled()
    expect(page.locator(".drawn.selection, .drawn.pending")).to_have_count(0)
