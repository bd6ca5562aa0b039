"""The JSONL writer: one article a line, with all that was said about it. Our canonical export."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from articles.datasets.columns import Annotations, Batch, Blocks, texts
from articles.datasets.reading import batches
from articles.datasets.rows import BETWEEN
from articles.desk.models import Project
from articles.intake.models import ArticleQuerySet

# The holes of a record. In its strings, quotation marks have a backslash before them, so that no
# title and no note can look like one.
TEXT = b'"text":null,"revision":'
PARTS = b'"blocks":null,"annotations":null,'
SPLIT = b'"split":null,"byline":'
#: What a string of JSON has for the signs of a canonical text that it cannot have; the first first.
ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"))


def write_jsonl(project: Project, articles: ArticleQuerySet, layers: str) -> Iterator[bytes]:
    """``articles`` of the project in order of intake, as they stand at one moment, a line each.

    They come with any layers; see ``sources.Live`` for ``layers``. The same content gives the
    same bytes.
    """
    for lines in batches(project, articles, layers, _lines):
        yield from lines


def with_split(line: bytes, split: str) -> bytes:
    """The line of an article that names its split."""
    return line.replace(SPLIT, b'"split":"%b","byline":' % split.encode(), 1)


def _lines(batch: Batch) -> list[bytes]:
    parts = zip(
        batch.records,
        batch.bodies,
        _insides(_blocks(batch.blocks()), batch.block_counts),
        _insides(_annotations(batch.annotations()), batch.counts),
        strict=True,
    )
    return [_line(*part) for part in parts]


def _line(record: bytes, body: str, blocks: memoryview, annotations: memoryview) -> bytes:
    head, tail = record.split(TEXT, 1)
    middle, end = tail.split(PARTS, 1)
    return b"".join(
        (head, b'"text":"', _escaped(body).encode(), b'","revision":', middle,
         b'"blocks":[', blocks, b'],"annotations":[', annotations, b"],", end, b"\n")
    )  # fmt: skip


def _insides(written: pa.StringArray, counts: Sequence[int]) -> Iterator[memoryview]:
    """What stands between the brackets of each article's array."""
    content = memoryview(written.buffers()[2] or b"")
    offsets = memoryview(written.buffers()[1]).cast("i")
    first = 0
    for count in counts:
        last = first + count
        # Each has a comma behind it, the last one, too.
        yield content[offsets[first] : offsets[last] - bool(count)]
        first = last


def _escaped(text: str) -> str:
    """Canonical text within a string of JSON: other control characters are in none of it."""
    for sign, written in ESCAPES:
        text = text.replace(sign, written)
    return text


def _blocks(of: Blocks) -> pa.StringArray:
    """Each block as JSON, with a comma behind it."""
    return pc.binary_join_element_wise(
        _said('{"kind":"', of.kind, '","start":'), of.start.cast(pa.string()),
        ',"end":', of.end.cast(pa.string()), "},",
        "",
    )  # fmt: skip


def _annotations(of: Annotations) -> pa.StringArray:
    """Each annotation as JSON, with a comma behind it."""
    return pc.binary_join_element_wise(
        '{"id":"', of.id, _said('","label":"', of.label, '","start":'), of.start.cast(pa.string()),
        ',"end":', of.end.cast(pa.string()), ',"quote":"', _quotes(of.quotes),
        _said('","attributes":', of.attributes, ',"annotator":', of.layer, ',"layer":', of.layer,
              ',"version":', of.version, ',"created_at":"'),
        _rfc_3339(of.created_at), 'Z","updated_at":"', _rfc_3339(of.updated_at),
        _said('Z","origin":"', of.origin, '","note":', of.note, ',"unsure":', of.unsure, "},"),
        "",
    )  # fmt: skip


def _quotes(quotes: list[str]) -> pa.StringArray:
    """Each within a string of JSON; escaped all at once, which takes a third of the time."""
    return texts([_escaped(BETWEEN.join(quotes))] if quotes else [])


def _said(*parts: str | pa.Array) -> pa.StringArray:
    """The parts of each row behind each other, put together once for each that is said again."""
    columns = [
        part if isinstance(part, pa.DictionaryArray) else part.dictionary_encode()
        for part in parts
        if not isinstance(part, str)
    ]
    if not len(columns[0]):
        return pa.array([], pa.string())
    sizes = [len(column.dictionary) for column in columns]
    codes = np.ravel_multi_index([column.indices.to_numpy() for column in columns], sizes)
    rows = pa.array(codes).dictionary_encode()
    places = iter(np.unravel_index(rows.dictionary.to_numpy(), sizes))
    values = (column.dictionary.take(pa.array(next(places))) for column in columns)
    words = [part if isinstance(part, str) else next(values).cast(pa.string()) for part in parts]
    return pc.binary_join_element_wise(*words, "").take(rows.indices)


def _rfc_3339(times: pa.TimestampArray) -> pa.StringArray:
    """As RFC 3339 writes them, always with microseconds, without a zone."""
    return pc.utf8_replace_slice(times.cast(pa.string()), 10, 11, "T")
