"""The JSONL writer: one article a line, with all that was said about it. Our canonical export."""

import json
from collections.abc import Iterator
from json.encoder import encode_basestring
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from articles.datasets.columns import BETWEEN, Annotations, Batch, batches, batches_of, texts
from articles.desk.models import Project, User
from articles.intake.models import ArticleQuerySet

# The holes of a record. In its strings, quotation marks have a backslash before them, so that no
# title and no note can look like one.
TEXT = '"text":null,"revision":'
PARTS = '"blocks":null,"annotations":null,'
SPLIT = b'"split":null,"byline":'


def write_jsonl(
    project: Project, layers: str = "all", user: User | None = None, after: UUID | None = None
) -> Iterator[bytes]:
    """The project's articles in order of intake, as they stand at one moment, a line each.

    Those that a gate keeps in are left out; see ``sources.Live`` for what can be chosen. The
    articles come with any layers. The same content gives the same bytes.
    """
    for batch in batches(project, layers, user, after):
        yield from _lines(batch)


def lines_of_articles(project: Project, articles: ArticleQuerySet, layers: str) -> Iterator[bytes]:
    """The same of ``articles`` of the project, whichever they are."""
    for batch in batches_of(project, articles, layers):
        yield from _lines(batch)


def with_split(line: bytes, split: str) -> bytes:
    """The line of an article that names its split."""
    return line.replace(SPLIT, b'"split":"%b","byline":' % split.encode(), 1)


def _lines(batch: Batch) -> Iterator[bytes]:
    written = _written(batch.annotations())
    content = memoryview(written.buffers()[2] or b"")
    offsets = memoryview(written.buffers()[1]).cast("i")
    first = 0
    for body, record, blocks, count in zip(
        batch.bodies, batch.records, batch.blocks, batch.counts, strict=True
    ):
        last = first + count
        # Each annotation has a comma behind it, the last one, too.
        annotations = content[offsets[first] : offsets[last] - bool(count)]
        first = last
        head, tail = record.split(TEXT, 1)
        middle, end = tail.split(PARTS, 1)
        yield b"".join(
            (
                f'{head}"text":{encode_basestring(body)},"revision":{middle}'.encode(),
                f'"blocks":[{blocks}],"annotations":['.encode(),
                annotations,
                f"],{end}\n".encode(),
            )
        )


def _written(of: Annotations) -> pa.StringArray:
    """Each annotation as JSON, with a comma behind it."""
    label, layer, attributes, origin, note = (
        column.dictionary_encode()
        for column in (of.label, of.layer, of.attributes, of.origin, of.note)
    )
    # What is said again and again is put together once, and then taken.
    head = _said('","label":"', label, '","start":')
    about = _joined(_said(',"attributes":', attributes, ""), _said(',"annotator":', layer, ""))
    about = _joined(about, _said(',"layer":', layer, ',"version":'))
    about = _joined(about, _said("", of.version.dictionary_encode(), ',"created_at":"'))
    tail = _joined(_said('","origin":"', origin, '"'), _said(',"note":', note, ',"unsure":'))
    tail = _joined(tail, _said("", of.unsure.cast(pa.string()).dictionary_encode(), "},"))
    return pc.binary_join_element_wise(
        '{"id":"', of.id, _taken(head), of.start.cast(pa.string()),
        ',"end":', of.end.cast(pa.string()), ',"quote":', _as_json(of.quotes),
        _taken(about), _in_utc(of.created_at),
        '","updated_at":"', _in_utc(of.updated_at), _taken(tail), "",
    )  # fmt: skip


def _said(before: str, column: pa.DictionaryArray, behind: str) -> pa.DictionaryArray:
    """The column with words around each of its values."""
    words = pc.binary_join_element_wise(before, column.dictionary.cast(pa.string()), behind, "")
    return pa.DictionaryArray.from_arrays(column.indices, words)


def _joined(first: pa.DictionaryArray, second: pa.DictionaryArray) -> pa.DictionaryArray:
    """Two columns in one: the values of each row behind each other."""
    wide = len(second.dictionary)
    codes = first.indices.to_numpy().astype("i8") * wide + second.indices.to_numpy()
    pairs = pa.array(codes).dictionary_encode()
    both = pairs.dictionary.to_numpy()
    words = pc.binary_join_element_wise(
        first.dictionary.take(pa.array(both // wide)),
        second.dictionary.take(pa.array(both % wide)),
        "",
    )
    return pa.DictionaryArray.from_arrays(pairs.indices, words)


def _taken(column: pa.DictionaryArray) -> pa.StringArray:
    return column.dictionary.take(column.indices)


def _as_json(quotes: list[str]) -> pa.StringArray:
    """Each of ``quotes`` as a string of JSON; all at once, which takes a third of the time."""
    written = json.dumps(quotes, ensure_ascii=False, separators=(BETWEEN, ":"))
    return texts([written[1:-1]] if quotes else [])


def _in_utc(times: pa.Array) -> pa.StringArray:
    """RFC 3339, always with microseconds."""
    return pc.binary_join_element_wise(
        pc.utf8_replace_slice(times.cast(pa.string()), 10, 11, "T"), "Z", ""
    )
