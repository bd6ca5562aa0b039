"""Parquet, laid out as Hugging Face's datasets are: an archive with a card and three tables.

``data`` has an annotation a row, ``articles`` their texts, ``relations`` what joins annotations.
Each split of a table is in as many files as it takes, so that one can be handed on while the next
is written. DuckDB reads them with ``data/*.parquet``, ``datasets.load_dataset`` by the card.

Source: Hugging Face Hub, "Manual configuration" of a dataset's card (2024).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from tempfile import TemporaryFile
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from articles.formats.shapes import About, ArticleRecord
from articles.formats.zipped import zipped

#: Rows of a file, and of the parts that it can be read in.
ROWS_A_FILE = {"data": 500_000, "articles": 50_000, "relations": 500_000}
ROWS_A_GROUP = {"data": 20_000, "articles": 300, "relations": 20_000}
#: What the tables are called as configurations, and the split of what is not split.
CONFIGS = {"data": "annotations", "articles": "articles", "relations": "relations"}
ONE_SPLIT = "train"
#: Articles that are turned into rows together.
TOGETHER = 200
_CHUNK = 256 * 1024

_TIME = pa.timestamp("us", "UTC")
_TEXT = pa.string()
#: A text that many rows say.
_WORD = pa.dictionary(pa.int32(), _TEXT)
_NUMBER = pa.int32()
SCHEMAS = {
    "data": pa.schema(
        [("id", _TEXT), ("article_id", _WORD), ("revision", _NUMBER), ("sha256", _WORD),
         ("offset_unit", _WORD), ("label", _WORD), ("start", _NUMBER), ("end", _NUMBER),
         ("quote", _TEXT), ("attributes", _WORD), ("annotator", _WORD), ("layer", _WORD),
         ("version", _NUMBER), ("created_at", _TIME), ("updated_at", _TIME), ("origin", _WORD),
         ("note", _WORD), ("unsure", pa.bool_()), ("split", _TEXT)]
    ),
    "articles": pa.schema(
        [("id", _TEXT), ("external_id", _TEXT), ("title", _TEXT), ("url", _TEXT), ("text", _TEXT),
         ("revision", _NUMBER), ("sha256", _TEXT), ("offset_unit", _TEXT),
         ("blocks", pa.list_(pa.struct(
             [("kind", _TEXT), ("start", _NUMBER), ("end", _NUMBER)]))),
         ("split", _TEXT), ("byline", _TEXT), ("publisher", _TEXT), ("published_at", _TIME),
         ("language", _TEXT), ("metadata", _TEXT), ("placement", _TEXT),
         ("story", _TEXT),
         ("layers", pa.list_(pa.struct([("name", _TEXT), ("submitted_at", _TIME)])))]
    ),
    "relations": pa.schema(
        [("id", _TEXT), ("article_id", _TEXT), ("type", _TEXT), ("from", _TEXT), ("to", _TEXT),
         ("to_name", _TEXT), ("version", _NUMBER), ("created_at", _TIME), ("split", _TEXT)]
    ),
}  # fmt: skip
#: Columns that seldom say the same twice: to look for repeats in them would cost time.
_EVER_NEW = {"id", "quote", "text", "start", "end", "created_at", "updated_at", "title", "from"}


@dataclass(frozen=True, slots=True)
class Tables:
    """Some articles as rows of the three tables."""

    data: pa.Table
    articles: pa.Table
    relations: pa.Table


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """The records as an archive of Parquet files; attributes and metadata in them are JSON."""
    return write_tables(map(tables_of, batched(records, TOGETHER)), about)


def write_tables(parts: Iterable[Tables], about: About) -> Iterator[bytes]:
    """The same from rows: each file waits in a temporary one until it is whole.

    Needs memory for the rows of one group a table.
    """
    return zipped(_entries(parts, about))


def tables_of(records: Sequence[ArticleRecord]) -> Tables:
    """Records as rows."""
    found: list[dict[str, Any]] = [
        {**_of_article(record), **one} for record in records for one in record["annotations"]
    ]
    data = [
        one | {"attributes": _json(one["attributes"]), "created_at": _time(one["created_at"]),
               "updated_at": _time(one["updated_at"])}
        for one in found
    ]  # fmt: skip
    return Tables(pa.Table.from_pylist(data, SCHEMAS["data"]), *articles_of(records))


def articles_of(records: Sequence[Any]) -> tuple[pa.Table, pa.Table]:
    """Records as rows about the articles alone, and about what joins annotations."""
    articles = [
        record
        | {"metadata": _json(record["metadata"]), "published_at": _time(record["published_at"]),
           "layers": [
               one | {"submitted_at": _time(one["submitted_at"])} for one in record["layers"]
           ]}
        for record in records
    ]  # fmt: skip
    relations = [
        one | {"article_id": record["id"], "created_at": _time(one["created_at"]),
               "split": record["split"]}
        for record in records
        for one in record["relations"]
    ]  # fmt: skip
    return (
        pa.Table.from_pylist(articles, SCHEMAS["articles"]),
        pa.Table.from_pylist(relations, SCHEMAS["relations"]),
    )


def _of_article(record: ArticleRecord) -> dict[str, Any]:
    return {
        "article_id": record["id"],
        "revision": record["revision"],
        "sha256": record["sha256"],
        "offset_unit": record["offset_unit"],
        "split": record["split"],
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _time(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def _entries(parts: Iterable[Tables], about: About) -> Iterator[tuple[str, Iterable[bytes]]]:
    with ExitStack() as opened:
        files: dict[tuple[str, str], _Files] = {}

        def file_of(name: str, split: str) -> _Files:
            if (name, split) not in files:
                files[name, split] = _Files(name, split, about, opened)
            return files[name, split]

        for part in parts:
            for name in SCHEMAS:
                for split, rows in _splits(getattr(part, name)):
                    table = file_of(name, split)
                    if table.add(rows):
                        yield table.taken()
        for name in SCHEMAS:
            if not any(key == name for key, _ in files):
                file_of(name, ONE_SPLIT)
        for table in files.values():
            if table.holds_some():
                yield table.taken()
        yield "README.md", [_card(about, list(files))]


def _splits(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each split; all of them, where nothing is split."""
    if rows["split"].null_count:
        yield ONE_SPLIT, rows
        return
    for split in pc.unique(rows["split"]).to_pylist():
        yield split, rows.filter(pc.equal(rows["split"], split))


class _Files:
    """The files of one split of a table, one after the other; ``opened`` closes them all."""

    def __init__(self, name: str, split: str, about: About, opened: ExitStack) -> None:
        self.name, self.split, self.opened = name, split, opened
        self.said = json.dumps({"project": about.project, "offset_unit": "code_point"})
        self.number = 0
        self._open()

    def add(self, rows: pa.Table) -> bool:
        """Some more rows; whether the file is full."""
        self.waiting.append(rows)
        self.rows += rows.num_rows
        if sum(part.num_rows for part in self.waiting) >= ROWS_A_GROUP[self.name]:
            self._flush()
        return self.rows >= ROWS_A_FILE[self.name]

    def holds_some(self) -> bool:
        """Whether there is something to hand on: a table without rows is one file."""
        return bool(self.rows) or not self.number

    def taken(self) -> tuple[str, Iterator[bytes]]:
        """The file, whole, with its name; the next one begins."""
        self._flush()
        self.writer.close()
        name = f"{self.name}/{self.split}-{self.number:05}.parquet"
        whole, self.number = self.file, self.number + 1
        self._open()
        return name, _read_once(whole)

    def _open(self) -> None:
        self.file = self.opened.enter_context(_beside())
        self.writer = self.opened.enter_context(
            pq.ParquetWriter(
                self.file,
                SCHEMAS[self.name],
                compression="zstd",
                use_dictionary=[one for one in SCHEMAS[self.name].names if one not in _EVER_NEW],
                store_schema=False,  # so that everybody reads words, and nobody dictionaries
            )
        )
        self.writer.add_key_value_metadata({"newsdesk": self.said})
        self.waiting: list[pa.Table] = []
        self.rows = 0

    def _flush(self) -> None:
        if self.waiting:
            self.writer.write_table(pa.concat_tables(self.waiting).unify_dictionaries())
            self.waiting = []


@contextmanager
def _beside() -> Iterator[IO[bytes]]:
    with TemporaryFile() as file:
        yield file


def _read_once(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _card(about: About, files: Sequence[tuple[str, str]]) -> bytes:
    """What the files are, for people and for ``load_dataset``."""
    configs = ""
    for name in SCHEMAS:
        default = "  default: true\n" if name == "data" else ""
        configs += f"- config_name: {CONFIGS[name]}\n{default}  data_files:\n"
        for split in (split for table, split in files if table == name):
            # In quotes: a split may be called no.
            configs += f'  - split: "{split}"\n    path: {name}/{split}-*.parquet\n'
    labels = "".join(
        f"- `{label.key}`: {' '.join((label.definition or label.name).split())}\n"
        for label in about.labels
    )
    return (
        f"---\nconfigs:\n{configs}---\n# {about.name}\n\n"
        "`start` and `end` count Unicode code points of the article's `text`, `end` exclusive; "
        "`sha256` is the hash of that text in UTF-8.\n\n"
        f"## Labels\n\n{labels}"
    ).encode()
