"""What the dashboard costs with ten thousand articles: the page, each query, each measure.

    python -m benchmarks.dashboard [--articles N] [--write]

Three annotators' layers on each article, ten annotations in each, all handed in. The page shows
numbers that a child process took; its time and its memory are measured too.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import write_section
from benchmarks.scratch import ROOT, scratch_data, spread, story

if TYPE_CHECKING:  # the models cannot be imported before Django is set up
    from articles.review.dashboard_queries import View

RUNS = 15
WORDS = 600  # about 4 kB of text
PEOPLE = ("ada", "ben", "cem", "dee", "eve", "fay")
LAYERS, ANNOTATIONS = 3, 10

# One text for all articles, but for its last line. Layers differ: each leaves a seventh of the
# spans out, moves the edge of every fifth and gives every ninth another label.
FILL = """
CREATE TEMP TABLE made ON COMMIT DROP AS
    SELECT uuidv7() AS article_id, uuidv7() AS revision_id, body || '\n' || n AS body, n,
        now() - make_interval(days => n %% 80) AS at
    FROM (SELECT %(body)s::text AS body) AS given, generate_series(1, %(articles)s) AS n;
INSERT INTO articles_article (id, project_id, revision_id, title, byline, publisher, language,
        metadata, placement, version, created_at, priority, hold_reason, is_sensitive,
        not_for_training)
    SELECT article_id, %(project)s, revision_id, 'Council to reopen the east quay', '', '', 'en',
        '{}', 'ready', 1, at - interval '2 days', 0, '', false, false
    FROM made;
INSERT INTO articles_revision (id, project_id, article_id, number, body, length, sha256, original,
        original_type)
    SELECT revision_id, %(project)s, article_id, 1, body, length(body),
        sha256(convert_to(body, 'UTF8')), '', 'text/plain'
    FROM made;
INSERT INTO articles_layer (project_id, article_id, annotator_id, name, kind, slot,
        guidelines_version, annotation_count, relation_count, version, created_at, submitted_at)
    SELECT %(project)s, article_id, (%(people)s::bigint[])[who], (%(names)s::text[])[who], 'work',
        place, 1, 0, 0, 1, at - make_interval(mins => 4 + who), at
    FROM made, generate_series(1, %(layers)s) AS place,
    LATERAL (SELECT 1 + (n + place) %% cardinality(%(people)s::bigint[]) AS who);
INSERT INTO articles_review (project_id, article_id, version, started_at, adjudicated_at,
        adjudicated_by_id)
    SELECT %(project)s, article_id, 1, at, at, (%(people)s::bigint[])[1] FROM made WHERE n %% 2 = 0;
INSERT INTO articles_annotation (project_id, article_id, revision_id, layer_id, label_id, start,
        "end", quote_sha256, attributes, note, unsure, origin, version)
    SELECT %(project)s, article_id, revision_id, layer.id,
        (%(labels)s::uuid[])[1 + (k + ((k + slot + n) %% 9 = 0)::int)
            %% cardinality(%(labels)s::uuid[])],
        start, start + size, sha256(convert_to(substr(body, start + 1, size), 'UTF8')), '{}', '',
        false, 'manual', 1
    FROM made
    JOIN articles_layer layer USING (article_id),
    LATERAL (
        SELECT k, k * ((length(body) - 90) / %(annotations)s) AS start,
            12 + k * 7 %% 60 + ((k + slot + n) %% 5 = 0)::int * 6 AS size
        FROM generate_series(0, %(annotations)s - 1) AS k
        WHERE (k + slot * 3 + n) %% 7 > 0
    ) AS span;
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    wanted = parser.parse_args()
    with scratch_data():
        _fill(wanted.articles)
        seconds, memory = _measured_aside()
        rows = [
            "| | ms |",
            "|---|---:|",
            f"| the page, numbers at hand | {_page()} |",
            f"| the first 30 disagreements of two people | {_disagreements()} |",
            *(f"| query: {name} | {time_} |" for name, time_ in _queries()),
            *(f"| measure: {name} | {time_} |" for name, time_ in _measures()),
            f"| `manage.py measure`, one kind of reader | {seconds * 1000:,.0f} |",
        ]
    layers = wanted.articles * LAYERS
    table = "\n".join(
        [
            f"{wanted.articles:,} articles, {layers:,} layers, about "
            f"{layers * ANNOTATIONS * 6 // 7:,} annotations. `manage.py measure` held "
            f"{memory:,.0f} MB at most.",
            "",
            *rows,
        ]
    )
    print(table)
    if wanted.write:
        write_section("dashboard", table)


def _fill(articles: int) -> None:
    from django.core.management import call_command
    from django.db import connection, transaction

    from articles.desk.models import Role, User
    from articles.desk.services import create_project, set_member

    call_command("collectstatic", verbosity=0, interactive=False)  # pages name these files
    boss = User.objects.create(username="boss", is_staff=True)
    project = create_project(actor=boss, name="Benchmark", annotators_per_article=LAYERS)
    people = [User.objects.create(username=name) for name in PEOPLE]
    for one in people:
        set_member(actor=boss, project=project, user=one, role=Role.ANNOTATOR)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the fastest way in
        cursor.execute(
            FILL,
            {
                "project": project.pk,
                "people": [one.pk for one in people],
                "names": list(PEOPLE),
                "layers": LAYERS,
                "articles": articles,
                "annotations": ANNOTATIONS,
                "body": story(WORDS),
                "labels": [label.pk for label in project.labels.spans().in_order()],
            },
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _measured_aside() -> tuple[float, float]:
    """Seconds, and megabytes at most, of taking all numbers as the page does."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, str(Path(ROOT, "manage.py")), "measure", "benchmark", "--reader=boss"],
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit("The measurement failed.")
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    return time.perf_counter() - begun, used.ru_maxrss * unit / 1e6


def _page() -> str:
    return _opened("/p/benchmark/dashboard/")


def _disagreements() -> str:
    return _opened("/p/benchmark/dashboard/disagreements/?one=ada&other=ben")


def _opened(address: str) -> str:
    from django.test import Client

    from articles.desk.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="boss"))
    if client.get(address).status_code != 200:
        raise SystemExit(f"{address} cannot be opened.")
    return spread([_seconds(lambda: client.get(address)) for _ in range(RUNS)])


def _queries() -> list[tuple[str, str]]:
    from articles.review import dashboard_queries as queries

    view = _view()
    counted: dict[str, Callable[[], object]] = {
        "what gates hide": lambda: queries.hidden_from(view.project, view.reader),
        "progress": lambda: queries.progress(view),
        "throughput": lambda: queries.throughput(view),
        "pace": lambda: queries.pace(view),
        "labels": lambda: queries.label_uses(view),
        "reasons": lambda: queries.reasons(view),
        "quotes without a source": lambda: queries.quotes(view),
        "all that is compared, with the words": lambda: queries.works(view.handed_in),
    }
    return [(name, _few(call)) for name, call in counted.items()]


def _measures() -> list[tuple[str, str]]:
    from articles.review.agreement_coding import attribute_alpha, word_kappa
    from articles.review.agreement_f1 import relation_f1, span_f1
    from articles.review.agreement_gamma import gamma
    from articles.review.agreement_labels import label_confusion
    from articles.review.agreement_unitizing import unitizing_alpha
    from articles.review.dashboard_queries import works

    all_works = works(_view().handed_in)
    measures: dict[str, Callable[[], object]] = {
        "exact F1, with its interval": lambda: span_f1(all_works, exact=True),
        "overlap F1, with its interval": lambda: span_f1(all_works, exact=False),
        "unitizing α": lambda: unitizing_alpha(all_works),
        "gamma": lambda: gamma(all_works),
        "link F1": lambda: relation_f1(all_works, exact=False),
        "attribute α": lambda: attribute_alpha(all_works),
        "word κ": lambda: word_kappa(all_works),
        "label across from label": lambda: label_confusion(all_works),
    }
    return [(name, f"{_seconds(call) * 1000:,.0f}") for name, call in measures.items()]


def _view() -> "View":
    from articles.desk.models import Project, User
    from articles.review.measuring import as_seen_by

    project = Project.objects.get(slug="benchmark")
    return as_seen_by(project, User.objects.get(username="boss"))


def _few(call: Callable[[], object]) -> str:
    return f"{statistics.median(_seconds(call) for _ in range(3)) * 1000:,.0f}"


def _seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
