"""spaCy's documents: written, read by spaCy, and read back."""

import io
import json
import random
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import spacy
import srsly
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Corpus
from spacy.vocab import Vocab

from articles.formats import spacy_docs, spacy_reader
from articles.formats.conll import flattened
from articles.formats.shapes import About, ArticleRecord
from articles.formats.spacy_docs import read, stored, write
from articles.imports.records import parse_record
from tests.formats.drawn import (
    ABOUT,
    annotation_record,
    article_record,
    joined,
    many_records,
    records,
    said,
)

TEXT = "📰 Quay opens.\n\n“Ours again,” said Zoë. So it is."
BROKEN = "This is no DocBin of spaCy 3, or it is broken."


def written(*records: ArticleRecord, form: str = "docbin") -> bytes:
    about = About(ABOUT.project, ABOUT.name, [], ABOUT.home, {"as": form})
    return b"".join(write(records, about))


def files(archive: bytes) -> list[bytes]:
    with ZipFile(io.BytesIO(archive)) as opened:
        return [opened.read(name) for name in opened.namelist()]


def docs_in(archive: bytes) -> Iterator[Doc]:
    """The documents as spaCy itself reads them."""
    for data in files(archive):
        yield from DocBin().from_bytes(data).get_docs(Vocab())


@settings(deadline=None)
@given(records())
def test_spacy_has_the_text_the_spans_and_where_they_come_from(record: ArticleRecord) -> None:
    docs = list(docs_in(written(record)))

    assert [doc.user_data["layer"] for doc in docs] == [one["name"] for one in record["layers"]]
    for doc in docs:
        annotations = [a for a in record["annotations"] if a["layer"] == doc.user_data["layer"]]
        assert doc.text == record["text"]
        assert sorted((s.label_, s.start_char, s.end_char, s.id_) for s in doc.spans["sc"]) == (
            sorted((one["label"], one["start"], one["end"], one["id"]) for one in annotations)
        )
        assert [(ent.start_char, ent.end_char) for ent in doc.ents] == [
            (one["start"], one["end"]) for one in flattened(annotations)
        ]
        assert {key: doc.user_data[key] for key in ("id", "revision", "sha256", "offset_unit")} == {
            key: dict(record)[key] for key in ("id", "revision", "sha256", "offset_unit")
        }
        assert "".join(sent.text_with_ws for sent in doc.sents) == record["text"]


@settings(deadline=None)
@given(many_records, st.sampled_from(["docbin", "jsonl"]))
def test_what_is_written_is_read_back(records: tuple[ArticleRecord, ...], form: str) -> None:
    found = list(read(io.BytesIO(written(*records, form=form))))

    there = [record for record in records if record["layers"] or form == "jsonl"]
    assert [one.problem for one in found] == [""] * len(there)
    for one, record in zip(found, there, strict=True):
        assert one.record
        parse_record(one.record)
        assert (one.record["text"], one.record["title"]) == (record["text"], record["title"])
        assert said(one.record) == said(record)
        assert joined(one.record) == joined(record)
        assert [a.get("attributes", {}) for a in one.record["annotations"]] == [
            a["attributes"] for a in record["annotations"]
        ]


def test_the_same_articles_are_the_same_bytes_in_files_of_so_many_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spacy_docs, "MOST_WORDS", 20)
    articles = [
        article_record(TEXT, [annotation_record(TEXT, 2, 6)], number=number) for number in range(5)
    ]

    archive = written(*articles)

    assert archive == written(*articles)
    assert [len(DocBin().from_bytes(data)) for data in files(archive)] == [2, 2, 1]


def test_spacy_trains_on_the_folder_that_the_archive_unpacks_to(tmp_path: Path) -> None:
    articles = [
        article_record(TEXT, [annotation_record(TEXT, 2, 12)], number=number) for number in range(3)
    ]
    with ZipFile(io.BytesIO(written(*articles))) as archive:
        archive.extractall(tmp_path)

    examples = list(Corpus(tmp_path)(spacy.blank("en")))

    assert [[span.text for span in one.reference.spans["sc"]] for one in examples] == [
        ["Quay opens"]
    ] * 3


@given(st.sampled_from([0, 1, 65_534, 65_535, 65_536, 200_000]))
def test_stored_is_what_zlib_unpacks(size: int) -> None:
    data = random.Random(size).randbytes(size)

    assert zlib.decompress(stored(data)) == data


def test_numbers_that_only_json_has_room_for_are_written_as_others() -> None:
    huge = annotation_record(TEXT, 2, 6, attributes={"cost": 10**30, "year": 2026})

    (doc,) = docs_in(written(article_record(TEXT, [huge])))

    assert doc.user_data["annotations"][huge["id"]]["attributes"] == {"cost": 1e30, "year": 2026}


# --- what others write ----------------------------------------------------------------------------


@cache
def foreign() -> Doc:
    """What a spaCy pipeline makes: entities, and a group of spans of its own."""
    doc = spacy.blank("en")("📰 Zoë Hart opens East  Quay.")
    doc.ents = [Span(doc, 1, 3, "person"), Span(doc, 4, 7, "place")]
    doc.spans["found"] = [Span(doc, 1, 3, "person"), Span(doc, 2, 5, "claim")]
    return doc


def test_entities_and_all_groups_of_others_are_read_once_each() -> None:
    (found,) = read(io.BytesIO(DocBin(docs=[foreign()]).to_bytes()))

    assert found.record
    assert found.record["text"] == "📰 Zoë Hart opens East  Quay."
    assert [(one["label"], one["quote"]) for one in found.record["annotations"]] == [
        ("person", "Zoë Hart"), ("claim", "Hart opens East"), ("place", "East  Quay"),
    ]  # fmt: skip


def test_a_docbin_of_everything_that_spacy_knows_is_read_like_one_of_little() -> None:
    few = DocBin(["ENT_IOB", "ENT_TYPE"], docs=[foreign()]).to_bytes()
    many = DocBin(store_user_data=True, docs=[foreign()]).to_bytes()

    assert list(read(io.BytesIO(few))) == list(read(io.BytesIO(many)))


def changed(**fields: Any) -> bytes:
    message = srsly.msgpack_loads(zlib.decompress(DocBin(docs=[foreign()]).to_bytes()))
    assert isinstance(message, dict)
    return zlib.compress(srsly.msgpack_dumps(message | fields))


def group(*span: int) -> list[bytes]:
    packed = spacy_reader._SPAN.pack(0, 0, *span, 0, 0)
    return [srsly.msgpack_dumps({b"": ["x"]} | {srsly.msgpack_dumps({"spans": [packed]}): ["x"]})]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"spaCy", zlib.compress(b""), zlib.compress(b"\x81"), zlib.compress(b"\x93\x01\x02"),
        zlib.compress(srsly.msgpack_dumps({"attrs": []})), zlib.compress(b"\x81" * 5_000),
        changed(strings=[]), changed(lengths=b"\xff\xff\xff\xff"), changed(lengths=b"\x01"),
        changed(lengths=b"\xff\xff\xff\x7f"), changed(attrs=[1]), changed(tokens=b"12345678"),
        changed(flags=[]), changed(flags=[3]), changed(span_groups=[b"\x93"]),
        changed(span_groups=group(0, 0, 1_000_000)), changed(span_groups=group(0, -1, 1)),
        changed(span_groups=group(7, 0, 1)), changed(user_data=[b"\xc1"]),
    ],
)  # fmt: skip
def test_a_file_that_is_no_docbin_is_refused_in_words(data: bytes) -> None:
    assert [one.problem for one in read(io.BytesIO(data))] == [BROKEN]


@settings(deadline=None)
@given(st.data())
def test_whatever_the_bytes_are_nothing_but_articles_and_problems_comes_of_them(
    drawn: st.DataObject,
) -> None:
    message = bytearray(zlib.decompress(DocBin(docs=[foreign()]).to_bytes()))
    for _ in range(drawn.draw(st.integers(1, 4))):
        message[drawn.draw(st.integers(0, len(message) - 1))] = drawn.draw(st.integers(0, 255))

    for one in read(io.BytesIO(zlib.compress(message))):
        assert bool(one.problem) != bool(one.record)
        json.dumps(one.record)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy_reader, "LARGEST", 5 * 1024 * 1024)

    (found,) = read(io.BytesIO(zlib.compress(b"\0" * (6 * 1024 * 1024))))

    assert found.problem == "This DocBin has more than 5 MB, unpacked: divide it."


@pytest.mark.parametrize(
    "said", [{"layer": 3}, {"annotations": [1]}, {"relations": [1]}, {"relations": 7}]
)
def test_what_a_document_says_of_itself_may_be_anything(said: dict[str, Any]) -> None:
    pack = DocBin(store_user_data=True)
    doc = foreign().copy()
    doc.user_data = {"offset_unit": "code_point"} | said
    pack.add(doc)

    (found,) = read(io.BytesIO(pack.to_bytes()))

    assert found.record or found.problem.endswith(("must be an object.", "must be a list."))
