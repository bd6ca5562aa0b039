"""Suggestions are decided by keyboard, one after the other, and the focus is never lost."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.desk.models import Role
from tests.browser.conftest import NewPage
from tests.browser.test_every_page import SignIn
from tests.desk.people import join, make_user
from tests.factories import make_article
from tests.suggestions.suggesting import SOURCE, make_suggestion

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_focus_goes_on_to_the_next_and_behind_the_last_to_the_article(
    new_page: NewPage, sign_in: SignIn
) -> None:
    article = make_article()
    make_suggestion(article, SOURCE, label="source")
    make_suggestion(article, "quay", label="claim")
    page = new_page()
    sign_in(page, join(article.project, make_user("ada"), Role.ANNOTATOR))
    page.goto(reverse("workbench", args=[article.project.slug, article.pk]))
    page.get_by_role("link", name="Suggestions").press("Enter")
    expect(page.get_by_role("link", name="Suggestions")).to_be_focused()

    page.get_by_role("button", name="Accept").first.press("Enter")
    expect(page.get_by_role("button", name="Accept")).to_have_count(1)
    expect(page.get_by_role("button", name="Accept")).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.get_by_text("No suggestions to decide on.")).to_be_visible()
    expect(page.locator("#article")).to_be_focused()
