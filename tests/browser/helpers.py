"""What browser stories are told with: a workbench, its editor's hands, and what the database says.

The texts have what breaks offsets: an emoji first, letters of several code points, every script.
"""

import re
from collections.abc import Callable
from typing import Any, Self

from playwright.sync_api import Locator, Page, expect

from articles.annotations.models import Annotation, Relation
from articles.desk.events import Event
from articles.desk.models import Project, User
from articles.intake.models import Article
from tests.api.calls import caller, json_of
from tests.browser.conftest import PATIENCE
from tests.desk.people import manager_of

type SignIn = Callable[[Page, User], None]

#: “Ọ́” is two code points and 👩🏽‍🌾 four, of seven UTF-16 units.
QUAY = """📰 Council reopens the café quay

“Nobody asked us, not once,” said Zoë Hart 👩🏽‍🌾, who sells fish there. Prices rose in March.

The mayor, Ọ\u0301láwálé Rice, called the figures wrong. “They counted the tide 🌊 twice,” he said.

The Union of Porters said that it would wait. It meets again in week 9."""

#: A page that waits for work and is streamed nothing asks soon.
ASKS_SOON = """
const { setTimeout } = window
window.setTimeout = (call, wait) => setTimeout(call, wait === 5_000 ? 200 : wait)
"""

#: Milliseconds between two looks at something that a locator cannot wait for.
POLL = 20
#: Whether the queue of changes still holds any; htmx keeps things there too.
UNSAVED = """Object.entries(sessionStorage)
  .some(([key, kept]) => key.startsWith("newsdesk") && kept !== "[]")"""

#: Where the editor is, in code points; the ranges of highlights are all there is to read it from.
WHERE = """() => {
  const offset = (node, unit) => {
    const block = node.parentElement.closest(".block")
    const before = new Range()
    before.setStart(block, 0)
    before.setEnd(node, unit)
    return +block.dataset.start + [...before.toString()].length
  }
  const span = (name) => {
    const ranges = [...(CSS.highlights.get(name) ?? [])]
    if (!ranges.length) return null
    const first = ranges[0], last = ranges.at(-1)
    return [
      offset(first.startContainer, first.startOffset), offset(last.endContainer, last.endOffset)
    ]
  }
  const { activeElement } = document
  return {
    cursor: span("cursor"),
    selection: span("selection"),
    focus: activeElement.id || activeElement.name || activeElement.tagName,
    scroll: scrollY,
  }
}"""


class Workbench:
    """An article open in a browser page, as its editor uses and sees it."""

    def __init__(self, page: Page, article: Article) -> None:
        self.page = page
        self.body = article.revision.body
        self.address = f"/p/{article.project.slug}/articles/{article.pk}/annotate/"

    def open(self, query: str = "") -> Self:
        """Open the page and put the focus on the article."""
        self.page.goto(self.address + query)
        self.article.focus()
        return self

    @property
    def article(self) -> Locator:
        return self.page.get_by_role("application")

    @property
    def onwards(self) -> str:
        """The arrow that goes the way the text is read."""
        return "ArrowLeft" if self.article.get_attribute("dir") == "rtl" else "ArrowRight"

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    @property
    def alert(self) -> Locator:
        return self.page.locator("#alert")

    @property
    def saved(self) -> Locator:
        return self.page.locator("#saved")

    @property
    def spoken(self) -> Locator:
        """What a screen reader is told of the cursor and the selection."""
        return self.page.locator("#say")

    @property
    def notes(self) -> Locator:
        return self.article.locator(".note")

    @property
    def details(self) -> Locator:
        return self.page.locator("#details").get_by_role("article")

    @property
    def chosen(self) -> Locator:
        """The note of the selected annotation."""
        return self.article.locator(".note.on")

    def note(self, words: str) -> Locator:
        return self.notes.filter(has_text=words)

    def label(self, name: str) -> Locator:
        return self.page.get_by_role("group", name="Labels").get_by_role("button", name=name)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def where(self) -> dict[str, Any]:
        """Spans of ``cursor`` and ``selection``, id of the ``focus``, pixels of the ``scroll``."""
        found: dict[str, Any] = self.page.evaluate(WHERE)
        return found

    @property
    def cursor(self) -> str:
        """The word that the cursor is on."""
        return self._words(self.where()["cursor"])

    @property
    def selection(self) -> str:
        return self._words(self.where()["selection"])

    def go_to(self, words: str) -> None:
        """Walk to where ``words`` begin, by the arrow keys."""
        start = self.body.index(words)
        self.press("Control+Home")
        while self.where()["cursor"][0] < start:
            self.press(self.onwards)
        assert self.where()["cursor"][0] == start, f"the cursor cannot stop at {words}"

    def select(self, words: str) -> None:
        """Walk there and extend to the end of ``words``; one word alone needs no selection."""
        end = self.body.index(words) + len(words)
        self.go_to(words)
        while self.where()["cursor"][1] < end:
            self.press(f"Shift+{self.onwards}")
        assert words in (self.selection, self.cursor)

    def mark(self, words: str, key: str) -> None:
        """Label ``words`` with a digit and wait until that is saved."""
        self.select(words)
        self.press(key)
        expect(self.note(words[:20])).not_to_have_count(0)

    def settled(self) -> None:
        """Wait until nothing is unsaved."""
        expect(self.saved).to_have_text(re.compile("Saved"))
        for _ in range(PATIENCE // POLL):
            if not self.page.evaluate(UNSAVED):
                return
            self.page.wait_for_timeout(POLL)
        raise AssertionError("something is still not saved")

    def point(self, words: str, at: int = 0) -> tuple[float, float]:
        """Where on the screen the character ``at`` of ``words`` begins.

        A quarter into it, because Chromium selects nothing from the exact middle of a letter.
        """
        offset = self.body.index(words) + at
        x, y = self.page.evaluate(
            """(offset) => {
              const block = [...document.querySelectorAll(".block")]
                .findLast(({ dataset }) => +dataset.start <= offset)
              const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
              let left = offset - block.dataset.start
              for (;;) {
                const letters = [...walker.nextNode().data]
                if (left >= letters.length) { left -= letters.length; continue }
                const range = new Range()
                const unit = letters.slice(0, left).join("").length
                range.setStart(walker.currentNode, unit)
                range.setEnd(walker.currentNode, unit + letters[left].length)
                block.scrollIntoView({ block: "center", behavior: "instant" })
                const { x, y, width, height } = range.getClientRects()[0]
                return [x + width / 4, y + height / 2]
              }
            }""",
            offset,
        )
        return x, y

    def click(self, words: str, at: int = 0, count: int = 1) -> None:
        self.page.mouse.click(*self.point(words, at), click_count=count)

    def drag(self, words: str, to: str = "", *, at: int = 0, until: int = -1) -> None:
        """Drag from before a character of ``words`` to before one of ``to``, else of the same."""
        to = to or words
        self.page.mouse.move(*self.point(words, at))
        self.page.mouse.down()
        self.page.mouse.move(*self.point(to, until % len(to)), steps=4)
        self.page.mouse.up()

    def _words(self, span: list[int] | None) -> str:
        return self.body[slice(*span)] if span else ""


def at_work(page: Page, sign_in: SignIn, article: Article, user: User | None = None) -> Workbench:
    """The article open before ``user``, else before the project's manager."""
    sign_in(page, user or manager_of(article.project))
    return Workbench(page, article).open()


def labelled(article: Article) -> list[tuple[str, str]]:
    """Label and words of each annotation of the article, in reading order, from the database."""
    rows = Annotation.objects.live().filter(article=article).select_related("label")
    body = article.revision.body
    return [(row.label.key, body[row.start : row.end]) for row in rows.in_reading_order()]


def linked(article: Article) -> list[tuple[str, str]]:
    """The words at both ends of each link, from the database."""
    links = Relation.objects.live().filter(article=article).select_related("source", "target")
    body = article.revision.body
    return [
        (
            body[link.source.start : link.source.end],
            body[link.target.start : link.target.end] if link.target else link.target_name,
        )
        for link in links.order_by("source__start", "number")
    ]


def happened(article: Article) -> list[str]:
    """What was done to the article's annotations, in the order of the event log."""
    events = Event.objects.filter(article_id=article.pk).exclude(layer_id=None).order_by("id")
    return [event.kind for event in events]


def paste(page: Page, sign_in: SignIn, project: Project, text: str) -> Article:
    """Bring an article in by the page, as the project's manager."""
    sign_in(page, manager_of(project))
    page.goto(f"/p/{project.slug}/import/")
    page.get_by_label("Text").fill(text)
    page.get_by_role("button", name="Import").click()
    page.wait_for_url("**/annotate/")
    return Article.objects.get(project=project)


def send(project: Project, text: str) -> Article:
    """Bring an article in by the API, with a token of the project's manager."""
    answer = caller(manager_of(project)).post(f"/projects/{project.slug}/articles", {"text": text})
    assert answer.status_code == 201, answer.content
    return Article.objects.get(project=project)


def kinds_over_http(article: Article) -> list[tuple[str, int, int]]:
    """Kind, start and end of each block, as the API gives them."""
    answer = caller(manager_of(article.project)).get(f"/articles/{article.pk}")
    return [(one["kind"], one["start"], one["end"]) for one in json_of(answer)["blocks"]]


def label_a_scraped_article(page: Page, article: Article) -> None:
    """On its open page: every caption, the first sentence that quotes, and its first word as the
    source that it is linked to."""
    work = Workbench(page, article)
    captions = page.locator(".block[data-kind=caption]")
    for number in range(captions.count()):
        captions.nth(number).click(position={"x": 40, "y": 60})
        work.press("p", "4")
        expect(work.notes).to_have_count(number + 1)
    said = page.locator(".block[data-kind=paragraph]").filter(has_text=re.compile('[“"]')).first
    said.click(position={"x": 5, "y": 25})
    work.press("Home", "3")
    expect(work.notes).to_have_count(captions.count() + 1)
    work.press("s", "2")
    expect(work.notes).to_have_count(captions.count() + 2)
    work.press("l", "Enter")
    expect(page.locator("#counts")).to_contain_text("1 link")
    work.settled()
