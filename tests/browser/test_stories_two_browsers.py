"""One annotation in two browsers: whoever comes second is asked, and nothing is overwritten."""

import pytest
from playwright.sync_api import Locator, expect

from articles.annotations.models import Annotation
from tests.browser.conftest import NewPage
from tests.browser.helpers import QUAY, SignIn, Workbench, at_work, happened, labelled
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Zoë Hart"


@pytest.fixture
def annotation(db: None) -> Annotation:
    """A source in an article with hard offsets."""
    return make_annotation(make_layer(make_article(text=QUAY)), WORDS, label="source")


@pytest.fixture
def two(annotation: Annotation, new_page: NewPage, sign_in: SignIn, tolerates: list[str]) -> tuple[
    Workbench, Workbench
]:  # fmt: skip
    """The article open in two browsers, the annotation selected in both."""
    tolerates.append("409")
    here = at_work(new_page(), sign_in, annotation.article)
    there = at_work(new_page(), sign_in, annotation.article)
    for work in (here, there):
        work.press("]")
        expect(work.chosen).to_contain_text(WORDS)
    return here, there


def card(work: Workbench) -> Locator:
    return work.page.get_by_role("group", name="elsewhere")


def collide(two: tuple[Workbench, Workbench], first: str, second: str) -> Workbench:
    """Press ``first`` in one browser and, when it is saved, ``second`` in the other."""
    here, there = two
    here.press(first)
    here.settled()
    there.press(second)
    expect(card(there)).to_be_visible()
    return there


def test_mine_is_kept_when_i_choose_so(
    annotation: Annotation, two: tuple[Workbench, Workbench]
) -> None:
    there = collide(two, "1", "4")
    expect(there.alert).to_contain_text("Not saved")
    expect(there.chosen.locator("b")).to_have_text("Claim")  # theirs is what stands
    assert labelled(annotation.article) == [("claim", WORDS)]

    card(there).get_by_role("button", name="Keep mine").click()
    expect(there.chosen.locator("b")).to_have_text("Caption")
    expect(card(there)).to_have_count(0)
    expect(there.alert).to_be_empty()

    assert labelled(annotation.article) == [("caption", WORDS)]
    assert happened(annotation.article)[-2:] == ["annotation.changed", "annotation.changed"]


def test_theirs_is_taken_when_i_choose_so(
    annotation: Annotation, two: tuple[Workbench, Workbench]
) -> None:
    there = collide(two, "<", "4")

    card(there).get_by_role("link", name="Take theirs").click()
    expect(card(there)).to_have_count(0)
    expect(there.chosen.locator("b")).to_have_text("Source")

    assert labelled(annotation.article) == [("source", f"said {WORDS}")]
    assert happened(annotation.article).count("annotation.changed") == 1


@pytest.mark.parametrize(("choice", "standing"), [("Restore", [("source", WORDS)]), ("Let go", [])])
def test_what_was_deleted_elsewhere_is_restored_or_let_go(
    annotation: Annotation,
    two: tuple[Workbench, Workbench],
    choice: str,
    standing: list[tuple[str, str]],
) -> None:
    there = collide(two, "Delete", "4")
    expect(there.notes).to_have_count(0)

    card(there).get_by_text(choice).click()
    expect(there.notes).to_have_count(len(standing))
    expect(card(there)).to_have_count(0)

    assert labelled(annotation.article) == standing
    expected = ["annotation.deleted", *["annotation.restored"] * len(standing)]
    assert happened(annotation.article)[-len(expected) :] == expected


def test_deleting_what_was_changed_elsewhere_is_asked_about(
    annotation: Annotation, two: tuple[Workbench, Workbench]
) -> None:
    there = collide(two, "1", "Delete")
    assert labelled(annotation.article) == [("claim", WORDS)]

    card(there).get_by_role("button", name="Keep mine").click()
    expect(there.notes).to_have_count(0)

    assert labelled(annotation.article) == []


def test_different_annotations_never_collide(
    annotation: Annotation, two: tuple[Workbench, Workbench]
) -> None:
    here, there = two
    here.mark("Council", "1")
    there.mark("Porters", "3")
    here.press("[")
    here.settled()

    assert labelled(annotation.article) == [
        ("claim", "Council"), ("source", WORDS), ("source", "Porters"),
    ]  # fmt: skip
    expect(card(here)).to_have_count(0)
    expect(card(there)).to_have_count(0)


def test_undo_does_not_undo_what_somebody_changed_since(
    annotation: Annotation, two: tuple[Workbench, Workbench]
) -> None:
    here, there = two
    here.press("1")
    here.settled()
    there.press("z")
    expect(there.notes.locator("b")).to_have_text(["Source"])
    there.press("z")
    expect(there.notes).to_have_count(0)

    here.press("4")
    expect(card(here)).to_be_visible()
    assert labelled(annotation.article) == []
