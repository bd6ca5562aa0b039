"""Every page, for everybody's eyes: light and dark, wide and as narrow as a phone held small.

The walk goes through each page in each of its states. What it has not come by must be no page: a
new address fails here until the walk goes there too.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account import urls as account_urls
from django.core import mail
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import FilePayload, Page

from articles.desk.models import Project, User
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.models import Verdict
from articles.review.verdict_services import rule
from tests.access.world import World, addresses, failed_job
from tests.browser.accessibility import (
    AXE,
    COLOURS,
    NARROW,
    WCAG,
    WIDE,
    Rules,
    found,
    scrolls_sideways,
)
from tests.browser.conftest import NewPage
from tests.desk.people import PASSWORD, make_project, make_user, signed_in
from tests.factories import make_article
from tests.review.handing_in import disputed
from tests.suggestions.suggesting import make_suggestion

pytestmark = pytest.mark.django_db(transaction=True)

type SignIn = Callable[[Page, User], None]

#: Addresses that answer GET with something else than a page.
NO_PAGES = {
    "",  # /api/v1/ leads to the API's page
    "home",  # leads to the projects
    "account_confirm_login_code",  # leads to the sign-in: nobody signs in by code here
    "label-look",  # a piece of the label's page
    "labels-css",
    "events",
    "article-presence",  # a line of the review page
    "export-file",
    "snapshot-file",
    "import-report",
    "audit-file",
    "figure-csv",
}

#: WCAG 2.2 AA, and what it leaves open: where the parts of a page are.
RULES: Rules = WCAG | {
    "rules": {
        name: {"enabled": True}
        for name in (
            "region",
            "landmark-one-main",
            "landmark-unique",
            "page-has-heading-one",
            "heading-order",
        )
    }
}
#: Only colours change from light to dark, and all but colours when a page gets narrow.
ALL_BUT_COLOURS: Rules = RULES | {"rules": RULES["rules"] | {"color-contrast": {"enabled": False}}}

#: An autofocus is obeyed when the page is next drawn.
HAS_LOST_THE_FOCUS = """async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  return document.activeElement === document.body
}"""


def test_every_page_is_for_everybody(
    new_page: NewPage, sign_in: SignIn, tolerates: list[str]
) -> None:
    tolerates.append("the server responded with a status of 4")  # 403, 404, 410, 422: on purpose
    world = World("Harbour")
    wrong: list[str] = []
    seen: set[str] = set()

    for page in walk(world, new_page, sign_in):
        place = urlsplit(page.url).path
        seen |= name_of(place)
        wrong += [f"{place} {said}" for said in faults(page)]

    assert not wrong, "\n".join(wrong)
    assert not pages_of(world) - seen, "The walk does not come by these pages."


def faults(page: Page) -> Iterator[str]:
    """What is wrong with the page as it stands there."""
    if page.locator("h1").count() != 1:
        yield f"has {page.locator('h1').count()} h1"
    if page.locator("footer").count() != 1:
        yield "has no footer"
    if page.evaluate(HAS_LOST_THE_FOCUS):
        yield "has lost the focus"
    yield from violations(page, "light", RULES)
    page.emulate_media(color_scheme="dark")
    yield from violations(page, "dark", COLOURS)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    yield from violations(page, "at 320 px", ALL_BUT_COLOURS)
    if scrolls_sideways(page):
        yield "scrolls sideways at 320 px"
    page.set_viewport_size(WIDE)


def violations(page: Page, look: str, rules: Rules) -> list[str]:
    return [f"{look}: {violation}" for violation in found(page, rules)]


def name_of(path: str) -> set[str]:
    try:
        return {resolve(path).view_name}
    except Resolver404:
        return set()


def pages_of(world: World) -> set[str]:
    """The names of all addresses that show the manager a page, and of django-allauth's."""
    manager = signed_in(world.manager)
    ours = {
        one.name
        for one in addresses()
        if not one.name.startswith(("api:", "w3c-"))
        and manager.get(one.path(world.ids)).status_code != 405
    }
    accounts = {one.name for one in account_urls.urlpatterns}
    return (ours | accounts) - NO_PAGES


def walk(world: World, new_page: NewPage, sign_in: SignIn) -> Iterator[Page]:
    """Each page in turn, open and at rest; the same few browsers go everywhere."""
    stranger, newcomer, manager, author, keyless = (
        new_page(reduced_motion="reduce")
        for _ in range(5)  # colours change at once
    )
    for page in (stranger, newcomer, manager, author, keyless):
        page.add_init_script(AXE)  # with the page: it is large to be sent to each
    yield from before_signing_in(stranger, world)
    sign_in(newcomer, make_user("newcomer"))
    sign_in(manager, world.manager)
    sign_in(author, world.people["author"])
    yield from of_newcomers(newcomer)
    yield from of_the_account(author)
    yield from of_a_project(manager, world)
    yield from of_settings(manager, world)
    user = make_user("keyless")
    user.set_unusable_password()
    user.save()
    sign_in(keyless, user)
    yield at(keyless, "account_set_password")
    # What one must not see, or cannot.
    yield at(author, "rules", world.project.slug)
    author.goto("/nothing-here/")
    yield author
    yield at(author, "invitation", "no-such-secret")
    yield from of_reviews(manager, author, world)


def at(page: Page, name: str, *args: Any, query: str = "") -> Page:
    page.goto(reverse(name, args=args) + query)
    return page


def send(page: Page, button: str, **fields: str) -> Page:
    """The page after its form was sent with these fields."""
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(value)
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()
    return page


def before_signing_in(page: Page, world: World) -> Iterator[Page]:
    for name in (
        "account_login",
        "account_signup",  # closed
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_email_verification_sent",
    ):
        yield at(page, name)
    yield send(at(page, "account_login"), "Sign in", login="nobody", password="guess")
    yield at(page, "account_confirm_email", "no-such-key")
    yield at(page, "account_reset_password_from_key", "1", "no-such-key")
    Client().post(reverse("account_reset_password"), {"email": world.manager.email})
    [link] = re.findall(r"http://[^/]+(/\S+)", str(mail.outbox[-1].body))
    page.goto(link)
    yield page
    yield at(page, "invitation", world.ids["secret"])
    yield at(page, "account_signup")
    again = {"password1": "short", "password2": "other"}
    yield send(
        page, "Make my account", name="Zoë", username="zoe", email="zoe@example.org", **again
    )


def of_newcomers(page: Page) -> Iterator[Page]:
    yield at(page, "project-list")
    yield at(page, "account_email")
    User.objects.filter(username="newcomer").update(is_staff=True)
    yield at(page, "project-list")


def of_the_account(page: Page) -> Iterator[Page]:
    for name in ("preferences", "inbox", "account_email", "account_change_password", "token-list"):
        yield at(page, name)
    yield send(at(page, "preferences"), "Save", name="Ada Byron")
    yield at(page, "token-new")  # asks for the password first
    yield send(page, "Confirm", password=PASSWORD)
    yield at(page, "account_reauthenticate")
    yield at(page, "token-new")
    yield send(page, "Make the token", name="Nightly export")
    yield at(page, "account_logout")
    yield at(page, "api-docs")


def of_a_project(page: Page, world: World) -> Iterator[Page]:
    slug = world.project.slug
    waiting = make_article(world.project, placement=Article.Placement.IMPORTED)
    empty = make_project("Science desk", manager=world.manager)
    yield at(page, "project-list")
    yield send(at(page, "project-new"), "Open the project", name="Harbour")
    failed_job(world.project)
    make_suggestion(world.article)
    for name in ("article-list", "queue", "import-waiting", "guidelines", "export", "job-list"):
        yield at(page, name, slug)
        yield at(page, name, empty.slug)
    yield at(page, "article-list", slug, query="?q=nowhere")
    yield from of_many_at_once(page, slug)
    yield from of_the_dashboard(page, world, empty)
    yield at(page, "workbench", slug, world.article.pk)
    yield at(page, "workbench", slug, world.article.pk, query="?panel=comments")
    yield at(page, "workbench", slug, world.article.pk, query="?panel=suggestions")
    yield at(page, "article-history", slug, world.article.pk)
    yield at(page, "article-history", slug, world.article.pk, query="?person=nobody")
    yield at(page, "annotation", slug, world.article.pk, world.relation.source_id)
    yield at(page, "import", slug)
    yield send(page, "Import", text="Only a title")
    yield at(page, "import-files", slug)
    empty_file: FilePayload = {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""}
    page.get_by_label("Files").set_input_files(empty_file)
    yield send(page, "Import")
    for name in ("import-list", "import-new", "import-urls", "import-api"):
        yield at(page, name, slug)
    yield at(page, "import-list", empty.slug)
    yield at(page, "import-run", slug, world.run.pk)
    yield at(page, "import-options", slug, world.run.pk)
    yield from of_datasets(page, world, empty)
    yield at(page, "article-gates", slug, waiting.pk)
    yield send(page, "Put on hold", reason="legal check")


def of_datasets(page: Page, world: World, empty: Project) -> Iterator[Page]:
    """None, one that is ready, what changed since another, and one that waits or cannot be."""
    slug, snapshot = world.project.slug, world.snapshot
    yield at(page, "snapshot-list", empty.slug)
    yield at(page, "snapshot-list", slug)
    yield at(page, "snapshot", slug, snapshot.pk)
    yield at(page, "snapshot-diff", slug, snapshot.pk, snapshot.pk)
    yield at(page, "snapshot-new", slug)
    page.get_by_label("All articles").check()
    yield send(page, "Preview")
    yield send(page, "Freeze")
    yield send(at(page, "snapshot-new", empty.slug), "Preview", ratios="half and half")


def of_many_at_once(page: Page, slug: str) -> Iterator[Page]:
    """Articles ticked, what would become of them, and what did."""
    at(page, "article-list", slug)
    for tick in page.get_by_role("main").get_by_role("checkbox", name="Select").all():
        tick.check()
    yield page
    page.get_by_label("What to do").select_option("priority:2")
    yield send(page, "See what it does")
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_load_state()
    yield page


def of_reviews(page: Page, author: Page, world: World) -> Iterator[Page]:
    """What waits, what is open, what is being fixed and, once all is decided, what became of it."""
    slug, article = world.project.slug, world.reviewed
    yield at(page, "review-list", slug)
    yield at(page, "review", slug, world.article.pk)  # not in review
    yield at(page, "review", slug, article.pk)
    page.keyboard.press("f")
    page.get_by_text("At once, and back to an annotator").click()
    yield page
    yield at(author, "article-outcome", slug, article.pk)
    for decision in article.decisions.select_related("article__project"):
        rule(actor=world.manager, decision=decision, ruling=Verdict.Ruling.ACCEPT)
    adjudicate(actor=world.manager, article=article)
    yield at(page, "review", slug, article.pk)
    yield at(page, "review-list", slug)
    yield at(author, "article-outcome", slug, article.pk)


def of_the_dashboard(page: Page, world: World, empty: Project) -> Iterator[Page]:
    """Without work, and with work that two people did not agree about; tables open."""
    yield at(page, "dashboard", empty.slug)
    yield at(page, "disagreements", empty.slug)
    disputed(world.project, world.people["author"], world.people["colleague"])
    at(page, "dashboard", world.project.slug)
    page.get_by_text("Show table").evaluate_all("all => all.forEach((one) => one.click())")
    yield page
    yield at(page, "disagreements", world.project.slug)


def of_settings(page: Page, world: World) -> Iterator[Page]:
    slug = world.project.slug
    labels = {label.key: label.pk for label in world.project.labels.all()}
    yield at(page, "label-new", slug)
    yield send(page, "Save", name="Claim", key="claim")
    yield at(page, "label", slug, labels["quote"])
    yield at(page, "label", slug, labels["attributed_to"])
    yield at(page, "label-merge", slug, labels["quote"])
    at(page, "label", slug, labels["claim"])
    yield send(page, "Retire")
    yield send(
        at(page, "guidelines-edit", slug), "Publish", guidelines="# Claims\n\n> Like *this*."
    )
    yield at(page, "guidelines", slug)
    yield at(page, "guideline-layers", slug)
    yield at(page, "member-list", slug)
    yield send(page, "Send the invitation", email="yan@example.org")
    yield at(page, "webhook-list", slug)
    yield send(page, "Add", url="http://data.example.org")
    yield send(page, "Add", url="https://data.example.org/hook")
    yield at(page, "webhook", slug, world.webhook.pk)
    yield send(page, "Send test")
    yield send(page, "Replay", after="nowhere")
    yield at(page, "audit-log", slug)
    yield at(page, "audit-log", slug, query="?since=soon")
    yield at(page, "rules", slug)
    yield send(page, "Save", name="Science desk")
