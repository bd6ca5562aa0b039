"""Work without a selection and without JavaScript: forms all the way."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from articles.annotations.models import Annotation, Layer
from tests.browser.conftest import NewPage
from tests.browser.helpers import QUAY, SignIn, Workbench, at_work, labelled, linked
from tests.desk.people import manager_of
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

TWICE = """🧂 Salt, and more salt

“Salt,” said Nils. “More salt,” said Åsa, “and then the salt of the earth.”"""


def test_words_that_are_not_there_are_told_where_the_editor_is(
    page: Page, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("422")
    article = make_article(text=TWICE)
    work = at_work(page, sign_in, article)
    form = page.locator("#by-text")
    work.go_to("Nils")
    work.press("a")

    form.get_by_label("Words to label").fill("pepper")
    form.get_by_role("combobox").select_option("Claim")
    form.get_by_role("button", name="Add").click()
    expect(work.alert).to_contain_text("These words are not in paragraph 2")
    form.get_by_label("Paragraph").fill("9")
    form.get_by_label("Words to label").fill("salt")
    form.get_by_role("button", name="Add").click()
    expect(work.alert).to_contain_text("9")
    assert Annotation.objects.count() == 0

    form.get_by_label("Paragraph").fill("2")
    form.get_by_label("Words to label").fill("salt")
    form.get_by_label("Which of them").fill("2")
    form.get_by_role("combobox").select_option("Claim")
    form.get_by_role("button", name="Add").click()
    expect(work.notes).to_have_count(1)
    expect(work.alert).to_be_empty()

    assert labelled(article) == [("claim", "salt")]
    assert Annotation.objects.get().start == TWICE.rindex("salt")


def test_the_whole_job_is_done_without_javascript(
    new_page: NewPage, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("409")  # the page of doubts
    article = make_article(text=QUAY)
    page = new_page(java_script_enabled=False)
    sign_in(page, manager_of(article.project))
    work = Workbench(page, article)
    posted: list[tuple[str, int]] = []

    def note_posts(response: Response) -> None:
        if response.request.method == "POST":
            posted.append((urlsplit(response.url).path.rstrip("/").split("/")[-1], response.status))

    page.on("response", note_posts)
    page.goto(work.address)

    def by_text(paragraph: int, words: str, label: str) -> None:
        page.get_by_label("Paragraph").fill(str(paragraph))
        page.get_by_label("Words to label").fill(words)
        page.locator("#by-text").get_by_role("combobox").select_option(label)
        page.get_by_role("button", name="Add", exact=True).click()

    by_text(2, "“Nobody asked us, not once,”", "Claim")
    expect(work.notes).to_have_count(1)
    by_text(2, "Zoë Hart", "Source")
    expect(work.notes).to_have_count(2)

    work.note("Nobody").get_by_role("link").click()
    expect(work.details).to_contain_text("Nobody asked us")
    work.details.get_by_role("combobox", name="Label").select_option("Quote")
    work.details.get_by_label("Unsure").check()
    work.details.get_by_role("button", name="Save").click()
    expect(work.note("Nobody").locator("b")).to_have_text("Quote")
    expect(work.note("Nobody")).to_contain_text("unsure")
    work.details.get_by_role("combobox", name="Attributed to").select_option(label="Zoë Hart")
    work.details.get_by_role("button", name="Link", exact=True).click()
    expect(work.note("Nobody")).to_contain_text("→ Zoë Hart")
    work.details.get_by_role("textbox", name="Comment").fill("Which quay? ⚓")
    work.details.get_by_role("button", name="Add comment").click()
    expect(work.note("Nobody")).to_contain_text("1 comment")
    work.details.get_by_role("button", name="End one word earlier").click()
    expect(work.note("Nobody").locator("i")).to_have_text("“Nobody asked us, not once")
    page.get_by_role("button", name="Undo").click()
    expect(work.note("Nobody").locator("i")).to_have_text("“Nobody asked us, not once,”")

    page.goto(f"{work.address}?panel=parts")
    page.get_by_label("Part 3").select_option("Caption")
    page.get_by_role("button", name="Set the kind of part 3").click()
    expect(page.locator("#b3")).to_have_attribute("data-kind", "caption")

    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Submit as it is").click()
    expect(page.get_by_text("You submitted this at")).to_be_visible()
    assert Layer.objects.get().submitted_at
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("button", name="Submit")).to_be_visible()

    assert not Layer.objects.get().submitted_at
    assert labelled(article) == [("quote", "“Nobody asked us, not once,”"), ("source", "Zoë Hart")]
    assert linked(article) == [("“Nobody asked us, not once,”", "Zoë Hart")]
    done = [status for _, status in posted]
    # Everything leads back to the page; only the doubts before submitting are shown at once.
    assert [name for name, status in posted if status != 303] == ["submission"]
    assert done.count(303) == 10


def test_without_javascript_a_mistake_keeps_what_was_typed(
    new_page: NewPage, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("422")
    article = make_article(text=QUAY)
    page = new_page(java_script_enabled=False)
    sign_in(page, manager_of(article.project))
    page.goto(Workbench(page, article).address)

    page.get_by_label("Paragraph").fill("3")
    page.get_by_label("Words to label").fill("They counted the crabs 🦀")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_text("These words are not in paragraph 3").first).to_be_visible()
    expect(page.get_by_label("Words to label")).to_have_value("They counted the crabs 🦀")
    assert Annotation.objects.count() == 0


def test_without_javascript_a_stale_change_is_asked_about(
    new_page: NewPage, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("409")
    article = make_article(text=QUAY)
    here, there = new_page(java_script_enabled=False), new_page(java_script_enabled=False)
    for page in (here, there):
        sign_in(page, manager_of(article.project))
    work = Workbench(here, article)
    here.goto(work.address)
    here.get_by_label("Paragraph").fill("2")
    here.get_by_label("Words to label").fill("Zoë Hart")
    here.locator("#by-text").get_by_role("combobox").select_option("Source")
    here.get_by_role("button", name="Add", exact=True).click()
    there.goto(here.url)

    for page, label in ((here, "Claim"), (there, "Caption")):
        page.locator("#details").get_by_role("combobox", name="Label").select_option(label)
        page.locator("#details").get_by_role("button", name="Save").click()

    expect(there.get_by_role("group", name="Changed elsewhere")).to_be_visible()
    assert labelled(article) == [("claim", "Zoë Hart")]
    there.get_by_role("button", name="Keep mine").click()
    expect(there.get_by_role("group", name="Changed elsewhere")).to_have_count(0)
    assert labelled(article) == [("caption", "Zoë Hart")]
