"""A dataset in a browser, by keyboard alone: looked at, frozen, downloaded, and made again."""

import hashlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from articles.datasets.models import Snapshot
from articles.desk.models import User
from tests.browser.helpers import ASKS_SOON
from tests.datasets.frozen import make_gold
from tests.desk.people import manager_of
from tests.jobs import run_jobs
from tests.review.disputes import make_desk

pytestmark = pytest.mark.django_db(transaction=True)

type SignIn = Callable[[Page, User], None]


def press(what: Locator) -> None:
    """Press it as somebody without a mouse does."""
    what.focus()
    what.press("Enter")


def test_gold_is_frozen_downloaded_and_frozen_again_with_the_keyboard_alone(
    page: Page, sign_in: SignIn
) -> None:
    project, people, _ = make_desk(2, audit_sample=0)
    make_gold(project, people, 0)
    make_gold(project, people, 1)
    page.add_init_script(ASKS_SOON)
    sign_in(page, manager_of(project))
    page.goto(f"/p/{project.slug}/datasets/")

    press(page.get_by_role("link", name="New dataset").first)
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.press("ControlOrMeta+a")  # a name is proposed
    page.keyboard.type("Harbour")
    press(page.get_by_role("button", name="Preview"))
    expect(page.get_by_role("heading", name="2 articles")).to_be_focused()
    press(page.get_by_role("button", name="Freeze"))
    expect(page.get_by_role("status").filter(has_text="waits for its turn")).to_be_visible()
    run_jobs()

    # The page finds out by itself.
    said = page.locator("code.hash")
    expect(said).to_be_visible()
    with page.expect_download() as download:
        press(page.get_by_role("link", name="Newsdesk JSONL"))
    content = download.value.path().read_bytes()
    assert hashlib.sha256(content).hexdigest() == said.inner_text()
    assert content.count(b"\n") == 2

    make_gold(project, people, 2)
    press(page.get_by_role("button", name="New version"))
    expect(page.get_by_role("heading", name="Harbour v2", level=1)).to_be_visible()
    run_jobs()
    press(page.get_by_role("link", name="since Harbour v1"))
    expect(page.get_by_text("1 added, 0 removed, 0 changed")).to_be_visible()
    assert Snapshot.objects.ready().count() == 2
