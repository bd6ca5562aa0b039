"""How often a token may call."""

import http.client
from contextlib import closing
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db.models import F
from pytest_django import Settings

from articles.desk.models import ApiToken, TokenUse
from articles.desk.rates import TooFast, spend
from tests.api.calls import code_of, token_of
from tests.api.conftest import Newsroom
from tests.desk.people import make_project, manager_of
from tests.faults.processes import PATIENCE
from tests.review.listening import newsdesk
from tests.sessions import at_once

pytestmark = pytest.mark.django_db


def test_beyond_the_rate_a_call_is_429_and_says_when_to_come_back(
    room: Newsroom, settings: Settings
) -> None:
    settings.API_CALLS_A_MINUTE = 3
    assert [room.ada.get("/projects").status_code for _ in range(3)] == [200, 200, 200]

    refused = room.ada.get("/projects")

    assert code_of(refused) == (429, "rate_limited")
    assert 18 <= int(refused["Retry-After"]) <= 20  # a call in 20 s
    assert room.ben.get("/projects").status_code == 200  # each token counts for itself


def test_time_gives_calls_back_but_no_more_than_a_minutes_worth(
    room: Newsroom, settings: Settings
) -> None:
    settings.API_CALLS_A_MINUTE = 3
    for _ in range(4):
        room.ada.get("/projects")

    TokenUse.objects.update(at=F("at") - timedelta(seconds=20))
    assert [room.ada.get("/projects").status_code for _ in range(2)] == [200, 429]
    TokenUse.objects.update(at=F("at") - timedelta(hours=1))
    assert [room.ada.get("/projects").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_without_a_rate_nothing_is_counted(room: Newsroom, settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 0

    assert room.ada.get("/projects").status_code == 200
    assert not TokenUse.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_calls_at_the_same_time_are_counted_one_by_one(settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 20
    manager = manager_of(make_project())
    token = ApiToken.objects.create(
        user=manager, name="t", secret_sha256=b"t" * 32, scopes=["read"],
        expires_at=manager.date_joined + timedelta(days=1),
    )  # fmt: skip

    def call() -> bool:
        try:
            spend(token)
        except TooFast:
            return False
        return True

    # The bucket gets a call every 3 s: what 32 do at once is over before.
    assert at_once(*[call] * 32).count(True) in (20, 21)


@pytest.mark.django_db(transaction=True)
def test_two_processes_count_the_calls_of_a_token_together() -> None:
    token = token_of(manager_of(make_project()))

    def call(address: str) -> tuple[int, str | None]:
        server = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        with closing(server):
            server.request("GET", "/api/v1/projects", headers={"Authorization": f"Bearer {token}"})
            answer = server.getresponse()
            return answer.status, answer.headers["Retry-After"]

    with newsdesk(NEWSDESK_API_RATE="2") as (_, first), newsdesk(NEWSDESK_API_RATE="2") as (_, two):
        assert [call(address) for address in (first, two)] == [(200, None)] * 2
        answers = [call(address) for address in (first, two)]

    # A call in 30 s; those before took some of them.
    assert [status for status, _ in answers] == [429, 429]
    assert all(0 < int(wait or 0) <= 30 for _, wait in answers)
