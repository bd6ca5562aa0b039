"""The audit log: all of it, for managers, and as a file that no spreadsheet runs."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles.desk import services, token_services
from articles.desk.events import Event
from articles.desk.models import Role
from articles.intake.models import Article
from articles.review import audit_views
from articles.review.audit_views import FORMULA_STARTS, safe_cell
from tests.desk.people import make_user, signed_in
from tests.factories import make_annotation, make_article
from tests.review.test_talk import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return Room()


def page(room: Room, **query: Any) -> Any:
    return signed_in(room.manager).get(reverse("audit-log", args=[room.project.slug]), query)


def rows(room: Room, **query: Any) -> list[dict[str, str]]:
    response = signed_in(room.manager).get(reverse("audit-file", args=[room.project.slug]), query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(b"".join(response).decode())))


def test_all_that_anybody_did_is_in_it(room: Room) -> None:
    services.invite(
        actor=room.manager, project=room.project, email="zoe@example.org", role=Role.ANNOTATOR
    )
    token_services.create_token(
        actor=room.ada, name="Nightly", scopes=["read"], days=1, project=room.project
    )

    found = rows(room)

    assert [row["kind"] for row in found] == list(
        Event.objects.filter(project=room.project).order_by("-pk").values_list("kind", flat=True)
    )
    assert [(row["name"], row["what"]) for row in found[:2]] == [
        ("ada", "made the token “Nightly”"),
        (str(room.manager), "invited zoe@example.org"),
    ]
    assert all(row["at"].endswith("Z") for row in found)
    text = page(room).text
    assert "invited zoe@example.org" in text
    assert "made ada a member" in text


@pytest.mark.parametrize("person", ["ada", "rex"])
def test_it_is_for_managers(room: Room, person: str) -> None:
    client = signed_in(room.people[person])

    for name in ("audit-log", "audit-file"):
        assert client.get(reverse(name, args=[room.project.slug])).status_code == 403


def test_filters(room: Room) -> None:
    other = make_article(room.project)
    day = Event.objects.earliest("pk").at.date().isoformat()

    assert {row["person"] for row in rows(room, person="ada")} == {"ada"}
    assert {row["kind"] for row in rows(room, kind="member.set")} == {"member.set"}
    assert [row["kind"] for row in rows(room, article=other.pk)] == ["article.imported"]
    assert len(rows(room, since=day, until=day)) == len(rows(room))
    assert rows(room, until="2020-01-01") == rows(room, since="2999-01-01") == []
    assert rows(room, article="x") == rows(room, person="nobody") == []
    for nonsense in ({"since": "soon"}, {"until": "2026-02-31"}, {"after": "x"}):
        assert page(room, **nonsense).status_code == 422


def test_what_a_manager_is_not_cleared_for_is_not_in_it(room: Room) -> None:
    Article.objects.filter(pk=room.article.pk).update(is_sensitive=True)

    assert not any(row["article"] == str(room.article.pk) for row in rows(room))
    assert room.article.title not in page(room).text


def test_a_cell_that_would_be_a_formula_is_text(room: Room) -> None:
    user = make_user("mallory")
    services.set_name(actor=user, name="=cmd()")
    services.set_member(actor=room.manager, project=room.project, user=user, role=Role.ANNOTATOR)
    article = make_article(room.project, title="-2+3")
    make_annotation(room.quote.layer, "fish", label="claim")
    services.set_name(actor=room.ada, name="@SUM(1)")

    found = rows(room)

    assert article.title == "-2+3"
    assert "'-2+3" in {row["title"] for row in found}
    assert "'@SUM(1)" in {row["name"] for row in found}
    assert not [cell for row in found for cell in row.values() if cell.startswith(FORMULA_STARTS)]


@given(st.text())
def test_no_cell_begins_a_formula(value: str) -> None:
    safe = safe_cell(value)

    assert safe.removeprefix("'") == value.removeprefix("'")
    assert not safe.startswith(FORMULA_STARTS)


def test_a_long_log_streams_by_and_by(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_views, "CHUNK", 3)
    lines = signed_in(room.manager).get(reverse("audit-file", args=[room.project.slug]))

    with CaptureQueriesContext(connection) as before:
        next(iter(lines))
    found = rows(room)

    assert len(before) <= 1
    assert len(found) == Event.objects.filter(project=room.project).count() > 6
    assert [row["at"] for row in found] == sorted((row["at"] for row in found), reverse=True)


def test_a_page_costs_the_same_however_much_is_on_it(room: Room) -> None:
    costs = []
    for at in range(4):
        make_annotation(room.quote.layer, span=(at, at + 9))
        with CaptureQueriesContext(connection) as queries:
            assert page(room).status_code == 200
        costs.append(len(queries))

    assert set(costs) == {costs[0]}
