"""Comments by the API: say, answer, list, settle, remove."""

from typing import Any
from uuid import uuid4

import pytest

from articles.annotations.models import Annotation
from articles.intake.models import Article
from tests.api.calls import caller, code_of, json_of
from tests.api.conftest import Newsroom
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db


@pytest.fixture
def quote(room: Newsroom, article: Article) -> Annotation:
    return make_annotation(make_layer(article, room.people["ada"]))


def bodies(response: Any) -> list[str]:
    return [one["body"] for one in json_of(response)["items"]]


def test_a_thread_from_its_first_word_to_its_end(
    room: Newsroom, article: Article, quote: Annotation
) -> None:
    path = f"/articles/{article.pk}/comments"

    made = room.reviewer.post(path, {"body": " His, @ada? ", "annotation": str(quote.pk)})
    first = json_of(made)
    answer = json_of(room.ada.post(path, {"body": "Hers.", "thread": first["id"]}))
    settled = json_of(room.ada.post(f"/comments/{answer['id']}/resolution", {"resolved": True}))

    assert (made.status_code, made["Location"]) == (201, f"/api/v1{path}")
    assert first == {
        "id": first["id"], "article": str(article.pk), "layer": "ada",
        "annotation": str(quote.pk), "decision": None, "thread": None, "author": "rey",
        "body": "His, @ada?", "created_at": first["created_at"], "edited_at": None,
        "removed_at": None, "resolved_at": None, "resolved_by": None,
    }  # fmt: skip
    assert (answer["thread"], answer["annotation"]) == (first["id"], str(quote.pk))
    assert (settled["id"], settled["resolved_by"]) == (first["id"], "ada")
    opened = room.reviewer.post(f"/comments/{first['id']}/resolution", {"resolved": False})
    assert json_of(opened)["resolved_at"] is None
    assert bodies(room.ada.get(path)) == ["His, @ada?", "Hers."]
    assert bodies(room.ada.get(f"{path}?annotation={uuid4()}")) == []


def test_who_works_blind_reads_nothing_about_others(
    room: Newsroom, article: Article, quote: Annotation
) -> None:
    path = f"/articles/{article.pk}/comments"
    first = json_of(room.reviewer.post(path, {"body": "His?", "annotation": str(quote.pk)}))

    assert bodies(room.ben.get(path)) == []
    for body, field in (
        ({"body": "Me?", "annotation": str(quote.pk)}, "annotation"),
        ({"body": "Me?", "thread": first["id"]}, "thread"),
        ({"body": "Me?", "decision": str(uuid4())}, "decision"),
    ):
        refused = room.ben.post(path, body)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["loc"] == ["body", field]
    for call in (
        room.ben.post(f"/comments/{first['id']}/resolution", {"resolved": True}),
        room.ben.delete(f"/comments/{first['id']}"),
        room.outsider.get(path),
    ):
        assert code_of(call) == (404, "not_found")


def test_the_same_id_again_is_the_same_comment(room: Newsroom, article: Article) -> None:
    path, chosen = f"/articles/{article.pk}/comments", str(uuid4())

    calls = [room.ada.post(path, {"id": chosen, "body": "Which week?"}) for _ in range(2)]
    other = room.ada.post(path, {"id": chosen, "body": "Which day?"})

    assert [call.status_code for call in calls] == [201, 200]
    assert json_of(calls[0]) == json_of(calls[1])
    assert code_of(other) == (409, "id_reused")


def test_its_author_removes_a_comment_and_its_words_are_gone(
    room: Newsroom, article: Article
) -> None:
    path = f"/articles/{article.pk}/comments"
    made = json_of(room.reviewer.post(path, {"body": "Oh dear"}))

    assert code_of(room.ada.delete(f"/comments/{made['id']}")) == (403, "not_allowed")
    for _ in range(2):
        assert room.reviewer.delete(f"/comments/{made['id']}").status_code == 204
    [left] = json_of(room.ada.get(path))["items"]
    assert left["body"] == ""
    assert left["removed_at"] is not None


@pytest.mark.parametrize(
    "body",
    [{}, {"body": ""}, {"body": " "}, {"body": "x" * 4001}, {"body": "\0"}, {"body": "x", "to": 1},
     {"body": "x", "thread": str(uuid4()), "decision": str(uuid4())}],
)  # fmt: skip
def test_what_cannot_be_said_is_refused(room: Newsroom, article: Article, body: Any) -> None:
    assert room.ada.post(f"/articles/{article.pk}/comments", body).status_code == 422


def test_lists_go_on_where_they_ended_and_tokens_reach_as_far_as_they_say(
    room: Newsroom, article: Article
) -> None:
    path = f"/articles/{article.pk}/comments"
    for number in range(5):
        room.reviewer.post(path, {"body": f"Note {number}"})
    elsewhere = make_article()

    read, following = [], f"{path}?limit=2"
    while following:
        page = json_of(room.ada.get(following))
        read += [one["body"] for one in page["items"]]
        following = page["next"]

    assert read == [f"Note {number}" for number in range(5)]
    bound = caller(room.people["ada"], project=elsewhere.project)
    assert code_of(bound.get(path)) == (404, "not_found")
    reader = caller(room.people["ada"], scopes=["read"])
    assert code_of(reader.post(path, {"body": "x"})) == (403, "scope_missing")


def test_a_list_costs_the_same_however_long(
    room: Newsroom, article: Article, django_assert_num_queries: Any
) -> None:
    path = f"/articles/{article.pk}/comments"
    room.ada.get(path)
    for _ in range(2):
        room.reviewer.post(path, {"body": "@ada?"})
        with django_assert_num_queries(4):  # token, its rate, article, comments
            room.ada.get(path)
