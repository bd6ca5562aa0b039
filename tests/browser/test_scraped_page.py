"""A scraped article comes in by the page and by the API, is worked on, goes out and comes back."""

import pytest
from playwright.sync_api import Page

from articles.intake.models import Article
from articles.text.blocks import BlockKind
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
from tests.desk.people import make_project, manager_of
from tests.text.scraped import SCRAPED_ARTICLE, SCRAPED_BLOCKS, scraped_texts

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_scraped_article_is_divided_alike_by_page_and_api(page: Page, sign_in: SignIn) -> None:
    by_page = paste(page, sign_in, make_project("By page"), SCRAPED_ARTICLE)
    by_api = send(make_project("By the API"), SCRAPED_ARTICLE)

    expected = [(str(block.kind), block.start, block.end) for block in SCRAPED_BLOCKS]
    assert kinds_over_http(by_page) == kinds_over_http(by_api) == expected
    assert by_page.title == by_api.title == scraped_texts(BlockKind.HEADLINE)[0]


def test_its_labels_go_out_and_come_back_as_they_were(page: Page, sign_in: SignIn) -> None:
    article = paste(page, sign_in, make_project("By page"), SCRAPED_ARTICLE)

    label_a_scraped_article(page, article)

    found = labelled(article)
    captions = scraped_texts(BlockKind.CAPTION)
    assert [words for label, words in found if label == "caption"] == captions
    assert [label for label, _ in found if label != "caption"] == ["quote", "source"]
    assert len(linked(article)) == 1
    lines = exported(article.project)
    back = brought_in(lines, members=[manager_of(article.project)])
    assert ids_aside(exported(back)) == ids_aside(lines)
    again = Article.objects.get(project=back)
    assert (labelled(again), linked(again)) == (found, linked(article))
