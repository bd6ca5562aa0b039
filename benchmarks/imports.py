"""How many articles a second come in, and with how much memory, beside a raw COPY of their texts.

    python -m benchmarks.imports [--articles N] [--write]

Each run goes through the job that a page or the API queues. The physical limit stands beside it:
``COPY … FROM STDIN`` of the same texts into a bare table of the same database, in the same run.
"""

import argparse
import csv
import io
import json
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.report import write_section
from benchmarks.scratch import scratch_data, story

if TYPE_CHECKING:  # the models cannot be imported before Django is set up
    from articles.desk.models import Project, User

ARTICLES = 2_000
WORDS = 400
#: Annotations of each article in the run that brings some.
ANNOTATIONS = 20


@dataclass(frozen=True)
class Measured:
    """Seconds of a run, and by how many megabytes the process grew in it at most."""

    seconds: float
    grown: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    given = parser.parse_args()
    rows = [
        "| | articles a second | MB a second | of raw COPY | memory grows by |",
        "|---|---:|---:|---:|---:|",
    ]
    with scratch_data():
        texts = [story(WORDS, seed=number) for number in range(given.articles)]
        size = sum(len(text.encode()) for text in texts)
        limit = copied(texts)
        rows.append(row("`COPY FROM STDIN`, texts alone", given.articles, size, limit, limit))
        for name, format_name, is_dry, written in (
            ("JSONL", "jsonl", False, as_jsonl),
            ("JSONL, dry run", "jsonl", True, as_jsonl),
            (f"JSONL, {ANNOTATIONS} annotations each", "jsonl", False, as_annotated),
            ("CSV", "csv", False, as_csv),
        ):
            data = written(texts)
            measured = imported(name, format_name, is_dry, data)
            rows.append(row(name, given.articles, size, measured, limit))
    table = "\n".join(rows)
    print(table)
    if given.write:
        write_section("import", table)


def row(name: str, articles: int, size: int, measured: Measured, limit: Measured) -> str:
    return (
        f"| {name} | {articles / measured.seconds:,.0f} | {size / measured.seconds / 1e6:.1f} "
        f"| {limit.seconds / measured.seconds:.3f}× | {measured.grown:.0f} MB |"
    )


def timed(work: Callable[[], None]) -> Measured:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    return Measured(seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


def copied(texts: list[str]) -> Measured:
    """The raw COPY."""
    from django.db import connection

    def copy() -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bare (body text)")
            with cursor.copy("COPY bare (body) FROM STDIN") as target:
                for text in texts:
                    target.write_row([text])

    return timed(copy)


def imported(name: str, format_name: str, is_dry: bool, data: bytes) -> Measured:
    """One import into a project of its own."""
    from articles.imports.run_services import run_import
    from articles.imports.services import start_import

    manager, project = newsroom(name)
    run, _ = start_import(
        actor=manager,
        project=project,
        chunks=[data],
        most=len(data),
        format_name=format_name,
        is_dry=is_dry,
    )
    measured = timed(lambda: run_import(run_id=run.pk))
    run.refresh_from_db()
    if run.created != run.done:
        raise SystemExit(f"{name}: only {run.created:,} of {run.done:,} came in.")
    return measured


def newsroom(name: str) -> "tuple[User, Project]":
    from articles.desk.models import User
    from articles.desk.services import create_project

    manager, _ = User.objects.get_or_create(username="ada", is_staff=True)
    return manager, create_project(actor=manager, name=name)


def as_jsonl(texts: list[str]) -> bytes:
    return b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts)


def as_annotated(texts: list[str]) -> bytes:
    return b"".join(
        json.dumps({"text": text, "annotations": list(annotations(text))}).encode() + b"\n"
        for text in texts
    )


def annotations(text: str) -> Iterator[dict[str, object]]:
    step = (len(text) - 40) // ANNOTATIONS
    for start in range(0, step * ANNOTATIONS, step):
        yield {"label": "claim", "start": start, "end": start + 30, "layer": "ada",
               "quote": text[start : start + 30]}  # fmt: skip


def as_csv(texts: list[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([["text"], *([text] for text in texts)])
    return out.getvalue().encode()


if __name__ == "__main__":
    main()
