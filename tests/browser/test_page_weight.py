"""How much a cold open sends, from Newsdesk as people run it: compressed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.scratch import fill, signed_in, story
from tests.desk.people import manager_of
from tests.factories import make_article
from tests.review.listening import newsdesk

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = 150_000  # bytes over the wire
ANNOTATIONS = 200
WORDS = 4_200  # 30 KB of text


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """The address of a real server on the tests' database."""
    with newsdesk() as (_, address):
        yield address


def test_a_long_article_with_many_annotations_opens_light(browser: Browser, server: str) -> None:
    article = make_article(text=story(WORDS))
    manager = manager_of(article.project)
    fill(manager, article, ANNOTATIONS)
    assert len(article.revision.body.encode()) > 30_000
    context = browser.new_context(base_url=server)
    cookies = signed_in(manager.username)
    context.add_cookies([{"name": n, "value": v, "url": server} for n, v in cookies.items()])
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))

    page.goto(f"/p/{article.project.slug}/articles/{article.pk}/annotate/")
    page.wait_for_load_state("networkidle")

    expect(page.locator(".note")).to_have_count(ANNOTATIONS)
    assert 20_000 < sum(sizes) < LIMIT
    context.close()
