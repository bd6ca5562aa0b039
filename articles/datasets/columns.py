"""A project's articles, some at a time: texts in lists, and annotations in columns of Arrow's.

PostgreSQL hands them out packed (``rows.py``); here they are unpacked, thousands at a time.
"""

import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from articles.datasets.rows import ANNOTATION, BETWEEN, BLOCK, COUNT, KINDS, WITHIN

#: A batch is full with so many annotations, or so many code points of text.
MOST_ANNOTATIONS, MOST_TEXT = 4_000, 500_000
#: From 1970, Arrow's beginning of time, to 2000, PostgreSQL's, in microseconds.
YEARS_BETWEEN = 946_684_800_000_000
#: Where hexadecimal digits of an id are, and where they stand among its dashes.
DIGITS = ((slice(0, 8), slice(0, 8)), (slice(8, 12), slice(9, 13)), (slice(12, 16), slice(14, 18)),
          (slice(16, 20), slice(19, 23)), (slice(20, 32), slice(24, 36)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Annotations:
    """Columns of equal length; ``attributes``, ``layer`` and ``note`` are JSON.

    What is said again and again is in dictionaries.
    """

    id: pa.StringArray
    label: pa.DictionaryArray
    start: pa.Int32Array
    end: pa.Int32Array
    quotes: list[str]
    attributes: pa.DictionaryArray
    layer: pa.DictionaryArray
    version: pa.Int32Array
    created_at: pa.TimestampArray
    updated_at: pa.TimestampArray
    origin: pa.DictionaryArray
    note: pa.DictionaryArray
    unsure: pa.BooleanArray


@dataclass(frozen=True, slots=True)
class Blocks:
    """Columns of equal length."""

    kind: pa.DictionaryArray
    start: pa.Int32Array
    end: pa.Int32Array


@dataclass(slots=True)
class Batch:
    """Some articles, in order, and what was annotated in them; ``labels`` are the project's keys.

    ``records`` are JSON, with null where text, blocks and annotations go. ``block_counts`` and
    ``counts`` say how many of the blocks and of the annotations are the article's. ``packed`` are
    blocks, as they were sent; ``work`` are annotations of each article that has a layer.
    """

    labels: pa.StringArray
    bodies: list[str] = field(default_factory=list)
    records: list[bytes] = field(default_factory=list)
    packed: list[bytes] = field(default_factory=list)
    block_counts: list[int] = field(default_factory=list)
    work: list[tuple[bytes, bytes, str, str | None]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    annotated: int = 0
    text: int = 0

    def add(
        self, body: str, record: bytes, blocks: bytes | None, annotations: bytes | None, *said: Any
    ) -> None:
        """One more article: a row, see ``rows.TYPES``."""
        self.bodies.append(body)
        self.text += len(body)
        self.records.append(record)
        self.packed.append(blocks or b"")
        self.block_counts.append(len(self.packed[-1]) // BLOCK.itemsize)
        count = len(annotations or b"") // ANNOTATION.itemsize
        self.counts.append(count)
        self.annotated += count
        if annotations:
            self.work.append((annotations, *said))

    @property
    def is_full(self) -> bool:
        """Whether it is time to hand it on."""
        return self.annotated >= MOST_ANNOTATIONS or self.text >= MOST_TEXT

    def blocks(self) -> Blocks:
        """Their blocks, unpacked."""
        rows = np.frombuffer(b"".join(self.packed), BLOCK)
        return Blocks(
            kind=pa.DictionaryArray.from_arrays(rows["kind"].astype("i4") - 1, pa.array(KINDS)),
            start=pa.array(rows["start"].astype("i4")),
            end=pa.array(rows["end"].astype("i4")),
        )

    def annotations(self) -> Annotations:
        """Its annotations, unpacked."""
        packed, counts, layers, words = zip(*self.work, strict=True) if self.work else [()] * 4
        rows = np.frombuffer(b"".join(packed), ANNOTATION)
        layer = texts(layers).dictionary_encode()
        attributes, origin, note = _parted(texts(words).dictionary_encode())
        return Annotations(
            id=uuids(rows["id"]),
            label=pa.DictionaryArray.from_arrays(rows["label"].astype("i4") - 1, self.labels),
            start=pa.array(rows["start"].astype("i4")),
            end=pa.array(rows["end"].astype("i4")),
            quotes=self._quotes(rows["start"].tolist(), rows["end"].tolist()),
            attributes=attributes,
            layer=pa.DictionaryArray.from_arrays(
                np.repeat(layer.indices, np.frombuffer(b"".join(counts), COUNT)), layer.dictionary
            ),
            version=pa.array(rows["version"].astype("i4")),
            created_at=_times(rows["created_at"]),
            updated_at=_times(rows["updated_at"]),
            origin=origin,
            note=note,
            unsure=pa.array(rows["unsure"].astype("?")),
        )

    def _quotes(self, starts: list[int], ends: list[int]) -> list[str]:
        quotes: list[str] = []
        first = 0
        for body, count in zip(self.bodies, self.counts, strict=True):
            last = first + count
            spans = zip(starts[first:last], ends[first:last], strict=True)
            quotes += [body[start:end] for start, end in spans]
            first = last
        return quotes


def uuids(ids: Any) -> pa.StringArray:
    """Ids of 16 bytes as they are written."""
    digits = np.frombuffer(binascii.hexlify(ids.tobytes()), "u1").reshape(-1, 32)
    written = np.full((len(ids), 36), ord("-"), "u1")
    for given, place in DIGITS:
        written[:, place] = digits[:, given]
    offsets = np.arange(0, written.size + 1, 36, dtype="i4")
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(written))


def texts(parts: Sequence[str]) -> pa.StringArray:
    """Columns of texts that were sent as one each, in one array."""
    if not parts:
        return pa.array([], pa.string())
    return pc.split_pattern(pa.array([BETWEEN.join(parts)]), BETWEEN).flatten()


def repeated(values: pa.Array, places: pa.Array) -> pa.DictionaryArray:
    """``values`` at ``places``, each of them once in the dictionary.

    For one that is there twice, Parquet's writer makes room and leaves in it what was in memory.
    """
    once = values.dictionary_encode()
    return pa.DictionaryArray.from_arrays(once.indices.take(places), once.dictionary)


def _parted(words: pa.DictionaryArray) -> list[pa.DictionaryArray]:
    """The three texts that are said of each annotation."""
    said = pc.split_pattern(words.dictionary, WITHIN).flatten()
    return [repeated(said[n::3], words.indices) for n in range(3)]


def _times(since_2000: Any) -> pa.TimestampArray:
    return pa.array(since_2000.astype("i8") + YEARS_BETWEEN).cast(pa.timestamp("us"))
