"""Review in real browsers: two annotators and reviewers at once, keyboard only."""

import pytest
from playwright.sync_api import Locator, Page, expect

from articles.annotations.models import Annotation, Relation
from articles.datasets.verification import verify
from articles.desk.models import Role
from articles.intake.models import Article
from articles.review.models import Verdict
from tests.browser.conftest import NewPage
from tests.browser.helpers import SignIn, Workbench
from tests.desk.people import join, make_user
from tests.factories import make_article
from tests.review.disputes import CLAIM, LONG_QUOTE, QUOTE, make_desk, make_dispute

pytestmark = pytest.mark.django_db(transaction=True)

#: Ten things to decide, with a link; an emoji first, so that offsets differ in the browser.
STORY = """📰 Ferry strike put off again

“Nobody asked us, not once,” said Zoë Hart, who runs the Pilot café ☕.

Takings fell by a third. Idris Vaughan did not reply. The quay closed in March.

“They counted the tide 🌊 twice,” said Mara Lind. The bridge will open in May. Rents rose."""
FIRST, SECOND = "“Nobody asked us, not once,”", "“They counted the tide 🌊 twice,”"
#: What each labels, by the label's digit: claim 1, quote 2, source 3, caption 4.
ADA = [
    ("2", FIRST), ("3", "Zoë Hart"), ("1", "Takings fell by a third"), ("3", "Idris Vaughan"),
    ("1", "The quay closed in March"), ("2", SECOND), ("3", "Mara Lind"),
    ("1", "The bridge will open"), ("1", "Rents rose"),
]  # fmt: skip
BEN = [
    ("2", f"{FIRST} said"), ("3", "Zoë Hart"), ("2", "Takings fell by a third"),
    ("1", "The quay closed in March"), ("2", SECOND), ("3", "Mara Lind"),
    ("1", "The bridge will open in May"),
]  # fmt: skip


class Review:
    """The page of a review in somebody's browser, by its keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def card(self) -> Locator:
        """The decision that is open."""
        return self.page.locator(".decision:has(> details[open])")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def stands_on(self, kind: str, words: str) -> None:
        expect(self.card).to_have_attribute("data-kind", kind)
        expect(self.card).to_contain_text(words)

    def hears(self, said: str) -> None:
        expect(self.page.locator("#status")).to_have_text(said)


def labels_all(page: Page, article: Article, said: list[tuple[str, str]]) -> None:
    """Somebody claims the next article, labels words, links the first and hands it in, by keys."""
    page.goto(f"/p/{article.project.slug}/queue/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/annotate/**")
    work = Workbench(page, article)
    work.article.focus()
    for key, words in said:
        work.mark(words, key)
    work.press("Control+Home", "]")
    expect(work.chosen).to_contain_text("Nobody asked us")
    work.press("l")
    expect(work.spoken).to_contain_text("Zoë Hart")
    work.press("Enter")
    work.settled()
    work.press("Control+Enter")
    expect(page.get_by_role("heading", name="Look at these before you submit")).to_be_visible()
    page.get_by_role("button", name="Submit as it is").press("Enter")
    expect(page.get_by_text("You submitted this at")).to_be_visible()


def decides_everything(review: Review) -> None:
    """Each kind of decision, each way to decide it, and one thought better of."""
    expect(review.page.get_by_text("Yours until")).to_be_visible()
    review.stands_on("Boundary", "Nobody asked us")
    review.press("j")
    review.stands_on("Link", "Zoë Hart")
    review.press("k", "e")
    review.page.keyboard.type("edge")
    review.press("Escape", "2")
    review.hears("Accepted variant 2. 9 open.")
    review.stands_on("Link", "Zoë Hart")
    review.press("a")
    review.hears("Accepted variant 1. 8 open.")
    review.stands_on("Unanimous", "Zoë Hart")
    review.press("Shift+A")
    expect(review.page.get_by_text("Accepted 4 at once.")).to_be_visible()

    review.stands_on("Label", "Takings fell by a third")
    review.press("f", "Control+a")
    review.page.keyboard.type("Takings fell")
    review.press("Escape", "t")
    review.page.keyboard.type("Claim")
    review.press("Enter")
    review.hears("Fixed and accepted. 3 open.")
    review.stands_on("Missing", "Idris Vaughan")
    review.press("r")
    review.hears("Nothing here. 2 open.")
    review.stands_on("Boundary", "The bridge will open")
    review.press("z")
    review.hears("Taken back. 3 open.")
    review.stands_on("Missing", "Idris Vaughan")
    review.press("a", "1")  # faster than any answer
    review.hears("Accepted variant 1. 1 open.")
    review.stands_on("Missing", "Rents rose")
    review.press("k", "n")
    review.stands_on("Missing", "Rents rose")
    review.press("r")
    review.hears("Nothing here. 0 open.")


def test_two_annotators_and_a_reviewer_make_gold_by_keys(
    new_page: NewPage, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("409")  # which the page of doubts before submitting is
    project, (ada, ben), rhea = make_desk(audit_sample=0)
    article = make_article(project, STORY)
    hers, his, reviewers = (new_page() for _ in range(3))
    for page, user in ((hers, ada), (his, ben), (reviewers, rhea)):
        sign_in(page, user)

    labels_all(hers, article, ADA)
    labels_all(his, article, BEN)
    reviewers.goto(f"/p/{project.slug}/review/")
    reviewers.keyboard.press("j")
    reviewers.keyboard.press("Enter")
    decides_everything(Review(reviewers))
    reviewers.keyboard.press("Control+Enter")
    expect(reviewers.get_by_text("8 gold annotations")).to_be_visible()

    gold = Annotation.objects.live().filter(layer__kind="gold").select_related("label")
    assert [
        (one.label.key, STORY[one.start : one.end]) for one in gold.in_reading_order()
    ] == [
        ("quote", FIRST), ("source", "Zoë Hart"), ("claim", "Takings fell"),
        ("source", "Idris Vaughan"), ("claim", "The quay closed in March"), ("quote", SECOND),
        ("source", "Mara Lind"), ("claim", "The bridge will open in May"),
    ]  # fmt: skip
    assert Relation.objects.live().get(layer__kind="gold").source.start == STORY.index(FIRST)
    assert verify(project) == []

    hers.goto(f"/p/{project.slug}/articles/{article.pk}/outcome/")
    changed = hers.locator("[data-fate]:not([data-fate=kept])")
    expect(changed).to_have_count(3)
    expect(changed.filter(has_text="Takings fell by a third")).to_contain_text("Takings fell")
    expect(changed.filter(has_text="Rents rose")).to_contain_text("nothing here")


def test_a_second_reviewer_watches_and_takes_over_and_the_first_is_told(
    new_page: NewPage, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("409")  # what the first is told
    project, people, rhea = make_desk()
    otto = join(project, make_user("otto"), Role.REVIEWER)
    article = make_dispute(project, people, [("quote", QUOTE), ("claim", CLAIM)], [])
    first, second = Review(new_page()), Review(new_page())
    address = f"/p/{project.slug}/review/{article.pk}/"
    sign_in(first.page, rhea)
    sign_in(second.page, otto)
    first.page.goto(address)
    expect(first.page.get_by_text("Yours until")).to_be_visible()

    second.page.goto(f"/p/{project.slug}/review/")
    second.page.get_by_role("link", name="Watch").press("Enter")
    expect(second.page.get_by_text("You are watching")).to_be_visible()
    second.press("a")
    second.page.get_by_role("button", name="Take over").press("Enter")
    expect(second.page.get_by_text("Yours until")).to_be_visible()
    second.press("r")
    second.hears("Nothing here. 1 open.")

    first.press("a")
    expect(first.page.get_by_role("alert")).to_contain_text(
        "Not saved: otto is reviewing this article"
    )
    assert [verdict.reviewer for verdict in Verdict.objects.all()] == [otto]


def test_a_verdict_without_scripts(new_page: NewPage, sign_in: SignIn) -> None:
    project, people, rhea = make_desk()
    article = make_dispute(project, people, [("quote", QUOTE)], [("quote", LONG_QUOTE)])
    page = new_page(java_script_enabled=False)
    sign_in(page, rhea)

    page.goto(f"/p/{project.slug}/review/{article.pk}/")
    page.get_by_role("radio").nth(1).check()
    page.get_by_label("Reason").select_option("edge habit")
    page.get_by_role("button", name="Accept", exact=False).first.click()

    expect(page.get_by_text("Accepted variant 2.")).to_be_visible()
    verdict = Verdict.objects.get()
    assert (verdict.variant, verdict.reason, verdict.reviewer) == (2, "edge_habit", rhea)
