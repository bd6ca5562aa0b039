"""Prodigy: aligned with spaCy's tokens as it does itself, and what it exports."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import srsly
from hypothesis import given, settings
from spacy.tokens import Doc
from spacy.vocab import Vocab

from articles.formats.prodigy import read, write
from articles.formats.shapes import ArticleRecord, Found
from tests.formats.drawn import annotation_record, article_record, records, relation_record
from tests.formats.test_foreign_tools import about

TEXT = "🗞 Zoë sells  fish.\n\nBo buys it."
VOCAB = Vocab()


def examples(*given: Any) -> list[Found]:
    return list(read(io.BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in given))))


def exported(text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"text": text, "spans": [], "answer": "accept", "_timestamp": 1_700_000_000} | more


@settings(max_examples=50)
@given(record=records())
def test_every_span_is_made_of_tokens_as_spacy_aligns_them(record: ArticleRecord) -> None:
    for line in b"".join(write([record], about({}))).splitlines():
        example = json.loads(line)
        doc = Doc(
            VOCAB,
            words=[token["text"] for token in example["tokens"]],
            spaces=[token["ws"] for token in example["tokens"]],
        )

        assert doc.text == record["text"]
        for token, given_token in zip(doc, example["tokens"], strict=True):
            assert token.idx == given_token["start"]
            assert token.i == given_token["id"]
        for span in example["spans"]:
            aligned = doc.char_span(span["start"], span["end"], label=span["label"])
            assert aligned is not None
            assert (aligned.start, aligned.end - 1) == (span["token_start"], span["token_end"])
        for relation in example["relations"]:
            for end, of in (("head", "head_span"), ("child", "child_span")):
                spanned = doc.char_span(relation[of]["start"], relation[of]["end"])
                assert spanned is not None
                assert spanned.start <= relation[end] < spanned.end


def test_srsly_reads_what_we_write(tmp_path: Path) -> None:
    seller = annotation_record(TEXT, 2, 5, "source")
    buyer = annotation_record(TEXT, 20, 22, "source")
    record = article_record(TEXT, [seller, buyer], [relation_record(seller, buyer)])
    (tmp_path / "a.jsonl").write_bytes(b"".join(write([record], about({}))))

    [example] = srsly.read_jsonl(tmp_path / "a.jsonl")

    assert example["_view_id"] == "relations"
    assert (example["answer"], example["_annotator_id"]) == ("accept", "ada")
    assert [one["text"] for one in example["spans"]] == ["Zoë", "Bo"]
    assert example["relations"][0]["label"] == "attributed_to"
    assert example["newsdesk"]["sha256"] == record["sha256"]
    assert example["newsdesk"]["revision"] == 2


def test_an_export_is_read_with_all_its_annotators() -> None:
    spans = [{"start": 2, "end": 5, "label": "PER"}, {"start": 20, "end": 22, "label": "PER"}]
    relation = {"head": 1, "child": 6, "label": "SELLS", "head_span": spans[0],
                "child_span": spans[1]}  # fmt: skip
    loose = {"head": 2, "child": 3, "label": "X", "head_span": {"start": 6, "end": 11},
             "child_span": {"start": 13, "end": 17}}  # fmt: skip
    found = examples(
        exported(spans=spans, relations=[relation, loose], _annotator_id="ner-ada",
                 meta={"source": "wire"}),
        exported(spans=spans[:1], _session_id="ner-bo"),
    )[0]  # fmt: skip

    assert found.problem == ""
    assert found.said == "Relations between tokens that have no label were left out: 1."
    assert found.record is not None
    assert [(one["layer"], one["quote"]) for one in found.record["annotations"]] == [
        ("ner-ada", "Zoë"), ("ner-ada", "Bo"), ("ner-bo", "Zoë"),
    ]  # fmt: skip
    assert found.record["relations"] == [{"id": "1/0", "type": "SELLS", "from": "1/0", "to": "1/1"}]
    assert found.record["metadata"] == {"source": "wire"}
    assert found.record["layers"] == [
        {"name": "ner-ada", "submitted_at": "2023-11-14T22:13:20+00:00"},
        {"name": "ner-bo", "submitted_at": "2023-11-14T22:13:20+00:00"},
    ]


@pytest.mark.parametrize(("answer", "words"), [("reject", "rejected"), ("ignore", "ignored")])
def test_spans_that_were_not_accepted_are_left_out_and_said(answer: str, words: str) -> None:
    found = examples(exported(spans=[{"start": 2, "end": 5, "label": "PER"}], answer=answer))[0]

    assert found.record is not None
    assert found.record["annotations"] == []
    assert found.said == f"An example was {words} in Prodigy; its spans were left out."


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"spans": []}, "An example's “text” must be a string."),
        (exported(spans={}), "spans must be a list."),
        (exported(spans=[{"start": 2, "end": 5}]), "spans[0].label must be a string."),
        (exported(spans=[{"start": 2.5, "end": 5, "label": "x"}]),
         "spans[0].start must be a whole number."),
        (exported(spans=[{"start": 2, "end": 5, "label": "x", "text": "Bob"}]),
         "the text has “Zoë”, not “Bob”"),
        (exported(relations=[{"head_span": 3}]), "relations[0].head_span must be an object."),
    ],
)  # fmt: skip
def test_a_bad_example_is_said_and_the_next_one_comes(line: Any, words: str) -> None:
    bad, good = examples(line, exported("Bo."))

    assert words in bad.problem
    assert good.record is not None
