"""The articles of a project as rows of Parquet files, made of columns and not of lines."""

import json
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from articles.datasets.columns import Batch, repeated
from articles.datasets.reading import batches
from articles.desk.models import Project
from articles.formats.parquet import SCHEMAS, Tables, articles_of
from articles.intake.models import ArticleQuerySet


def tables_of_articles(
    project: Project, articles: ArticleQuerySet, layers: str
) -> Iterator[Tables]:
    """``articles`` of the project in order of intake, as they stand at one moment.

    See ``sources.Live`` for ``layers``. Needs memory for three batches.
    """
    return batches(project, articles, layers, _tables)


def _tables(batch: Batch) -> Tables:
    records = [
        json.loads(record) | {"text": body}
        for record, body in zip(batch.records, batch.bodies, strict=True)
    ]
    articles, relations = articles_of(records)
    place = articles.schema.get_field_index("blocks")
    articles = articles.set_column(place, articles.schema.field(place), _blocks(batch))
    return Tables(_data(batch, articles), articles, relations)


def _blocks(batch: Batch) -> pa.ListArray:
    """The blocks of each article."""
    of = batch.blocks()
    kind = SCHEMAS["articles"].field("blocks").type.value_type
    columns = [getattr(of, field.name).cast(field.type) for field in kind]
    starts = np.concatenate([[0], np.cumsum(batch.block_counts)]).astype("i4")
    return pa.ListArray.from_arrays(starts, pa.StructArray.from_arrays(columns, fields=list(kind)))


def _data(batch: Batch, articles: pa.Table) -> pa.Table:
    of = batch.annotations()
    article = pa.array(np.repeat(np.arange(len(batch.counts), dtype="i4"), batch.counts))

    def of_article(name: str) -> pa.Array:
        return repeated(articles[name].combine_chunks(), article)

    layer = _strings(of.layer)
    columns = {
        "article_id": of_article("id"),
        "revision": articles["revision"].combine_chunks().take(article),
        "sha256": of_article("sha256"),
        "offset_unit": of_article("offset_unit"),
        "quote": pa.array(of.quotes, pa.string()),
        "annotator": layer,
        "layer": layer,
        "note": _strings(of.note),
        "split": pa.nulls(len(article), pa.string()),
    }
    schema = SCHEMAS["data"]
    data = [
        (columns[name] if name in columns else getattr(of, name)).cast(schema.field(name).type)
        for name in schema.names
    ]
    return pa.Table.from_arrays(data, schema=schema)


def _strings(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The strings that a column of JSON says."""
    said = [json.loads(words) for words in column.dictionary.to_pylist()]
    return repeated(pa.array(said, pa.string()), column.indices)
