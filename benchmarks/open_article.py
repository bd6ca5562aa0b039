"""What opening an article costs in Chromium: bytes, requests, and time until its marks are seen.

    python -m benchmarks.open_article [--write]

An article of 30 KB with 200 annotations, opened with an empty cache and again with a full one. The
marks come with the page, so they are seen at its first contentful paint.
"""

import argparse
import os
import statistics
import uuid
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.report import write_section
from benchmarks.scratch import fill, scratch_data, serving, signed_in, spread, story
from tests.browser import chromium

OPENS = 15
ANNOTATIONS = 200
WORDS = 4_200
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of the page: bytes over the wire, requests, seconds until the marks are seen."""

    bytes: int
    requests: int
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    write = parser.parse_args().write
    executable = chromium.find()
    with scratch_data() as data:
        path, size = _prepare()
        cookies = signed_in("ada")
        with serving(data) as port, sync_playwright() as playwright:
            # Chromium's sandbox refuses root.
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(
                executable_path=executable, args=[*arguments, "--disable-gpu"]
            )
            rows = _measure(browser, f"http://127.0.0.1:{port}", path, cookies)
            browser.close()
    table = "\n".join(
        [
            f"{size / 1000:.0f} kB of text, {ANNOTATIONS} annotations, {OPENS} openings each.",
            "",
            "| | bytes over the wire | requests | marks seen after, ms |",
            "|---|---:|---:|---:|",
            *rows,
        ]
    )
    print(table)
    if write:
        write_section("open", table)


def _prepare() -> tuple[str, int]:
    """The workbench's address, and the bytes of the article's text."""
    from articles.desk.models import User
    from articles.desk.services import create_project
    from articles.intake.incoming import pasted
    from articles.intake.services import add_article

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    ada = User.objects.create_user("ada", password=uuid.uuid4().hex, is_staff=True)
    project = create_project(actor=ada, name="Benchmark", annotators_per_article=1)
    text = story(WORDS)
    article, _ = add_article(actor=ada, project=project, incoming=pasted(text))
    fill(ada, article, ANNOTATIONS)
    return f"/p/{project.slug}/articles/{article.pk}/annotate/", len(text.encode())


def _measure(browser: Browser, server: str, path: str, cookies: dict[str, str]) -> list[str]:
    cold, warm = [], []
    for _ in range(OPENS + 1):
        context = browser.new_context(base_url=server)
        context.add_cookies(
            [{"name": name, "value": value, "url": server} for name, value in cookies.items()]
        )
        cold.append(_open(context, path))
        warm.append(_open(context, path))
        context.close()
    return [_row("cold", cold[1:]), _row("warm", warm[1:])]  # the first warms the server up


def _open(context: BrowserContext, path: str) -> Opening:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    page.locator("mark").first.wait_for()
    painted = page.evaluate(PAINTED)
    page.close()
    crossed = [size for size in sizes if size > 0]  # what comes from the cache has no size
    return Opening(int(sum(crossed)), len(crossed), painted / 1000)


def _row(name: str, openings: list[Opening]) -> str:
    size = statistics.median(one.bytes for one in openings)
    requests = statistics.median(one.requests for one in openings)
    return (
        f"| {name} | {size:,.0f} | {requests:.0f} | {spread([one.seconds for one in openings])} |"
    )


if __name__ == "__main__":
    main()
