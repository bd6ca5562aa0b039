"""The API of imports: a file as a form or as it is, watched, confirmed, stopped."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from articles.desk.models import Scope
from articles.desk.token_services import create_token
from articles.imports.models import ImportRun
from articles.intake.models import Article
from tests.api.calls import caller, code_of, json_of
from tests.api.conftest import Newsroom, room
from tests.imports.runs import jsonl, stories, story
from tests.jobs import run_jobs

__all__ = ["room"]
pytestmark = pytest.mark.django_db

NDJSON = "application/x-ndjson"


def send(
    room: Newsroom, data: bytes, query: str = "", *, who: str = "engineer", media: str = NDJSON
) -> Any:
    """POST a body that is the file itself."""
    call = getattr(room, who)
    return call("POST", f"{room.path}/imports{query}", raw=data, media_type=media)


def test_lines_come_in_and_each_failure_is_told(room: Newsroom) -> None:
    lines = jsonl({"text": story(1)}, "{broken", {"text": story(1)}, {"text": "A title"})

    taken = send(room, lines, "?format=jsonl")
    waiting = json_of(taken)
    run_jobs()
    told = json_of(room.engineer.get(f"/imports/{waiting['id']}"))

    assert (taken.status_code, waiting["status"], waiting["total"]) == (202, "queued", 0)
    assert taken["Location"] == f"/api/v1/imports/{waiting['id']}"
    assert {key: told[key] for key in ("status", "total", "created", "duplicates", "failed")} == {
        "status": "done", "total": 4, "created": 1, "duplicates": 1, "failed": 2,
    }  # fmt: skip
    assert [(one["line"], one["code"]) for one in told["errors"]] == [
        (2, "record_invalid"), (4, "title_only"),
    ]  # fmt: skip
    assert told["errors"][0]["detail"].startswith("This line is not JSON")


def test_a_form_brings_a_file_with_its_name(room: Newsroom) -> None:
    _, secret = create_token(
        actor=room.people["engineer"], name="pipeline", scopes=[Scope.IMPORT], days=1
    )

    response = Client().post(
        f"/api/v1{room.path}/imports?dry_run=true&publisher=The+Bugle",
        {"file": SimpleUploadedFile("articles.csv", b"text;title\nOne sentence.;A;\n")},
        headers={"Authorization": f"Bearer {secret}"},
    )

    told = json_of(response)
    assert (response.status_code, told["format"], told["name"]) == (202, "csv", "articles.csv")
    assert told["dry_run"]
    assert ImportRun.objects.get().options == {"publisher": "The Bugle"}


def test_a_dry_run_is_confirmed(room: Newsroom) -> None:
    dry = json_of(send(room, stories(2), "?dry_run=true"))
    run_jobs()
    assert Article.objects.count() == 0

    confirmed = room.engineer.post(f"/imports/{dry['id']}/confirmation", {})
    run_jobs()

    assert (confirmed.status_code, json_of(confirmed)["confirms"]) == (202, dry["id"])
    assert Article.objects.count() == 2
    again = room.engineer.post(f"/imports/{json_of(confirmed)['id']}/confirmation", {})
    assert code_of(again) == (409, "nothing_to_confirm")


def test_labels_are_renamed_by_the_address(room: Newsroom) -> None:
    annotation = {"label": "Zitat", "start": 2, "end": 6, "quote": "Quay"}
    lines = jsonl({"text": story(1), "annotations": [annotation]})

    send(room, lines, "?label=Zitat=quote&layer=desk")
    run_jobs()
    refused = send(room, lines, "?label=Zitat")

    annotation_in = Article.objects.get().annotations.get()
    assert (annotation_in.label.key, annotation_in.layer.name) == ("quote", "desk")
    assert code_of(refused) == (422, "invalid")


def test_the_same_id_again_answers_with_the_same_import(room: Newsroom) -> None:
    chosen = "0197a0c4-5f1e-7c3a-9a57-2f6d0e8b1c44"

    answers = [send(room, stories(1), f"?id={chosen}") for _ in range(2)]

    assert [one.status_code for one in answers] == [202, 200]
    assert {json_of(one)["id"] for one in answers} == {chosen}
    assert code_of(send(room, stories(2), f"?id={chosen}")) == (409, "id_reused")
    assert run_jobs() == 1


def test_an_import_is_stopped_and_listed(room: Newsroom) -> None:
    first, second = (json_of(send(room, stories(count))) for count in (1, 2))

    stopped = room.engineer.delete(f"/imports/{second['id']}")
    run_jobs()

    assert stopped.status_code == 200
    listed = json_of(room.engineer.get(f"{room.path}/imports"))
    assert [(one["id"], one["status"]) for one in listed["items"]] == [
        (second["id"], "cancelled"), (first["id"], "done"),
    ]  # fmt: skip
    lines = json_of(room.engineer.get(f"/imports/{first['id']}/lines"))
    assert set(listed) == set(lines) == {"items", "next"}
    assert lines["items"] == [
        {
            "line": 1, "code": "", "detail": "", "outcome": "created",
            "title": "📰 Quay 1 opens", "article": str(Article.objects.get().pk), "annotations": 0,
        }
    ]  # fmt: skip


def test_what_makes_no_sense_is_refused_in_words(room: Newsroom) -> None:
    refused = [
        code_of(send(room, b"")),
        code_of(send(room, b"{}", "?format=parquet")),
        code_of(send(room, b"%PDF", "?name=a.pdf")),
        code_of(send(room, b"{}", media="image/png")),
        code_of(send(room, b"--x\r\nnonsense", media="multipart/form-data; boundary=x")),
        code_of(send(room, b"no boundary", media="multipart/form-data")),
        code_of(send(room, b"{}", "?language=English!")),
        code_of(send(room, b"{}", "?annotations=everywhere")),
        code_of(send(room, b"{}", "?create_labels=true")),
        code_of(send(room, b"{}", who="ada")),
        code_of(send(room, b"{}", who="outsider")),
    ]

    assert refused == [
        (411, "length_missing"), (422, "format_unknown"), (422, "format_unknown"),
        (415, "wrong_media_type"), (422, "file_invalid"), (422, "file_invalid"),
        (422, "invalid"), (422, "invalid"), (403, "not_allowed"), (403, "not_allowed"),
        (404, "not_found"),
    ]  # fmt: skip
    assert not ImportRun.objects.exists()


@override_settings(IMPORT_MAX_BYTES=1000)
def test_a_file_that_is_too_large_is_refused_before_it_is_read(room: Newsroom) -> None:
    assert code_of(send(room, b"x" * 1001)) == (413, "too_large")
    assert code_of(send(room, b"x" * 100_000)) == (413, "too_large")


def test_a_body_is_not_held_in_memory(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10  # bytes; whoever asked for the body would be refused

    assert send(room, stories(3)).status_code == 202


def test_imports_of_other_projects_are_not_there(room: Newsroom) -> None:
    run = json_of(send(room, stories(1)))

    for person, answer in (("outsider", (404, "not_found")), ("ada", (403, "not_allowed"))):
        call = getattr(room, person)
        assert code_of(call.get(f"/imports/{run['id']}")) == answer
        assert code_of(call.delete(f"/imports/{run['id']}")) == answer
    reader = caller(room.people["engineer"], scopes=["read"])
    assert code_of(reader.get(f"/imports/{run['id']}")) == (403, "scope_missing")
