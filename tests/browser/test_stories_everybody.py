"""The workbench for everybody's eyes and ears."""

import re

import pytest
from playwright.sync_api import Page, expect

from articles.annotations.models import Layer
from articles.review.talk_services import add_comment
from tests.browser.accessibility import (
    check_accessibility,
    check_in_every_look,
    scrolls_sideways,
)
from tests.browser.conftest import NewPage
from tests.browser.helpers import QUAY, SignIn, Workbench, at_work
from tests.desk.people import manager_of
from tests.factories import make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db(transaction=True)

QUOTE = "“Nobody asked us, not once,”"
SOURCE = "Zoë Hart"
PANELS = ["labels", "annotations", "links", "comments", "parts", "guide"]


def make_rich_layer() -> Layer:
    """Nested, linked, unsure and commented annotations in every block."""
    layer = make_layer(make_article(text=QUAY))
    quote = make_annotation(layer, QUOTE)
    make_annotation(layer, "Nobody asked us, not once", label="claim")
    source = make_annotation(layer, SOURCE, label="source")
    make_annotation(layer, "Council reopens", label="claim")
    make_annotation(layer, QUAY.split("\n\n")[2], label="caption")
    make_relation(source=quote, target=source)
    add_comment(actor=manager_of(layer.project), on=quote, body="Which quay? ⚓")
    return layer


def check(page: Page) -> None:
    check_accessibility(page)
    assert not scrolls_sideways(page)


def test_the_workbench_is_for_everybodys_eyes(
    new_page: NewPage, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("409")
    empty, layer = make_article(text=QUAY), make_rich_layer()
    page = new_page()
    at_work(page, sign_in, empty)
    check_in_every_look(page)

    work = at_work(page, sign_in, layer.article)
    for panel in PANELS:
        page.goto(f"{work.address}?panel={panel}")
        check_in_every_look(page)
    work.open(f"?selected={layer.annotations.live().in_reading_order()[1].pk}")
    expect(work.details).to_have_count(1)
    check_in_every_look(page)
    work.press("p")
    check_in_every_look(page)
    work.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    check_in_every_look(page)

    work.open()
    work.press("]")
    elsewhere = at_work(new_page(), sign_in, layer.article)
    elsewhere.press("]", "u")
    elsewhere.settled()
    work.press("4")
    expect(page.get_by_role("group", name="Changed elsewhere")).to_have_count(1)
    check_in_every_look(page)


@pytest.mark.parametrize("width", [320, 640])
def test_text_of_twice_the_size_needs_no_scrolling_sideways(
    new_page: NewPage, sign_in: SignIn, width: int
) -> None:
    layer = make_rich_layer()
    page = new_page(viewport={"width": width, "height": 700})
    work = at_work(page, sign_in, layer.article)

    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    work.go_to("Porters")
    box = page.evaluate("[...CSS.highlights.get('cursor')][0].getBoundingClientRect().toJSON()")
    assert 0 <= box["top"] < box["bottom"] <= 700  # in sight, and not under a bar
    assert page.evaluate(
        "({ left, top }) => !!document.elementFromPoint(left + 2, top + 5).closest('.block')",
        box,
    )


def test_what_is_done_is_said(page: Page, sign_in: SignIn) -> None:
    layer = make_rich_layer()
    work = at_work(page, sign_in, layer.article)

    work.go_to("asked")
    expect(work.spoken).to_have_text("asked, in Claim and Quote")
    work.press("Shift+ArrowRight")
    expect(work.spoken).to_have_text("asked us, selected, 2 words")
    work.press("Shift+PageDown", "Shift+PageDown")
    expect(work.spoken).to_contain_text("asked us, not … ")
    work.go_to("Rice")
    work.press("3")
    expect(work.status).to_have_text("Source added: Rice. 6 annotations.")
    work.press(".")
    expect(work.status).to_have_text("Now: Rice, called. 6 annotations.")
    work.press("1")
    expect(work.status).to_have_text("Now Claim. 6 annotations.")
    work.press("Delete")
    expect(work.status).to_have_text("Claim deleted. Z to undo. 5 annotations.")
    work.press("Control+Home", "]", "]")
    expect(work.spoken).to_have_text(f"Quote, {QUOTE}, linked to {SOURCE}, 1 comment, 2 of 5")
    expect(page.locator("#counts")).to_have_text("5 annotations · 1 link")


def test_regions_and_their_roles_are_what_a_screen_reader_needs(
    page: Page, sign_in: SignIn
) -> None:
    layer = make_rich_layer()
    work = at_work(page, sign_in, layer.article)

    expect(work.article).to_have_accessible_name(layer.article.title)
    expect(work.article).to_have_attribute("aria-roledescription", "article")
    expect(work.article).to_have_accessible_description(re.compile("Move by words"))
    expect(page.get_by_role("heading", level=1)).to_have_text(layer.article.title)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("complementary", name="Panels and details")).to_be_visible()
    expect(work.spoken).to_have_attribute("aria-live", "polite")
    expect(work.alert).to_have_attribute("role", "alert")


def test_the_list_of_annotations_is_a_way_of_its_own(page: Page, sign_in: SignIn) -> None:
    layer = make_rich_layer()
    work = at_work(page, sign_in, layer.article)

    page.goto(work.address)
    page.get_by_role("link", name="Skip to the list of annotations").press("Enter")
    rows = page.locator("#panel").get_by_role("listitem")
    expect(rows).to_have_count(5)
    rows.filter(has_text="Quote").get_by_role("link").press("Enter")
    expect(work.details).to_have_accessible_name(f"Quote: {QUOTE}")
    work.details.get_by_role("combobox", name="Label").select_option("Claim")
    work.details.get_by_role("button", name="Save").press("Enter")
    expect(work.status).to_contain_text("Now Claim.")
    expect(work.details.get_by_role("button", name="Save")).to_be_focused()


def test_whoever_wants_fewer_words_hears_fewer(page: Page, sign_in: SignIn) -> None:
    layer = make_rich_layer()
    user = manager_of(layer.project)
    user.preferences = {**user.preferences, "speech": "selections"}
    user.save(update_fields=["preferences"])
    work = at_work(page, sign_in, layer.article)

    work.press("Control+Home", "ArrowRight")
    expect(work.spoken).to_be_empty()
    work.press("Shift+ArrowRight")
    expect(work.spoken).to_have_text("Council reopens, selected, 2 words")


def test_keys_can_be_turned_off(page: Page, sign_in: SignIn) -> None:
    layer = make_rich_layer()
    user = manager_of(layer.project)
    user.preferences = {**user.preferences, "keys": "off"}
    user.save(update_fields=["preferences"])
    work = Workbench(page, layer.article)
    sign_in(page, user)
    work.open()

    work.press("s", "1", "Delete")
    work.press("ArrowRight")

    assert work.cursor == "Council"
    expect(work.notes).to_have_count(5)


def test_on_a_middling_screen_the_drawer_opens_for_whoever_goes_there(
    new_page: NewPage, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("409")
    layer = make_rich_layer()
    page = new_page(viewport={"width": 1000, "height": 700})
    work = at_work(page, sign_in, layer.article)
    drawer = page.locator("#drawer")
    check(page)
    expect(drawer).not_to_be_in_viewport()

    work.press("]", "c")
    expect(page.get_by_role("textbox", name="Comment")).to_be_focused()
    expect(drawer).to_be_in_viewport()
    check(page)
    work.article.focus()
    expect(drawer).not_to_be_in_viewport()
    work.press("a")
    expect(page.get_by_label("Words to label")).to_be_focused()
    expect(page.get_by_label("Words to label")).to_be_in_viewport()
    work.article.focus()

    elsewhere = at_work(new_page(), sign_in, layer.article)
    elsewhere.press("]", "u")
    elsewhere.settled()
    work.press("]", "[", "4")
    expect(page.get_by_role("group", name="Changed elsewhere")).to_have_count(1)
    expect(drawer).to_be_in_viewport()
    page.get_by_role("button", name="Keep mine").click()
    expect(drawer).not_to_be_in_viewport()
    page.get_by_role("button", name="Details").click()
    expect(drawer).to_be_in_viewport()
    page.get_by_role("button", name="Details").click()
    expect(drawer).not_to_be_in_viewport()
