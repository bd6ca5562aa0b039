"""The pages of datasets: choose, look, freeze, wait, take, compare."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.datasets.models import Snapshot
from articles.desk.models import Project
from articles.intake.gate_services import withdraw
from tests.datasets.frozen import gold_desk, make_frozen
from tests.desk.people import manager_of, signed_in
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

WISH = {
    "name": "Gold", "layers": "gold", "by": "story", "seed": "1",
    "ratios": "train 0.5, test 0.5", "formats": ["jsonl"],
}  # fmt: skip


@pytest.fixture
def project() -> Project:
    return gold_desk(2)


@pytest.fixture
def browser(project: Project) -> Client:
    return signed_in(manager_of(project))


def test_who_has_none_reads_how_many_articles_there_are(project: Project, browser: Client) -> None:
    page = browser.get(reverse("snapshot-list", args=[project.slug]))

    assert "2 adjudicated articles can be exported." in page.text


def test_a_dataset_is_looked_at_frozen_and_taken(project: Project, browser: Client) -> None:
    address = reverse("snapshot-new", args=[project.slug])

    preview = browser.get(address, WISH)
    assert "2 articles, 6 annotations" in preview.text
    assert not Snapshot.objects.exists()
    posted = browser.post(address, WISH)
    waiting = browser.get(posted["Location"])
    assert "every 2s" in waiting.text
    run_jobs()
    ready = browser.get(posted["Location"])

    snapshot = Snapshot.objects.get()
    assert snapshot.hash in ready.text
    assert "every 2s" not in ready.text
    assert "Bearer $NEWSDESK_TOKEN" in ready.text
    file = browser.get(reverse("snapshot-file", args=[project.slug, snapshot.pk, "jsonl"]))
    assert file["Content-Disposition"] == 'attachment; filename="harbour-inquiry-gold-v1.jsonl"'
    assert snapshot.hash in file["ETag"]
    assert "froze the dataset “Gold v1”" in browser.get(reverse("inbox")).text


def test_a_mistake_is_told_beside_its_field(project: Project, browser: Client) -> None:
    address = reverse("snapshot-new", args=[project.slug])

    wrong = browser.post(address, {**WISH, "ratios": "train half"})
    nothing = browser.get(address, {**WISH, "q": "nowhere"})

    assert (wrong.status_code, nothing.status_code) == (422, 422)
    assert "Write each split with its share" in wrong.text
    assert "No article that may go out is chosen by this." in nothing.text
    assert not Snapshot.objects.exists()


def test_what_failed_says_why_and_is_tried_again(project: Project, browser: Client) -> None:
    frozen = make_frozen(project, layers="all")
    failed = Snapshot.objects.create(
        project=project, name="Failed", number=1, layers="all", made_by=frozen.made_by,
        status="failed", problem="Something broke while freezing. Incident 7K2Q.",
    )  # fmt: skip
    page = reverse("snapshot", args=[project.slug, failed.pk])
    assert "Incident 7K2Q" in browser.get(page).text

    browser.post(reverse("snapshot-retry", args=[project.slug, failed.pk]))

    failed.refresh_from_db()
    assert (failed.status, failed.problem) == ("queued", "")


def test_a_withheld_dataset_names_what_to_remove_and_its_next_version_is_one_click(
    project: Project, browser: Client
) -> None:
    frozen = make_frozen(project)
    article = project.articles.first()
    assert article is not None
    withdraw(actor=manager_of(project), article=article, version=article.version)
    page = reverse("snapshot", args=[project.slug, frozen.pk])

    assert f"<code>{article.pk}</code>" in browser.get(page).text
    assert "withheld" in browser.get(reverse("snapshot-list", args=[project.slug])).text
    browser.post(reverse("snapshot-again", args=[project.slug, frozen.pk]))
    run_jobs()

    new = Snapshot.objects.get(number=2)
    assert new.counts["articles"] == 1
    diff = browser.get(reverse("snapshot-diff", args=[project.slug, new.pk, frozen.pk]))
    assert "0 added, 1 removed" in diff.text


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(
    project: Project, browser: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        make_frozen(project, layers="all")
    address = reverse("snapshot-list", args=[project.slug])
    browser.get(address)

    with django_assert_num_queries(10):
        page = browser.get(address)

    assert page.text.count("<tr data-row>") == count
