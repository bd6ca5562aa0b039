"""A secret that is shown once is copied by a button."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_every_page import SignIn
from tests.desk.people import PASSWORD, make_project, make_user, manager_of

pytestmark = pytest.mark.django_db(transaction=True)


def make_token(page: Page) -> None:
    page.goto(reverse("token-new"))
    page.locator("main [name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.locator("main [name=name]").fill("Nightly export")
    page.get_by_role("button", name="Make the token").click()


def test_a_token_is_copied_by_a_button(new_page: NewPage, sign_in: SignIn) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, make_user("ada"))
    make_token(page)

    page.get_by_role("button", name="Copy").click()

    expect(page.locator("#status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.inner_text("#secret")


def test_without_javascript_there_is_no_button_that_does_nothing(
    new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, make_user("ada"))
    make_token(page)

    expect(page.locator("#secret")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


def test_the_command_of_an_export_follows_what_is_chosen_and_is_copied(
    new_page: NewPage, sign_in: SignIn
) -> None:
    project = make_project()
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, manager_of(project))
    page.goto(reverse("export", args=[project.slug]))

    page.get_by_label("Format").select_option("conll")
    page.get_by_label("Scheme").focus()
    page.get_by_label("Scheme").select_option("BILOU")
    expect(page.locator("#command")).to_contain_text("format=conll&scheme=bilou")
    expect(page.get_by_label("Scheme")).to_be_focused()
    page.get_by_role("button", name="Copy the command").click()

    expect(page.locator("#status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.inner_text("#command")
