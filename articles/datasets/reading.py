"""Reading a project's articles out of PostgreSQL, ahead of whoever uses them."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa

from articles.datasets.columns import Batch
from articles.datasets.queries import one_instant
from articles.datasets.rows import TYPES, rows_of
from articles.desk.models import Project
from articles.intake.models import ArticleQuerySet


def batches(project: Project, articles: ArticleQuerySet, layers: str) -> Iterator[Batch]:
    """``articles`` of the project in order of intake, as they stand at one moment.

    See ``sources.Live`` for ``layers``. Two queries; needs memory for two batches.
    """
    with one_instant() as cursor:
        labels = dict(project.labels.values_list("key", "id"))
        keys = sorted(labels)  # as in PostgreSQL's collation C
        query = rows_of(project, articles, layers, [labels[key] for key in keys])
        with cursor.copy(query) as copy:
            copy.set_types(TYPES)
            yield from _ahead(_gathered(copy.rows(), pa.array(keys, pa.string())))


def _gathered(rows: Iterable[tuple[Any, ...]], labels: pa.StringArray) -> Iterator[Batch]:
    batch = Batch(labels)
    for row in rows:
        batch.add(*row)
        if batch.is_full:
            yield batch
            batch = Batch(labels)
    yield batch


def _ahead[T](items: Iterator[T]) -> Iterator[T]:
    """The same, each made while the one before it is used: PostgreSQL need not wait for us."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        following = thread.submit(next, items, None)
        while (item := following.result()) is not None:
            following = thread.submit(next, items, None)
            yield item
