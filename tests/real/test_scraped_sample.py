"""A real article, as a scraper left it, from the import to the export and back.

Its words belong to its publisher, so none of them is written here: what should be found is told
by where it stands. Reads the folder ``shared`` beside the repository.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Page

from articles.intake.models import Article
from tests.browser.conftest import browser, new_page, page, sign_in, tolerates
from tests.browser.helpers import (
    SignIn,
    kinds_over_http,
    label_a_scraped_article,
    labelled,
    linked,
    paste,
    send,
)
from tests.datasets.test_jsonl import brought_in, exported, ids_aside
from tests.desk.people import make_project, manager_of, signed_in

__all__ = ["browser", "new_page", "page", "sign_in", "tolerates"]  # fixtures of other tests

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLE = Path(__file__).parents[3] / "shared" / "samples" / "scraped-article.txt"
BUTTON = "open image in gallery"


@pytest.fixture(scope="module")
def sample() -> str:
    assert SAMPLE.exists(), f"The real article is missing: {SAMPLE.name} belongs in {SAMPLE.parent}"
    return SAMPLE.read_text(encoding="utf-8")


def captions_in(sample: str) -> list[str]:
    """What stands behind each gallery button, without its credit."""
    glued = [line.split(BUTTON)[1] for line in sample.split("\n") if BUTTON in line]
    return [line.rsplit(" (", 1)[0] for line in glued]


def parts(article: Article, kind: str) -> list[str]:
    """The parts of one kind, as the API gives them."""
    body = article.revision.body
    return [body[start:end].strip() for one, start, end in kinds_over_http(article) if one == kind]


def assert_divided(article: Article, sample: str) -> None:
    """Headline, standfirst, byline, captions and boilerplate are where they are in the sample."""
    repeated = Counter(line for line in sample.split("\n") if len(line) > 60)
    headline, standfirst = (line for line, count in repeated.items() if count > 1)
    glued = re.search(r"^(\w+ [A-Z]\w+?)[A-Z]\w+day \d+ \w+ \d{4}", sample, re.MULTILINE)
    assert glued
    assert parts(article, "headline") == [headline] == [article.title]
    assert parts(article, "standfirst") == [standfirst]
    assert parts(article, "byline") == [glued[1]]
    assert parts(article, "caption") == captions_in(sample)
    boilerplate = "\n".join(parts(article, "boilerplate"))
    for junk in (BUTTON, "Most popular", "Read next", "Privacy notice", "SIGN UP"):
        assert junk in boilerplate
        assert not any(junk in part for part in parts(article, "paragraph"))


def test_the_sample_comes_in_by_the_form_and_by_the_api(sample: str) -> None:
    by_form, by_api = make_project("By form"), make_project("By the API")

    answer = signed_in(manager_of(by_form)).post(f"/p/{by_form.slug}/import/", {"text": sample})

    assert answer.status_code == 303
    for article in (Article.objects.get(project=by_form), send(by_api, sample)):
        assert_divided(article, sample)
        assert article.revision.body == sample


def test_the_sample_is_annotated_in_the_browser_and_comes_back_as_it_went_out(
    page: Page, sign_in: SignIn, sample: str
) -> None:
    article = paste(page, sign_in, make_project("By page"), sample)
    assert_divided(article, sample)

    label_a_scraped_article(page, article)

    found = labelled(article)
    assert [words for label, words in found if label == "caption"] == captions_in(sample)
    assert sorted(label for label, _ in found if label != "caption") == ["quote", "source"]
    lines = exported(article.project)
    back = brought_in(lines, members=[manager_of(article.project)])
    assert ids_aside(exported(back)) == ids_aside(lines)
    again = Article.objects.get(project=back)
    assert (labelled(again), linked(again)) == (found, linked(article))
