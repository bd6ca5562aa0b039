"""An article with very many annotations: rows that nobody sees are not painted."""

import pytest
from playwright.sync_api import Page, expect

from articles.intake.models import Article
from benchmarks.scratch import fill, story
from tests.browser.conftest import NewPage
from tests.browser.helpers import SignIn, at_work
from tests.desk.people import manager_of
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

#: Left edge, width and height of every row, block, note and mark that is painted.
SHAPES = """() => [...document.querySelectorAll("#article :is(.row, .block, .note, mark)")]
  .filter((part) => part.checkVisibility({ contentVisibilityAuto: true }))
  .map((part) => part.getBoundingClientRect())
  .map(({ left, width, height }) => [left, width, height].map(Math.round).join())"""
PAINTED = """[...document.querySelectorAll(".row > .block")]
  .filter((block) => block.checkVisibility({ contentVisibilityAuto: true })).length"""
IN_SIGHT = """() => {
  const { top, bottom } = [...CSS.highlights.get("cursor")][0].getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
}"""


@pytest.fixture
def dense() -> Article:
    article = make_article(text=story(3_000))
    fill(manager_of(article.project), article, 301)
    return article


@pytest.mark.parametrize("width", [1280, 1000, 390])
def test_it_looks_the_same_and_is_walked_to_its_end(
    new_page: NewPage, sign_in: SignIn, dense: Article, width: int
) -> None:
    # Playwright waits by eval, which the policy forbids.
    page = new_page(viewport={"width": width, "height": 800}, bypass_csp=True)
    work = at_work(page, sign_in, dense)
    rows = page.locator(".row").count()
    page.wait_for_function(f"0 < {PAINTED} && {PAINTED} < {rows}")

    for key in ("Control+End", "PageUp", "PageUp", "Control+Home", "PageDown"):
        work.press(key)
        page.wait_for_function(IN_SIGHT)
    assert page.evaluate("find('winter', false, true)")  # the last one, as find-in-page would
    page.evaluate("document.querySelectorAll('.row').forEach((row) => row.scrollIntoView())")
    shapes = page.evaluate(SHAPES)
    page.evaluate("document.querySelector('#article').removeAttribute('data-dense')")
    page.wait_for_function(f"{PAINTED} === {rows}")
    everything = page.evaluate(SHAPES)
    assert shapes
    assert set(shapes) <= set(everything)


def test_who_hears_where_annotations_begin_has_all_rows_painted(
    page: Page, sign_in: SignIn, dense: Article
) -> None:
    user = manager_of(dense.project)
    user.preferences = {**user.preferences, "boundaries": "on"}
    user.save(update_fields=["preferences"])

    work = at_work(page, sign_in, dense)

    expect(work.article).to_have_attribute("data-dense", "")
    assert page.evaluate(PAINTED) == page.locator(".row").count()
