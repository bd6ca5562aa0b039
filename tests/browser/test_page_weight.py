"""How much a cold open sends, from Newsdesk as people run it: compressed."""

import os
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

from benchmarks.scratch import fill, signed_in, story
from tests.desk.people import manager_of
from tests.factories import make_article
from tests.faults.test_serve import start

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = 150_000  # bytes over the wire
ANNOTATIONS = 200
WORDS = 4_200  # 30 KB of text


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """The address of a real server on the tests' database."""
    at = connection.get_connection_params()
    name, user, password, host = (
        quote(str(at[key]), safe="") for key in ("dbname", "user", "password", "host")
    )
    process = start(
        DATABASE_URL=f"postgresql://{user}:{password}@/{name}?host={host}",
        NEWSDESK_DATA=os.environ["NEWSDESK_DATA"],
    )
    assert process.stdout
    words = process.stdout.readline().split()
    address = next((word for word in words if word.startswith("http://")), None)
    assert address, process.communicate()[1]
    yield address
    process.terminate()
    process.communicate()


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
