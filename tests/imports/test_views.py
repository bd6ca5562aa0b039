"""The pages of imports: from a file or a list of addresses to articles, without JavaScript."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles.desk.models import Project, Role
from articles.imports.fetching import Fetcher
from articles.imports.models import ImportRun
from articles.imports.run_services import run_import
from articles.intake.gate_services import mark_sensitive
from articles.intake.models import Article
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.imports.runs import imported, jsonl, start, stories, story
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

CHOSEN = {"annotations": "layer", "layer": "imported", "keep_captions": "on"}


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def browser(project: Project) -> Client:
    return signed_in(manager_of(project))


def upload(data: bytes, name: str = "articles.jsonl") -> dict[str, Any]:
    return {**CHOSEN, "upload": SimpleUploadedFile(name, data)}


def words(page: str) -> str:
    """The words of a page, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_file_is_tried_and_confirmed(project: Project, browser: Client) -> None:
    lines = jsonl({"text": story(1)}, "{broken", {"text": "A title"}, {"text": story(1)})

    tried = browser.post(f"/p/{project.slug}/imports/new/", upload(lines), follow=True)
    assert "Waiting" in words(tried.text)
    run_jobs()
    address = tried.redirect_chain[-1][0]
    report = words(browser.get(address).text)
    assert "4 found · 1 new · 1 there already · 1 not readable · 1 only a title" in report
    assert "Line 1 of this file has the same text." in report
    assert Article.objects.count() == 0

    chosen_id = re.findall(r'name="id" value="([^"]+)"', browser.get(address).text)[0]
    confirmed = browser.post(f"{address}confirm/", {"id": chosen_id}, follow=True)
    browser.post(f"{address}confirm/", {"id": chosen_id})  # a double click
    assert run_jobs() == 1

    assert Article.objects.count() == 1
    done = words(browser.get(confirmed.redirect_chain[-1][0]).text)
    assert "4 found · 1 imported · 1 there already" in done
    assert "This was imported" in browser.get(address).text


def test_the_report_is_a_table_without_formulas(project: Project, browser: Client) -> None:
    run = imported(project, jsonl({"text": story(1), "title": "=1+1"}, "{broken"))

    response = browser.get(f"/p/{project.slug}/imports/{run.pk}/report/")

    rows = b"".join(response).decode().splitlines()
    article = Article.objects.get()
    assert rows[:2] == ["line,outcome,title,article,code,detail", f"1,created,'=1+1,{article.pk},,"]
    assert rows[2].startswith("2,failed,,,record_invalid,This line is not JSON")
    assert response["Content-Disposition"] == f'attachment; filename="import-{run.pk}.csv"'


def test_what_is_wrong_is_told_at_its_field(project: Project, browser: Client) -> None:
    address = f"/p/{project.slug}/imports"
    refused = [
        browser.post(f"{address}/new/", CHOSEN),
        browser.post(f"{address}/new/", upload(b"\0\0", "film.mp4")),
        browser.post(f"{address}/new/", {**upload(b"{}"), "language": "English!"}),
        browser.post(f"{address}/urls/", {**CHOSEN, "addresses": "  \n "}),
        browser.post(f"{address}/urls/", {**CHOSEN, "addresses": "https://x.example/\n" * 501}),
    ]

    for response, said in zip(
        refused,
        ["Choose a file.", "What kind of file this is cannot be told.", "A language is a BCP 47",
         "Paste the addresses of articles here.", "A list has up to 500 addresses"],
        strict=True,
    ):  # fmt: skip
        assert (response.status_code, said in response.text) == (422, True), said
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("field", ["publisher", "language", "layer"])
@pytest.mark.parametrize("value", ["a\0b", "a" * 7_000_000], ids=["null", "huge"])
def test_a_field_that_cannot_be_kept_is_refused_and_nothing_is_stored(
    project: Project, browser: Client, field: str, value: str
) -> None:
    posted = {**upload(stories(1)), field: value}

    response = browser.post(f"/p/{project.slug}/imports/new/", posted)

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.text
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"addresses": ""}, 422, "Paste the addresses of articles here."),
        ({"addresses": "https://bugle.example/\0"}, 422, "Null characters are not allowed."),
        ({"addresses": "https://bugle.example/\n" * 501}, 422, "this one has 501."),
        ({"addresses": "x" * 9_000_000}, 413, "That is more than 8 MB at once."),
    ],
    ids=["missing", "null", "many", "huge"],
)
def test_a_list_of_addresses_that_makes_no_sense_is_refused_in_words(
    project: Project, browser: Client, given: dict[str, str], status: int, said: str
) -> None:
    response = browser.post(f"/p/{project.slug}/imports/urls/", given)

    assert (response.status_code, said in response.text) == (status, True)
    assert not ImportRun.objects.exists()


def test_pages_bring_no_annotations_and_are_asked_nothing_about_them(
    project: Project, browser: Client
) -> None:
    address = f"/p/{project.slug}/imports/urls/"
    assert 'name="annotations"' not in browser.get(address).text

    browser.post(address, {"addresses": "https://bugle.example/", "publisher": "The Bugle"})

    run = ImportRun.objects.get()
    again = f"/p/{project.slug}/imports/{run.pk}/options/"
    assert run.options == {"publisher": "The Bugle", "keep_captions": False}
    assert 'name="annotations"' not in browser.get(again).text
    assert browser.post(again, {"publisher": "Argus"}).status_code == 303


def test_a_run_of_another_project_is_not_there_and_an_early_confirmation_is_refused(
    project: Project, browser: Client
) -> None:
    run = start(project, stories(1), is_dry=True)
    elsewhere = f"/p/{make_project('Science', manager=run.made_by).slug}/imports/{run.pk}/"

    for page in ("", "options/", "report/"):
        assert browser.get(elsewhere + page).status_code == 404
    for act in ("confirm/", "cancel/", "options/"):
        assert browser.post(elsewhere + act, {"id": str(run.pk)}).status_code == 404
    early = browser.post(f"/p/{project.slug}/imports/{run.pk}/confirm/", {"id": str(run.pk)})

    assert early.status_code == 409
    assert "Only a dry run that went to its end can be confirmed." in early.text
    assert ImportRun.objects.get().cancel_asked_at is None


def test_labels_of_the_file_are_asked_for(project: Project, browser: Client) -> None:
    annotations = [
        {"label": "Zitat", "start": 2, "end": 6, "quote": "Quay"},
        {"label": "quote", "start": 9, "end": 14, "quote": "opens"},
    ]
    run = imported(project, jsonl({"text": story(1), "annotations": annotations}), is_dry=True)
    address = f"/p/{project.slug}/imports/{run.pk}/options/"
    page = browser.get(address).text
    assert "Their “Zitat”" in page
    assert run.failed == 1

    again = browser.post(
        address, {**CHOSEN, "label-0": "claim", "label-1": "-"}, follow=True
    )  # fmt: skip
    run_jobs()

    latest = ImportRun.objects.newest_first()[0]
    assert latest.options == {"labels": {"Zitat": "claim", "quote": ""}}
    assert (latest.is_dry, latest.created) == (True, 1)
    assert "Waiting" in again.text


def test_a_tried_file_says_which_labels_are_not_known_and_what_to_do(
    project: Project, browser: Client
) -> None:
    names = ["Zitat", "quote", "Ort"]
    annotations = [
        {"label": name, "start": at, "end": at + 1, "quote": story(1)[at]}
        for at, name in enumerate(names, start=2)
    ]
    lines = jsonl({"text": story(1), "annotations": annotations})
    run = imported(project, lines, is_dry=True, options={"labels": {"Ort": "Place of work"}})
    address = f"/p/{project.slug}/imports/{run.pk}/"
    engineer = signed_in(join(project, make_user("eve"), Role.ENGINEER))

    page, theirs = browser.get(address).text, words(engineer.get(address).text)

    said = "This project has no label “Zitat” and “Ort”, so what uses one stays out."
    assert said in words(page).replace("“ ", "“").replace(" ”", "”")
    assert "have it made" in page
    assert page.count(f'href="{address}options/"') == 2
    assert "try again there" in page
    assert f'href="/p/{project.slug}/settings/"' in page
    assert "A manager can add it to the labels." in theirs
    assert "have it made" not in theirs

    options = {"labels": {"Ort": "", "Zitat": "quote"}}
    known = imported(project, lines, is_dry=True, options=options)
    page = browser.get(f"/p/{project.slug}/imports/{known.pk}/").text
    assert "This project has no label" not in page


def test_fetched_pages_are_looked_at_and_lines_struck(
    project: Project, browser: Client, site: str
) -> None:
    posted = {**CHOSEN, "addresses": f"{site}/page\n{site}/404"}
    address = browser.post(f"/p/{project.slug}/imports/urls/", posted)["Location"]
    run = ImportRun.objects.get()
    run_import(run_id=run.pk, fetcher=Fetcher(trusted=[site]))

    page = browser.get(address).text
    struck = re.findall(
        r'value="(1:\d+)"[^>]*>\s*<span><span[^>]*>[^<]*</span><bdi[^>]*>&gt; A boat', page
    )
    browser.post(f"{address}confirm/", {"strike": struck})
    run_jobs()

    assert "1 not reachable" in words(page)
    assert f"2 {site}/404 Not fetched: not reachable (404)." in words(page)
    assert len(struck) == 1
    assert "A boat that does not sail" not in Article.objects.get().revision.body


def test_a_run_that_goes_on_is_followed_until_it_is_over(project: Project, browser: Client) -> None:
    run = start(project, stories(1))
    address = f"/p/{project.slug}/imports/{run.pk}/"

    waiting = browser.get(address, headers={"HX-Request": "true"}).text
    browser.post(f"{address}cancel/")
    run_jobs()
    over = browser.get(address, headers={"HX-Request": "true"}).text

    assert f'data-live="/events?project={project.slug}&amp;work={run.pk}"' in waiting
    assert "<html" not in waiting
    assert "data-live=" not in over
    assert "Cancelled" in over


@pytest.mark.parametrize(("format_name", "begins"), [("jsonl", "new"), ("urls", "urls")])
def test_a_dry_run_that_was_stopped_leads_back_to_its_beginning(
    project: Project, browser: Client, format_name: str, begins: str
) -> None:
    run = start(project, stories(1), is_dry=True, format_name=format_name)
    path = f"/p/{project.slug}/imports/{run.pk}/"

    browser.post(path + "cancel/")
    run_jobs()
    page = browser.get(path).text

    assert f'href="/p/{project.slug}/imports/{begins}/">Start again</a>' in page
    assert "Go to the articles" not in page


def test_large_numbers_are_grouped(project: Project, browser: Client) -> None:
    run = imported(project, jsonl("{broken"))
    ImportRun.objects.update(done=30_003, created=10_001, duplicates=20_001)

    page = words(browser.get(f"/p/{project.slug}/imports/{run.pk}/").text)
    listed = words(browser.get(f"/p/{project.slug}/imports/").text)

    assert "30,003 found · 10,001 imported · 20,001 there already · 1 not readable" in page
    assert "Done 10,001 20,001 1" in listed


def test_an_article_that_is_not_open_to_the_reader_is_not_named(
    project: Project, browser: Client
) -> None:
    imported(project, stories(1))
    run = imported(project, stories(1))
    article = Article.objects.get()
    manager = manager_of(project)
    project.memberships.filter(user=manager).update(cleared=True)
    mark_sensitive(actor=manager, article=article, version=article.version)
    project.memberships.filter(user=manager).update(cleared=False)

    page = browser.get(f"/p/{project.slug}/imports/{run.pk}/").text
    report = b"".join(browser.get(f"/p/{project.slug}/imports/{run.pk}/report/")).decode()

    for told in (page, report):
        assert "This article is not open to you." in told
        assert article.title not in told
        assert str(article.pk) not in told


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts_do_not_grow(
    project: Project, browser: Client, count: int, django_assert_num_queries: Any
) -> None:
    lines = jsonl(*({"text": story(number)} for number in range(count)), *["{"] * count)
    runs = [imported(project, lines) for _ in range(count)]

    # Two of them for the inbox, where each run has left a notice.
    with django_assert_num_queries(9):
        listed = browser.get(f"/p/{project.slug}/imports/")
    with django_assert_num_queries(13):
        browser.get(f"/p/{project.slug}/imports/{runs[-1].pk}/")

    assert listed.text.count("data-row") == count


def test_an_empty_list_says_how_to_begin(project: Project, browser: Client) -> None:
    page = browser.get(f"/p/{project.slug}/imports/").text

    assert "Nothing was imported yet" in page
    assert f'href="/p/{project.slug}/imports/new/"' in page
