"""Datasets for programs: freeze, ask until it is ready, take the file, go on where it broke off."""

import hashlib
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from articles.datasets.models import Snapshot, SnapshotFile
from articles.datasets.snapshot_queries import lines_of
from articles.desk.models import Project, Role, Scope, User
from articles.desk.token_services import create_token
from articles.formats.registry import WRITABLE
from articles.intake.gate_services import keep_from_training, mark_sensitive, withdraw
from tests.datasets.frozen import gold_desk, make_frozen
from tests.desk.people import join, make_user, manager_of
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

FREEZE = {
    "name": "Gold",
    "layers": "gold",
    "split": {"by": "random", "seed": 7, "ratios": {"train": 0.5, "test": 0.5}},
    "formats": [],
}


@pytest.fixture
def project() -> Project:
    return gold_desk(2)


@pytest.fixture
def call(project: Project) -> Client:
    return caller(manager_of(project))


def caller(user: User) -> Client:
    _, secret = create_token(actor=user, name="All", scopes=list(Scope), days=1)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def body_of(response: Any) -> bytes:
    return b"".join(response) if response.streaming else bytes(response.content)


def test_a_dataset_is_asked_for_frozen_and_taken(project: Project, call: Client) -> None:
    made = call.post(
        f"/api/v1/projects/{project.slug}/snapshots", FREEZE, content_type="application/json"
    )
    assert (made.status_code, made.json()["status"]) == (201, "queued")
    address = made["Location"]
    assert call.get(f"{address}/export").json()["code"] == "snapshot_not_ready"

    run_jobs()
    ready = call.get(address).json()
    file = call.get(f"{address}/export?format=jsonl")

    assert (ready["status"], ready["version"], ready["split"]) == ("ready", 1, FREEZE["split"])
    assert list(ready["split"]["ratios"]) == ["train", "test"]
    assert hashlib.sha256(body_of(file)).hexdigest() == ready["hash"]
    assert file["ETag"] == f'"{ready["hash"]}"'
    assert ready["counts"]["articles"] == 2
    assert ready["card"].startswith('---\npretty_name: "Gold"\n')
    (listed,) = call.get(f"/api/v1/projects/{project.slug}/snapshots").json()["items"]
    assert listed == {name: value for name, value in ready.items() if name != "card"}


def test_the_same_id_and_body_again_answer_200(project: Project, call: Client) -> None:
    body = {**FREEZE, "id": "0197a0c4-5f1e-7c3a-9a57-2f6d0e8b1c44"}
    address = f"/api/v1/projects/{project.slug}/snapshots"

    answers = [
        call.post(address, one, content_type="application/json")
        for one in (body, body, {**body, "name": "Silver"})
    ]

    assert [one.status_code for one in answers] == [201, 200, 409]
    assert answers[2].json()["code"] == "id_reused"
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"layers": "silver"}, "invalid"),
        ({"split": {"by": "luck"}}, "invalid"),
        ({"split": {"ratios": {"train": 0.5}}}, "invalid"),
        ({"filter": {"colour": "red"}}, "invalid"),
        ({"filter": {"q": "nowhere"}}, "nothing_to_freeze"),
        ({"filter": {"status": "lost"}}, "invalid"),
        ({"formats": ["word"]}, "invalid"),
        ({"name": ""}, "invalid"),
        ({"unheard": 1}, "invalid"),
    ],
)
def test_what_makes_no_sense_is_422(
    project: Project, call: Client, wrong: dict[str, Any], code: str
) -> None:
    answer = call.post(
        f"/api/v1/projects/{project.slug}/snapshots",
        {**FREEZE, **wrong},
        content_type="application/json",
    )

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Snapshot.objects.exists()


def test_annotators_take_nothing_out_and_strangers_know_of_nothing(project: Project) -> None:
    frozen = make_frozen(project)
    ada = project.memberships.get(user__username="ada").user
    address = f"/api/v1/snapshots/{frozen.pk}"

    for path in ("", "/export", "/removals", f"/diff?with={frozen.pk}"):
        assert caller(ada).get(address + path).status_code == 403
        assert caller(make_user(f"stranger{len(path)}")).get(address + path).status_code == 404


def test_a_download_that_broke_off_goes_on_where_it_ended(project: Project, call: Client) -> None:
    frozen = make_frozen(project)
    address = f"/api/v1/snapshots/{frozen.pk}/export"
    whole = b"".join(lines_of(frozen.pk))
    etag = call.get(address)["ETag"]

    def part(asked: str, **headers: str) -> tuple[int, bytes, str]:
        answer = call.get(address, headers={"Range": asked, **headers})
        return answer.status_code, body_of(answer), answer.get("Content-Range", "")

    size = len(whole)
    assert part("bytes=0-9") == (206, whole[:10], f"bytes 0-9/{size}")
    assert part("bytes=100-", **{"If-Range": etag})[1] == whole[100:]
    assert part("bytes=-7") == (206, whole[-7:], f"bytes {size - 7}-{size - 1}/{size}")
    assert part("bytes=100-", **{"If-Range": '"other"'})[:2] == (200, whole)
    assert part("bytes=0-1,5-6")[:2] == (200, whole)
    assert part("lines=1-2")[:2] == (200, whole)
    status, _, said = part(f"bytes={size}-")
    assert (status, said) == (416, f"bytes */{size}")
    assert call.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert call.get(address, headers={"Accept-Encoding": "gzip"})["Content-Length"] == str(size)


@pytest.mark.parametrize("form", WRITABLE, ids=lambda form: form.name)
def test_a_file_that_is_lost_is_built_again_to_the_same_bytes(form: Any) -> None:
    frozen = make_frozen(gold_desk(2))
    call = caller(frozen.made_by)
    address = f"/api/v1/snapshots/{frozen.pk}/export?format={form.name}"
    first = body_of(call.get(address))
    kept = SnapshotFile.objects.get()

    default_storage.delete(kept.stored)
    frozen.project.labels.update(name="Renamed since", definition="Otherwise")
    again = call.get(address)

    assert body_of(again) == first
    assert again["ETag"] == f'"{hashlib.sha256(first).hexdigest()}"'
    assert default_storage.exists(SnapshotFile.objects.get().stored)


def test_an_option_of_the_format_is_heard_and_that_of_another_is_refused(
    project: Project, call: Client
) -> None:
    address = f"/api/v1/snapshots/{make_frozen(project).pk}/export"

    usual, same, other = (
        body_of(call.get(f"{address}?format=doccano{more}"))
        for more in ("", "&for=spans", "&for=relations")
    )
    refused = call.get(f"{address}?format=doccano&scheme=bio")

    assert usual == same != other
    assert refused.status_code == 422
    assert [one["loc"] for one in refused.json()["errors"]] == [["query", "scheme"]]


def test_files_that_are_asked_for_are_built_beforehand(project: Project) -> None:
    frozen = make_frozen(project, formats=["jsonl"])

    file = SnapshotFile.objects.get(snapshot=frozen)
    assert (file.format, bytes(file.sha256)) == ("jsonl", bytes(frozen.sha256 or b""))


def test_every_format_may_be_built_beforehand(project: Project, call: Client) -> None:
    body = {**FREEZE, "formats": [one.name for one in WRITABLE]}
    address = f"/api/v1/projects/{project.slug}/snapshots"

    assert call.post(address, body, content_type="application/json").status_code == 201


def test_half_a_file_in_the_storage_is_not_given_out(project: Project, call: Client) -> None:
    frozen = make_frozen(project, formats=["jsonl"])
    name = SnapshotFile.objects.get().stored
    default_storage.delete(name)
    with default_storage.open(name, "wb") as torn:
        torn.write(b"half")

    file = call.get(f"/api/v1/snapshots/{frozen.pk}/export")

    assert body_of(file) == b"".join(lines_of(frozen.pk))


@pytest.mark.parametrize("gate", [withdraw, keep_from_training])
def test_what_may_not_go_out_any_more_withholds_the_dataset(
    project: Project, call: Client, gate: Any
) -> None:
    frozen = make_frozen(project, formats=["jsonl"])
    article = project.articles.first()
    assert article is not None
    gate(actor=manager_of(project), article=article, version=article.version)
    address = f"/api/v1/snapshots/{frozen.pk}"

    refused = call.get(f"{address}/export")

    assert (refused.status_code, refused.json()["code"]) == (403, "snapshot_withheld")
    assert call.get(f"{address}/removals").json() == {"articles": [str(article.pk)]}
    assert call.get(address).json()["hash"] == frozen.hash


def test_sensitive_articles_are_for_the_cleared(project: Project) -> None:
    manager = manager_of(project)
    manager.memberships.update(cleared=True)
    article = project.articles.first()
    assert article is not None
    mark_sensitive(actor=manager, article=article, version=article.version)
    frozen = make_frozen(project)
    kim = join(project, make_user("kim"), Role.ENGINEER)
    address = f"/api/v1/snapshots/{frozen.pk}/export"

    assert caller(kim).get(address).json()["code"] == "not_cleared"
    assert caller(manager).get(address).status_code == 200


def test_the_difference_of_two_versions_is_told_article_by_article(
    project: Project, call: Client
) -> None:
    old = make_frozen(project, by=None)
    article = project.articles.in_intake_order().first()
    assert article is not None
    withdraw(actor=manager_of(project), article=article, version=article.version)
    new = make_frozen(project, by=None)

    diff = call.get(f"/api/v1/snapshots/{new.pk}/diff?with={old.pk}").json()

    assert {name: diff[name] for name in ("added", "removed", "changed", "unchanged")} == {
        "added": 0, "removed": 1, "changed": 0, "unchanged": 1,
    }  # fmt: skip
    assert diff["labels"] == [
        {"label": key, "added": 0, "removed": 1, "changed": 0}
        for key in ("claim", "quote", "source")
    ]
    assert [(UUID(one["id"]), one["what"]) for one in diff["articles"]] == [(article.pk, "removed")]


def test_a_decision_on_released_gold_is_409(project: Project) -> None:
    make_frozen(project)
    reviewer = project.memberships.get(role=Role.REVIEWER).user
    article = project.articles.first()
    assert article is not None
    decision = article.decisions.first()
    assert decision is not None

    answer = caller(reviewer).delete(f"/api/v1/decisions/{decision.pk}/verdict")

    assert (answer.status_code, answer.json()["code"]) == (409, "released")


@pytest.mark.django_db(transaction=True)
def test_the_feed_and_with_it_every_webhook_says_when_it_is_ready(
    project: Project, call: Client
) -> None:
    frozen = make_frozen(project)

    items: list[dict[str, Any]] = []
    address: str | None = f"/api/v1/projects/{project.slug}/events"
    while address:
        page = call.get(address).json()
        items += page["items"]
        address = page["next"] if page["items"] else None

    (told,) = [one for one in items if one["kind"] == "snapshot.frozen"]
    (about,) = [one["object"] for one in told["changes"] if one["type"] == "snapshot"]
    assert (about["id"], about["status"], about["sha256"]) == (str(frozen.pk), "ready", frozen.hash)
