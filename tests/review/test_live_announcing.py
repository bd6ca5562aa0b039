"""Changes are announced once, after the commit, together, and as ids only."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connections, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.models import Role
from articles.imports.run_services import run_import
from articles.imports.services import cancel_import
from newsdesk import live_announcing
from newsdesk.live_announcing import PAUSE, Announcer, announce
from newsdesk.live_wire import (
    CHANNEL,
    LONGEST,
    Access,
    Change,
    News,
    Progress,
    direct_address,
    news_in,
    payloads,
)
from tests.desk.people import PASSWORD, join, make_project, make_user
from tests.factories import make_annotation, make_article, make_layer
from tests.imports.runs import start, stories
from tests.sessions import at_once

numbers = st.integers(1, 2**63 - 1)
changes = st.builds(Change, numbers, st.uuids(), layer=st.none() | numbers, is_listed=st.booleans())
accesses = st.builds(Access, st.none() | numbers, st.none() | numbers)
progress = st.builds(Progress, numbers, st.uuids())


@given(st.lists(changes | accesses | progress, max_size=400))
def test_what_is_sent_is_what_is_heard_and_postgresql_takes_it(news: list[News]) -> None:
    sent = list(payloads(news))

    assert [one for payload in sent for one in news_in(payload)] == news
    assert all(len(payload.encode()) <= LONGEST for payload in sent)
    assert len(sent) <= 1 + sum(map(len, sent)) // (LONGEST // 2)


@pytest.fixture
def listening(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A session that listens."""
    with psycopg.connect(direct_address(), autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield connection


def payloads_heard(connection: psycopg.Connection[Any]) -> list[str]:
    """What was sent by now; a word of our own says that nothing else is on the way."""
    live_announcing._announcer.wait(10)
    with psycopg.connect(direct_address(), autocommit=True) as other:
        other.execute("SELECT pg_notify(%s, 'over')", (CHANNEL,))
    heard = []
    for notify in connection.notifies():
        if notify.payload == "over":
            break
        heard.append(notify.payload)
    return heard


def heard(connection: psycopg.Connection[Any]) -> set[News]:
    return {one for payload in payloads_heard(connection) for one in news_in(payload)}


def test_saving_tells_of_the_article_and_the_layer(listening: psycopg.Connection[Any]) -> None:
    layer = make_layer(make_article())
    heard(listening)

    make_annotation(layer)

    assert heard(listening) == {Change(layer.project_id, layer.article_id, layer.pk)}


def test_opening_a_layer_is_what_lists_show(listening: psycopg.Connection[Any]) -> None:
    article = make_article()
    heard(listening)

    make_layer(article)

    assert heard(listening) == {Change(article.project_id, article.pk, None, is_listed=True)}


def test_what_is_not_committed_is_not_told(listening: psycopg.Connection[Any]) -> None:
    layer = make_layer(make_article())
    heard(listening)

    with transaction.atomic():
        make_annotation(layer)
        transaction.set_rollback(True)

    assert heard(listening) == set()


def test_an_import_tells_when_it_gets_further_and_is_over(
    listening: psycopg.Connection[Any],
) -> None:
    run = start(make_project(), stories(2), is_dry=True)
    told = {Progress(run.project_id, run.pk)}
    heard(listening)

    cancel_import(actor=run.made_by, run=run)
    assert heard(listening) == {*told, Access(project=run.project_id)}
    run_import(run_id=run.pk)
    assert heard(listening) == told


def test_what_is_written_beside_a_long_transaction_is_told_at_once(
    listening: psycopg.Connection[Any],
) -> None:
    inside, outside = Access(user=1), Access(user=2)

    with closing(connections.create_connection("default")) as beside, transaction.atomic():
        announce(inside)
        announce(outside, beside)
        assert heard(listening) == {outside}

    assert heard(listening) == {inside}


def test_members_and_rules_change_who_may_listen(listening: psycopg.Connection[Any]) -> None:
    article = make_article()
    heard(listening)
    join(article.project, make_user("zoe"), Role.ANNOTATOR)

    assert heard(listening) == {Access(project=article.project_id)}


def test_whoever_signs_out_listens_no_more(listening: psycopg.Connection[Any]) -> None:
    zoe = make_user("zoe")
    browser = Client()
    assert browser.login(username="zoe", password=PASSWORD)
    heard(listening)

    browser.logout()

    assert heard(listening) == {Access(user=zoe.pk)}


def test_many_changes_at_once_are_told_a_few_times(listening: psycopg.Connection[Any]) -> None:
    announcer, project = Announcer(), 7
    ids = [uuid4() for _ in range(40)]
    begun = time.monotonic()

    def tell(article: UUID) -> None:
        for layer in range(5):
            announcer.add(Change(project, article, layer))
            announcer.add(Change(project, article, layer))

    at_once(*[lambda one=one: tell(one) for one in ids])
    assert announcer.wait(10)
    rounds = 2 + (time.monotonic() - begun) / PAUSE

    payloads = payloads_heard(listening)
    told = [one for payload in payloads for one in news_in(payload)]
    assert set(told) == {Change(project, one, layer) for one in ids for layer in range(5)}
    assert len(payloads) <= rounds * 2  # 200 changes need two payloads


def test_a_lost_connection_is_made_anew(listening: psycopg.Connection[Any]) -> None:
    announcer, one, other = Announcer(), Access(user=1), Access(user=2)
    announcer.add(one)
    assert announcer.wait(10)
    assert announcer._connection is not None
    listening.execute("SELECT pg_terminate_backend(%s)", [announcer._connection.info.backend_pid])

    announcer.add(other)
    assert announcer.wait(10)

    assert heard(listening) == {one, other}


def test_nothing_fails_where_nobody_can_be_told(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    announcer = Announcer()
    monkeypatch.setattr(live_announcing, "_announcer", announcer)
    monkeypatch.setattr(live_announcing, "direct_address", lambda: "host=/nowhere dbname=newsdesk")
    layer = make_layer(make_article())

    annotation = make_annotation(layer)

    assert layer.annotations.get() == annotation
    assert announcer.wait(10)
    assert "Nobody is told" in caplog.text
