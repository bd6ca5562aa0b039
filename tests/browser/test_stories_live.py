"""What one does, others see without reloading: told by the server, or found by asking."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Locator, Page, Response, expect

from articles.annotations.models import Layer
from articles.datasets.freezing import freeze
from articles.datasets.snapshot_services import Wanted, make_snapshot
from articles.desk.models import Role, User
from articles.imports.run_services import run_import
from articles.review.submission_services import submit_layer
from benchmarks.scratch import signed_in
from tests.browser.conftest import PATIENCE, NewPage
from tests.desk.people import join, make_project, make_user, manager_of
from tests.factories import make_article, make_layer
from tests.imports.runs import start, stories
from tests.review.listening import Listener, newsdesk

pytestmark = pytest.mark.django_db(transaction=True)

#: A browser that knows no streams, and whose half minute is short.
NO_STREAMS = """
delete window.EventSource
const { setTimeout } = window
window.setTimeout = (call, wait) => setTimeout(call, wait === 30_000 ? 200 : wait)
"""
#: A browser that finds nothing out by asking: whatever waits for seconds never comes.
NO_QUESTIONS = """
const { setTimeout } = window
window.setTimeout = (call, wait) => wait >= 5_000 ? 0 : setTimeout(call, wait)
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
    open_page(page, address, f"/p/{layer.project.slug}/articles/", reader)


def open_page(page: Page, address: str, path: str, reader: User) -> None:
    cookies = signed_in(reader.username)
    page.context.add_cookies([{"name": n, "value": v, "url": address} for n, v in cookies.items()])
    page.goto(address + path)
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


def test_how_far_an_import_is_is_seen_as_it_goes_and_ends(
    address: str, new_page: NewPage, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.imports.run_services.MOST_LINES", 1)
    run = start(layer.project, stories(3))
    page = new_page(base_url=address)
    page.add_init_script(NO_QUESTIONS)
    home = f"/p/{layer.project.slug}/imports/{run.pk}/"
    open_page(page, address, home, manager_of(layer.project))
    expect(page.get_by_text("Waiting")).to_be_visible()
    page.get_by_role("button", name="Stop, and keep what is imported").focus()

    def die_at_the_third(execute: Any, sql: str, *rest: Any) -> Any:
        if 'INSERT INTO "articles_importline"' in sql and run.lines.count() == 2:
            raise MemoryError
        return execute(sql, *rest)

    with pytest.raises(MemoryError), connection.execute_wrapper(die_at_the_third):
        run_import(run_id=run.pk)
    expect(page.get_by_text("2 done")).to_be_visible()
    expect(page.get_by_role("button", name="Stop, and keep what is imported")).to_be_focused()
    run_import(run_id=run.pk)

    expect(page.get_by_text("3 found · 3 imported")).to_be_visible()
    expect(page.get_by_role("link", name="Go to the articles")).to_be_focused()
    expect(page.locator("#status")).to_have_text("articles.jsonl: done, 3 imported.")
    assert page.evaluate("window.notReloaded")


def test_that_a_dataset_is_frozen_is_seen_where_it_is_waited_for(
    address: str, new_page: NewPage, layer: Layer
) -> None:
    manager = manager_of(layer.project)
    wanted = Wanted("Everything", layers="all", formats=[])
    snapshot, _ = make_snapshot(actor=manager, project=layer.project, wanted=wanted)
    the_list, its_page = new_page(base_url=address), new_page(base_url=address)
    home = f"/p/{layer.project.slug}/datasets/"
    for page, where in ((the_list, home), (its_page, f"{home}{snapshot.pk}/")):
        page.add_init_script(NO_QUESTIONS)
        open_page(page, address, where, manager)
    expect(row(the_list, "Everything")).to_contain_text("queued")

    freeze(snapshot.pk)

    snapshot.refresh_from_db()
    expect(row(the_list, "Everything")).to_contain_text(snapshot.hash[:12])
    assert the_list.evaluate("window.notReloaded")
    expect(its_page.get_by_text(snapshot.hash, exact=True)).to_be_visible()
    expect(its_page.get_by_role("button", name="New version")).to_be_visible()
