"""Settings ▸ Labels ▸ Merge: what it would change, then the change."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from articles.desk.label_services import change_label, retire_label
from articles.desk.models import Label, Project, Role
from tests.desk.people import join, label_of, make_project, make_user, manager_of, signed_in
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db


def page_of(label: Label) -> str:
    return reverse("label-merge", args=[label.project.slug, label.pk])


def form(project: Project, into: str = "quote", version: int = 1) -> dict[str, object]:
    return {"version": version, "into": label_of(project, into).pk}


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def claim(project: Project) -> Label:
    return label_of(project, "claim")


@pytest.fixture
def manager(project: Project) -> Client:
    return signed_in(manager_of(project))


def test_the_page_counts_what_would_change_and_offers_the_other_labels(
    project: Project, claim: Label, manager: Client
) -> None:
    for _ in range(2):
        layer = make_layer(make_article(project))
        make_annotation(layer, label="claim")
        make_annotation(layer, "It begins", label="claim")
    make_annotation(layer, "Zoë Hart", label="source")

    page = manager.get(page_of(claim)).text

    assert "4 annotations in 2 articles carry it." in page
    offered = re.findall(r'<option value="[0-9a-f-]{36}">(\w+)</option>', page)
    assert offered == ["Quote", "Source", "Caption"]


def test_one_annotation_is_counted_as_one(project: Project, claim: Label, manager: Client) -> None:
    make_annotation(make_layer(make_article(project)), label="claim")

    assert "1 annotation in 1 article carries it." in manager.get(page_of(claim)).text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 annotations of “Claim” now carry “Quote”."),
        (1, "1 annotation of “Claim” now carries “Quote”."),
        (2, "2 annotations of “Claim” now carry “Quote”."),
    ],
)
def test_merging_says_how_many_changed_and_lists_the_label_as_retired(
    project: Project, claim: Label, manager: Client, number: int, said: str
) -> None:
    layer = make_layer(make_article(project))
    for words in ("Zoë Hart", "It begins")[:number]:
        make_annotation(layer, words, label="claim")

    response = manager.post(page_of(claim), form(project))

    assert (response.status_code, response["Location"]) == (
        303,
        reverse("label-list", args=[project.slug]),
    )
    page = manager.get(response["Location"]).text
    assert said in page
    assert "merged into Quote" in page


def test_a_label_that_changed_meanwhile_is_shown_and_merged_at_the_second_try(
    project: Project, claim: Label, manager: Client
) -> None:
    change_label(actor=manager_of(project), label=claim, version=1, name="Assertion")

    first = manager.post(page_of(claim), form(project))
    second = manager.post(page_of(claim), form(project, version=2))

    assert first.status_code == 409
    assert "Somebody changed “Assertion” since you opened it." in first.text
    assert '<input type="hidden" name="version" value="2"' in first.text
    assert second.status_code == 303


@pytest.mark.parametrize("into", ["claim", "attributed_to"])
def test_a_label_that_is_no_choice_is_refused_beside_the_field(
    project: Project, claim: Label, manager: Client, into: str
) -> None:
    response = manager.post(page_of(claim), form(project, into))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["into"]
    assert label_of(project, "claim").retired_at is None


def test_a_label_of_another_project_is_no_choice(
    project: Project, claim: Label, manager: Client
) -> None:
    other = make_project("Science desk")

    response = manager.post(page_of(claim), form(other))

    assert response.status_code == 422
    assert label_of(project, "claim").retired_at is None


def test_a_retired_label_is_merged_but_nothing_into_it(
    project: Project, claim: Label, manager: Client
) -> None:
    retire_label(actor=manager_of(project), label=label_of(project, "quote"), version=1)

    into_it = manager.post(page_of(claim), form(project, "quote"))
    itself = manager.post(page_of(label_of(project, "quote")), form(project, "claim", version=2))

    assert (into_it.status_code, itself.status_code) == (422, 303)


def test_a_merged_label_and_a_link_have_no_such_page(
    project: Project, claim: Label, manager: Client
) -> None:
    manager.post(page_of(claim), form(project))

    assert manager.get(page_of(claim)).status_code == 404
    assert manager.get(page_of(label_of(project, "attributed_to"))).status_code == 404


@pytest.mark.parametrize("verb", ["get", "post"])
def test_only_managers_come_here(project: Project, claim: Label, verb: str) -> None:
    annotator = signed_in(join(project, make_user("ben"), Role.ANNOTATOR))
    stranger = signed_in(manager_of(make_project("Science desk")))

    answers = [
        getattr(client, verb)(page_of(claim), form(project)) for client in (annotator, stranger)
    ]

    assert [answer.status_code for answer in answers] == [403, 404]
    assert label_of(project, "claim").retired_at is None


def test_a_label_is_not_found_in_another_project(claim: Label) -> None:
    other = make_project("Science desk")

    response = signed_in(manager_of(other)).get(reverse("label-merge", args=[other.slug, claim.pk]))

    assert response.status_code == 404
