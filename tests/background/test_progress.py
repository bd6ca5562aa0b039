"""How far background work is, as somebody else sees it while it goes on."""

import threading
from collections.abc import Generator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from articles.datasets.freezing import freeze
from articles.datasets.snapshot_services import Wanted, make_snapshot
from articles.desk.models import Project, Role, User
from articles.imports.run_services import run_import
from articles.intake.models import Article
from articles.review.models import Review
from newsdesk.live_wire import CHANNEL, Progress, news_in
from tests.api.calls import caller, json_of
from tests.datasets.frozen import gold_desk
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.faults.processes import PATIENCE, eventually
from tests.imports.runs import start, stories
from tests.sessions import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def other_of(project: Project) -> User:
    """Somebody who did not ask for the work, and may see how it goes."""
    return join(project, make_user("eve"), Role.ENGINEER)


def progress_heard(connection: psycopg.Connection[Any]) -> Generator[Progress]:
    """What a session is told of work, as it comes; it must be closed before its session is."""
    for notify in connection.notifies(timeout=PATIENCE):
        yield from (one for one in news_in(notify.payload) if isinstance(one, Progress))


def test_how_far_an_import_is_others_see_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.imports.run_services.MOST_LINES", 1)
    project = make_project()
    eve = other_of(project)
    run = start(project, stories(5))
    stands, may_go_on = threading.Event(), threading.Event()

    def stop_at_the_third(execute: Any, sql: str, *rest: Any) -> Any:
        if 'INSERT INTO "articles_importline"' in sql and run.lines.count() == 2:
            stands.set()
            may_go_on.wait(PATIENCE)
        return execute(sql, *rest)

    def work() -> None:
        with connection.execute_wrapper(stop_at_the_third):
            run_import(run_id=run.pk)

    def look() -> tuple[Any, str]:
        assert stands.wait(PATIENCE)
        try:
            told = json_of(caller(eve).get(f"/imports/{run.pk}"))
            page = signed_in(eve).get(reverse("import-run", args=[project.slug, run.pk]))
            return told, page.text
        finally:
            may_go_on.set()

    worked, seen = at_once(work, look)

    assert worked is None
    assert isinstance(seen, tuple), seen
    told, page = seen
    assert (told["status"], told["created"]) == ("running", 2)
    assert '<progress max="100" value="40"' in page
    assert "2 done" in page
    assert json_of(caller(eve).get(f"/imports/{run.pk}"))["created"] == 5


def test_how_far_a_dataset_is_others_see_while_it_is_frozen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("articles.datasets.freezing.PAUSE", 0)
    project = gold_desk(2)
    eve = other_of(project)
    wanted = Wanted("Gold", formats=[])
    snapshot, _ = make_snapshot(actor=manager_of(project), project=project, wanted=wanted)

    def told() -> Any:
        return json_of(caller(eve).get(f"/snapshots/{snapshot.pk}"))

    parameters = connection.get_connection_params()
    parameters = {name: parameters[name] for name in ("dbname", "user", "password", "host")}
    with (
        psycopg.connect(**parameters, autocommit=True) as listening,
        closing(progress_heard(listening)) as progress,
        psycopg.connect(**parameters) as reading,
        psycopg.connect(**parameters) as reviewing,
    ):
        listening.execute(f"LISTEN {CHANNEL}")
        reading.execute(f"LOCK TABLE {Article._meta.db_table}")
        reviewing.execute(f"SELECT FROM {Review._meta.db_table} FOR UPDATE")

        def look() -> tuple[set[Progress], bool, str]:
            try:
                told_of = {next(progress)}  # that it began; then it waits for the articles
                reading.rollback()
                stands = eventually(lambda: (told()["done"], told()["status"]) == (2, "running"))
                told_of.add(next(progress))  # and this of how far it is; then it waits for reviews
                home = reverse("snapshot-list", args=[project.slug])
                return told_of, stands, signed_in(eve).get(home).text
            finally:
                reading.rollback()
                reviewing.rollback()

        frozen, seen = at_once(lambda: freeze(snapshot.pk), look)

    assert frozen is None
    assert isinstance(seen, tuple), seen
    told_of, stands, page = seen
    assert told_of == {Progress(project.pk, snapshot.pk)}
    assert stands
    assert '<progress value="2" max="2"' in page
    assert told()["status"] == "ready"
