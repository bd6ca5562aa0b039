"""Many lines are written together, and yet each is answered for by itself."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.annotations.models import Annotation
from articles.datasets.verification import verify
from articles.desk.events import Event
from articles.imports.models import ImportRun
from articles.imports.run_services import run_import
from articles.imports.services import confirm_import
from articles.intake.models import Article
from tests.desk.people import make_project, manager_of
from tests.imports.runs import imported, jsonl, outcomes, start, stories, story
from tests.jobs import run_jobs
from tests.sessions import at_once

pytestmark = pytest.mark.django_db

QUOTE = {"id": "a", "label": "quote", "start": 2, "end": 6, "quote": "Quay", "layer": "ada"}
SOURCE = {**QUOTE, "id": "b", "label": "source", "start": 9, "end": 14, "quote": "opens"}
LINK = {"type": "attributed_to", "from": "a", "to": "b"}


def annotated(number: int, **changes: Any) -> dict[str, Any]:
    return {"text": story(number), "annotations": [QUOTE, SOURCE], "relations": [LINK], **changes}


def test_what_only_the_database_refuses_fails_alone_in_its_batch() -> None:
    records = [annotated(number) for number in range(1, 10)]
    records[3] = annotated(4, relations=[LINK, LINK])
    records[6] = annotated(7, relations=[LINK, LINK])

    run = imported(make_project(), jsonl(*records))

    failed = [(number, code) for number, outcome, code in outcomes(run) if outcome == "failed"]
    assert failed == [(4, "relation_invalid"), (7, "relation_invalid")]
    assert run.lines.get(number=4).detail == "The record links two twice the same way."
    assert (run.created, Article.objects.count(), Annotation.objects.count()) == (7, 7, 14)
    assert verify() == []


def test_lines_alike_in_one_batch_come_in_once_and_after_one_that_fails() -> None:
    broken = annotated(1, relations=[LINK, LINK])

    run = imported(
        make_project(),
        jsonl(broken, annotated(1), annotated(1), annotated(2, external_id="x"),
              annotated(3, external_id="x"), annotated(4, revision=2), annotated(4, revision=2)),
    )  # fmt: skip

    assert [outcome for _, outcome, _ in outcomes(run)] == [
        "failed", "created", "duplicate", "created", "duplicate", "created", "duplicate",
    ]  # fmt: skip
    first = run.lines.get(number=2).article
    assert run.lines.get(number=3).detail == f"“{first}” in this project has the same text."
    assert verify() == []


def test_each_article_of_a_batch_has_its_own_event_in_the_order_of_the_lines() -> None:
    project = make_project()

    run = imported(project, jsonl(*(annotated(number) for number in range(1, 4))))

    events = Event.objects.filter(kind="article.imported").order_by("id")
    lines = run.lines.order_by("number")
    assert [event.article_id for event in events] == [line.article_id for line in lines]
    for event in events:
        tables = [change["table"] for change in event.changes]
        assert tables == [
            "article", "revision", "block", "block", "layer", "annotation", "annotation",
            "relation",
        ]  # fmt: skip
        assert {change["before"] for change in event.changes} == {None}


def test_a_batch_takes_as_many_statements_for_many_lines_as_for_a_few() -> None:
    project = make_project()

    def statements(numbers: range) -> int:
        run = start(project, jsonl(*(annotated(number) for number in numbers)))
        with CaptureQueriesContext(connection) as captured:
            run_import(run_id=run.pk)
        return len(captured)

    assert statements(range(1, 4)) == statements(range(4, 44))


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_articles_at_once_bring_each_in_once() -> None:
    project = make_project()
    runs = [start(project, stories(40)) for _ in range(2)]

    at_once(*(lambda run=run: run_import(run_id=run.pk) for run in runs))

    both = ImportRun.objects.all()
    assert {run.status for run in both} == {"done"}
    assert sum(run.created for run in both) == sum(run.duplicates for run in both) == 40
    assert Article.objects.count() == 40
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_twice_at_once_is_one_run_and_so_is_its_confirmation() -> None:
    project, chosen_id, confirmed_id = make_project(), uuid4(), uuid4()

    sent = at_once(*[lambda: start(project, stories(2), is_dry=True, chosen_id=chosen_id).pk] * 4)
    run_jobs()
    dry = ImportRun.objects.get()
    confirmed = at_once(
        *[lambda: confirm_import(actor=manager_of(project), run=dry, chosen_id=confirmed_id).pk] * 4
    )

    assert (sent, confirmed) == ([chosen_id] * 4, [confirmed_id] * 4)
    assert ImportRun.objects.count() == 2
    assert default_storage.listdir(f"imports/{project.uid}")[1] == [Path(dry.stored).name]


#: Refuses a batch once, and only when its transaction ends, as a deadlock of two imports may.
IN_THE_WAY = """
    CREATE SEQUENCE tries;
    CREATE FUNCTION stand_in_the_way() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('tries') = 1 THEN
            RAISE EXCEPTION 'deadlock detected' USING ERRCODE = 'deadlock_detected';
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER in_the_way AFTER INSERT ON articles_importline
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stand_in_the_way();
"""
OUT_OF_THE_WAY = """
    DROP TRIGGER in_the_way ON articles_importline;
    DROP FUNCTION stand_in_the_way; DROP SEQUENCE tries;
"""


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_is_refused_at_its_very_end_is_tried_again() -> None:
    run = start(make_project(), stories(3))

    with connection.cursor() as cursor:
        cursor.execute(IN_THE_WAY)
        try:
            run_import(run_id=run.pk)
        finally:
            cursor.execute(OUT_OF_THE_WAY)

    run.refresh_from_db()
    assert (run.status, run.created, Article.objects.count()) == ("done", 3, 3)
