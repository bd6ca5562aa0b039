"""Lists by keyboard alone: a row further, a row back, open, search, something new."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.desk.models import User
from tests.desk.people import make_project, manager_of
from tests.factories import TEXT, make_article

pytestmark = pytest.mark.django_db(transaction=True)

type SignIn = Callable[[Page, User], None]


def test_keys_go_through_the_articles_and_still_do_after_a_search(
    page: Page, sign_in: SignIn
) -> None:
    project = make_project()
    for name in ("Anchor", "Buoy", "Anchorage"):
        make_article(project, TEXT.replace("East Quay", name), title=name)
    sign_in(page, manager_of(project))
    page.goto(f"/p/{project.slug}/articles/")
    titles = page.locator("[data-list] tbody [data-open]")

    page.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(titles.nth(1)).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"

    page.keyboard.press("/")
    expect(page.get_by_label("Search")).to_be_focused()
    page.keyboard.type("anchor")
    expect(titles).to_have_count(2)
    page.keyboard.press("Tab")
    page.get_by_role("heading", name="Articles").focus()
    page.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    title = titles.nth(0).inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_n_begins_something_new(page: Page, sign_in: SignIn) -> None:
    project = make_project()
    sign_in(page, manager_of(project))

    for place, heading in [
        ("/p/", "New project"),
        (f"/p/{project.slug}/articles/", "Import articles"),
        (f"/p/{project.slug}/settings/", "New label"),
        ("/account/tokens/", "Confirm that it is you"),
    ]:
        page.goto(place)
        page.keyboard.press("n")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
