"""The feed and webhooks as programs and managers meet them."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.desk.events import Event
from articles.desk.models import Project, Role
from articles.feed.models import Delivery, Webhook
from articles.feed.schemas import FeedOut
from tests.api.calls import Caller, caller, code_of, json_of
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.factories import make_annotation, make_layer, make_relation

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "https://data.example.org/newsdesk"


def room() -> tuple[Project, Caller]:
    """A project with some work in it, and its manager with a token."""
    layer = make_relation(make_layer()).layer
    return layer.project, caller(manager_of(layer.project))


def read_all(call: Caller, address: str) -> tuple[list[dict[str, Any]], str]:
    """All items from there on, and where they end."""
    items = []
    while True:
        page = json_of(call.get(address))
        FeedOut.model_validate(page)
        items += page["items"]
        if page["next"] is None:
            return items, page["cursor"]
        address = page["next"]


def test_the_feed_is_followed_by_next_and_gone_on_with_by_its_cursor() -> None:
    project, call = room()
    path = f"/projects/{project.slug}/events"

    at_once, end = read_all(call, path)
    by_and_by, same_end = read_all(call, f"{path}?limit=1")
    nothing = json_of(call.get(f"{path}?after={end}"))

    assert by_and_by == at_once
    assert same_end == end
    assert nothing == {"items": [], "next": None, "cursor": end}


def test_an_item_says_who_did_what_to_which_things_in_the_shapes_of_the_api() -> None:
    layer = make_layer()
    made = make_annotation(layer)
    call = caller(manager_of(layer.project))

    items, _ = read_all(call, f"/projects/{layer.project.slug}/events")
    item = items[-1]

    assert {name: item[name] for name in ("kind", "actor", "article", "layer", "undoes")} == {
        "kind": "annotation.created",
        "actor": manager_of(layer.project).username,
        "article": str(layer.article_id),
        "layer": layer.name,
        "undoes": None,
    }
    assert item["at"].endswith("Z")
    (change,) = item["changes"]
    assert (change["type"], change["id"], change["action"]) == (
        "annotation", str(made.pk), "created"
    )  # fmt: skip
    assert change["object"] == json_of(call.get(f"/annotations/{made.pk}"))


@pytest.mark.parametrize(
    ("after", "refusal"),
    [
        ("yesterday", (422, "cursor_invalid")),
        ("0-00000000", (422, "cursor_invalid")),
        ("", (422, "cursor_invalid")),
        ("999999999-00000000", (410, "cursor_gone")),
    ],
)
def test_a_cursor_of_nowhere_is_refused(after: str, refusal: tuple[int, str]) -> None:
    project, call = room()

    assert code_of(call.get(f"/projects/{project.slug}/events?after={after}")) == refusal


def test_a_cursor_of_another_project_or_of_another_history_is_gone() -> None:
    project, call = room()
    path = f"/projects/{project.slug}/events"
    _, end = read_all(call, path)
    other = make_project("Elsewhere", manager=manager_of(project))
    check = end.split("-")[1]
    lost = end.replace(check, f"{int(check, 16) ^ 1:08x}")

    assert code_of(call.get(f"/projects/{other.slug}/events?after={end}")) == (410, "cursor_gone")
    assert code_of(call.get(f"{path}?after={lost}")) == (410, "cursor_gone")


def test_annotators_who_work_blind_are_refused_in_words() -> None:
    project, _ = room()
    ada = caller(join(project, make_user("ada"), Role.ANNOTATOR))

    response = ada.get(f"/projects/{project.slug}/events")

    assert code_of(response) == (403, "not_allowed")
    assert "reviewers, engineers and managers" in json.loads(response.content)["detail"]


def test_a_webhook_lives_by_the_api() -> None:
    project, call = room()
    path = f"/projects/{project.slug}/webhooks"
    wish = {"id": "019ab0c4-5f1e-7c3a-9a57-2f6d0e8b1c44", "url": ADDRESS, "kinds": ["annotation"]}

    made = call.post(path, wish)
    again = call.post(path, wish)
    one = json_of(made)
    assert (made.status_code, again.status_code) == (201, 200)
    assert one["secret"].startswith("nd_whs_")
    assert code_of(call.post(path, wish | {"kinds": []})) == (409, "id_reused")
    address = f"/webhooks/{one['id']}"
    assert "secret" not in json_of(call.get(address))
    assert code_of(call.patch(address, {"enabled": False})) == (428, "if_match_missing")
    off = json_of(call.patch(address, {"enabled": False}, if_match=1))
    assert (off["enabled"], off["reason"], off["version"]) == (False, "Switched off by hand.", 2)
    assert code_of(call.post(f"{address}/replay", {})) == (409, "webhook_off")
    assert code_of(call.patch(address, {"enabled": True}, if_match=1)) == (412, "stale_version")
    call.patch(address, {"enabled": True}, if_match=2)
    renewed = json_of(call("POST", f"{address}/secret", if_match=3))
    assert renewed["secret"] != one["secret"]
    assert call.post(f"{address}/test").status_code == 202
    ends = call.post(f"{address}/replay", {})
    assert (ends.status_code, json_of(ends)["until"]) == (202, one["cursor"])
    (delivery,) = json_of(call.get(f"{address}/deliveries"))["items"]
    assert (delivery["reason"], delivery["attempts"]) == ("test", 0)
    assert call.delete(address, if_match=4).status_code == 204
    assert code_of(call.get(address)) == (404, "not_found")
    kinds = Event.objects.filter(kind__startswith="webhook.").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "webhook.added", "webhook.changed", "webhook.changed", "webhook.secret_renewed",
        "webhook.removed",
    ]  # fmt: skip


def test_an_address_inside_is_refused_with_its_field() -> None:
    project, call = room()

    response = call.post(f"/projects/{project.slug}/webhooks", {"url": "https://10.1.2.3/"})

    assert code_of(response) == (422, "address_refused")
    assert [one["loc"] for one in response.json()["errors"]] == [["body", "url"]]
    assert not Webhook.objects.exists()


def test_a_replay_of_nothing_or_backwards_is_refused() -> None:
    project, call = room()
    items, end = read_all(call, f"/projects/{project.slug}/events")
    webhook = json_of(call.post(f"/projects/{project.slug}/webhooks", {"url": ADDRESS}))
    address = f"/webhooks/{webhook['id']}/replay"

    backwards = {"after": end, "until": items[0]["cursor"]}

    assert code_of(call.post(address, backwards)) == (422, "nothing_to_replay")
    assert code_of(call.post(address, {"after": end, "until": end})) == (422, "nothing_to_replay")
    assert code_of(call.post(address, {"after": "x"})) == (422, "cursor_invalid")
    cleared = f"{items[0]['cursor']}-cleared"
    assert call.post(address, {"after": cleared, "until": end}).status_code == 202


def shown_secret(text: str) -> str:
    return text.partition('<code class="secret" id="secret">')[2].partition("</code>")[0]


def test_a_manager_adds_tests_and_removes_a_webhook_without_a_script() -> None:
    project, _ = room()
    browser: Client = signed_in(manager_of(project))
    home = reverse("webhook-list", args=[project.slug])

    refused = browser.post(home, {"url": "http://data.example.org"})
    made = browser.post(home, {"url": ADDRESS, "kinds": ["annotation", "relation"]})
    webhook = Webhook.objects.get()
    page = reverse("webhook", args=[project.slug, webhook.pk])
    browser.post(f"{page}test/", {"version": 1})
    browser.post(f"{page}off/", {"version": 1})
    stale = browser.post(f"{page}on/", {"version": 1})
    shown = browser.get(page)

    assert (refused.status_code, "begins with https://" in refused.text) == (422, True)
    assert shown_secret(made.text).startswith("nd_whs_")
    assert made["Cache-Control"] == "no-store"
    assert shown_secret(shown.text) == ""
    assert stale.status_code == 409
    assert "Switched off by hand." in shown.text
    assert Delivery.objects.get().reason == "test"
    renewed = browser.post(f"{page}renew/", {"version": 2})
    assert shown_secret(renewed.text) not in ("", shown_secret(made.text))
    browser.post(f"{page}remove/", {"version": 3})
    assert (browser.get(page).status_code, page in browser.get(home).text) == (404, False)


def test_a_double_click_adds_one_webhook_and_shows_its_secret() -> None:
    project, _ = room()
    browser = signed_in(manager_of(project))
    home = reverse("webhook-list", args=[project.slug])
    [chosen_id] = re.findall(r'name="chosen_id" value="([^"]+)"', browser.get(home).text)

    made, again = (browser.post(home, {"url": ADDRESS, "chosen_id": chosen_id}) for _ in range(2))
    other = browser.post(home, {"url": f"{ADDRESS}/other", "chosen_id": chosen_id})

    assert Webhook.objects.count() == 1
    assert shown_secret(again.text) == shown_secret(made.text) != ""
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({}, 422, "This field is required."),
        ({"url": "https://data.example.org/\0"}, 422, "Null characters are not allowed."),
        ({"url": "https://data.example.org/" + "x" * 3_000}, 422, "has at most"),
        ({"url": "x" * 9_000_000}, 413, "That is more than 8 MB at once."),
        ({"url": "https://127.0.0.1/"}, 422, "This address is not on the open internet."),
        ({"url": "https://data.example.org/", "kinds": ["tags"]}, 422, "tags is not one of"),
        ({"url": "https://data.example.org/", "chosen_id": "first"}, 422, "Enter a valid UUID."),
    ],
    ids=["missing", "null", "long", "huge", "inside", "unknown kind", "no id"],
)
def test_a_webhook_that_makes_no_sense_is_refused_in_words(
    given: dict[str, Any], status: int, said: str
) -> None:
    project, _ = room()
    browser = signed_in(manager_of(project))

    response = browser.post(reverse("webhook-list", args=[project.slug]), given)

    assert (response.status_code, said in response.text) == (status, True)
    assert not Webhook.objects.exists()


def test_a_webhook_of_another_project_is_neither_seen_nor_steered() -> None:
    project, call = room()
    made = json_of(call.post(f"/projects/{project.slug}/webhooks", {"url": ADDRESS}))
    elsewhere = make_project("Science", manager=manager_of(project))
    page = reverse("webhook", args=[elsewhere.slug, made["id"]])
    browser = signed_in(manager_of(project))

    assert browser.get(page).status_code == 404
    for act in ("test", "on", "off", "renew", "remove", "replay"):
        assert browser.post(f"{page}{act}/", {"version": 1}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_and_the_feed_cost_the_same_for_one_and_for_three(
    count: int, django_assert_max_num_queries: Any
) -> None:
    project, call = room()
    for number in range(count):
        call.post(f"/projects/{project.slug}/webhooks", {"url": f"{ADDRESS}/{number}"})
        make_annotation(make_layer(project.articles.get()), "Council", label="claim",
                        span=(number, number + 3))  # fmt: skip
    browser = signed_in(manager_of(project))

    with django_assert_max_num_queries(10):
        page = browser.get(reverse("webhook-list", args=[project.slug]))
    with django_assert_max_num_queries(32):
        read = call.get(f"/projects/{project.slug}/events")

    assert page.text.count(ADDRESS) == count
    assert len(json_of(read)["items"]) >= count
