"""What one does, others see without reloading: told by the server, or found by asking."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from articles.annotations.models import Layer
from articles.desk.models import Role, User
from articles.review.submission_services import submit_layer
from benchmarks.scratch import signed_in
from tests.browser.conftest import PATIENCE, NewPage
from tests.desk.people import join, make_project, make_user
from tests.factories import make_article, make_layer
from tests.review.listening import Listener, newsdesk

pytestmark = pytest.mark.django_db(transaction=True)

#: A browser that knows no streams, and whose half minute is short.
NO_STREAMS = """
delete window.EventSource
const { setTimeout } = window
window.setTimeout = (call, wait) => setTimeout(call, wait === 30_000 ? 200 : wait)
"""
MARK = "window.notReloaded = true"


@pytest.fixture
def layer(transactional_db: None) -> Layer:
    """Ada's work on the oldest of three articles."""
    project = make_project("Harbour inquiry")
    article = make_article(project, title="Council reopens East Quay")
    make_article(project, title="Ferry is late")
    make_article(project, title="Tide turns")
    return make_layer(article, join(project, make_user("ada"), Role.ANNOTATOR))


@pytest.fixture
def address(layer: Layer) -> Iterator[str]:
    """Where a real server is; somebody works there already, so that it loads no demo."""
    with newsdesk() as (_, address):
        yield address


@pytest.fixture
def reviewer(layer: Layer) -> User:
    return join(layer.project, make_user("cem"), Role.REVIEWER)


def open_list(page: Page, address: str, layer: Layer, reader: User) -> None:
    cookies = signed_in(reader.username)
    page.context.add_cookies([{"name": n, "value": v, "url": address} for n, v in cookies.items()])
    page.goto(f"{address}/p/{layer.project.slug}/articles/")
    page.evaluate(MARK)


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("row", name=title)


def hand_in(layer: Layer) -> None:
    assert layer.annotator
    submit_layer(actor=layer.annotator, layer=layer)


def test_a_submission_shows_in_the_others_list(
    address: str, new_page: NewPage, layer: Layer, reviewer: User
) -> None:
    page = new_page(base_url=address)
    open_list(page, address, layer, reviewer)
    quay = row(page, "East Quay")
    expect(quay).to_contain_text("Annotating")
    row(page, "Ferry").get_by_role("link").focus()

    hand_in(layer)

    expect(quay).to_contain_text("Awaiting review")
    expect(row(page, "Ferry").get_by_role("link")).to_be_focused()
    assert page.evaluate("window.notReloaded")


def test_a_new_article_comes_in_above_and_moves_nothing_else(
    address: str, new_page: NewPage, layer: Layer, reviewer: User
) -> None:
    page = new_page(base_url=address, viewport={"width": 600, "height": 300})
    open_list(page, address, layer, reviewer)
    page.get_by_role("searchbox").fill("e")
    rows = page.get_by_role("region", name="Articles")
    expect(rows).to_have_attribute("data-live-url", re.compile("q=e"))
    link = row(page, "East Quay").get_by_role("link")
    link.focus()

    make_article(layer.project, title="Bridge closes")

    expect(page.get_by_role("row")).to_have_count(5)
    expect(row(page, "Bridge closes")).to_be_visible()
    expect(link).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("e")


def test_whoever_opens_an_article_is_here(
    address: str, new_page: NewPage, layer: Layer, reviewer: User
) -> None:
    page = new_page(base_url=address)
    open_list(page, address, layer, reviewer)
    stream = f"/events?project={layer.project.slug}&article={layer.article_id}"
    reader = join(layer.project, make_user("ben"), Role.ANNOTATOR)  # who saves nothing

    with Listener(address, stream, reader):
        expect(row(page, "East Quay")).to_contain_text("ben")
        expect(row(page, "Ferry")).not_to_contain_text("here", timeout=PATIENCE)

    expect(row(page, "East Quay")).not_to_contain_text("ben", timeout=PATIENCE)


def test_a_browser_without_streams_asks_and_is_mostly_told_that_nothing_changed(
    address: str, new_page: NewPage, layer: Layer, reviewer: User
) -> None:
    page = new_page(base_url=address)
    page.add_init_script(NO_STREAMS)
    answers: list[int] = []

    def note(response: Response) -> None:
        if response.request.headers.get("hx-request"):
            answers.append(response.status)

    page.on("response", note)
    open_list(page, address, layer, reviewer)
    with page.expect_response(lambda response: response.status == 304):
        pass  # after the first answer, which had the ETag

    hand_in(layer)

    expect(row(page, "East Quay")).to_contain_text("Awaiting review")
    assert page.evaluate("window.notReloaded")
    assert set(answers) == {200, 304}
    assert answers.count(200) == 2
