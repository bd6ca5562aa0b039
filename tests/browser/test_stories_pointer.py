"""The same work by mouse and by touch."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.helpers import QUAY, SignIn, at_work, labelled, linked
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db(transaction=True)

SCREEN = {"width": 390, "height": 844}
PHONE = {"has_touch": True, "is_mobile": True, "viewport": SCREEN}
FINGER = 44  # pixels that a target for fingers has at least, each way

#: Five spans, each inside the one before.
NESTED = [
    "“Nobody asked us, not once,” said Zoë Hart 👩🏽‍🌾, who sells fish there.",
    "“Nobody asked us, not once,”",
    "Nobody asked us, not once",
    "asked us, not",
    "us",
]


def test_dragging_takes_whole_words_forwards_and_backwards(page: Page, sign_in: SignIn) -> None:
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)

    work.drag("Nobody asked us", at=3, until=14)  # from “ody” to “asked u”
    assert work.selection == "Nobody asked us"
    work.label("Quote").click()
    expect(work.note("Nobody asked us")).to_be_visible()
    work.drag("tide 🌊 twice", at=10, until=1)  # from “twi” back to “ide”
    assert work.selection == "tide 🌊 twice"
    work.press("1")
    expect(work.note("tide 🌊 twice")).to_be_visible()

    assert labelled(article) == [("quote", "Nobody asked us"), ("claim", "tide 🌊 twice")]


def test_alt_takes_the_characters_exactly(page: Page, sign_in: SignIn) -> None:
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)

    page.keyboard.down("Alt")
    work.drag("week 9", at=1, until=3)
    page.keyboard.up("Alt")
    assert work.selection == "ee"
    work.label("Claim").click()
    expect(work.notes).to_have_count(1)

    assert labelled(article) == [("claim", "ee")]


def test_double_click_takes_the_word_and_triple_click_the_sentence(
    page: Page, sign_in: SignIn
) -> None:
    work = at_work(page, sign_in, make_article(text=QUAY))

    work.click("Ọ\u0301láwálé", at=4, count=2)
    assert work.selection == "Ọ\u0301láwálé"
    work.click("Prices rose", at=2, count=3)
    assert work.selection == "Prices rose in March."
    work.click("Union")
    assert (work.selection, work.cursor) == ("", "Union")


def test_clicks_choose_the_shortest_annotation_and_then_outwards(
    page: Page, sign_in: SignIn
) -> None:
    article = make_article(text=QUAY)
    layer = make_layer(article)
    made = [make_annotation(layer, words, label="claim") for words in NESTED]
    work = at_work(page, sign_in, article)

    for annotation in [*reversed(made), made[-1]]:
        work.click("us, not")
        expect(work.chosen).to_have_attribute("data-annotation", str(annotation.pk))
    expect(work.details.locator("blockquote")).to_have_text("us")

    chips = page.locator("mark[data-o]").evaluate_all("all => all.map((one) => one.dataset.chip)")
    assert chips == ["C C", "C", "C +1", "C +2"]
    deepest = page.locator("mark", has_text="us").filter(has_not_text="asked").first
    assert (deepest.get_attribute("data-s") or "").split() == [str(one.pk) for one in made]


def test_a_span_may_cross_blocks_and_overlap_another(page: Page, sign_in: SignIn) -> None:
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)

    work.drag("fish there. Prices rose in March.", to="The mayor, Ọ\u0301láwálé", at=1, until=-2)
    across = "fish there. Prices rose in March.\n\nThe mayor, Ọ\u0301láwálé"
    assert work.selection == across
    work.label("Claim").click()
    expect(work.notes).to_have_count(1)
    work.drag("Ọ\u0301láwálé Rice", at=2, until=-1)
    work.label("Source").click()
    expect(work.notes).to_have_count(2)

    assert labelled(article) == [("claim", across), ("source", "Ọ\u0301láwálé Rice")]
    shared = page.locator("mark").filter(has_text="Ọ\u0301láwálé")
    assert len((shared.last.get_attribute("data-s") or "").split()) in (1, 2)
    texts = page.locator(".block").all_text_contents()
    assert texts == QUAY.split("\n\n")


def test_notes_details_and_panels_are_worked_by_mouse(page: Page, sign_in: SignIn) -> None:
    article = make_article(text=QUAY)
    layer = make_layer(article)
    make_annotation(layer, "“Nobody asked us, not once,”")
    make_annotation(layer, "Zoë Hart", label="source")
    work = at_work(page, sign_in, article)

    work.note("Nobody").click()
    expect(work.details).to_contain_text("Nobody asked us")
    work.details.get_by_role("combobox", name="Attributed to").select_option(label="Zoë Hart")
    work.details.get_by_role("button", name="Link", exact=True).click()
    expect(work.note("Nobody")).to_contain_text("→ Zoë Hart")
    work.details.get_by_role("button", name="End one word earlier").click()
    expect(work.chosen.locator("i")).to_have_text("“Nobody asked us, not once")
    work.details.get_by_label("Form").select_option("direct")
    work.details.get_by_label("Note", exact=True).fill("She said it twice 🔁")
    work.details.get_by_role("button", name="Save").click()
    expect(work.chosen).to_contain_text("note")

    page.get_by_role("link", name="Annotations", exact=False).filter(has_text="2").click()
    rows = page.locator("#panel").get_by_role("listitem")
    expect(rows).to_have_count(2)
    rows.filter(has_text="Zoë Hart").get_by_role("link").click()
    expect(work.chosen).to_contain_text("Zoë Hart")
    expect(work.details).to_have_accessible_name("Source: Zoë Hart")
    page.get_by_role("link", name="Links").click()
    expect(page.locator("#panel")).to_contain_text("→ Zoë Hart")
    work.details.get_by_role("button", name="Delete").click()
    expect(work.notes).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(work.notes).to_have_count(2)
    page.get_by_role("button", name="Redo").click()
    expect(work.notes).to_have_count(1)

    annotation = layer.annotations.live().get()
    assert (annotation.attributes, annotation.note) == ({"form": "direct"}, "She said it twice 🔁")
    assert linked(article) == []


def test_by_touch_one_selects_and_taps_a_label_at_the_bottom(
    new_page: NewPage, sign_in: SignIn
) -> None:
    article = make_article(text=QUAY)
    page = new_page(**PHONE)
    work = at_work(page, sign_in, article)

    # The handles of the system's own selection end here, in the middle of words.
    page.evaluate(
        """() => {
          const [text] = document.querySelector("#b2").childNodes
          getSelection().setBaseAndExtent(text, 3, text, 15)
        }"""
    )
    expect(work.spoken).to_have_text("Nobody asked us, selected, 3 words")
    work.label("Quote").tap()
    expect(work.note("Nobody asked us")).to_be_visible()
    assert page.evaluate("getSelection().isCollapsed")
    page.touchscreen.tap(*work.point("Zoë"))
    assert work.cursor == "Zoë"
    work.label("Source").tap()
    expect(work.notes).to_have_count(2)
    assert labelled(article) == [("quote", "Nobody asked us"), ("source", "Zoë")]

    boxes = [button.bounding_box() for button in page.locator(".label").all()]
    assert len(boxes) == 4
    for box in boxes:
        assert box
        assert box["width"] >= FINGER
        assert box["height"] >= FINGER
        assert box["y"] + box["height"] <= SCREEN["height"]
    for left, right in pairwise(box for box in boxes if box):
        assert left["x"] + left["width"] <= right["x"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
