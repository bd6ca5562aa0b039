"""Streams of a real server: through a restart of the database, a stop, and a reader who leaves."""

import json
import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta

import psutil
import pytest
from django.test import Client
from django.utils import timezone

from articles.annotations.models import Layer
from articles.desk.models import Role, User
from articles.desk.services import deactivate_member
from articles.imports.run_services import run_import
from articles.intake.models import Article
from articles.review.models import Presence
from articles.review.presence_queries import present_in
from articles.review.submission_services import submit_layer
from newsdesk.live_streams import MOST_EACH
from tests.desk.people import join, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer
from tests.faults.processes import eventually
from tests.imports.runs import start, stories
from tests.review.listening import Listener, Server, newsdesk
from tests.sessions import in_another_session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(transactional_db: None) -> Iterator[Server]:
    """A real server on the tests' database."""
    with newsdesk() as server:
        yield server


@pytest.fixture
def layer(transactional_db: None) -> Layer:
    """Ada's work on an article."""
    article = make_article()
    return make_layer(article, join(article.project, make_user("ada"), Role.ANNOTATOR))


def events(article: Article, *, of_article: bool = False) -> str:
    query = f"&article={article.pk}" if of_article else ""
    return f"/events?project={article.project.slug}{query}"


def reviewer_of(layer: Layer) -> User:
    return join(layer.project, make_user("cem"), Role.REVIEWER)


def changed(layer: Layer, *, named: bool = True) -> dict[str, object]:
    return {"article": str(layer.article_id), "layer": layer.pk if named else None}


def test_a_change_reaches_who_may_know_of_it_and_in_words_for_them(
    layer: Layer, server: Server
) -> None:
    path = events(layer.article)
    blind = join(layer.project, make_user("ben"), Role.ANNOTATOR)
    with (
        Listener(server[1], path, reviewer_of(layer)).ready() as cem,
        Listener(server[1], path, blind) as ben,
        Listener(server[1], path, layer.annotator) as ada,
    ):
        assert cem.response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert cem.response.headers["Cache-Control"] == "no-store"
        assert cem.response.headers["X-Accel-Buffering"] == "no"

        make_annotation(layer)
        assert cem.next() == ada.next() == changed(layer)
        assert layer.annotator
        submit_layer(actor=layer.annotator, layer=layer)
        assert cem.next() == ada.next() == changed(layer)
        assert ben.next() == changed(layer, named=False)  # of the submission, not of the annotation


def test_how_far_an_import_is_reaches_who_may_see_it_and_nothing_else_does(
    layer: Layer, server: Server
) -> None:
    manager = manager_of(layer.project)
    run = start(layer.project, stories(1), actor=manager)
    path = f"{events(layer.article)}&work={run.pk}"
    with (
        Listener(server[1], path, manager).ready() as waiting,
        Listener(server[1], events(layer.article), manager) as the_list,
        Listener(server[1], path, layer.annotator) as refused,
    ):
        make_annotation(layer)
        assert the_list.next() == changed(layer)
        run_import(run_id=run.pk)

        told = the_list.next()
        assert told == {
            "article": str(layer.project.articles.latest("created_at").pk),
            "layer": None,
        }
        assert waiting.next() == {"article": None, "layer": None}
        assert refused.status == 404


def test_refusals_are_problems(layer: Layer, server: Server) -> None:
    path = events(layer.article)
    stranger = make_user("zoe")
    asked = {
        (path, None): 401,
        (path, stranger): 404,
        ("/events", stranger): 404,
        (path + "&article=quay", layer.annotator): 404,
        (path + "&article=%00", layer.annotator): 404,
        ("/events?project=%00", layer.annotator): 404,
        (path + "&work=quay", layer.annotator): 404,
    }

    for (address, user), status in asked.items():
        with Listener(server[1], address, user) as refused:
            assert refused.status == status, address
            assert refused.response.headers["Content-Type"] == "application/problem+json"
            assert json.load(refused.response)["status"] == status


def test_who_has_too_many_pages_open_may_come_again(layer: Layer, server: Server) -> None:
    open_pages = [Listener(server[1], events(layer.article), layer.annotator)
                  for _ in range(MOST_EACH)]  # fmt: skip
    assert {page.status for page in open_pages} == {200}

    with Listener(server[1], events(layer.article), layer.annotator) as refused:
        assert (refused.status, refused.response.headers["Retry-After"]) == (503, "30")
    with Listener(server[1], events(layer.article), reviewer_of(layer)) as other:
        assert other.status == 200

    for page in open_pages:
        page.__exit__(None, None, None)


def test_after_a_restart_of_the_database_pages_look_and_hear_again(
    layer: Layer, server: Server
) -> None:
    with Listener(server[1], events(layer.article), reviewer_of(layer)).ready() as cem:
        in_another_session(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
        )

        cem.ready()
        make_annotation(layer)
        assert cem.next() == changed(layer)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_open_streams_do_not_keep_a_server_that_stops(
    layer: Layer, server: Server, name: str
) -> None:
    process, address = server
    cem = reviewer_of(layer)
    with (
        Listener(address, events(layer.article), cem).ready() as listening,
        Listener(address, events(layer.article), layer.annotator) as other,
    ):
        begun = time.monotonic()
        os.killpg(process.pid, signal.Signals[name])
        _, complaints = process.communicate()

        assert (process.returncode, complaints) == (0, "")
        assert time.monotonic() - begun < 5
        assert listening.next() is other.next() is None


def test_whoever_signs_out_or_leaves_the_project_hears_no_more(
    layer: Layer, server: Server
) -> None:
    cem = reviewer_of(layer)
    with (
        Listener(server[1], events(layer.article), layer.annotator).ready() as ada,
        Listener(server[1], events(layer.article), cem) as listening,
    ):
        deactivate_member(actor=manager_of(layer.project), project=layer.project, user=cem)
        assert listening.next() is None

        assert layer.annotator
        browser = Client()
        browser.cookies["sessionid"] = ada.session
        browser.post("/account/logout/")
        assert ada.next() is None


def test_whoever_has_an_article_open_is_here_until_they_close_it(
    layer: Layer, server: Server
) -> None:
    cem = reviewer_of(layer)
    assert layer.annotator
    ada = layer.annotator
    long_ago = timezone.now() - timedelta(hours=1)  # who just saved something is here, too
    Layer.objects.filter(pk=layer.pk).update(updated_at=long_ago)
    with Listener(server[1], events(layer.article), ada).ready() as the_list:
        with Listener(server[1], events(layer.article, of_article=True), cem):
            assert the_list.next() == changed(layer, named=False)
            assert present_in([layer.article], ada) == {layer.article_id: [cem]}
            assert present_in([layer.article], cem) == {}

        assert the_list.next() == changed(layer, named=False)
        assert present_in([layer.article], ada) == {}
        assert not Presence.objects.exists()


def test_who_leaves_gives_everything_back(layer: Layer, server: Server) -> None:
    process = psutil.Process(server[0].pid)
    with Listener(server[1], events(layer.article), layer.annotator).ready():
        held = process.num_fds()

    for _ in range(MOST_EACH + 1):
        with Listener(server[1], events(layer.article), layer.annotator) as page:
            assert page.status == 200

    assert eventually(lambda: not any(one.raddr for one in process.net_connections("tcp")))
    # Not one for each who came; how many sessions of the database are open hangs on the moment.
    assert process.num_fds() < held + MOST_EACH
