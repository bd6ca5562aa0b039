"""Slow lines, no line, a server that restarts, a session that ends: no work is lost."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Dialog, Page, Request, Route, expect

from articles.annotations.models import Annotation
from articles.intake.models import Article
from tests.browser.helpers import QUAY, SignIn, Workbench, at_work, happened, labelled
from tests.desk.people import PASSWORD, manager_of
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db(transaction=True)

LATENCY = 300  # milliseconds
WRITES = "**/annotations/**"
WORDS = ["Council", "reopens", "café", "quay", "Nobody", "asked", "once", "said", "Zoë", "Hart"]


def once_each(words: list[str], article: Article) -> None:
    """Each of ``words`` is a claim, made by one request that counted, in the order of labelling."""
    assert labelled(article) == [("claim", word) for word in words]
    assert happened(article) == ["annotation.created"] * len(words)
    made = article.annotations.order_by("created_at", "id")
    body = article.revision.body
    assert [body[one.start : one.end] for one in made] == words


def label_all(work: Workbench, words: list[str]) -> None:
    """Label one word after another as fast as keys can be pressed."""
    for word in words:
        work.go_to(word)
        work.press("1")


@contextmanager
def unreachable(page: Page, *, status: int = 0) -> Iterator[None]:
    """A server that drops every write, or answers it with ``status``."""

    def refuse(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif status:
            route.fulfill(status=status, body="")
        else:
            route.abort()

    page.route("**/*", refuse)
    yield
    page.unroute("**/*", refuse)


def test_ten_labels_at_a_slow_line_are_all_saved_once(page: Page, sign_in: SignIn) -> None:
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)
    statuses: list[int] = []
    page.on("requestfinished", lambda request: statuses.append(_status(request)))
    line = page.context.new_cdp_session(page)
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY, "downloadThroughput": -1, "uploadThroughput": -1},
    )

    label_all(work, WORDS)
    left_at = work.where()
    work.settled()

    once_each(WORDS, article)
    assert left_at["cursor"] == work.where()["cursor"]
    assert work.cursor == WORDS[-1]
    expect(work.article).to_be_focused()
    assert set(statuses) == {200}


def _status(request: Request) -> int:
    response = request.response()
    return response.status if response else 0


def test_a_reply_moves_neither_cursor_nor_focus_nor_scroll(page: Page, sign_in: SignIn) -> None:
    page.set_viewport_size({"width": 700, "height": 320})
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)
    held: list[Route] = []
    page.route(WRITES, lambda route: held.append(route) if _writes(route) else route.continue_())

    work.go_to("Council")
    work.press("1")
    work.press("Control+End", "Shift+ArrowLeft", "Shift+ArrowLeft")
    before = work.where()
    assert before["scroll"] > 0
    assert work.selection == "in week 9"
    held.pop().continue_()
    page.unroute(WRITES)
    expect(work.note("Council")).to_have_count(1)
    work.settled()

    assert work.where() == before


def _writes(route: Route) -> bool:
    return route.request.method == "POST"


def test_a_reply_leaves_what_is_being_typed(page: Page, sign_in: SignIn) -> None:
    article = make_article(text=QUAY)
    make_annotation(make_layer(article), "Zoë Hart", label="source")
    work = at_work(page, sign_in, article)
    held: list[Route] = []
    page.route(WRITES, lambda route: held.append(route) if _writes(route) else route.continue_())

    work.press("]", "u", "c")
    comment = page.get_by_role("textbox", name="Comment")
    expect(comment).to_be_focused()
    page.keyboard.type("Half a thought, and ")
    held.pop().continue_()
    page.unroute(WRITES)
    expect(work.chosen).to_contain_text("unsure")
    expect(comment).to_be_focused()
    page.keyboard.type("the rest 🧵")

    expect(comment).to_have_value("Half a thought, and the rest 🧵")


def test_a_half_typed_note_outlives_the_replies_to_other_changes(
    page: Page, sign_in: SignIn
) -> None:
    article = make_article(text=QUAY)
    make_annotation(make_layer(article), "Zoë Hart", label="source")
    work = at_work(page, sign_in, article)
    note = work.details.get_by_label("Note")
    kind = work.details.get_by_label("Kind")

    work.press("]")
    note.fill("Half a thought")
    kind.select_option("person")
    work.article.focus()
    work.press("u")  # which the card shows as well
    expect(work.details.get_by_label("Unsure")).to_be_checked()
    expect(note).to_have_value("Half a thought")
    expect(kind).to_have_value("person")
    note.fill("A whole thought 🧵")
    work.details.get_by_role("button", name="Save").click()
    expect(work.chosen).to_contain_text("note")
    assert Annotation.objects.get().note == "A whole thought 🧵"

    work.article.focus()
    work.press("z")  # what the annotation says itself is newer than what was typed before
    expect(note).to_have_value("")
    expect(kind).to_have_value("")


def test_work_offline_is_kept_and_saved_in_order_when_the_line_is_back(
    page: Page, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("ERR_INTERNET_DISCONNECTED")
    article = make_article(text=QUAY)
    sign_in(page, manager_of(article.project))
    page.clock.install()
    work = Workbench(page, article).open()
    title = page.title()

    page.context.set_offline(True)
    label_all(work, WORDS[:5])
    page.clock.run_for(60_000)
    expect(work.saved).to_have_text("Offline: 5 kept in this browser tab")
    expect(page).to_have_title(f"(5) {title}")
    work.press("ArrowLeft")
    cursor = work.cursor
    assert labelled(article) == []

    page.context.set_offline(False)
    expect(work.notes).to_have_count(5)
    page.clock.run_for(1_000)
    work.settled()
    expect(page).to_have_title(title)
    once_each(WORDS[:5], article)
    assert work.cursor == cursor


@pytest.mark.parametrize("status", [0, 500, 502])
def test_a_server_that_restarts_gets_all_afterwards(
    page: Page, sign_in: SignIn, tolerates: list[str], status: int
) -> None:
    tolerates += ["Failed to load resource", "500", "502"]
    article = make_article(text=QUAY)
    sign_in(page, manager_of(article.project))
    page.clock.install()
    work = Workbench(page, article).open()

    with unreachable(page, status=status):
        label_all(work, WORDS[:3])
        page.clock.run_for(5_000)
        expect(work.saved).to_have_text("3 unsaved, retrying")
    page.clock.run_for(30_000)  # the longest wait between two tries
    expect(work.notes).to_have_count(3)

    work.settled()
    once_each(WORDS[:3], article)


def test_a_saved_label_whose_answer_was_lost_is_not_saved_twice(
    page: Page, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("Failed to load resource")
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)
    lost = 0

    def lose_the_first(route: Route) -> None:
        nonlocal lost
        if _writes(route) and not lost:
            lost += 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(WRITES, lose_the_first)
    label_all(work, WORDS[:2])
    expect(work.notes).to_have_count(2)

    assert lost == 1
    once_each(WORDS[:2], article)


def test_unsaved_work_survives_a_reload(page: Page, sign_in: SignIn, tolerates: list[str]) -> None:
    tolerates.append("Failed to load resource")
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()  # and leave all the same

    page.on("dialog", stay)
    with unreachable(page):
        label_all(work, WORDS[:2])
        expect(work.saved).to_have_text("2 unsaved, retrying")
        page.reload()
        assert asked == ["beforeunload"]
    kept = page.evaluate("Object.values(sessionStorage).join('')")
    assert not any(word in kept for word in WORDS)  # no text of the article is kept
    page.reload()
    expect(work.notes).to_have_count(2)

    work.settled()
    once_each(WORDS[:2], article)


def test_who_has_nothing_unsaved_leaves_without_being_asked(page: Page, sign_in: SignIn) -> None:
    work = at_work(page, sign_in, make_article(text=QUAY))
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    work.mark("Council", "1")
    work.settled()

    page.goto("/p/")

    assert asked == []


def test_an_ended_session_asks_to_sign_in_and_then_saves(
    page: Page, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates += ["401", "Failed to load resource"]
    article = make_article(text=QUAY)
    work = at_work(page, sign_in, article)
    Session.objects.all().delete()

    label_all(work, WORDS[:1])
    dialog = page.get_by_role("dialog", name="Sign in to save 1 annotation")
    expect(dialog).to_be_visible()
    dialog.get_by_role("link", name="Sign in").click()
    page.get_by_label("User name or e-mail").fill(manager_of(article.project).username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(work.note(WORDS[0])).to_have_count(1)

    work.settled()
    once_each(WORDS[:1], article)
