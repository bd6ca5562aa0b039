"""Bringing articles in, and listing them with where they stand."""

import json
from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID, uuid4

import pytest

from articles.intake.models import Article
from tests.api.calls import code_of, json_of
from tests.api.conftest import Newsroom
from tests.factories import TEXT, make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db

PAGE = """<!doctype html><html lang="en"><head><title>Ferry to sail again</title></head><body>
<article><h1>Ferry to sail again</h1><p>The ferry between the two quays will sail again on Monday,
the harbour office said, after eleven weeks in the dock for repairs to its engine.</p>
<p>Tickets will cost what they cost before. “We missed her,” said Ines Roth, who keeps the kiosk
on the pier and has sold tickets there for twenty years.</p></article></body></html>"""

WHOLE = {
    "text": TEXT,
    "title": "Quay to reopen",
    "url": "https://news.example/quay",
    "byline": "Mara Lind",
    "publisher": "The Argus",
    "published_at": "2026-11-03T09:30:00+01:00",
    "language": "en-GB",
    "external_id": "argus-1",
    "story": "quay-1926",
    "metadata": {"desk": "local", "rank": [1, 2.5, None, True]},
}


def test_an_article_comes_in_with_all_that_is_known_about_it(room: Newsroom) -> None:
    response = room.engineer.post(f"{room.path}/articles", WHOLE)

    made = json_of(response)
    given = {name: value for name, value in WHOLE.items() if name not in ("text", "published_at")}
    assert response.status_code == 201
    assert response["Location"] == f"/api/v1/articles/{made['id']}"
    assert {**made, **given} == made
    assert made["published_at"] == "2026-11-03T08:30:00Z"
    assert (made["status"], made["annotators"], made["annotation_count"]) == ("ready", [], 0)
    assert (made["project"], made["version"]) == ("harbour-inquiry", 1)
    assert json_of(room.ada.get(f"/articles/{made['id']}")) == made


def test_its_blocks_cover_the_text_that_offsets_count(room: Newsroom) -> None:
    sent = "📰 Cafe\u0301 opens\r\n\r\nThe café opened\x00 today. Many came.\n"
    made = json_of(room.engineer.post(f"{room.path}/articles", {"text": sent}))

    response = room.ada.get(f"/articles/{made['id']}/text")
    text = response.content.decode()

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert text == "📰 Café opens\n\nThe café opened today. Many came.\n"
    assert made["revision"]["length"] == len(text)
    ends = [0, *(one["end"] for one in made["blocks"])]
    assert [one["start"] for one in made["blocks"]] == ends[:-1]
    assert ends[-1] == len(text)
    assert made["blocks"][0]["kind"] == "headline"


def test_head_answers_as_get_without_the_body(room: Newsroom, article: Article) -> None:
    path = f"/articles/{article.pk}/text"
    got, head = room.ada.get(path), room.ada("HEAD", path)

    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Content-Length"]) == (got["ETag"], got["Content-Length"])


def test_a_text_is_not_sent_again_to_who_has_it(room: Newsroom, article: Article) -> None:
    path = f"/revisions/{article.revision_id}/text"
    first = room.ada.get(path)
    room.ada.headers["If-None-Match"] = first["ETag"]

    again = room.ada.get(path)

    assert first["ETag"] == f'"{bytes(article.revision.sha256).hex()}"'
    assert (again.status_code, again.content) == (304, b"")


def test_a_web_page_comes_in_as_plain_text(room: Newsroom) -> None:
    made = json_of(
        room.engineer.post(f"{room.path}/articles", {"html": PAGE, "publisher": "The Pier"})
    )

    text = room.engineer.get(f"/articles/{made['id']}/text").text
    assert made["title"] == "Ferry to sail again"
    assert made["publisher"] == "The Pier"
    assert "“We missed her,” said Ines Roth" in text
    assert "<" not in text


@pytest.mark.parametrize("body", [WHOLE, {"html": PAGE}, {"text": TEXT}])
def test_the_same_article_sent_twice_comes_in_once(room: Newsroom, body: dict[str, Any]) -> None:
    body = body | {"id": str(uuid4())}
    first = room.engineer.post(f"{room.path}/articles", body)
    again = room.engineer.post(f"{room.path}/articles", body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert json_of(again) == json_of(first)
    assert json_of(again)["id"] == body["id"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"url": None},
        {"byline": ""},
        {"publisher": "The Post"},
        {"published_at": None},
        {"language": "de"},
        {"external_id": "argus-2"},
        {"story": "another"},
        {"metadata": {}},
        {"text": "Other words.\n\nThey are not the same at all."},
    ],
)
def test_another_article_with_its_id_is_refused(room: Newsroom, change: dict[str, Any]) -> None:
    body = WHOLE | {"id": str(uuid4())}
    room.engineer.post(f"{room.path}/articles", body)

    assert code_of(room.engineer.post(f"{room.path}/articles", body | change)) == (
        409,
        "id_reused",
    )


def test_the_same_text_or_external_id_is_refused_with_the_article_that_has_it(
    room: Newsroom,
) -> None:
    there = json_of(room.engineer.post(f"{room.path}/articles", WHOLE))

    same_text = room.engineer.post(f"{room.path}/articles", {"text": TEXT + "\x00"})
    same_id = room.engineer.post(
        f"{room.path}/articles", {"text": "Something else.\n\nEntirely.", "external_id": "argus-1"}
    )

    for response in (same_text, same_id):
        assert code_of(response) == (409, "duplicate_article")
        assert response.json()["existing"] == there["id"]
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"text": TEXT, "html": PAGE}, 422, "invalid"),
        ({"text": ""}, 422, "text_empty"),
        ({"text": " \n\u200b"}, 422, "text_empty"),
        ({"text": "Only a title"}, 422, "title_only"),
        ({"text": "x" * 2_000_001}, 413, "text_too_long"),
        ({"text": 7}, 422, "invalid"),
        ({"html": "<p></p>"}, 422, "no_article"),
        ({"text": TEXT, "url": "javascript:alert(1)"}, 422, "invalid"),
        ({"text": TEXT, "title": "t" * 501}, 422, "invalid"),
        ({"text": TEXT, "published_at": "2026-11-03T09:30:00"}, 422, "invalid"),
        ({"text": TEXT, "published_at": "yesterday"}, 422, "invalid"),
        ({"text": TEXT, "language": "!"}, 422, "invalid"),
        ({"text": TEXT, "metadata": {"a": "\x00"}}, 422, "invalid"),
        ({"text": TEXT, "metadata": {"\x00": 1}}, 422, "invalid"),
        ({"text": TEXT, "metadata": {"a": "x" * 70_000}}, 422, "invalid"),
        ({"text": TEXT, "metadata": []}, 422, "invalid"),
        ({"text": TEXT, "status": "ready"}, 422, "invalid"),
        ({"text": TEXT, "external_id": ""}, 422, "invalid"),
        ({"text": TEXT, "id": "7"}, 422, "invalid"),
    ],
)
def test_what_is_no_article_is_refused_and_nothing_is_stored(
    room: Newsroom, body: dict[str, Any], status: int, code: str
) -> None:
    assert code_of(room.engineer.post(f"{room.path}/articles", body)) == (status, code)
    assert Article.objects.count() == 0


def test_metadata_nested_too_deep_is_refused(room: Newsroom) -> None:
    deep: dict[str, Any] = {}
    for _ in range(30):
        deep = {"in": deep}

    response = room.engineer.post(f"{room.path}/articles", {"text": TEXT, "metadata": deep})

    assert code_of(response) == (422, "invalid")


def test_only_managers_and_engineers_bring_articles_in(room: Newsroom) -> None:
    for member in (room.reviewer, room.ada):
        refused = member.post(f"{room.path}/articles", WHOLE)
        assert code_of(refused) == (403, "not_allowed")
    assert code_of(room.outsider.post(f"{room.path}/articles", WHOLE)) == (404, "not_found")


def test_outsiders_see_no_article(room: Newsroom, article: Article) -> None:
    for path in (f"{room.path}/articles", f"/articles/{article.pk}", f"/articles/{article.pk}/text",
                 f"/revisions/{article.revision_id}/text"):  # fmt: skip
        assert code_of(room.outsider.get(path)) == (404, "not_found")


def test_articles_are_listed_newest_first_in_pages(room: Newsroom) -> None:
    made = [str(make_article(room.project).pk) for _ in range(5)]

    first = json_of(room.ada.get(f"{room.path}/articles?limit=2&count=true&status=ready"))
    make_article(room.project)  # comes in before the pages that follow, and moves none
    second = json_of(room.ada.get(first["next"]))
    third = json_of(room.ada.get(second["next"]))

    assert first["count"] == 5
    assert "status=ready" in first["next"]
    pages = [first, second, third]
    assert [one["id"] for page in pages for one in page["items"]] == made[::-1]
    assert third["next"] is None
    assert "blocks" not in first["items"][0]


def cursor_of(values: Any) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "e30", "WzFd", "bnVsbA", "WyJhIiwiYiJd", "%F0", "=" * 99),
        cursor_of(["9999-12-31T23:59:59-23:59", str(UUID(int=0))]),
        cursor_of(["0001-01-01T00:00:00+23:59", str(UUID(int=0))]),
    ],
)
def test_a_cursor_that_was_never_given_out_is_refused(room: Newsroom, cursor: str) -> None:
    response = room.ada.get(f"{room.path}/articles?cursor={cursor}")

    assert code_of(response) == (422, "cursor_invalid")
    assert response.json()["errors"][0]["loc"] == ["query", "cursor"]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=ten", "status=done", "updated_since=today", "count=perhaps"],
)
def test_a_query_that_makes_no_sense_is_refused(room: Newsroom, query: str) -> None:
    assert code_of(room.ada.get(f"{room.path}/articles?{query}")) == (422, "invalid")


def test_a_filter_that_does_not_exist_is_refused_and_not_ignored(room: Newsroom) -> None:
    response = room.ada.get(f"{room.path}/articles?anotator=ada")

    assert code_of(response) == (422, "unknown_field")
    assert response.json()["errors"][0]["loc"] == ["query", "anotator"]


def test_an_annotator_learns_from_the_list_only_what_is_theirs(
    room: Newsroom, article: Article
) -> None:
    make_annotation(make_layer(article, room.people["ada"]))

    def listed(who: str, query: str = "") -> list[int]:
        items = json_of(getattr(room, who).get(f"{room.path}/articles?{query}"))["items"]
        return [one["annotation_count"] for one in items]

    assert (listed("ada"), listed("ben"), listed("reviewer")) == ([1], [0], [1])
    assert (listed("ada", "label=quote"), listed("ben", "label=quote")) == ([1], [])
    assert listed("engineer", "label=quote&annotator=ada") == [1]
    assert listed("engineer", "annotator=ben") == []


@pytest.mark.parametrize("count", [1, 4])
def test_query_count_does_not_grow_with_articles(
    room: Newsroom, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        make_annotation(make_layer(make_article(room.project), room.people["ada"]))
    room.reviewer.get("/projects")  # the token's use is noted once a minute

    with django_assert_num_queries(5):  # token, its rate, project, role, articles
        items = json_of(room.reviewer.get(f"{room.path}/articles"))["items"]

    assert len(items) == count
