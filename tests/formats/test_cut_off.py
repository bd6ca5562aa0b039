"""A file that was cut off on its way is told of: it never looks like a shorter one."""

import io
import json
from collections.abc import Iterator

import pytest
import spacy
from spacy.tokens import DocBin

from articles.formats import (
    archive,
    brat_reader,
    conll_reader,
    csv_rows,
    jsonl,
    labelstudio_reader,
    spacy_reader,
)
from articles.formats.json_items import Item, items
from articles.formats.shapes import Found, Read
from tests.formats.test_archive import zipped

TASK = {"data": {"text": "Quay 1 opens 📰 today."}}
LINE = json.dumps({"text": "Quay 1 opens 📰 today."}).encode() + b"\n"


def cuts(whole: bytes, since: int = 1) -> Iterator[bytes]:
    return (whole[:end] for end in range(since, len(whole)))


def problems(read: Read, data: bytes) -> list[str]:
    return [found.problem for found in read(io.BytesIO(data)) if found.problem]


def test_an_array_without_its_end_is_a_mistake_at_its_place() -> None:
    found = list(items(io.BytesIO(b'[{"a": 1}, {"a": 2},\n')))

    assert found[:2] == [Item(1, {"a": 1}), Item(2, {"a": 2})]
    assert found[2:] == [
        Item(3, problem="This file was cut off: its list does not end. What was behind is missing.")
    ]


def test_an_array_is_told_of_wherever_it_was_cut() -> None:
    whole = json.dumps([TASK] * 3, ensure_ascii=False).encode()

    assert problems(labelstudio_reader.read, whole) == []
    assert all(len(problems(labelstudio_reader.read, cut)) == 1 for cut in cuts(whole))


def test_a_quotation_that_does_not_end_is_a_mistake_in_its_row() -> None:
    whole = b'text,title\r\n"It rained.","One"\r\n"It rained\r\nagain.","Two"\r\n'

    assert problems(csv_rows.read, whole) == []
    found = list(csv_rows.read(io.BytesIO(whole[:-12])))
    assert [one.record is not None for one in found] == [True, False]
    assert found[1] == Found(
        3,
        problem="This row cannot be read (the file ends within it); a quotation mark may be "
        "missing. What comes after it was not read.",
    )


def test_a_line_is_told_of_wherever_it_was_cut() -> None:
    assert all(len(problems(jsonl.read, cut)) == 1 for cut in cuts(LINE[:-1]))


@pytest.mark.parametrize("read", [archive.read, brat_reader.read], ids=["zip", "brat"])
def test_an_archive_is_told_of_wherever_it_was_cut(read: Read) -> None:
    whole = zipped({"a.txt": "Quay 1 opens. It rained.", "a.ann": "T1\tquote 0 4\tQuay\n"})

    assert all(problems(read, cut) for cut in cuts(whole))


def test_a_docbin_is_told_of_wherever_it_was_cut() -> None:
    nlp = spacy.blank("en")
    whole = DocBin(docs=[nlp(f"Quay {number} opens.") for number in range(3)]).to_bytes()

    assert problems(spacy_reader.read, whole) == []
    assert all(problems(spacy_reader.read, cut) for cut in cuts(whole))


def test_a_document_of_tokens_cut_within_a_token_is_told_of() -> None:
    assert problems(conll_reader.read, b"-DOCSTART- -X- O O\n\nQuay NN B-NP B-LOC\nope") != []
