"""Lists of addresses: fetched once, looked at, and imported as they were looked at."""

from typing import BinaryIO, cast

import pytest
from django.core.files.storage import default_storage

from articles.datasets.verification import verify
from articles.imports.fetching import Fetcher
from articles.imports.models import ImportRun
from articles.imports.pages import pages_of, read_pages
from articles.imports.run_services import run_import
from articles.imports.services import confirm_import
from articles.intake.models import Article
from tests.desk.people import make_project, manager_of
from tests.imports.runs import start
from tests.imports.sites import Site

pytestmark = pytest.mark.django_db


def fetched(site: str, *paths: str, is_dry: bool = True) -> ImportRun:
    """A run of a list of the site's pages."""
    addresses = "\n".join(f"{site}/{path}" for path in paths)
    project = make_project()
    run = start(project, addresses.encode(), name="", format_name="urls", is_dry=is_dry)
    run_import(run_id=run.pk, fetcher=Fetcher(trusted=[site]))
    run.refresh_from_db()
    return run


def test_each_address_is_answered_for(site: str) -> None:
    run = fetched(site, "page", "404", "hops2", "picture", is_dry=False)

    lines = run.lines.order_by("number").values_list("outcome", "code", "detail")
    assert list(lines) == [
        ("created", "", ""),
        ("failed", "not_reachable", f"{site}/404: Not fetched: not reachable (404)."),
        (
            "duplicate",
            "duplicate_article",
            "“Ferry strike ends after nine days” in this project has the same text.",
        ),
        ("failed", "not_html", f"{site}/picture: Not fetched: not HTML but image/png."),
    ]
    assert Article.objects.get().url == "https://bugle.example/ferries/strike-ends"
    assert verify() == []


def test_a_page_without_an_article_is_told_in_words(site: str) -> None:
    [line] = fetched(site, "bare").lines.all()

    said = f"{site}/bare: No article was found on this page."
    assert (line.code, line.detail) == ("no_article", said)
    assert line.title == f"{site}/bare"


def test_a_password_in_an_address_is_not_written_down(site: str) -> None:
    [line] = fetched(site.replace("//", "//ada:tide-22@"), "page").lines.all()

    assert line.code == "address_not_allowed"
    assert line.detail.endswith("/page: Not fetched: an address must not hold a password.")
    assert "tide-22" not in line.detail + line.title


def test_what_is_confirmed_is_not_fetched_again_and_struck_lines_stay_out(site: str) -> None:
    dry = fetched(site, "404", "page")
    asked = len(Site.asked)
    with default_storage.open(pages_of(dry)) as file:
        _, page = read_pages(cast(BinaryIO, file))  # Django's File reads like any other
    assert page.record is not None
    blocks = page.record["blocks"]
    quoted = next(at for at, block in enumerate(blocks) if block["kind"] == "block_quote")

    run = confirm_import(
        actor=manager_of(dry.project), run=dry, struck={"2": [quoted, len(blocks) - 1]}
    )
    run_import(run_id=run.pk, fetcher=Fetcher(trusted=[site]))

    run.refresh_from_db()
    assert (run.created, run.failed, len(Site.asked)) == (1, 1, asked)
    assert run.lines.get(outcome="failed").title == f"{site}/404"
    body = Article.objects.get().revision.body
    assert "A boat that does not sail" not in body
    assert body.endswith("Two free weekends in every month")
    assert verify() == []
