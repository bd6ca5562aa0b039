"""Every script: what is marked in the browser is what stands in the export, to the character."""

import json

import pytest
from playwright.sync_api import Page

from articles.datasets.sources import Live
from tests.browser.helpers import SignIn, at_work, labelled
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

ARABIC = """🚢 عودة العبارة الليلية إلى المرفأ

قالت هالة مراد، عضو المجلس: «لم يسألنا أحد». وارتفعت الأسعار في مارس بنسبة 4 في المئة.

وأعلن اتحاد الحمالين أنه سينتظر."""

JAPANESE = """🐟 魚市場が再開、組合は慎重

市長は十一月に資料を公開した。「誰も私たちに聞かなかった」と魚商の堀江さんは話した。

組合は来週また会合を開く。"""

EMOJI = """👩‍👩‍👧‍👦 moves into the 🏠🇪🇺

“We 💛 it,” said Zoe\u0308’s mother 👩🏽‍🌾. The 🐕‍🦺 came too, wrote A\u030ase."""

STORIES = [
    pytest.param("ar", ARABIC, ["هالة مراد", "«لم يسألنا أحد»", "مارس"], id="arabic"),
    pytest.param("ja", JAPANESE, ["「誰も私たちに聞かなかった」", "堀江"], id="japanese"),
    pytest.param("en", EMOJI, ["👩‍👩‍👧‍👦", "🏠🇪🇺", "We 💛 it", "👩🏽‍🌾", "🐕‍🦺 came"], id="emoji"),
]


@pytest.mark.parametrize(("language", "text", "words"), STORIES)
def test_what_is_marked_is_what_is_exported(
    page: Page, sign_in: SignIn, language: str, text: str, words: list[str]
) -> None:
    article = make_article(text=text, language=language)
    work = at_work(page, sign_in, article)
    body = article.revision.body  # in canonical form

    for part in words:
        work.mark(part, "1")
    work.settled()

    assert labelled(article) == [("claim", part) for part in words]
    exported = json.loads(b"".join(Live(article.project).lines()))
    assert [one["quote"] for one in exported["annotations"]] == words
    for one in exported["annotations"]:
        assert exported["text"][one["start"] : one["end"]] == one["quote"]
    assert page.locator(".block").all_text_contents() == body.split("\n\n")


def test_in_arabic_the_left_arrow_goes_on(page: Page, sign_in: SignIn) -> None:
    work = at_work(page, sign_in, make_article(text=ARABIC, language="ar"))
    assert work.article.get_attribute("dir") == "rtl"

    work.press("Control+Home", "ArrowLeft")
    assert work.cursor == "عودة"
    work.press("Shift+ArrowLeft")
    assert work.selection == "عودة العبارة"
    work.press("ArrowRight")
    assert work.cursor == "عودة"
