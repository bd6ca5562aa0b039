"""How long it takes to save an annotation over HTTP, in articles that hold more and more of them.

    python -m benchmarks.save [--write]

The physical limit stands beside it: one bare INSERT and COMMIT on the same database, measured in
turn with the saves, so that a noisy machine disturbs both alike.
"""

import argparse
import statistics
import time
import uuid

from benchmarks.report import write_section
from benchmarks.scratch import (
    Session,
    fill,
    percentile,
    scratch_data,
    serving,
    signed_in,
    story,
)

HELD = (0, 200, 1_000, 5_000)
SAVES = 200
WARM_UP = 20
WORDS = 5_000  # about 35 kB of text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    write = parser.parse_args().write
    rows = [
        "| annotations held | p50 | p95 | INSERT + COMMIT p50 | ratio |",
        "|---:|---:|---:|---:|---:|",
    ]
    with scratch_data() as data:
        articles = _prepare()
        cookies = signed_in("ada")
        with serving(data) as port:
            cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
            session = Session(port, cookie, cookies["csrftoken"])
            for held in HELD:
                saves, commits = measure(session, articles[held])
                ratio = statistics.median(saves) / statistics.median(commits)
                rows.append(
                    f"| {held:,} | {statistics.median(saves) * 1000:.1f} ms "
                    f"| {percentile(saves, 95) * 1000:.1f} ms "
                    f"| {statistics.median(commits) * 1000:.2f} ms | {ratio:.1f}× |"
                )
    table = "\n".join(rows)
    print(table)
    if write:
        write_section("save", table)


def _prepare() -> dict[int, str]:
    """A project with one article for each number of annotations; its workbench's address."""
    from articles.desk.models import User
    from articles.desk.services import create_project
    from articles.intake.incoming import pasted
    from articles.intake.services import add_article

    ada = User.objects.create_user("ada", password=uuid.uuid4().hex, is_staff=True)
    project = create_project(actor=ada, name="Benchmark", annotators_per_article=1)
    addresses = {}
    for held in HELD:
        text = story(WORDS, seed=held)
        article, _ = add_article(actor=ada, project=project, incoming=pasted(text))
        if held:
            fill(ada, article, held)
        addresses[held] = f"/p/{project.slug}/articles/{article.pk}/annotations/"
    return addresses


def measure(session: Session, address: str) -> tuple[list[float], list[float]]:
    """Seconds of each save, and of a bare INSERT and COMMIT between each two saves."""
    from django.db import connection

    from articles.intake.models import Article

    article = Article.objects.select_related("revision").get(pk=address.split("/")[-3])
    body = article.revision.body
    saves, commits = [], []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bare (id bigint, words text)")
    for number in range(WARM_UP + SAVES):
        start = (number * 97) % (len(body) - 80)
        fields: dict[str, object] = {
            "id": uuid.uuid4(),
            "start": start,
            "end": start + 53 + number % 7,
            "quote": body[start : start + 53 + number % 7],
            "label": "source",
        }
        begun = time.perf_counter()
        status, _ = session.post(address, fields)
        took = time.perf_counter() - begun
        if status != 200:
            raise SystemExit(f"A save was answered {status}.")
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare VALUES (%s, %s)", [number, "words"])
        bare = time.perf_counter() - begun
        if number >= WARM_UP:
            saves.append(took)
            commits.append(bare)
    return saves, commits


if __name__ == "__main__":
    main()
