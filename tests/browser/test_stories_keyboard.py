"""A day's work by keyboard alone, from the sign-in to the submission."""

import re

import pytest
from playwright.sync_api import Page, expect

from articles.annotations.models import Annotation, Comment, Layer
from tests.browser.helpers import QUAY, SignIn, Workbench, at_work, happened, labelled, linked
from tests.desk.people import PASSWORD, manager_of
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db(transaction=True)

QUOTE = "“Nobody asked us, not once,”"
SOURCE = "Zoë Hart"


def test_an_editor_signs_in_labels_links_and_submits_without_a_pointer(page: Page) -> None:
    article = make_article(text=QUAY)
    work = Workbench(page, article)
    page.goto(work.address)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    work.press("Tab")
    expect(page.get_by_label("User name or e-mail")).to_be_focused()
    page.keyboard.type(manager_of(article.project).username)
    work.press("Tab")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.keyboard.type(PASSWORD)
    work.press("Enter")
    expect(work.article).to_be_visible()
    page.wait_for_load_state()  # with the scripts, too
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    work.press(*["Tab"] * 5)  # over gates, undo, redo and submit
    expect(work.article).to_be_focused()

    work.mark(QUOTE, "2")
    expect(work.status).to_have_text(f"Quote added: {QUOTE}. 1 annotation.")
    work.mark(SOURCE, "3")
    work.press("[")
    expect(work.chosen).to_contain_text(QUOTE)
    work.press("l")
    expect(work.spoken).to_contain_text(f"Link to Source, {SOURCE}")
    work.press("Enter")
    expect(work.note(QUOTE)).to_contain_text(f"→ {SOURCE}")
    assert page.evaluate("document.activeElement.id") == "article"
    work.press("Control+Enter")
    expect(page.get_by_text("You can take it back for ten minutes")).to_be_visible()

    assert labelled(article) == [("quote", QUOTE), ("source", SOURCE)]
    assert linked(article) == [(QUOTE, SOURCE)]
    assert Layer.objects.get().submitted_at
    assert happened(article) == [
        "annotation.created", "annotation.created", "relation.created", "layer.submitted",
    ]  # fmt: skip


def test_submitting_shows_doubts_first_and_leads_to_them(
    page: Page, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("409")  # which the page of doubts is
    article = make_article(text=QUAY)
    make_annotation(make_layer(article), QUOTE)
    work = at_work(page, sign_in, article)

    work.press("Control+Enter")
    expect(page.get_by_role("heading", name="Look at these before you submit")).to_be_visible()
    assert not Layer.objects.get().submitted_at
    doubt = page.get_by_role("region", name="before you submit").get_by_role("listitem")
    expect(doubt).to_have_count(1)
    doubt.get_by_role("link").press("Enter")
    expect(work.chosen).to_contain_text(QUOTE)

    work.article.focus()
    work.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()  # as on every new page
    page.get_by_role("button", name="Submit as it is").press("Enter")
    expect(page.get_by_text("You submitted this at")).to_be_visible()
    work.article.focus()
    work.press("1")
    expect(work.alert).to_contain_text("Not saved")
    assert labelled(article) == [("quote", QUOTE)]


def test_every_move_stops_where_the_table_of_keys_says(page: Page, sign_in: SignIn) -> None:
    work = at_work(page, sign_in, make_article(text=QUAY))
    moves = [
        ("Control+Home", "📰"),
        ("ArrowRight", "Council"),
        ("PageDown", "“"),
        ("ArrowRight", "Nobody"),
        ("End", "there"),
        ("Home", "“"),
        ("PageDown", "The"),
        ("ArrowRight", "mayor"),
        ("ArrowRight", "Ọ\u0301láwálé"),
        ("Control+End", "9"),
        ("PageUp", "The"),
        ("ArrowLeft", "March"),
        ("PageUp", "📰"),
        ("ArrowLeft", "📰"),
    ]
    for key, word in moves:
        work.press(key)
        assert (key, work.cursor) == (key, word)


def test_lines_are_walked_in_a_straight_column(page: Page, sign_in: SignIn) -> None:
    page.set_viewport_size({"width": 500, "height": 900})
    work = at_work(page, sign_in, make_article(text=QUAY))
    work.go_to("mayor")
    box = "[...CSS.highlights.get('cursor')][0].getBoundingClientRect().toJSON()"
    middle = page.evaluate(f"(({box}).left + ({box}).right) / 2")
    above = page.evaluate(box)["top"]

    for _ in range(3):
        work.press("ArrowDown")
        found = page.evaluate(box)
        assert found["top"] > above
        assert found["left"] - 60 < middle < found["right"] + 60
        above = found["top"]
    work.press("ArrowUp", "ArrowUp", "ArrowUp")
    assert work.cursor == "mayor"


def test_sentences_and_paragraphs_are_selected_by_one_key(page: Page, sign_in: SignIn) -> None:
    work = at_work(page, sign_in, make_article(text=QUAY))
    work.go_to("figures")

    work.press("s")
    assert work.selection == "The mayor, Ọ\u0301láwálé Rice, called the figures wrong."
    work.press("Escape")
    assert work.selection == ""
    work.press("p")
    assert work.selection == QUAY.split("\n\n")[2]
    expect(work.spoken).to_have_text(
        "The mayor, Ọ\u0301láwálé … twice,” he said., selected, 15 words"
    )
    work.press("Shift+PageDown")
    assert work.selection.startswith("The mayor")
    assert work.selection.endswith("\n\nThe")


def test_a_span_is_relabelled_resized_and_deleted_and_all_of_it_undone(
    page: Page, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("409")  # for one undo more than there were changes
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)
    work.mark("Council reopens", "1")

    states = ["Council reopens"]
    for key, words in [
        (".", "Council reopens the"),
        (".", "Council reopens the café"),
        (",", "Council reopens the"),
        (">", "reopens the"),
        ("<", "Council reopens the"),
    ]:
        work.press(key)
        expect(work.chosen.locator("i")).to_have_text(words)
        states.append(words)
    work.press("4")
    expect(work.status).to_contain_text("Now Caption.")
    work.press("Delete")
    expect(work.status).to_contain_text("Caption deleted. Z to undo.")
    assert labelled(article) == []
    expect(work.article).to_be_focused()

    work.press("z")
    expect(work.note("Council reopens the").locator("b")).to_have_text("Caption")
    work.press("Control+z")
    expect(work.note("Council reopens the").locator("b")).to_have_text("Claim")
    work.open()  # undo is the server's, and survives
    for words in states[-2::-1]:
        work.press("z")
        expect(work.notes.locator("i")).to_have_text([words])
    work.press("z")
    expect(work.notes).to_have_count(0)
    work.press("z")
    expect(work.alert).to_contain_text("nothing to undo")

    for words in states:
        work.press("Shift+Z")
        expect(work.notes.locator("i")).to_have_text([words])
    work.press("Control+y")
    expect(work.notes.locator("b")).to_have_text(["Caption"])
    assert labelled(article) == [("caption", "Council reopens the")]
    assert happened(article).count("layer.undone") == 8
    assert happened(article).count("layer.redone") == 7


def test_an_edge_stops_wherever_the_cursor_does(page: Page, sign_in: SignIn) -> None:
    work = at_work(page, sign_in, make_article(text=QUAY))
    work.mark("Hart", "3")

    for key, words in [
        (".", "Hart 👩🏽‍🌾"),
        (".", "Hart 👩🏽‍🌾, who"),
        (",", "Hart 👩🏽‍🌾"),
        (",", "Hart"),
    ]:
        work.press(key)
        expect(work.chosen.locator("i")).to_have_text(words)


def test_two_labels_on_one_selection_and_the_way_through_annotations(
    page: Page, sign_in: SignIn
) -> None:
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)
    work.select(QUOTE)
    work.press("Shift+2", "1")
    expect(work.notes).to_have_count(2)
    work.mark(SOURCE, "3")
    work.mark("The Union of Porters", "3")
    assert labelled(article) == [
        ("quote", QUOTE), ("claim", QUOTE), ("source", SOURCE), ("source", "The Union of Porters"),
    ] or labelled(article) == [
        ("claim", QUOTE), ("quote", QUOTE), ("source", SOURCE), ("source", "The Union of Porters"),
    ]  # fmt: skip

    work.press("[")
    expect(work.chosen).to_contain_text(SOURCE)
    expect(work.spoken).to_have_text(f"Source, {SOURCE}, 3 of 4")
    work.press("]")
    expect(work.spoken).to_have_text("Source, The Union of Porters, 4 of 4")
    work.press("Shift+{")
    expect(work.spoken).to_have_text(f"Source, {SOURCE}, 3 of 4")
    work.press("[")
    first = work.chosen.get_attribute("data-annotation")
    work.press("o")
    expect(work.chosen).not_to_have_attribute("data-annotation", first or "")
    work.press("o")
    expect(work.chosen).to_have_attribute("data-annotation", first or "")


def test_comments_doubts_and_the_guide_have_keys(page: Page, sign_in: SignIn) -> None:
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)
    work.mark(SOURCE, "3")

    work.press("u")
    expect(work.chosen.get_by_text("unsure")).to_be_visible()
    assert Annotation.objects.get().unsure
    work.press("u")
    expect(work.chosen.get_by_text("unsure")).to_have_count(0)
    work.press("c")
    comment = page.get_by_role("textbox", name="Comment")
    expect(comment).to_be_focused()
    page.keyboard.type("Is that her married name? 🤔")
    work.press("Tab", "Enter")
    expect(work.chosen).to_contain_text("1 comment")
    assert Comment.objects.get().body == "Is that her married name? 🤔"
    assert page.evaluate("document.activeElement !== document.body")

    work.article.focus()
    work.press("g")
    expect(page.locator("section:focus").get_by_role("heading")).to_have_text("Source")
    work.press("Escape")
    expect(work.article).to_be_focused()
    work.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    work.press("Escape")
    expect(sheet).to_be_hidden()
    work.press("Enter")
    expect(work.details).to_be_visible()
    assert page.evaluate("!!document.activeElement.closest('#details')")


def test_annotating_by_text_needs_no_selection(page: Page, sign_in: SignIn) -> None:
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)
    work.go_to("figures")
    work.press("a")
    expect(page.get_by_label("Words to label")).to_be_focused()
    expect(page.get_by_label("Paragraph")).to_have_value("3")
    page.keyboard.type("They counted the tide 🌊 twice")
    page.get_by_role("combobox", name="Label").select_option("Claim")
    page.get_by_role("button", name="Add").press("Enter")

    expect(work.note("They counted the tide 🌊 twice")).to_be_visible()
    assert labelled(article) == [("claim", "They counted the tide 🌊 twice")]


def test_a_link_can_be_left_chosen_among_several_or_be_a_free_name(
    page: Page, sign_in: SignIn
) -> None:
    article = make_article(text=QUAY)
    layer = make_layer(article)
    make_annotation(layer, QUOTE)
    for words in (SOURCE, "The Union of Porters"):
        make_annotation(layer, words, label="source")
    work = at_work(page, sign_in, article)
    work.press("]", "l")
    expect(work.spoken).to_contain_text(f"Link to Source, {SOURCE}, 1 of 2")
    work.press("Escape", "l", "ArrowRight")
    expect(work.spoken).to_contain_text("Link to Source, The Union of Porters, 2 of 2")
    work.press("ArrowLeft", "Enter")
    expect(work.note(QUOTE)).to_contain_text(f"→ {SOURCE}")
    work.press("l", "]", "Enter")
    expect(work.note(QUOTE)).to_contain_text("→ The Union of Porters")

    work.press("Enter")
    expect(work.details).to_be_visible()
    page.get_by_label("Name, if it is not in the text").fill("A porter 🧳")
    work.press("Enter")
    expect(work.note(QUOTE)).to_contain_text("→ A porter 🧳")
    work.details.get_by_role("button", name=re.compile("Unlink Zoë Hart")).press("Enter")
    expect(work.note(QUOTE)).not_to_contain_text(f"→ {SOURCE}")
    assert linked(article) == [(QUOTE, "The Union of Porters"), (QUOTE, "A porter 🧳")]
