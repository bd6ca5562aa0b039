"""Projects, labels and members."""

from typing import Any
from uuid import uuid4

import pytest

from articles.desk.models import Label, Project
from articles.intake.models import Article
from tests.api.calls import code_of, json_of
from tests.api.conftest import Newsroom
from tests.factories import make_annotation, make_layer

pytestmark = pytest.mark.django_db

OWN_LABELS: list[dict[str, Any]] = [
    {
        "key": "denies",
        "kind": "relation",
        "name": "Denies",
        "rules": [["denial", "accusation"]],
    },
    {"key": "denial", "name": "Denial", "hotkey": "1", "color": "#16357a", "color_dark": "#b5cdf0",
     "line": "wavy", "definition": "Says no.",
     "attributes": [{"key": "firm", "type": "boolean", "required": True}]},
    {"key": "accusation"},
]  # fmt: skip


def test_a_project_is_made_with_the_newsroom_set_and_its_maker_as_manager(room: Newsroom) -> None:
    response = room.manager.post("/projects", {"name": "Night desk", "labels": "newsroom"})

    made = json_of(response)
    assert (response.status_code, response["ETag"]) == (201, '"1"')
    assert response["Location"] == "/api/v1/projects/night-desk"
    assert json_of(room.manager.get("/projects/night-desk")) == made
    assert made["blind"] is True
    assert made["annotators_per_article"] == 1
    labels = json_of(room.manager.get("/projects/night-desk/labels"))["items"]
    assert [one["key"] for one in labels] == [
        "claim", "quote", "source", "caption", "attributed_to",
    ]  # fmt: skip
    assert sorted(labels[-1]["rules"]) == [["claim", "source"], ["quote", "source"]]
    members = json_of(room.manager.get("/projects/night-desk/members"))["items"]
    assert [(one["user"], one["role"]) for one in members] == [
        (room.people["manager"].username, "manager")
    ]


def test_a_project_is_made_with_labels_of_its_own(room: Newsroom) -> None:
    response = room.manager.post(
        "/projects",
        {
            "name": "Court desk",
            "slug": "courts",
            "language": "pt-BR",
            "labels": OWN_LABELS,
            "annotators_per_article": 3,
            "blind": False,
        },
    )

    made = json_of(response)
    assert response.status_code == 201
    assert (made["slug"], made["language"]) == ("courts", "pt-BR")
    assert (made["annotators_per_article"], made["blind"]) == (3, False)
    denial, accusation, denies = json_of(room.manager.get("/projects/courts/labels"))["items"]
    assert {**denial, **OWN_LABELS[1], "attributes": denial["attributes"]} == denial
    assert denial["attributes"] == [
        {"key": "firm", "name": "Firm", "type": "boolean", "choices": [], "required": True}
    ]
    assert accusation["name"] == "accusation"
    assert denies["rules"] == [["denial", "accusation"]]


def test_the_same_project_sent_twice_is_made_once(room: Newsroom) -> None:
    body: dict[str, Any] = {"id": str(uuid4()), "name": "Court desk", "labels": OWN_LABELS}
    first = room.manager.post("/projects", body)
    room.manager.patch("/projects/court-desk", {"name": "Courts"}, 1)

    again = room.manager.post("/projects", body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert json_of(again)["id"] == json_of(first)["id"] == body["id"]
    assert json_of(again)["name"] == "Courts"
    assert Project.objects.filter(uid=body["id"]).count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Another"},
        {"blind": False},
        {"labels": OWN_LABELS[1:]},
        {"labels": [{**OWN_LABELS[0], "rules": []}, *OWN_LABELS[1:]]},
        {"labels": "newsroom"},
    ],
)
def test_another_project_with_its_id_is_refused(room: Newsroom, change: dict[str, Any]) -> None:
    body: dict[str, Any] = {"id": str(uuid4()), "name": "Court desk", "labels": OWN_LABELS}
    room.manager.post("/projects", body)

    assert code_of(room.manager.post("/projects", body | change)) == (409, "id_reused")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"name": " "}, 422, "invalid"),
        ({"name": "x" * 121}, 422, "invalid"),
        ({"name": "a\x00b"}, 422, "invalid"),
        ({"name": "\ud800"}, 422, "invalid"),
        ({"name": "N", "slug": "Not A Slug"}, 422, "invalid"),
        ({"name": "N", "language": "english!"}, 422, "invalid"),
        ({"name": "N", "annotators_per_article": 6}, 422, "invalid"),
        ({"name": "N", "annotators_per_article": "2"}, 422, "invalid"),
        ({"name": "N", "id": "not-an-id"}, 422, "invalid"),
        ({"name": "N", "labels": "other"}, 422, "invalid"),
        ({"name": "N", "labels": [{"name": "A", "color": "#ffffff"}]}, 422, "invalid"),
        ({"name": "N", "labels": [{"key": "a", "rules": [["a", "a"]]}]}, 422, "invalid"),
        ({"name": "N", "labels": [{"key": "a"}, {"key": "a"}]}, 409, "taken"),
        ({"name": "harbour inquiry 2", "slug": "harbour-inquiry"}, 409, "taken"),
        ({"name": "Harbour inquiry", "slug": "free"}, 409, "taken"),
        ({"name": "✍️"}, 422, "invalid"),
    ],
)
def test_a_project_that_makes_no_sense_is_refused(
    room: Newsroom, body: dict[str, Any], status: int, code: str
) -> None:
    assert code_of(room.manager.post("/projects", body)) == (status, code)
    assert Project.objects.count() == 1


def test_only_who_may_makes_and_changes_projects(room: Newsroom) -> None:
    for member in (room.engineer, room.reviewer, room.ada):
        assert code_of(member.post("/projects", {"name": "Mine"})) == (403, "not_allowed")
        assert code_of(member.patch(room.path, {"name": "Mine"}, 1)) == (403, "not_allowed")
    assert code_of(room.outsider.patch(room.path, {"name": "Mine"}, 1)) == (404, "not_found")
    assert json_of(room.outsider.get("/projects")) == {"items": [], "next": None}


def test_a_change_names_the_version_that_was_seen(room: Newsroom) -> None:
    version = room.project.version
    missing = room.manager.patch(room.path, {"blind": False})
    changed = room.manager.patch(room.path, {"blind": False}, version)
    stale = room.manager.patch(room.path, {"blind": True}, version)
    any_version = room.manager.patch(room.path, {"language": "fr"}, "*")
    one_of_two = room.manager.patch(room.path, {"language": "de"}, '"99", "3"')
    nonsense = room.manager.patch(room.path, {"language": "en"}, "4")

    assert code_of(missing) == (428, "if_match_missing")
    assert (json_of(changed)["blind"], changed["ETag"]) == (False, f'"{version + 1}"')
    assert code_of(stale) == (412, "stale_version")
    assert json_of(any_version)["language"] == "fr"
    assert json_of(one_of_two)["language"] == "de"
    assert code_of(nonsense) == (412, "stale_version")


def test_the_rules_of_work_are_changed(room: Newsroom) -> None:
    rules = {
        "lease_minutes": 30, "raise_below": 70, "audit_sample": 25, "separate_adjudicator": True,
    }  # fmt: skip

    changed = json_of(room.manager.patch(room.path, rules, 1))
    unset = json_of(room.manager.patch(room.path, {"raise_below": None}, 2))

    assert {name: changed[name] for name in rules} == rules
    assert unset["raise_below"] is None


def test_nothing_of_a_project_becomes_null(room: Newsroom) -> None:
    for field in (
        "name", "language", "annotators_per_article", "blind", "guidelines", "lease_minutes",
        "audit_sample", "separate_adjudicator",
    ):  # fmt: skip
        assert code_of(room.manager.patch(room.path, {field: None}, 1)) == (422, "invalid")


def test_guidelines_are_published_alone(room: Newsroom) -> None:
    together = room.manager.patch(room.path, {"guidelines": "# Quotes", "name": "New"}, 1)
    alone = room.manager.patch(room.path, {"guidelines": "# Quotes"}, 1)

    assert code_of(together) == (422, "invalid")
    assert json_of(alone)["guidelines"] == "# Quotes"
    assert json_of(alone)["guidelines_version"] == 2


def test_a_label_is_added_changed_retired_and_offered_again(room: Newsroom) -> None:
    added = room.manager.post(f"{room.path}/labels", {"name": "Number", "hotkey": "9"})
    path = added["Location"].removeprefix("/api/v1")
    renamed = room.manager.patch(path, {"name": "Figure", "line": "wavy"}, 1)
    retired = room.manager.patch(path, {"retired": True}, 2)
    again = room.manager.patch(path, {"retired": False}, 3)

    assert added.status_code == 201
    assert json_of(added)["key"] == "number"
    assert (json_of(renamed)["name"], json_of(renamed)["key"]) == ("Figure", "number")
    assert json_of(retired)["retired"] is True
    assert json_of(again)["retired"] is False
    assert json_of(room.ada.get(path)) == json_of(again)
    assert again["ETag"] == '"4"'


def test_a_retired_label_keeps_its_annotations(room: Newsroom, article: Article) -> None:
    quote = make_annotation(make_layer(article, room.people["ada"]))

    room.manager.patch(f"/labels/{quote.label_id}", {"retired": True}, 1)

    assert json_of(room.ada.get(f"/annotations/{quote.pk}"))["label"] == "quote"


def test_retiring_comes_alone(room: Newsroom) -> None:
    label = room.project.labels.get(key="quote")

    both = room.manager.patch(f"/labels/{label.pk}", {"retired": True, "name": "Q"}, 1)

    assert code_of(both) == (422, "invalid")


def test_the_same_label_sent_twice_is_added_once(room: Newsroom) -> None:
    body = {"id": str(uuid4()), "key": "denies", "kind": "relation", "rules": [["quote", "claim"]]}
    first = room.manager.post(f"{room.path}/labels", body)
    room.manager.patch(f"/labels/{body['id']}", {"name": "Denies flatly"}, 1)

    again = room.manager.post(f"{room.path}/labels", body)
    other = room.manager.post(f"{room.path}/labels", body | {"rules": []})

    assert (first.status_code, again.status_code) == (201, 200)
    assert json_of(again)["name"] == "Denies flatly"
    assert code_of(other) == (409, "id_reused")
    assert Label.objects.filter(project=room.project, key="denies").count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"key": "quote"}, 409, "taken"),
        ({"key": "fresh", "hotkey": "1"}, 409, "taken"),
        ({"key": "fresh", "hotkey": "12"}, 422, "invalid"),
        ({"key": "fresh", "kind": "colour"}, 422, "invalid"),
        ({"key": "fresh", "attributes": [{"key": "a", "type": "choice"}]}, 422, "invalid"),
        ({"key": "fresh", "attributes": [{"key": "a", "size": 1}]}, 422, "invalid"),
        ({"key": "f", "kind": "relation", "rules": [["quote", "nothing"]]}, 422, "invalid"),
        ({"key": "f", "kind": "relation", "rules": [["quote"]]}, 422, "invalid"),
        ({"key": "fresh", "retired": True}, 422, "invalid"),
    ],
)
def test_a_label_that_makes_no_sense_is_refused(
    room: Newsroom, body: dict[str, Any], status: int, code: str
) -> None:
    assert code_of(room.manager.post(f"{room.path}/labels", body)) == (status, code)


def test_only_managers_change_labels(room: Newsroom) -> None:
    label = room.project.labels.get(key="quote")
    for member in (room.engineer, room.reviewer, room.ada):
        added = member.post(f"{room.path}/labels", {"key": "mine"})
        changed = member.patch(f"/labels/{label.pk}", {"name": "Mine"}, 1)
        assert code_of(added) == code_of(changed) == (403, "not_allowed")
        assert member.get(f"/labels/{label.pk}").status_code == 200
    assert code_of(room.outsider.get(f"/labels/{label.pk}")) == (404, "not_found")
    assert code_of(room.outsider.patch(f"/labels/{label.pk}", {}, 1)) == (404, "not_found")
    assert code_of(room.manager.patch(f"/labels/{label.pk}", {"name": "M"}, 9))[0] == 412


def test_a_manager_sets_who_works_in_a_project(room: Newsroom) -> None:
    joined = room.manager.put(f"{room.path}/members/otto", {"role": "annotator"})
    promoted = room.manager.put(f"{room.path}/members/otto", {"role": "reviewer"})
    repeated = room.manager.put(f"{room.path}/members/otto", {"role": "reviewer"})

    assert (json_of(joined)["role"], joined["ETag"]) == ("annotator", '"1"')
    assert (json_of(promoted)["role"], promoted["ETag"]) == ("reviewer", '"2"')
    assert json_of(repeated) == json_of(promoted)
    assert json_of(room.outsider.get(f"{room.path}/members/otto")) == json_of(promoted)


def test_a_manager_clears_a_member_for_what_is_sensitive(room: Newsroom) -> None:
    path = f"{room.path}/members/ada"
    cleared = room.manager.put(path, {"role": "annotator", "cleared": True})
    promoted = room.manager.put(path, {"role": "reviewer"})
    no_longer = room.manager.put(path, {"role": "reviewer", "cleared": False})
    nonsense = room.manager.put(path, {"role": "reviewer", "cleared": None})

    assert [json_of(one)["cleared"] for one in (cleared, promoted, no_longer)] == [
        True, True, False,
    ]  # fmt: skip
    assert code_of(nonsense) == (422, "invalid")


def test_only_managers_set_members_and_the_last_one_stays(room: Newsroom) -> None:
    boss = room.people["manager"].username
    for member in (room.engineer, room.reviewer, room.ada):
        for name in ("ada", "nobody-at-all"):
            refused = member.put(f"{room.path}/members/{name}", {"role": "manager"})
            assert code_of(refused) == (403, "not_allowed")
    nobody = room.manager.put(f"{room.path}/members/nobody-at-all", {"role": "annotator"})
    no_role = room.manager.put(f"{room.path}/members/ada", {"role": "king"})
    last = room.manager.put(f"{room.path}/members/{boss}", {"role": "reviewer"})

    assert code_of(nobody) == (404, "not_found")
    assert code_of(no_role) == (422, "invalid")
    assert code_of(last) == (409, "last_manager")
    assert code_of(room.manager.get(f"{room.path}/members/otto")) == (404, "not_found")
    assert code_of(room.outsider.get(f"{room.path}/members")) == (404, "not_found")
