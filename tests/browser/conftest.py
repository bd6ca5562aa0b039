"""Browser tests: Chromium against the live server, watched for errors and broken rules.

``page`` is a browser page, ``sign_in`` signs somebody in on it, ``new_page`` opens further ones
(another person, dark, narrow, without JavaScript); accessibility.py asks axe about a page.
A test fails on any console error, uncaught exception or CSP violation, unless it ``tolerates`` it,
and if it leaves anything in the database that ``manage.py verify`` minds.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from articles.desk.models import User
from tests.browser import chromium

PATIENCE = 10_000  # milliseconds
#: What Playwright turns off, because of two lists Chromium takes the last one.
PLAYWRIGHTS = (
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades",
    "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding",
    "PreconnectToSearch", "ThirdPartyStoragePartitioning",
)  # fmt: skip
#: Pages of Chromium's own that hang below the address bar of every window, though nobody sees it,
#: and cost more than a page of ours; and a new frame for a page that replaces another one.
WASTE = (
    "WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup", "PreloadTopChromeWebUI",
    "RenderDocument",
)  # fmt: skip
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    f"--disable-features={','.join(PLAYWRIGHTS + WASTE)}",
    # No page lives long enough to get back what it costs to optimise its scripts.
    "--js-flags=--no-maglev --no-turbofan",
]
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} forbids ${event.blockedURI || "inline"}`))
"""


class NewPage(Protocol):
    """Open a page in a context of its own; ``options`` are those of Playwright's contexts."""

    def __call__(self, **options: Any) -> Page: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium.find()
    assert executable, "There is no Chromium: make test gets one."
    # Chromium's sandbox refuses root.
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would take our queries for async.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def tolerates() -> list[str]:
    """Parts of complaints that this test brings about on purpose."""
    return []


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer, tolerates: list[str]) -> Iterator[NewPage]:
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location.get('url')})")

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": live_server.url, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", on_console)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    call_command("verify")
    unexpected = [each for each in complaints if not any(part in each for part in tolerates)]
    assert not unexpected, "The browser complained:\n" + "\n".join(unexpected)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


@pytest.fixture
def sign_in(live_server: LiveServer) -> Callable[[Page, User], None]:
    """Sign a user in on a page, without the sign-in form."""

    def sign_in(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    return sign_in
