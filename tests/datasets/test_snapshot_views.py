"""The pages of datasets: choose, look, freeze, wait, take, compare."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from articles.datasets.models import Snapshot, SnapshotFile
from articles.datasets.snapshot_services import Wanted, make_snapshot
from articles.desk.models import Project
from articles.formats.registry import FORMATS
from articles.intake.gate_services import withdraw
from articles.review.list_services import save_view
from articles.review.review_services import open_review
from tests.datasets.frozen import gold_desk, make_frozen
from tests.desk.people import manager_of, signed_in
from tests.factories import make_article
from tests.jobs import run_jobs
from tests.review.disputes import CLAIM, QUOTE, make_dispute

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

    assert '<p class="title">No dataset yet.</p>' in page.text
    assert "2 adjudicated articles can be exported." in page.text


def test_a_dataset_is_looked_at_frozen_and_taken(project: Project, browser: Client) -> None:
    address = reverse("snapshot-new", args=[project.slug])

    preview = browser.get(address, WISH)
    assert "2 articles, 6 annotations" in preview.text
    assert not Snapshot.objects.exists()
    posted = browser.post(address, WISH)
    snapshot = Snapshot.objects.get()
    waiting = [
        browser.get(home)
        for home in (posted["Location"], reverse("snapshot-list", args=[project.slug]))
    ]
    run_jobs()
    ready = browser.get(posted["Location"])

    snapshot.refresh_from_db()
    stream = f'data-live="/events?project={project.slug}&amp;work={snapshot.pk}"'
    assert [stream in page.text for page in waiting] == [True, True]
    assert snapshot.hash in ready.text
    assert "data-live=" not in ready.text
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


def test_a_saved_view_chooses_and_what_is_chosen_beside_it_goes_before(
    project: Project, browser: Client
) -> None:
    manager = manager_of(project)
    first, second = project.articles.in_intake_order()
    view = save_view(
        actor=manager, project=project, name="Strike one", query="q=strike+1&status=adjudicated"
    )
    address = reverse("snapshot-new", args=[project.slug])
    wish = {**WISH, "view": str(view.pk)}

    assert f'<option value="{view.pk}">Strike one</option>' in browser.get(address).text
    assert second.title in browser.get(address, wish).text
    assert first.title not in browser.get(address, wish).text
    assert first.title in browser.get(address, {**wish, "q": "strike 0"}).text
    browser.post(address, wish)
    assert Snapshot.objects.get().filter == {"q": "strike 1", "status": "adjudicated"}


def test_somebody_elses_view_is_not_offered(project: Project, browser: Client) -> None:
    rhea = project.memberships.get(role="reviewer").user
    view = save_view(actor=rhea, project=project, name="Hers", query="q=strike+1")
    address = reverse("snapshot-new", args=[project.slug])

    assert "Hers" not in browser.get(address).text
    posted = browser.post(address, {**WISH, "view": str(view.pk)})
    assert Snapshot.objects.get(pk=posted["Location"].split("/")[-2]).filter == {}


def test_disagreements_are_the_work_on_articles_where_annotators_differed(
    project: Project, browser: Client
) -> None:
    people = [one.user for one in project.memberships.filter(role="annotator").order_by("pk")]
    make_dispute(project, people, [("quote", QUOTE)], [("claim", CLAIM)])
    open_review(
        actor=project.memberships.get(role="reviewer").user,
        article=project.articles.select_related("project").get(
            title__startswith="Ferry strike put"
        ),
    )

    preview = browser.get(
        reverse("snapshot-new", args=[project.slug]), {**WISH, "layers": "disputed"}
    )

    assert "1 article, 2 annotations" in preview.text


@pytest.mark.parametrize(
    ("running", "words"),
    [
        (0, "It waits for its turn, and is frozen then."),
        (1, "One export is running; this one starts after it."),
        (2, "Two exports are running; this one starts after them."),
    ],
)
def test_what_waits_says_for_what(
    project: Project, browser: Client, running: int, words: str
) -> None:
    maker = manager_of(project)
    for number in range(running):
        Snapshot.objects.create(
            project=project, name="Other", number=number + 1, layers="all", made_by=maker,
            status="running",
        )  # fmt: skip
    waiting = Snapshot.objects.create(
        project=project, name="Gold", number=1, layers="all", made_by=maker
    )

    page = browser.get(reverse("snapshot", args=[project.slug, waiting.pk]))

    assert f'<p role="status">{words}</p>' in page.text


def test_what_is_running_says_how_far_it_is(project: Project, browser: Client) -> None:
    running = Snapshot.objects.create(
        project=project, name="Gold", number=1, layers="all", made_by=manager_of(project),
        status="running", done=43, total=99,
    )  # fmt: skip

    for page in (
        browser.get(reverse("snapshot", args=[project.slug, running.pk])),
        browser.get(reverse("snapshot-list", args=[project.slug])),
    ):
        assert "</progress>running 43 %</span>" in page.text


def test_two_are_frozen_at_once_and_no_more(project: Project) -> None:
    for number in range(6):
        make_snapshot(
            actor=manager_of(project), project=project, wanted=Wanted(f"Gold {number}", formats=[])
        )

    locks = set(ProcrastinateJob.objects.values_list("lock", flat=True))

    assert locks <= {"freeze 0", "freeze 1"}


def test_a_file_that_expired_can_be_rebuilt_to_the_same_hash(
    project: Project, browser: Client
) -> None:
    frozen = make_frozen(project, formats=["jsonl"])
    file = SnapshotFile.objects.get()
    page = reverse("snapshot", args=[project.slug, frozen.pk])

    def row() -> str:
        head = f'<th scope="row">{FORMATS["jsonl"].title}</th>'
        return browser.get(page).text.partition(head)[2].partition("</tr>")[0]

    assert f"<code>{file.hash[:12]}</code>" in row()
    assert ">ready<" in row()
    default_storage.delete(file.stored)
    assert ">expired, can be rebuilt<" in row()
    download = reverse("snapshot-file", args=[project.slug, frozen.pk, "jsonl"])
    assert browser.get(download)["ETag"] == f'"{file.hash}"'
    assert ">ready<" in row()
    assert "Built when somebody asks for it first:" in browser.get(page).text


def test_a_ready_dataset_says_how_it_is_taken_without_a_token_and_what_csv_does(
    project: Project, browser: Client
) -> None:
    page = browser.get(reverse("snapshot", args=[project.slug, make_frozen(project).pk])).text

    assert 'curl --fail --header "Authorization: Bearer $NEWSDESK_TOKEN"' in page
    assert 'data-copy="with-curl"' in page
    assert "nd_" not in page
    assert "CSV: cells that begin with" in page
    assert (
        "CSV: cells that begin with"
        in browser.get(reverse("snapshot-new", args=[project.slug])).text
    )


def test_a_preview_shows_five_records_of_all_that_are_counted(
    project: Project, browser: Client
) -> None:
    for number in range(5):
        make_article(project, f"The quay, day {number}.\n\nIt rained.", title=f"Day {number}")

    preview = browser.get(
        reverse("snapshot-new", args=[project.slug]), {**WISH, "layers": "all"}
    ).text

    assert "7 articles, 18 annotations" in preview
    assert "The first 5:" in preview
    assert [f"Day {number}" in preview for number in range(5)] == [True, True, True, False, False]


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(
    project: Project, browser: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        make_frozen(project, layers="all")
    address = reverse("snapshot-list", args=[project.slug])
    browser.get(address)

    with django_assert_num_queries(11):  # two of them for the inbox, where notices wait
        page = browser.get(address)

    assert page.text.count("<tr data-row>") == count
