"""Importing as a browser sees it, without a line of JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.desk.models import Project, Role
from articles.intake.models import Article
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.intake.stories import PAGE, STORY, make_article

pytestmark = pytest.mark.django_db

PAGES = ["import", "import-files", "import-waiting"]


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def client(project: Project) -> Client:
    """The browser of the project's manager."""
    return signed_in(manager_of(project))


def url_of(name: str, project: Project) -> str:
    return reverse(name, args=[project.slug])


def file(name: str, data: bytes | str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)


# --- paste ----------------------------------------------------------------------------------------


def test_a_pasted_article_comes_in_and_is_opened(project: Project, client: Client) -> None:
    response = client.post(
        url_of("import", project),
        {"text": STORY, "publisher": "The Bugle", "language": "en-GB", "external_id": "b-1"},
    )

    article = Article.objects.get()
    assert response.status_code == 303
    assert response["Location"] == reverse("workbench", args=[project.slug, article.pk])
    assert article.title == "Ferry strike ends after nine days"
    assert (article.publisher, article.language, article.external_id) == (
        "The Bugle",
        "en-GB",
        "b-1",
    )
    assert (article.placement, article.revision.body) == ("ready", STORY)


def test_an_article_to_be_checked_first_waits(project: Project, client: Client) -> None:
    client.post(url_of("import", project), {"text": STORY, "check_first": "on"})

    assert Article.objects.get().placement == "imported"


def test_nothing_pasted_is_said_in_the_form(project: Project, client: Client) -> None:
    response = client.post(url_of("import", project), {"text": "", "publisher": "The Bugle"})

    assert response.status_code == 422
    assert "Paste the article’s text here." in response.text
    assert 'value="The Bugle"' in response.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("   ", "There is no text here, only white space."),
        ("Ferry strike ends", "Only a title: paste the article&#x27;s text too."),
        ("It rained. " * 280_000, "This text has 3.08 MB; Newsdesk takes up to 2 MB."),
    ],
    ids=["white space", "title", "three megabytes"],
)
def test_a_text_that_is_no_article_is_said_in_the_form_and_kept_there(
    project: Project, client: Client, text: str, words: str
) -> None:
    response = client.post(url_of("import", project), {"text": text})

    assert response.status_code == 422
    assert words in response.text
    assert text in response.text
    assert not Article.objects.exists()


def test_more_than_a_request_may_have_is_said_in_words(project: Project) -> None:
    browser = Client(enforce_csrf_checks=True)  # the first to read the form is the CSRF check
    browser.force_login(manager_of(project))
    token = browser.get(url_of("import", project)).context["csrf_token"]

    response = browser.post(
        url_of("import", project),
        {"csrfmiddlewaretoken": str(token), "text": "It rained. " * 900_000},
    )

    assert response.status_code == 413
    assert "That is more than 8 MB at once. A text may have 2 MB" in response.text
    assert not Article.objects.exists()


def test_a_text_that_is_there_leads_to_the_article_that_has_it(
    project: Project, client: Client
) -> None:
    there = make_article(project)

    response = client.post(url_of("import", project), {"text": STORY})

    assert response.status_code == 422
    assert "“Ferry strike ends after nine days” in this project has the same text." in (
        response.text
    )
    assert reverse("workbench", args=[project.slug, there.pk]) in response.text


def test_a_detail_to_mend_is_named_beside_its_field(project: Project, client: Client) -> None:
    response = client.post(url_of("import", project), {"text": STORY, "language": "English!"})

    assert response.status_code == 422
    assert '<a href="#id_language">Language: A language is a BCP 47 code' in response.text


# --- files ----------------------------------------------------------------------------------------


def test_each_file_is_answered_for_by_itself(project: Project, client: Client) -> None:
    there = make_article(project)
    files = [
        file("strike.html", PAGE),
        file("again.txt", STORY),
        file("empty.txt", b""),
        file("story.docx", b"PK\x03\x04 word/document.xml"),
        file("title.txt", "Only a title"),
    ]

    response = client.post(url_of("import-files", project), {"uploads": files})

    outcomes = [
        (outcome.name, outcome.status, outcome.words) for outcome in response.context["outcomes"]
    ]
    came_in = Article.objects.exclude(pk=there.pk).get()
    assert response.status_code == 200
    assert outcomes == [
        ("strike.html", "imported", "Ferry strike ends after nine days"),
        (
            "again.txt",
            "duplicate",
            "“Ferry strike ends after nine days” in this project has the same text.",
        ),
        ("empty.txt", "refused", "This file is empty."),
        (
            "story.docx",
            "refused",
            "This file is not text: it looks like a Word document (DOCX). "
            "Save it as plain text first.",
        ),
        ("title.txt", "refused", "Only a title: paste the article's text too."),
    ]
    for article in (came_in, there):
        assert reverse("workbench", args=[project.slug, article.pk]) in response.text


def test_details_of_the_form_are_given_to_every_file(project: Project, client: Client) -> None:
    client.post(
        url_of("import-files", project),
        {
            "uploads": [file("a.html", PAGE), file("b.txt", STORY)],
            "publisher": "Archive",
            "check_first": "on",
        },
    )

    details = Article.objects.values_list("publisher", "placement", "language").order_by("language")
    assert list(details) == [("Archive", "imported", "en"), ("Archive", "imported", "en-GB")]


def test_if_no_file_was_good_the_page_says_so_to_machines_too(
    project: Project, client: Client
) -> None:
    response = client.post(url_of("import-files", project), {"uploads": [file("a.txt", b"\0\1")]})

    assert response.status_code == 422
    assert "Not imported" in response.text
    assert not Article.objects.exists()


def test_no_file_is_said_in_the_form(project: Project, client: Client) -> None:
    response = client.post(url_of("import-files", project), {})

    assert response.status_code == 422
    assert "Choose at least one file." in response.text


def test_too_many_files_are_said_in_words(project: Project, client: Client) -> None:
    files = [file(f"{number}.txt", f"It rained {number} times.") for number in range(101)]

    response = client.post(url_of("import-files", project), {"uploads": files})

    assert response.status_code == 413
    assert "Choose up to 100 files at once." in response.text
    assert not Article.objects.exists()


def test_a_file_that_is_too_large_is_refused_without_the_others(
    project: Project, client: Client
) -> None:
    files = [file("large.txt", b"It rained. " * 500_000), file("b.txt", STORY)]

    response = client.post(url_of("import-files", project), {"uploads": files})

    assert [outcome.status for outcome in response.context["outcomes"]] == ["refused", "imported"]


def test_markup_in_names_and_words_is_never_rendered(project: Project, client: Client) -> None:
    files = [file("<b>.txt", "<script>alert(1)</script>\n\nIt rained on the quay.")]

    response = client.post(url_of("import-files", project), {"uploads": files})

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.text
    assert "&lt;b&gt;.txt" in response.text
    assert "<script>alert" not in response.text


# --- what waits to be checked ---------------------------------------------------------------------


def test_what_waits_is_listed_and_made_ready(project: Project, client: Client) -> None:
    article = make_article(project, placement=Article.Placement.IMPORTED)
    make_article(project, "Something else happened.", title="Not this one")
    page = url_of("import-waiting", project)

    listed = client.get(page).text
    response = client.post(
        reverse("article-placement", args=[project.slug, article.pk]),
        {"placement": "ready", "version": "1", "next": page},
        follow=True,
    )

    article.refresh_from_db()
    assert article.title in listed
    assert "Not this one" not in listed
    assert article.placement == "ready"
    assert "is ready to be labelled" in response.text
    assert "Nothing waits to be checked" in response.text


def test_who_places_what_somebody_else_placed_is_told(project: Project, client: Client) -> None:
    article = make_article(project, placement=Article.Placement.IMPORTED)
    url = reverse("article-placement", args=[project.slug, article.pk])
    client.post(url, {"placement": "parked", "version": "1"})

    response = client.post(url, {"placement": "ready", "version": "1"})

    assert response.status_code == 409
    assert "Somebody changed this article since you opened it." in response.text


@pytest.mark.parametrize("given", [{}, {"placement": "ready"}, {"placement": "x", "version": "1"}])
def test_a_placement_that_says_too_little_is_refused(
    project: Project, client: Client, given: dict[str, str]
) -> None:
    article = make_article(project)

    response = client.post(reverse("article-placement", args=[project.slug, article.pk]), given)

    assert response.status_code == 422


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(project: Project, client: Client, back: str) -> None:
    article = make_article(project)

    response = client.post(
        reverse("article-placement", args=[project.slug, article.pk]),
        {"placement": "parked", "version": "1", "next": back},
    )

    assert response["Location"] == reverse("article-list", args=[project.slug])


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_what_waits_does_not_grow(
    project: Project,
    client: Client,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        make_article(project, f"It rained {number} times.", placement=Article.Placement.IMPORTED)

    with django_assert_num_queries(9):
        response = client.get(url_of("import-waiting", project))

    assert response.text.count("<tr data-row>") == count


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.MANAGER, 200),
        (Role.ENGINEER, 200),
        (Role.REVIEWER, 403),
        (Role.ANNOTATOR, 403),
        (None, 404),
    ],
)
def test_managers_and_engineers_import_and_outsiders_see_nothing(
    project: Project, name: str, role: Role | None, status: int
) -> None:
    somebody = make_user("somebody")
    if role:
        join(project, somebody, role)

    assert signed_in(somebody).get(url_of(name, project)).status_code == status


def test_engineers_see_what_waits_but_place_nothing(project: Project) -> None:
    article = make_article(project, placement=Article.Placement.IMPORTED)
    engineer = signed_in(join(project, make_user("engineer"), Role.ENGINEER))
    url = reverse("article-placement", args=[project.slug, article.pk])

    page = engineer.get(url_of("import-waiting", project)).text
    response = engineer.post(url, {"placement": "ready", "version": "1"})

    assert article.title in page
    assert url not in page
    assert response.status_code == 403


def test_an_article_of_another_project_is_not_found(client: Client) -> None:
    article = make_article(make_project("Science desk"))

    response = client.post(
        reverse("article-placement", args=["science-desk", article.pk]),
        {"placement": "parked", "version": "1"},
    )

    assert response.status_code == 404
