"""How many articles a second come in, and with how much memory, beside a raw COPY of their texts.

    python -m benchmarks.imports [--articles N] [--write]

Each run goes through the job that a page or the API queues. The physical limit stands beside it:
``COPY … FROM STDIN`` of the same texts into a bare table of the same database, in the same run.
Seconds are of the processor, in Python and in PostgreSQL together, so that it does not matter what
else the machine does. Then files of more than 100 MB are read whole, each by a process of its own.
"""

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import write_section
from benchmarks.scratch import scratch_data, story

if TYPE_CHECKING:  # the models cannot be imported before Django is set up
    from articles.desk.models import Project, User

ARTICLES = 2_000
WORDS = 400
#: Annotations of each article in the run that brings some.
ANNOTATIONS = 50
#: Articles of a file that is read for the memory it takes.
READ = 36_000


@dataclass(frozen=True)
class Measured:
    """Seconds of the processor that a run took, and by how many megabytes our process grew."""

    seconds: float
    grown: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--read", nargs=2, metavar=("FORMAT", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        print(json.dumps(read(*given.read)))
    else:
        measure(given.articles, given.write)


def measure(articles: int, write: bool) -> None:
    rows = [
        "| | articles a second of processor | MB a second | of raw COPY | memory grows by |",
        "|---|---:|---:|---:|---:|",
    ]
    with scratch_data() as folder:
        texts = [story(WORDS, seed=number) for number in range(articles)]
        size = sum(len(text.encode()) for text in texts)
        limit = copied(texts)
        rows.append(row("`COPY FROM STDIN`, texts alone", articles, size, limit, limit))
        for name, format_name, is_dry, written in (
            ("JSONL", "jsonl", False, as_jsonl),
            ("JSONL, dry run", "jsonl", True, as_jsonl),
            (f"JSONL, {ANNOTATIONS} annotations each", "jsonl", False, as_annotated),
            ("CSV", "csv", False, as_csv),
        ):
            data = b"".join(written(texts))
            measured = imported(name, format_name, is_dry, data)
            rows.append(row(name, articles, size, measured, limit))
        sizes = [
            "| read whole | articles | MB | articles a second of processor | memory grows by |",
            "|---|---:|---:|---:|---:|",
            *(read_whole(folder / name, name, texts) for name in ("jsonl", "csv", "labelstudio")),
        ]
    table = "\n".join([*rows, "", *sizes])
    print(table)
    if write:
        write_section("import", table)


def row(name: str, articles: int, size: int, measured: Measured, limit: Measured) -> str:
    return (
        f"| {name} | {articles / measured.seconds:,.0f} | {size / measured.seconds / 1e6:.1f} "
        f"| {limit.seconds / measured.seconds:.3f}× | {measured.grown:.0f} MB |"
    )


def timed(work: Callable[[], None]) -> Measured:
    before, began = forget_peak(), processor()
    work()
    return Measured(processor() - began, peak() - before)


def peak() -> float:
    """The most megabytes that this process has had since ``forget_peak``."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def forget_peak() -> float:
    """Begin anew; returns the megabytes that it has now. Source: Linux, proc_pid_clear_refs(5)."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def processor() -> float:
    """Seconds of the processor that this process and its session of PostgreSQL have used."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [number] = cursor.fetchone()
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])  # in user mode and in the kernel
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def read_whole(path: Path, format_name: str, texts: list[str]) -> str:
    """A row about reading a file of many articles, in a process of its own."""
    many = islice(cycle(texts), READ)
    with path.open("wb") as file:
        file.writelines(WRITTEN[format_name](many))
    size = path.stat().st_size
    command = [sys.executable, "-m", "benchmarks.imports", "--read", format_name, str(path)]
    told = json.loads(subprocess.check_output(command))
    path.unlink()
    if told["articles"] != READ:
        raise SystemExit(f"{format_name}: only {told['articles']:,} of {READ:,} were read.")
    return (
        f"| {format_name} | {READ:,} | {size / 1e6:.0f} | {READ / told['seconds']:,.0f} "
        f"| {told['grown']:.0f} MB |"
    )


def read(format_name: str, path: str) -> dict[str, float]:
    """Read a file to its end, from one article to the next."""
    from articles.formats.registry import FORMATS

    with open(path, "rb") as file:
        found = FORMATS[format_name].read(file)
        next(found)
        before, began = forget_peak(), time.process_time()
        count = 1 + sum(one.record is not None for one in found)
    return {
        "articles": count,
        "seconds": time.process_time() - began,
        "grown": peak() - before,
    }


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


def as_jsonl(texts: Iterable[str]) -> Iterator[bytes]:
    return (json.dumps({"text": text}).encode() + b"\n" for text in texts)


def as_annotated(texts: Iterable[str]) -> Iterator[bytes]:
    for text in texts:
        yield json.dumps({"text": text, "annotations": list(annotations(text))}).encode() + b"\n"


def annotations(text: str) -> Iterator[dict[str, object]]:
    step = (len(text) - 40) // ANNOTATIONS
    for start in range(0, step * ANNOTATIONS, step):
        yield {"label": "claim", "start": start, "end": start + 30, "layer": "ada",
               "quote": text[start : start + 30]}  # fmt: skip


def as_csv(texts: Iterable[str]) -> Iterator[bytes]:
    yield b"text\n"
    for text in texts:
        line = io.StringIO()
        csv.writer(line).writerow([text])
        yield line.getvalue().encode()


def as_tasks(texts: Iterable[str]) -> Iterator[bytes]:
    """One array of Label Studio's tasks."""
    before = b"["
    for text in texts:
        yield before + json.dumps({"data": {"text": text}}).encode()
        before = b",\n"
    yield b"]"


WRITTEN = {"jsonl": as_jsonl, "csv": as_csv, "labelstudio": as_tasks}


if __name__ == "__main__":
    main()
