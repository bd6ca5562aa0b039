"""Whatever goes wrong is a problem that programs can read."""

import re
from uuid import UUID

import pytest
from django.db import connection

from articles.imports.models import ImportRun
from newsdesk.api import api
from tests.api.calls import Caller, code_of
from tests.api.conftest import Newsroom

pytestmark = pytest.mark.django_db

#: The calls that are asked for more than their path says.
ASKED = [
    (method, path)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method, call in methods.items()
    if any(one["in"] == "query" for one in call["parameters"])
]


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/projects/none", "/projects/", "/articles/42", "/labels/x", "/articles//text"],
)
def test_what_is_not_there_is_404(room: Newsroom, path: str) -> None:
    assert code_of(room.manager.get(path)) == (404, "not_found")


def test_a_wrong_method_is_405_and_says_which_are_right(room: Newsroom) -> None:
    response = room.manager("DELETE", "/projects")

    assert code_of(response) == (405, "method_not_allowed")
    assert set(response["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_media_type_is_415(room: Newsroom, media_type: str) -> None:
    response = room.manager("POST", "/projects", {"name": "New"}, media_type=media_type)

    assert code_of(response) == (415, "wrong_media_type")


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"name": "\xff"}',
        b'{"annotators_per_article": NaN}',
        b'{"annotators_per_article": 1e999}',
        b'{"annotators_per_article": ' + b"9" * 301 + b"}",
        b"[" * 100_000,
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_no_json_is_400(room: Newsroom, raw: bytes) -> None:
    assert code_of(room.manager("POST", "/projects", raw=raw)) == (400, "malformed_json")


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b'"text"', b"3"])
def test_json_of_another_shape_is_422(room: Newsroom, raw: bytes) -> None:
    assert code_of(room.manager("POST", "/projects", raw=raw))[0] == 422


@pytest.mark.parametrize(("method", "path"), ASKED)
def test_what_no_address_knows_is_refused_and_not_ignored(
    room: Newsroom, method: str, path: str
) -> None:
    path = path.removeprefix("/api/v1").replace("{slug}", room.project.slug)
    path = re.sub(r"{\w+}", str(UUID(int=7)), path)

    response = room.manager(method.upper(), f"{path}?dryrun=true", raw=b"", media_type="text/csv")

    assert code_of(response) == (422, "unknown_field")
    assert response.json()["errors"][0]["loc"] == ["query", "dryrun"]
    assert not ImportRun.objects.exists()


def test_what_has_to_be_mended_is_said_where_it_stands(room: Newsroom) -> None:
    response = room.manager.post(
        "/projects", {"name": "", "pace": 1, "blind": "yes", "labels": [{"key": "Not a key"}]}
    )

    assert code_of(response) == (422, "invalid")
    assert {(tuple(one["loc"]), one["code"]) for one in response.json()["errors"]} == {
        (("body", "name"), "string_too_short"),
        (("body", "pace"), "unknown_field"),
        (("body", "blind"), "bool_type"),
        (("body", "labels", "list", 0, "key"), "string_pattern_mismatch"),
    }


def test_a_wrong_query_is_said_where_it_stands(room: Newsroom) -> None:
    response = room.manager.get("/projects?limit=0")

    assert code_of(response) == (422, "invalid")
    assert [one["loc"] for one in response.json()["errors"]] == [["query", "limit"]]


def test_more_than_a_request_may_send_is_413(room: Newsroom) -> None:
    raw = b'{"name": "' + b"x" * 9_000_000 + b'"}'

    assert code_of(room.manager("POST", "/projects", raw=raw)) == (413, "too_large")


@pytest.mark.parametrize(
    "path", ["/projects/%00", "/projects?cursor=%00", "/projects/a%00b/labels"]
)
def test_nul_in_an_address_is_400(room: Newsroom, path: str) -> None:
    assert code_of(room.manager.get(path)) == (400, "bad_request")


def test_an_address_with_thousands_of_parameters_is_400(room: Newsroom) -> None:
    query = "&".join(f"q{number}=x" for number in range(2000))

    assert code_of(room.manager.get(f"/projects?{query}")) == (400, "bad_request")


def test_a_host_name_that_is_not_ours_is_400(room: Newsroom) -> None:
    room.manager.headers["Host"] = "elsewhere.example"

    assert code_of(room.manager.get("/projects")) == (400, "bad_request")


def test_what_breaks_is_500_with_a_number_and_no_trace(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_label RENAME TO lost_labels")

    response = room.manager.get(f"{room.path}/labels")

    assert code_of(response) == (500, "internal")
    assert "articles_label" not in response.text
    assert "Traceback" not in response.text
    assert response.json()["incident"] in caplog.text
    assert "articles_label" in caplog.text


def test_answers_are_not_stored_on_their_way(room: Newsroom) -> None:
    assert room.manager.get("/projects")["Cache-Control"] == "no-store"
    assert Caller(None).get("/projects")["Cache-Control"] == "no-store"
