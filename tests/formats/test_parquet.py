"""Parquet: what was written is what the libraries of those who use it read."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.formats import parquet
from articles.formats.parquet import write
from articles.formats.shapes import ArticleRecord
from tests.formats.drawn import (
    ABOUT,
    annotation_record,
    article_record,
    records,
    relation_record,
)
from tests.formats.hugging_face import load_dataset

TEXT = "🏗️ Zoë said “ours”, and the quay is open. שלום"


def unpacked(given: list[ArticleRecord], folder: Path) -> Path:
    with ZipFile(BytesIO(b"".join(write(given, ABOUT)))) as archive:
        archive.extractall(folder)
    return folder


def three_articles() -> list[ArticleRecord]:
    """Overlapping spans with emoji and attributes, a link, and an article without any."""
    claim = annotation_record(TEXT, 0, 20, attributes={"worthy": "yes", "sure": [1, None]})
    quote = annotation_record(TEXT, 9, 20, "quote", note="=1\n🏗️", unsure=True)
    second = annotation_record(TEXT, 9, 20, "quote", who="gold")
    return [
        article_record(TEXT, [claim, quote, second], [relation_record(quote, claim)], 1),
        article_record("Nothing was said.", number=2),
        article_record(TEXT, [annotation_record(TEXT, 44, 48, "source")], number=3),
    ]


def spans(of: list[ArticleRecord]) -> list[tuple[Any, ...]]:
    return [
        (record["id"], one["label"], one["start"], one["end"], one["quote"], one["annotator"])
        for record in of
        for one in record["annotations"]
    ]


COLUMNS = ["article_id", "label", "start", "end", "quote", "annotator"]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(records(), max_size=2))
def test_pyarrow_reads_the_same_spans(given: list[ArticleRecord]) -> None:
    with ZipFile(BytesIO(b"".join(write(given, ABOUT)))) as archive:
        table = pq.read_table(BytesIO(archive.read("data/train-00000.parquet")))
        texts = pq.read_table(BytesIO(archive.read("articles/train-00000.parquet")))

    assert [tuple(row.values()) for row in table.select(COLUMNS).to_pylist()] == spans(given)
    assert texts["text"].to_pylist() == [record["text"] for record in given]
    assert texts["blocks"].to_pylist() == [record["blocks"] for record in given]
    assert texts["story"].to_pylist() == [record["story"] for record in given]


def test_all_that_was_said_is_there(tmp_path: Path) -> None:
    given = three_articles()
    folder = unpacked(given, tmp_path)

    table = pq.read_table(folder / "data" / "train-00000.parquet")
    (relation,) = pq.read_table(folder / "relations" / "train-00000.parquet").to_pylist()

    row = table.to_pylist()[1]
    first = table.to_pylist()[0]
    assert json.loads(first["attributes"]) == {"worthy": "yes", "sure": [1, None]}
    assert (row["note"], row["unsure"]) == ("=1\n🏗️", True)
    assert row["created_at"].isoformat() == "2026-11-22T09:30:00+00:00"
    assert (row["offset_unit"], row["revision"]) == ("code_point", 2)
    assert row["sha256"] == given[0]["sha256"]
    assert json.loads(table.schema.metadata[b"newsdesk"])["offset_unit"] == "code_point"
    assert (relation["from"], relation["to"]) == (row["id"], first["id"])


def test_many_files_are_one_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS_A_FILE", {"data": 2, "articles": 1, "relations": 9})
    monkeypatch.setattr(parquet, "TOGETHER", 1)
    given = three_articles()
    folder = unpacked(given, tmp_path / "files")

    asked = f"SELECT {', '.join(f'"{name}"' for name in COLUMNS)} FROM '{folder}/data/*.parquet'"
    by_duckdb = duckdb.execute(asked).fetchall()
    loaded = load_dataset(str(folder), cache_dir=str(tmp_path / "cache"), split="train")
    texts = load_dataset(str(folder), "articles", cache_dir=str(tmp_path / "cache"), split="train")

    assert len(list((folder / "data").iterdir())) == 2
    assert by_duckdb == spans(given)
    assert [tuple(row[name] for name in COLUMNS) for row in loaded] == spans(given)
    assert texts["text"][:] == [record["text"] for record in given]


def test_splits_are_files_that_the_card_names(tmp_path: Path) -> None:
    given = three_articles()
    given[1] = article_record(TEXT, given[0]["annotations"], given[0]["relations"], 2)
    for record, split in zip(given, ("train", "no", "train"), strict=True):
        record["split"] = split
    folder = unpacked(given, tmp_path / "files")

    articles, relations = (
        load_dataset(str(folder), name, cache_dir=str(tmp_path / "cache"))
        for name in ("articles", "relations")
    )

    assert {split: rows["id"][:] for split, rows in articles.items()} == {
        "train": [given[0]["id"], given[2]["id"]],
        "no": [given[1]["id"]],
    }
    assert {split: rows["article_id"][:] for split, rows in relations.items()} == {
        "train": [given[0]["id"]],
        "no": [given[1]["id"]],
    }


def test_the_same_records_give_the_same_bytes() -> None:
    assert list(write(three_articles(), ABOUT)) == list(write(three_articles(), ABOUT))


def test_nothing_at_all_is_three_tables_without_rows(tmp_path: Path) -> None:
    folder = unpacked([], tmp_path)

    assert sorted(path.name for path in folder.rglob("*.parquet")) == [
        "train-00000.parquet", "train-00000.parquet", "train-00000.parquet",
    ]  # fmt: skip
    assert pq.read_table(folder / "data" / "train-00000.parquet").num_rows == 0


def test_arrow_allocates_as_everybody_else_does() -> None:
    assert pa.default_memory_pool().backend_name == "system"
