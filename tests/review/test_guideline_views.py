"""Settings ▸ Guidelines ▸ the work that is older than what stands there now."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.desk.models import Project, Role
from articles.desk.services import publish_guidelines
from articles.intake.gate_services import mark_sensitive
from articles.intake.models import Article
from articles.review.submission_services import submit_layer
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db


def submitted(project: Project) -> Article:
    """An article with work of the manager's, handed in."""
    annotation = make_annotation(make_layer(make_article(project)))
    submit_layer(actor=manager_of(project), layer=annotation.layer)
    return annotation.layer.article


def publish(project: Project, text: str) -> None:
    project.refresh_from_db()
    publish_guidelines(
        actor=manager_of(project), project=project, version=project.version, text=text
    )
    project.refresh_from_db()


def page_of(project: Project, client: Client) -> str:
    return client.get(reverse("guideline-layers", args=[project.slug])).text


def test_the_manager_sees_which_work_is_older_than_the_guidelines() -> None:
    project = make_project()
    old, older = submitted(project), make_article(project)
    publish(project, "Mark every claim.")
    new = submitted(project)
    make_layer(older)  # begun, and not submitted

    page = page_of(project, signed_in(manager_of(project)))

    assert "1 of 2 submitted layers was made before version 2" in page
    assert str(old.pk) in page
    assert not {str(new.pk), str(older.pk)} & set(page.split("/"))


def test_nothing_is_older_before_the_guidelines_change() -> None:
    project = make_project()
    client = signed_in(manager_of(project))

    assert "Nothing is submitted yet." in page_of(project, client)
    submitted(project)
    assert "All submitted work was made under version 1" in page_of(project, client)


def test_what_the_manager_may_not_know_of_is_not_counted() -> None:
    project = make_project()
    manager = manager_of(project)
    project.memberships.update(cleared=True)
    secret = submitted(project)
    publish(project, "Mark every claim.")
    mark_sensitive(actor=manager, article=secret, version=secret.version)

    assert "1 of 1 submitted layer was" in page_of(project, signed_in(manager))
    project.memberships.update(cleared=False)
    assert "Nothing is submitted yet." in page_of(project, signed_in(manager))


def test_only_managers_see_it() -> None:
    project = make_project()
    reviewer = signed_in(join(project, make_user("ada"), Role.REVIEWER))

    assert reviewer.get(reverse("guideline-layers", args=[project.slug])).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    project = make_project()
    for _ in range(count):
        submitted(project)
    publish(project, "Mark every claim.")
    client = signed_in(manager_of(project))

    with django_assert_num_queries(9):
        page = page_of(project, client)

    assert page.count("data-row") == count
