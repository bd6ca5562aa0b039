"""The page of jobs: what runs for a project, in words, and what its managers can do about it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from articles.desk.models import Project, Role
from newsdesk.jobs import job
from tests.background import errands
from tests.background.workers import in_database, jobs
from tests.desk.people import join, make_project, make_user, manager_of, signed_in

pytestmark = pytest.mark.django_db


@job(once="page {place}", says="Page of {place}")
def paginate(place: str) -> None:
    """Nobody runs it."""


def page_of(project: Project, act: str = "") -> str:
    number = ProcrastinateJob.objects.order_by("-pk").values_list("pk", flat=True).first()
    return reverse(f"job-{act or 'list'}", args=[project.slug, *([number] if act else [])])


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def client(project: Project) -> Client:
    return signed_in(manager_of(project))


def failed(project: Project) -> None:
    errands.fail.enqueue(file="a", place="Skerry", project=project.pk)
    in_database(
        "UPDATE procrastinate_jobs SET status = 'doing', args = args || '{\"why\": \"No boat.\"}'"
    )
    in_database("UPDATE procrastinate_jobs SET status = 'failed', attempts = 2")


def test_a_job_is_told_in_words_and_one_of_another_project_is_not(
    project: Project, client: Client
) -> None:
    failed(project)
    paginate.enqueue(place="Elsewhere", project=make_project("Science").pk)
    paginate.enqueue(place="Nowhere")

    page = client.get(page_of(project)).text

    assert "Errand to Skerry" in page
    assert "No boat." in page
    assert "Page of" not in page


def test_managers_find_it_among_the_settings_and_engineers_by_itself(
    project: Project, client: Client
) -> None:
    engineer = signed_in(join(project, make_user("eli"), Role.ENGINEER))

    assert 'aria-label="Settings"' in client.get(page_of(project)).text
    assert 'aria-label="Settings"' not in engineer.get(page_of(project)).text


def test_the_page_asks_again_only_while_something_goes_on(project: Project, client: Client) -> None:
    failed(project)
    assert "every 3s" not in client.get(page_of(project)).text

    paginate.enqueue(place="Skerry", project=project.pk)
    assert "every 3s" in client.get(page_of(project)).text


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(
    project: Project, client: Client, django_assert_num_queries: Callable[..., Any], count: int
) -> None:
    for number in range(count):
        paginate.enqueue(place=str(number), project=project.pk)

    with django_assert_num_queries(9):
        page = client.get(page_of(project)).text

    assert page.count("Page of") == count


def test_a_failed_job_is_tried_again_once(project: Project, client: Client) -> None:
    failed(project)

    client.post(page_of(project, "retry"))
    assert jobs() == [("todo", 3)]

    told = client.post(page_of(project, "retry"), follow=True).text
    assert "This job has not failed, or is being tried again already." in told
    assert jobs() == [("todo", 3)]


def test_a_failed_job_whose_like_waits_is_not_tried_again(project: Project, client: Client) -> None:
    paginate.enqueue(place="Skerry", project=project.pk)
    in_database("UPDATE procrastinate_jobs SET status = 'failed'")
    path = page_of(project, "retry")
    paginate.enqueue(place="Skerry", project=project.pk)

    told = client.post(path, follow=True).text

    assert "Another job that does the same waits already." in told
    assert jobs() == [("failed", 0), ("todo", 0)]


def test_a_waiting_job_is_cancelled_and_who_is_concerned_is_told(
    project: Project, client: Client
) -> None:
    errands.given_up.clear()
    errands.fail.enqueue(file="a", place="Skerry", project=project.pk)

    client.post(page_of(project, "cancel"))
    told = client.post(page_of(project, "cancel"), follow=True).text

    assert jobs() == [("cancelled", 0)]
    assert errands.given_up == [("a", f"{manager_of(project)} cancelled it.")]
    assert "This job does not wait any more." in told


def test_a_job_tells_when_it_is_due_while_it_waits_and_since_when_it_does(
    project: Project, client: Client
) -> None:
    paginate.enqueue(place="Skerry", project=project.pk)
    in_database("UPDATE procrastinate_jobs SET scheduled_at = '2199-12-31 08:00:00Z'")

    waiting = client.get(page_of(project)).text
    client.post(page_of(project, "cancel"))
    cancelled = client.get(page_of(project)).text

    assert "until <time" in waiting
    assert waiting.count("31 Dec, 08:00:00") == 1
    assert "31 Dec" not in cancelled


def test_an_annotator_neither_sees_nor_steers_jobs(project: Project) -> None:
    failed(project)
    ada = signed_in(join(project, make_user("ada"), Role.ANNOTATOR))

    assert ada.get(page_of(project)).status_code == 403
    assert ada.post(page_of(project, "retry")).status_code == 403
    assert jobs() == [("failed", 2)]


def test_arguments_are_those_of_the_function_and_of_its_words() -> None:
    with pytest.raises(TypeError):
        paginate.enqueue(place="Skerry", plaice="a fish")
    with pytest.raises(TypeError):
        errands.fail.enqueue(place="Skerry")
    errands.fail.enqueue(file="a", place="Skerry", project=1)

    assert ProcrastinateJob.objects.get().args["given"] == {"file": "a"}
