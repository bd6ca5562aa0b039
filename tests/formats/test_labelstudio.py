"""Label Studio: its converter reads what we write, and we read what it exports."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from articles.formats import labelstudio_config
from articles.formats.labelstudio import read, write
from articles.formats.shapes import Found
from articles.imports.records import parse_record
from tests.formats.drawn import annotation_record, article_record, relation_record
from tests.formats.other_tools import said_by
from tests.formats.test_foreign_tools import about

TEXT = "🗞 Quay opens.\n\n“Ours again,” said Zoë."

CONVERT = """
import json
from label_studio_sdk.converter import Converter

converter = Converter(open("interface.xml").read(), project_dir=None, download_resources=False)
for form in ("CONLL2003", "JSON_MIN", "CSV"):
    converter.convert("tasks.json", form, form, is_dir=False)
print(open("CONLL2003/result.conll").read())
print(json.dumps(json.load(open("JSON_MIN/result.json"))))
"""


def tasks(*given: dict[str, Any]) -> list[Found]:
    return list(read(io.BytesIO(json.dumps(list(given)).encode())))


def region(start: Any, end: Any, label: str, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label]} | more.pop("value", {})
    return {
        "id": label, "from_name": "ner", "to_name": "txt", "type": "labels", "value": value,
    } | more  # fmt: skip


def test_its_converter_reads_what_we_write(tmp_path: Path) -> None:
    quote = annotation_record(TEXT, 15, 28, "quote", attributes={"form": "direct"})
    source = annotation_record(TEXT, 34, 37, "source")
    record = article_record(TEXT, [quote, source], [relation_record(quote, source)])
    (tmp_path / "tasks.json").write_bytes(b"".join(write([record], about({}))))
    (tmp_path / "interface.xml").write_bytes(b"".join(labelstudio_config.write([], about({}))))

    conll, shorter = said_by(CONVERT, tmp_path).strip().rsplit("\n", 1)

    tagged = [line.split(" -X- _ ") for line in conll.splitlines() if " -X- _ " in line]
    assert [word for word in tagged if word[1] != "O"] == [
        ["“Ours", "B-quote"], ["again", "I-quote"], [",", "I-quote"], ["”", "I-quote"],
        ["Zoë", "B-source"],
    ]  # fmt: skip
    task = json.loads(shorter)[0]
    assert task["text"] == TEXT
    regions = {one["labels"][0]: TEXT[one["start"] : one["end"]] for one in task["label"]}
    assert regions == {"quote": "“Ours again,”", "source": "Zoë"}
    assert task["quote__form"] == "direct"


def test_an_export_is_read_with_all_its_annotators() -> None:
    relation = {"type": "relation", "from_id": "SRC", "to_id": "QUO", "direction": "left",
                "labels": ["attributed_to"]}  # fmt: skip
    first = {
        "id": 31,
        "completed_by": {"id": 4, "email": "ada@news.example"},
        "updated_at": "2026-03-09T22:16:08.728378Z",
        "result": [
            region(16, 29, "QUO", value={"text": "“Ours again,”"}),
            {"id": "QUO", "from_name": "form", "to_name": "txt", "type": "choices",
             "value": {"start": 16, "end": 29, "choices": ["direct"]}},
            region(35, 38, "SRC", value={"text": "Zoë"}, meta={"text": ["Who?"]}),
            relation,
            {"id": "x", "from_name": "desk", "to_name": "txt", "type": "choices",
             "value": {"choices": ["Local", "Politics"]}},
        ],
    }  # fmt: skip
    second = {"completed_by": 7, "result": [region(35, 38, "SRC", value={"text": "Zoë"})]}
    cancelled = {"completed_by": 8, "was_cancelled": True, "result": [region(0, 99, "SRC")]}
    task = {"id": 12, "data": {"text": TEXT, "title": "Quay", "desk_id": 3},
            "annotations": [first, second, cancelled], "predictions": [5, {}]}  # fmt: skip

    found = tasks(task)[0]

    assert found.problem == ""
    assert found.said == (
        "Offsets counted UTF-16 code units; they were converted. "
        "Annotations that were skipped in Label Studio were left out: 1. "
        "Predictions were left out: 1."
    )
    assert found.record is not None
    record = parse_record(found.record)
    assert record.incoming.title == "Quay"
    assert record.incoming.metadata == {"desk_id": 3, "task": 12, "desk": ["Local", "Politics"]}
    assert [(one.layer, one.label, one.quote, one.attributes, one.note)
            for one in record.annotations] == [
        ("ada@news.example", "QUO", "“Ours again,”", {"form": "direct"}, ""),
        ("ada@news.example", "SRC", "Zoë", {}, "Who?"),
        ("user 7", "SRC", "Zoë", {}, ""),
    ]  # fmt: skip
    assert [(one.type, one.source.label, one.target and one.target.label)
            for one in record.relations] == [("attributed_to", "QUO", "SRC")]  # fmt: skip
    layers = {one.name: str(one.submitted_at) for one in record.layers}
    assert layers["ada@news.example"] == "2026-03-09 22:16:08.728378+00:00"


def test_predictions_are_read_where_nobody_annotated() -> None:
    prediction = {"model_version": "ner-3", "score": 0.9, "result": [region(2, 6, "place")]}

    found = tasks({"data": {"body": TEXT}, "predictions": [prediction]})[0]

    assert found.record is not None
    assert [(one["layer"], one["quote"]) for one in found.record["annotations"]] == [
        ("ner-3", "Quay")
    ]


def test_a_choice_of_yes_or_no_that_we_asked_for_is_true_or_false() -> None:
    answer = {"id": "claim", "from_name": "claim__checkable", "type": "choices",
              "value": {"choices": ["true"]}}  # fmt: skip

    found = tasks(
        {"data": {"text": TEXT}, "annotations": [{"result": [region(2, 6, "claim"), answer]}]}
    )

    assert found[0].record is not None
    assert found[0].record["annotations"][0]["attributes"] == {"checkable": True}


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ({"id": 1, "text": TEXT, "label": []}, "A task needs an object “data”"),
        ({"data": {"image": 7}}, "has no text"),
        ({"data": {"text": TEXT}, "annotations": {}}, "annotations must be a list."),
        ({"data": {"text": TEXT}, "annotations": [3]}, "annotations[0] must be an object."),
        ({"data": {"text": TEXT}, "annotations": [{"result": [region(2, 999, "x")]}]},
         "begins or ends outside of the text"),
        ({"data": {"text": TEXT},
          "annotations": [{"result": [region(2, 6, "x", value={"text": "Pier"})]}]},
         "the text has “Quay”, not “Pier”"),
        ("a task", "A task must be an object."),
    ],
)  # fmt: skip
def test_a_bad_task_is_said_and_the_next_one_comes(task: Any, words: str) -> None:
    bad, good = tasks(task, {"data": {"text": TEXT}})

    assert words in bad.problem
    assert bad.record is None
    assert good.record is not None


def test_regions_of_web_pages_are_left_out_and_counted() -> None:
    html = region("/div[1]/text()[1]", "/div[1]/text()[1]", "x", type="hypertextlabels")
    html["value"]["hypertextlabels"] = ["x"]
    link = {"type": "relation", "from_id": "x", "to_id": "y", "labels": ["z"]}

    found = tasks({"data": {"text": TEXT}, "annotations": [{"result": [html, link]}]})[0]

    assert found.said == "What is not about plain text, or joins it, was left out: 2."
    assert found.record is not None
    assert found.record["annotations"] == []


def test_no_article_is_an_empty_array() -> None:
    assert b"".join(write([], about({}))) == b"[]\n"
