"""Imports for tests: started as everybody starts them, and run by the job that they queue."""

import json
from typing import Any

from articles.desk.models import Project, User
from articles.formats.shapes import Found
from articles.imports.line_services import take_now
from articles.imports.models import ImportLine, ImportRun
from articles.imports.options import Options
from articles.imports.services import start_import
from tests.desk.people import manager_of
from tests.jobs import run_jobs

MOST = 10_000_000


def story(number: int) -> str:
    """An invented article; no two are the same."""
    return f"📰 Quay {number} opens\n\nThe council opened quay {number} again on Monday, it said."


def jsonl(*records: dict[str, Any] | str) -> bytes:
    """Lines of JSONL; a string is a line as it is."""
    lines = (one if isinstance(one, str) else json.dumps(one) for one in records)
    return "\n".join(lines).encode()


def stories(count: int) -> bytes:
    return jsonl(*({"text": story(number)} for number in range(1, count + 1)))


def start(project: Project, data: bytes, *, actor: User | None = None, **given: Any) -> ImportRun:
    """A queued run of ``data``."""
    options = given.pop("options", {})
    run, _ = start_import(
        actor=actor or manager_of(project),
        project=project,
        chunks=[data],
        most=MOST,
        options=Options(**options),
        **{"name": "articles.jsonl", **given},
    )
    return run


def imported(project: Project, data: bytes, **given: Any) -> ImportRun:
    """A run of ``data`` that the worker went through."""
    run = start(project, data, **given)
    run_jobs()
    run.refresh_from_db()
    return run


def taken(project: Project, found: Found, *, actor: User | None = None) -> ImportLine:
    """What became of a line that a reader found, without a run around it."""
    actor = actor or manager_of(project)
    return take_now(actor=actor, project=project, found=found, options=Options())


def outcomes(run: ImportRun) -> list[tuple[int, str, str]]:
    """Each line: its number, its outcome, and the code of what was wrong."""
    return list(run.lines.order_by("number").values_list("number", "outcome", "code"))
