"""Which articles a live export has: those that pass the filters of their list."""

import csv
import json
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.annotations.models import Layer
from articles.desk.models import Project, Scope
from articles.intake.models import Article
from articles.review.submission_services import submit_layer
from tests.datasets.test_export import api_address, received, titles, with_token
from tests.desk.people import make_project, manager_of, signed_in
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """Three articles: one that nobody touched, one that is begun, one in which work is over."""
    project = make_project()
    make_article(project, title="Untouched")
    make_layer(make_article(project, title="Begun"))
    layer = make_annotation(make_layer(make_article(project, title="Handed in"))).layer
    assert layer.annotator is not None
    project.annotators_per_article = 1
    project.save()
    submit_layer(actor=layer.annotator, layer=layer)
    return project


def asked(project: Project, **filters: str) -> Any:
    return client_of(project).get(api_address(project, ""), filters)


def listed(project: Project, **filters: str) -> Any:
    return client_of(project).get(f"/api/v1/projects/{project.slug}/articles", filters)


def client_of(project: Project) -> Client:
    return with_token(manager_of(project), Scope.EXPORT, Scope.READ)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"status": "ready"}, ["Untouched"]),
        ({"status": "annotating"}, ["Begun"]),
        ({"status": "adjudicated"}, []),
        ({"label": "quote"}, ["Handed in"]),
        ({"label": "unheard"}, []),
        ({"updated_since": "2100-01-01T00:00:00Z"}, []),
        ({"updated_since": "2020-01-01T00:00:00+01:00", "label": "quote"}, ["Handed in"]),
        ({"status": "ready", "label": "quote"}, []),
    ],
)
def test_what_comes_is_what_the_list_of_articles_shows(
    project: Project, filters: dict[str, str], expected: list[str]
) -> None:
    shown = [one["title"] for one in listed(project, **filters).json()["items"]]
    by_page = signed_in(manager_of(project)).get(
        reverse("export-file", args=[project.slug]), filters
    )

    assert titles(received(asked(project, **filters))) == shown == expected
    assert titles(received(by_page)) == expected


@pytest.mark.parametrize(
    "wrong",
    [{"status": "lost"}, {"status": ""}, {"updated_since": "today"},
     {"updated_since": "2026-11-21T00:00:00"}, {"updated_since": "2026-13-01T00:00:00Z"}],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_refused_as_the_list_refuses_it(
    project: Project, wrong: dict[str, str]
) -> None:
    refused, by_list = asked(project, **wrong), listed(project, **wrong)

    assert refused.status_code == by_list.status_code == 422
    assert refused.json()["errors"] == by_list.json()["errors"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"status": "lost"}, "A status is one of imported, ready,"),
        ({"updated_since": "today"}, "“today” is no moment, such as 2026-11-21T08:00:00Z."),
    ],
)
def test_the_page_says_what_makes_no_sense(
    project: Project, wrong: dict[str, str], words: str
) -> None:
    response = signed_in(manager_of(project)).get(
        reverse("export-file", args=[project.slug]), wrong
    )

    assert response.status_code == 422
    assert words in response.text


def test_every_format_has_the_articles_that_were_chosen(project: Project) -> None:
    with ZipFile(BytesIO(received(asked(project, format="parquet", status="ready")))) as archive:
        table = pq.read_table(BytesIO(archive.read("articles/train-00000.parquet")))
    rows = csv.DictReader(StringIO(received(asked(project, format="csv", status="ready")).decode()))

    assert table["title"].to_pylist() == ["Untouched"]
    assert [row["title"] for row in rows] == ["Untouched"]


def test_whoever_was_cut_off_goes_on_among_what_they_chose(project: Project) -> None:
    make_article(project, "It rained on Monday.", title="Untouched, too")
    first, *rest = received(asked(project, status="ready")).splitlines(keepends=True)

    following = asked(project, status="ready", after=json.loads(first)["id"])

    assert received(following) == b"".join(rest)
    assert titles(b"".join(rest)) == ["Untouched, too"]


@pytest.mark.django_db(transaction=True)
def test_each_choice_is_known_again_by_itself_and_a_lease_that_ends_is_a_change() -> None:
    layer = make_layer()
    project = layer.project
    files = [asked(project, **one) for one in ({}, {"label": "quote"}, {"status": "ready"})]
    before = asked(project, status="annotating")
    Layer.objects.filter(pk=layer.pk).update(lease_expires_at=timezone.now() - timedelta(hours=1))

    again = client_of(project).get(
        api_address(project, ""),
        {"status": "annotating"},
        headers={"If-None-Match": before["ETag"]},
    )

    assert len({one["ETag"] for one in (*files, before)}) == 4
    assert (again.status_code, received(again)) == (200, b"")
    unchanged = client_of(project).get(
        api_address(project, ""), {"status": "annotating"}, headers={"If-None-Match": again["ETag"]}
    )
    assert unchanged.status_code == 304
    for one in (*files, before):
        received(one)


def test_gates_hold_whatever_is_asked_for(project: Project) -> None:
    Article.objects.filter(title="Untouched").update(withdrawn_at=timezone.now())

    assert received(asked(project, status="ready")) == b""


def test_the_page_offers_them_and_writes_the_command(project: Project) -> None:
    page = signed_in(manager_of(project)).get(
        reverse("export", args=[project.slug]),
        {"status": "ready", "label": "quote", "updated_since": "2026-11-20T10:00"},
    )

    chosen = "format=jsonl&amp;layers=all&amp;status=ready&amp;label=quote"
    assert f"{chosen}&amp;updated_since=2026-11-20T10%3A00%3A00Z" in page.text
    assert '<option value="ready" selected>Ready</option>' in page.text
    assert 'value="2026-11-20T10:00"' in page.text
