"""Reading a project's articles out of PostgreSQL, ahead of whoever uses what is made of them."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pyarrow as pa

from articles.datasets.columns import Batch
from articles.datasets.queries import one_instant
from articles.datasets.rows import TYPES, rows_of
from articles.desk.models import Project
from articles.intake.models import ArticleQuerySet


def batches[T](
    project: Project, articles: ArticleQuerySet, layers: str, make: Callable[[Batch], T]
) -> Iterator[T]:
    """What ``make`` makes of ``articles`` of the project, in order of intake, at one moment.

    See ``sources.Live`` for ``layers``. Two queries; needs memory for three batches. ``make`` is
    called in a thread of its own.
    """
    with one_instant() as cursor:
        labels = dict(project.labels.values_list("key", "id"))
        keys = sorted(labels)  # as in PostgreSQL's collation C
        query = rows_of(project, articles, layers, [labels[key] for key in keys])
        with cursor.copy(query) as copy:
            copy.set_types(TYPES)
            yield from _ahead(_gathered(copy.rows(), pa.array(keys, pa.string())), make)


def _gathered(rows: Iterable[tuple[Any, ...]], labels: pa.StringArray) -> Iterator[Batch]:
    batch = Batch(labels)
    for row in rows:
        batch.add(*row)
        if batch.is_full:
            yield batch
            batch = Batch(labels)
    yield batch


def _ahead[T](items: Iterator[Batch], make: Callable[[Batch], T]) -> Iterator[T]:
    """What is made of each: while one is used, the next is made, and the one after it is read."""
    made: Future[T] | None = None
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as maker:
        following = reader.submit(next, items, None)
        while (item := following.result()) is not None:
            following = reader.submit(next, items, None)
            making = maker.submit(make, item)
            if made:
                yield made.result()
            made = making
        if made:
            yield made.result()
