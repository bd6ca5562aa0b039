"""How fast a project goes out in each format, and in how much memory.

    python -m benchmarks.export [--articles N] [--annotations N] [--runs N] [--write]

Beside each stands the fastest way that PostgreSQL has to hand rows out: ``COPY … TO STDOUT``, once
of the same annotations, without their articles, labels and words, and once of all the rows that a
file is made of, a table after the other. They are measured in turn. Every format is written by a
process of its own, from a tenth of the project and from the whole: memory must not grow with it.
JSONL and Parquet are written ``--runs`` times, what takes minutes once.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.report import write_section
from benchmarks.scratch import ROOT, scratch_data, story

#: Formats that are fast enough to be written again and again.
FAST = ("jsonl", "parquet")
#: They are written from the whole, divided by so much.
PARTS = (10, 1)
ANNOTATIONS = ("articles_annotation",)
#: What a file of them is made of.
ALL = (*ANNOTATIONS, "articles_article", "articles_revision", "articles_block", "articles_layer")
WORDS = 600  # about 4 kB of text

# One text for all articles, but for its last line; annotations spread over it. No events: what is
# measured reads none.
FILL = """
CREATE TEMP TABLE made ON COMMIT DROP AS
    SELECT uuidv7() AS article_id, uuidv7() AS revision_id, body || '\n' || n AS body,
        (n * %(annotations)s::bigint / %(articles)s
            - (n - 1) * %(annotations)s::bigint / %(articles)s)::int AS wanted
    FROM (SELECT %(body)s::text AS body) AS given, generate_series(1, %(articles)s) AS n;
INSERT INTO articles_article (id, project_id, revision_id, story, title, byline, publisher,
        language, metadata, placement, priority, hold_reason, is_sensitive, not_for_training,
        version)
    SELECT article_id, %(project)s, revision_id, '', 'Council to reopen the east quay', 'A. Bee',
        '', 'en', '{}', 'ready', 0, '', false, false, 1
    FROM made;
INSERT INTO articles_revision (id, project_id, article_id, number, body, length, sha256, original,
        original_type)
    SELECT revision_id, %(project)s, article_id, 1, body, length(body),
        sha256(convert_to(body, 'UTF8')), '', 'text/plain'
    FROM made;
INSERT INTO articles_block (project_id, revision_id, position, kind, start, "end", by_hand, version)
    SELECT %(project)s, revision_id, position, kind, start, least("end", length(made.body)),
        false, 1
    FROM made, unnest(%(kinds)s::text[], %(starts)s::int[], %(ends)s::int[]) WITH ORDINALITY
        AS block(kind, start, "end", position);
INSERT INTO articles_layer (project_id, article_id, annotator_id, name, kind, slot,
        guidelines_version, annotation_count, relation_count, version)
    SELECT %(project)s, article_id, %(user)s, 'ada', 'work', 1, 1, wanted, 0, 1 FROM made;
INSERT INTO articles_annotation (project_id, article_id, revision_id, layer_id, label_id, start,
        "end", quote_sha256, attributes, note, unsure, origin, version)
    SELECT %(project)s, made.article_id, made.revision_id, layer.id,
        (%(labels)s::uuid[])[1 + k %% cardinality(%(labels)s::uuid[])], start, start + size,
        sha256(convert_to(substr(made.body, start + 1, size), 'UTF8')), '{}', '', false, 'manual', 1
    FROM made
    JOIN articles_layer layer USING (article_id),
    LATERAL (
        SELECT k, k * ((length(body) - 60) / wanted) AS start, 12 + k %% 40 AS size
        FROM generate_series(0, wanted - 1) AS k
    ) AS span;
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--annotations", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.one:
        _write_one(*wanted.one)
        return
    rows = [
        "| format | articles | annotations | annotations a second "
        "| `COPY` of annotations, a second | ratio "
        "| `COPY` of all rows, annotations a second | ratio | peak memory |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    with scratch_data():
        from articles.formats.registry import WRITABLE

        _fill("warm", 1, 10)
        for part in PARTS:
            articles, annotations = wanted.articles // part, wanted.annotations // part
            slug = f"part-{part}"
            _fill(slug, articles, annotations)
            for form in WRITABLE:
                if form.name == "labelstudio_config":  # holds no annotations
                    continue
                runs = wanted.runs if form.name in FAST else 1
                rows.append(_measure(slug, form.name, articles, annotations, runs))
                print(rows[-1], flush=True)
    if wanted.write:
        write_section("export", "\n".join(rows))


def _measure(slug: str, form: str, articles: int, annotations: int, runs: int) -> str:
    """A row of the table."""
    from articles.desk.models import Project

    project = Project.objects.get(slug=slug)
    exports, copies, whole, memory = [], [], [], []
    for _ in range(runs):
        copies.append(annotations / _seconds(lambda: _copy(project.pk, ANNOTATIONS)))
        whole.append(annotations / _seconds(lambda: _copy(project.pk, ALL)))
        seconds, megabytes = _in_a_process(form, slug)
        exports.append(annotations / seconds)
        memory.append(megabytes)
    export = statistics.median(exports)
    return (
        f"| {form} | {articles:,} | {annotations:,} | {_spread(exports)} "
        f"| {_spread(copies)} | {export / statistics.median(copies):.2f}× "
        f"| {_spread(whole)} | {export / statistics.median(whole):.2f}× | {_spread(memory)} MB |"
    )


def _write_one(form: str, slug: str) -> None:
    """Write a format to nowhere, and say how many seconds it took."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsdesk.settings"
    import django

    django.setup()
    from articles.datasets.sources import Live, about, written
    from articles.desk.models import Project
    from articles.formats.registry import FORMATS

    def write(slug: str) -> None:
        source = Live(Project.objects.get(slug=slug))
        for _ in written(source, FORMATS[form], about(source.project, "http://localhost", {})):
            pass

    write("warm")  # libraries prepare themselves once
    print(_seconds(lambda: write(slug)))


def _fill(slug: str, articles: int, annotations: int) -> None:
    from django.db import connection, transaction

    from articles.desk.models import User
    from articles.desk.services import create_project
    from articles.text.blocks import divide

    ada, _ = User.objects.get_or_create(username="ada", is_staff=True)
    project = create_project(actor=ada, name=slug, slug=slug)
    body = story(WORDS)
    blocks = divide(body)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the fastest way in
        cursor.execute(
            FILL,
            {
                "project": project.pk,
                "user": ada.pk,
                "articles": articles,
                "annotations": annotations,
                "body": body,
                "kinds": [str(block.kind) for block in blocks],
                "starts": [block.start for block in blocks],
                "ends": [*(block.end for block in blocks[:-1]), 2**31 - 1],
                "labels": [label.pk for label in project.labels.spans()],
            },
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(project: int, tables: Sequence[str]) -> None:
    from django.db import connection
    from psycopg import sql

    for table in tables:
        query = sql.SQL("COPY (SELECT * FROM {} WHERE project_id = {}) TO STDOUT").format(
            sql.Identifier(table), sql.Literal(project)
        )
        with connection.cursor() as cursor, cursor.copy(query) as copy:
            for _ in copy:
                pass


def _seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _in_a_process(form: str, slug: str) -> tuple[float, float]:
    """Seconds that the writing took, and megabytes that were resident at most."""
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.export", "--one", form, slug],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout
    with child.stdout as said:
        seconds = said.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"Writing {form} failed.")
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    return float(seconds), used.ru_maxrss * unit / 1e6


def _spread(values: Sequence[float]) -> str:
    """The median and, of more than one, the range."""
    median = f"{statistics.median(values):,.0f}"
    return median if len(values) == 1 else f"{median} ({min(values):,.0f} to {max(values):,.0f})"


if __name__ == "__main__":
    main()
