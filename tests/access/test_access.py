"""Every address and verb, for everybody, at their own project's things and at foreign ones."""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from articles.desk.events import Event
from tests.access.forms import api_bodies, page_forms
from tests.access.table import API_PUBLIC, CALLS, PAGES, PUBLIC
from tests.access.world import PEOPLE, VERBS, Address, Everybody, World, addresses

pytestmark = pytest.mark.django_db

PAGE_ADDRESSES = [one for one in addresses() if not one.is_call]
API_ADDRESSES = [one for one in addresses() if one.is_call and one.name not in API_PUBLIC]


def status_of(send: Callable[[], Any]) -> int:
    """The answer to a request whose changes are taken back at once."""
    with transaction.atomic():
        response = send()
        if response.streaming:
            list(response)
        transaction.set_rollback(True)
    status: int = response.status_code
    return 302 if status == 303 else status  # led on to another page, by either


def ask_page(
    everybody: Everybody, person: str, verb: str, one: Address, world: World, ids: dict[str, object]
) -> int:
    browser = everybody.browsers[person]
    fields = page_forms(world).get(one.name, {})
    path = one.path(ids)
    for file in {"uploads", "upload"} & fields.keys():
        fields[file].seek(0)
    if verb == "POST":
        return status_of(lambda: browser.post(path, fields))
    if verb == "GET":
        return status_of(lambda: browser.get(path, fields))
    return status_of(lambda: browser.generic(verb, path))


def ask_api(
    everybody: Everybody, person: str, verb: str, one: Address, world: World, ids: dict[str, object]
) -> int:
    return answer_of_api(everybody, person, verb, one, world, ids)[0]


def answer_of_api(
    everybody: Everybody, person: str, verb: str, one: Address, world: World, ids: dict[str, object]
) -> tuple[int, str]:
    """Status of the answer, and the code of the problem if it is one."""
    headers = {"If-Match": "*"}
    if person != "anonymous":
        headers["Authorization"] = f"Bearer {everybody.tokens[person]}"
    body = json.dumps(api_bodies(world).get(one.name.removeprefix("api:"), {}))
    browser, path = everybody.browsers["anonymous"], one.path(ids)
    code = ""

    def send() -> Any:
        nonlocal code
        if verb == "GET":
            response = browser.get(path, headers=headers)
        else:
            response = browser.generic(verb, path, body, "application/json", headers=headers)
        if response.get("Content-Type") == "application/problem+json":
            code = json.loads(response.content)["code"]
        return response

    return status_of(send), code


def page_answer(person: str, verb: str, name: str) -> set[int]:
    """What the table says; a stranger with a verb that leads nowhere may be told either."""
    rule = PAGES[name].get(verb)
    if person == "anonymous" and name in PUBLIC:
        return {PUBLIC[name] if rule else 405}
    if person == "anonymous":
        return {302} if rule else {302, 405}
    return {rule.answer_to(person) if rule else 405}


def test_every_address_is_in_the_table() -> None:
    assert {one.name for one in PAGE_ADDRESSES} == PAGES.keys()
    assert {one.name for one in API_ADDRESSES} == CALLS.keys()


def test_each_page_answers_each_person_as_the_table_says() -> None:
    world = World("Harbour")
    everybody = Everybody(world)
    wrong = []
    for one in PAGE_ADDRESSES:
        for person in PEOPLE:
            for verb in VERBS:
                got = ask_page(everybody, person, verb, one, world, world.ids)
                wanted = page_answer(person, verb, one.name)
                if got not in wanted:
                    wrong.append((one.name, verb, person, got, wanted))

    assert not wrong, wrong


def test_each_call_answers_each_person_as_the_table_says() -> None:
    world = World("Harbour")
    everybody = Everybody(world)
    verbs: defaultdict[str, set[str]] = defaultdict(set)
    for one in API_ADDRESSES:
        verbs[one.route] |= CALLS[one.name].keys()
    wrong = []
    for one in API_ADDRESSES:
        rules = CALLS[one.name]
        for person in PEOPLE:
            for verb in VERBS:
                if verb not in rules and verb in verbs[one.route]:
                    continue  # this is another call at the same address
                got = ask_api(everybody, person, verb, one, world, world.ids)
                rule = rules.get(verb)
                wanted = 401 if person == "anonymous" else rule.answer_to(person) if rule else 405
                if got != (wanted if rule else 405):
                    wrong.append((one.name, verb, person, got, wanted))

    assert not wrong, wrong


@pytest.mark.parametrize("how", ["foreign", "mixed"])
def test_foreign_things_are_not_there_not_even_below_ones_own_project(how: str) -> None:
    world, foreign = World("Harbour"), World("Science")
    everybody = Everybody(world)
    ids = foreign.ids if how == "foreign" else {**foreign.ids, "slug": world.project.slug}
    wrong = []
    for one in [*PAGE_ADDRESSES, *API_ADDRESSES]:
        asked = [name for name in one.wanted if name not in ("slug", "secret", "figure")]
        if not asked and ("slug" not in one.wanted or how == "mixed"):
            continue
        if asked == ["user"] and how == "mixed":
            continue  # people are everybody's
        is_page = one in PAGE_ADDRESSES
        verbs = PAGES[one.name] if is_page else CALLS[one.name]
        for verb in verbs:
            ask = ask_page if is_page else ask_api
            for person in ("manager", "author"):
                got = ask(everybody, person, verb, one, world, ids)
                if got not in (404, 403) or (got == 403 and person == "manager"):
                    wrong.append((one.name, verb, person, got))

    assert not wrong, wrong


def test_a_fragment_for_somebody_signed_out_is_401_with_a_sentence() -> None:
    ids = World("Harbour").ids
    wrong = []
    for one in PAGE_ADDRESSES:
        verb = "GET" if "GET" in PAGES[one.name] else "POST"
        response = Client().generic(verb, one.path(ids), headers={"HX-Request": "true"})
        wanted = PUBLIC.get(one.name, 401)
        if response.status_code != wanted or (wanted == 401) != ("signed out" in response.text):
            wrong.append((one.name, response.status_code))

    assert not wrong, wrong


def test_looking_at_something_changes_nothing() -> None:
    world = World("Harbour")
    browser = Everybody(world).browsers["manager"]
    ids, fields = world.ids, page_forms(world)
    before = Event.objects.count()

    for one in PAGE_ADDRESSES:
        browser.get(one.path(ids), fields.get(one.name, {}))

    assert Event.objects.count() == before
