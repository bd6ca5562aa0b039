"""Runs: what becomes of each line, dry and in earnest, and what a death in the middle leaves."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.utils import timezone

from articles.annotations.models import Annotation
from articles.datasets.verification import verify
from articles.desk.models import Label, Membership, Project, Role
from articles.imports.errors import (
    FileRefused,
    FileTooLarge,
    FormatUnknown,
    NothingToConfirm,
)
from articles.imports.models import ImportRun
from articles.imports.options import Options
from articles.imports.run_services import run_import
from articles.imports.services import cancel_import, confirm_import, start_import, try_again
from articles.intake.models import Article
from articles.review.models import Notice
from articles.suggestions.models import Suggestion
from newsdesk.errors import IdReused, Invalid, NotAllowed
from tests.desk.people import join, make_project, make_user, manager_of
from tests.imports.runs import imported, jsonl, outcomes, start, stories, story
from tests.intake.stories import PAGE
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

QUOTE = {"id": "a", "label": "quote", "start": 2, "end": 6, "quote": "Quay"}
SOURCE = {"id": "b", "label": "source", "start": 9, "end": 14, "quote": "opens"}


def counts(run: ImportRun) -> tuple[str, int, int, int, int]:
    return (run.status, run.done, run.created, run.duplicates, run.failed)


def marked(**changes: Any) -> dict[str, Any]:
    """A record with one quote in no layer."""
    return {"text": story(1), "annotations": [QUOTE | changes]}


def test_each_line_is_answered_for_by_itself_and_by_its_number() -> None:
    project = make_project()
    lines = jsonl(
        {"text": story(1), "external_id": "x", "story": "The quays"}, "", "{broken",
        {"text": story(1)}, {"text": "Only a title"}, {"text": story(2), "external_id": "x"},
        {"text": story(3)},
    )  # fmt: skip

    run = imported(project, lines)

    assert counts(run) == ("done", 6, 2, 2, 2)
    assert outcomes(run) == [
        (1, "created", ""),
        (3, "failed", "record_invalid"),
        (4, "duplicate", "duplicate_article"),
        (5, "failed", "title_only"),
        (6, "duplicate", "duplicate_article"),
        (7, "created", ""),
    ]
    article = Article.objects.get(external_id="x")
    assert article.story == "The quays"
    same = run.lines.get(number=4)
    assert same.article == article
    assert same.detail == f"“{article}” in this project has the same text."
    assert verify() == []


def test_a_dry_run_tells_the_same_and_keeps_nothing() -> None:
    project = make_project()
    imported(project, stories(1))
    lines = jsonl({"text": story(1)}, {"text": story(2)}, {"text": story(2)}, "{broken")

    run = imported(project, lines, is_dry=True)

    assert counts(run) == ("done", 4, 1, 2, 1)
    assert run.lines.get(number=3).detail == "Line 2 of this file has the same text."
    assert Article.objects.count() == 1
    assert verify() == []


def test_what_is_confirmed_is_what_was_tried() -> None:
    project = make_project()
    dry = imported(project, stories(3), is_dry=True, options={"publisher": "The Bugle"})

    run = confirm_import(actor=manager_of(project), run=dry)
    run_jobs()

    run.refresh_from_db()
    assert (run.confirms, run.stored) == (dry, dry.stored)
    assert counts(run) == ("done", 3, 3, 0, 0)
    assert set(Article.objects.values_list("publisher", flat=True)) == {"The Bugle"}


def test_only_a_dry_run_that_came_to_its_end_is_confirmed() -> None:
    project = make_project()
    earnest, waiting = imported(project, stories(1)), start(project, stories(2), is_dry=True)

    for run in (earnest, waiting):
        with pytest.raises(NothingToConfirm):
            confirm_import(actor=manager_of(project), run=run)


def test_confirming_twice_with_one_id_makes_one_run() -> None:
    project = make_project()
    dry = imported(project, stories(1), is_dry=True)
    chosen = UUID("0197a0c4-5f1e-7c3a-9a57-2f6d0e8b1c44")

    first, second = (
        confirm_import(actor=manager_of(project), run=dry, chosen_id=chosen) for _ in range(2)
    )

    assert first.pk == second.pk == chosen
    assert run_jobs() == 1


# --- a run that is cut off ------------------------------------------------------------------------


def cut_off_after(run: ImportRun, lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker die when it has done with so many lines, one a batch."""
    monkeypatch.setattr("articles.imports.run_services.MOST_LINES", 1)

    def dies(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if 'INSERT INTO "articles_importline"' in sql and run.lines.count() == lines:
            raise OperationalError("the connection is gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(dies), pytest.raises(OperationalError):
        run_import(run_id=run.pk)


@pytest.mark.parametrize("is_dry", [False, True])
def test_a_run_that_was_cut_off_ends_as_if_nothing_had_been(
    monkeypatch: pytest.MonkeyPatch, is_dry: bool
) -> None:
    project = make_project()
    run = start(project, stories(3) + b"\n" + stories(4), is_dry=is_dry)

    cut_off_after(run, 2, monkeypatch)
    run.refresh_from_db()
    assert (run.status, run.done, run.lines.count()) == ("running", 2, 2)
    assert Article.objects.count() == (0 if is_dry else 2)
    run_import(run_id=run.pk)
    run_import(run_id=run.pk)  # a job may run twice

    run.refresh_from_db()
    assert counts(run) == ("done", 7, 4, 3, 0)
    assert [number for number, *_ in outcomes(run)] == list(range(1, 8))
    assert Article.objects.count() == (0 if is_dry else 4)
    assert verify() == []


def test_cancelling_keeps_what_is_imported_and_stops_before_the_next_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = make_project()
    run = start(project, stories(5))
    cut_off_after(run, 2, monkeypatch)

    cancel_import(actor=manager_of(project), run=run)
    cancel_import(actor=manager_of(project), run=run)  # changes nothing
    run_import(run_id=run.pk)

    run.refresh_from_db()
    assert counts(run) == ("cancelled", 2, 2, 0, 0)
    assert Article.objects.count() == 2
    assert verify() == []


def test_a_run_of_somebody_who_may_not_import_any_more_says_so() -> None:
    project = make_project()
    eve = join(project, make_user("eve"), Role.ENGINEER)
    run = start(project, stories(1), actor=eve)
    Membership.objects.filter(user=eve).update(role=Role.ANNOTATOR)

    run_import(run_id=run.pk)

    run.refresh_from_db()
    assert (run.status, run.problem) == (
        "failed", "Only managers and engineers bring articles in.",
    )  # fmt: skip


def test_a_run_whose_file_is_gone_says_so() -> None:
    run = start(make_project(), stories(1))
    default_storage.delete(run.stored)

    run_jobs()

    run.refresh_from_db()
    assert (run.status, run.problem) == ("failed", "Its file is gone.")


def test_whoever_made_a_run_finds_its_end_in_their_inbox() -> None:
    project = make_project()

    run = imported(project, stories(2))

    notice = Notice.objects.get(person=manager_of(project))
    assert (notice.kind, notice.about) == ("import", run.pk)
    assert notice.words == "articles.jsonl: 2 imported"
    assert verify() == []


def test_a_dry_run_is_told_in_the_inbox_only_if_it_took_a_while() -> None:
    project = make_project()
    imported(project, stories(2), is_dry=True)
    assert not Notice.objects.exists()

    slow = start(project, stories(2), is_dry=True)
    long_ago = timezone.now() - timedelta(minutes=1)
    ImportRun.objects.filter(pk=slow.pk).update(created_at=long_ago)
    run_jobs()

    notice = Notice.objects.get()
    assert (notice.about, notice.words) == (slow.pk, "articles.jsonl: 2 would come in")


# --- what is refused at once ----------------------------------------------------------------------


def test_what_cannot_be_imported_is_refused_before_it_is_stored() -> None:
    project = make_project()
    annotator = join(project, make_user("ada"), Role.ANNOTATOR)
    engineer = join(project, make_user("eve"), Role.ENGINEER)
    stored = default_storage.listdir("")

    def refused(error: type[Exception], data: bytes = b"{}", **given: Any) -> None:
        with pytest.raises(error):
            start(project, data, **given)

    refused(NotAllowed, actor=annotator)
    refused(NotAllowed, actor=engineer, options={"create_labels": True})
    refused(FileRefused, b"")
    refused(FileTooLarge, b"x" * 10_000_001)
    refused(FormatUnknown, name="film.mp4")
    refused(FormatUnknown, format_name="parquet")
    refused(FileRefused, b"\n", format_name="urls")
    refused(FileRefused, b"https://x.example/\n" * 501, format_name="urls")
    refused(Invalid, options={"language": "English!"})
    refused(Invalid, options={"language": "en" + "-abcdefgh" * 4})
    refused(Invalid, options={"annotations": "somewhere"})
    refused(Invalid, options={"layer": "x" * 200})
    refused(Invalid, options={"labels": {"a\0": "quote"}})
    assert default_storage.listdir("") == stored
    assert not ImportRun.objects.exists()


def test_the_same_id_with_the_same_file_is_the_same_run() -> None:
    project = make_project()
    chosen = UUID("0197a0c4-5f1e-7c3a-9a57-2f6d0e8b1c44")
    first = start(project, stories(1), chosen_id=chosen)

    again, is_new = start_import(
        actor=manager_of(project), project=project, chunks=[stories(1)], most=1000,
        name="articles.jsonl", chosen_id=first.pk,
    )  # fmt: skip

    assert (again.pk, is_new) == (chosen, False)
    for other in ({"data": stories(2)}, {"data": stories(1), "is_dry": True}):
        with pytest.raises(IdReused):
            start(project, chosen_id=first.pk, **other)
    with pytest.raises(IdReused):
        start(make_project("Elsewhere"), stories(1), chosen_id=first.pk)


# --- options --------------------------------------------------------------------------------------


def test_annotations_that_name_no_layer_come_into_the_chosen_one() -> None:
    project = make_project()
    join(project, make_user("ada"), Role.ANNOTATOR)
    ours = marked(layer="ada")
    ours["text"] = story(2)

    run = imported(project, jsonl(marked(), ours), options={"layer": "desk"})

    assert counts(run)[2] == 2
    assert set(Annotation.objects.values_list("layer__name", flat=True)) == {"desk", "ada"}


def test_annotations_may_stay_out() -> None:
    run = imported(make_project(), jsonl(marked()), options={"annotations": "none"})

    assert counts(run) == ("done", 1, 1, 0, 0)
    assert not Annotation.objects.exists()


def test_annotations_may_come_as_suggestions() -> None:
    project = make_project()
    record = marked(layer="tagger-3")
    record["annotations"].append(SOURCE)
    wrong = marked(label="nonsense") | {"text": story(2)}

    run = imported(project, jsonl(record, wrong), options={"annotations": "suggestions"})

    assert outcomes(run) == [(1, "created", ""), (2, "failed", "label_unknown")]
    proposed = Suggestion.objects.order_by("start").values_list("label__key", "origin")
    assert list(proposed) == [("quote", "tagger-3"), ("source", "imported")]
    assert not Annotation.objects.exists()
    assert verify() == []


def test_labels_are_called_by_ours_and_some_are_left_out() -> None:
    project = make_project()
    record = marked(label="Zitat")
    record["annotations"].append(SOURCE | {"label": "O"})
    record["relations"] = [{"type": "attributed_to", "from": "a", "to": "b"}]

    run = imported(project, jsonl(record), options={"labels": {"Zitat": "quote", "O": ""}})

    assert counts(run)[2] == 1
    assert Annotation.objects.get().label.key == "quote"


def test_a_label_that_is_not_there_fails_its_line_or_is_made_by_a_manager() -> None:
    project = make_project()
    record = marked(label="PER")
    record["annotations"].append(SOURCE | {"label": "Org. unit"})
    record["relations"] = [{"type": "works_for", "from": "a", "to": "b"}]

    without = imported(project, jsonl(record))
    tried = imported(project, jsonl(record), is_dry=True, options={"create_labels": True})
    known = Label.objects.count()
    made = imported(project, jsonl(record), options={"create_labels": True})

    assert outcomes(without) == [(1, "failed", "label_unknown")]
    assert (tried.created, Label.objects.count() - known) == (1, 3)
    assert counts(made)[2] == 1
    assert Label.objects.get(key="org_unit").name == "Org Unit"
    assert verify() == []


def test_captions_are_left_out_if_nobody_wants_them() -> None:
    project = make_project()

    imported(project, PAGE.encode(), name="ferry.html", options={"keep_captions": False})

    article = Article.objects.get()
    assert "Petrel" not in article.revision.body
    assert "caption" not in set(article.revision.blocks.values_list("kind", flat=True))
    assert b"Petrel" in bytes(article.revision.original)


def test_other_options_are_tried_on_the_same_file() -> None:
    project = make_project()
    first = imported(project, jsonl(marked(label="Zitat")), is_dry=True)

    again = try_again(
        actor=manager_of(project), run=first, options=Options(labels={"Zitat": "quote"})
    )
    run_jobs()

    again.refresh_from_db()
    assert (first.failed, again.is_dry, again.created) == (1, True, 1)


# --- formats --------------------------------------------------------------------------------------


def test_the_format_is_told_from_the_file_and_the_original_is_kept() -> None:
    project = make_project()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("notes/ferry.txt", story(1).encode("utf-16"))
        archive.writestr("page.html", PAGE)
        archive.writestr("film.mp4", b"\0")

    run = imported(project, packed.getvalue(), name="articles.zip")

    assert run.format == "zip"
    assert [outcome for _, outcome, _ in outcomes(run)] == ["created", "created", "failed"]
    assert run.lines.get(number=3).detail == "film.mp4: this kind of file is not read."
    article = run.lines.get(number=1).article
    assert article is not None
    assert bytes(article.revision.original) == story(1).encode("utf-16")
    assert run.lines.get(number=1).detail == "From notes/ferry.txt."


def test_a_record_that_breaks_something_fails_alone() -> None:
    project = make_project()
    surrogate = json.dumps({"text": story(1), "title": "\ud800"})
    deep = '{"text": "a", "metadata": ' + '{"a":' * 60 + "1" + "}" * 61
    odd = [surrogate, deep, '{"text": 7}', '{"text": "a", "annotations": 3}', '{"title": ["x"]}']

    run = imported(project, jsonl(*odd, {"text": story(2)}))

    assert [outcome for _, outcome, _ in outcomes(run)] == ["failed"] * 5 + ["created"]
    assert {code for *_, code in outcomes(run)} == {"record_invalid", ""}


def test_the_hash_of_the_file_is_kept() -> None:
    run = start(make_project(), stories(2))

    assert bytes(run.sha256) == hashlib.sha256(stories(2)).digest()
    assert Project.objects.get().import_runs.get() == run
