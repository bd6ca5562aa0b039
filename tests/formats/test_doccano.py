"""doccano: what its versions export, and what its users load from us."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from articles.formats.doccano import read, write
from articles.formats.shapes import ArticleRecord, Found
from tests.formats.drawn import annotation_record, article_record, relation_record
from tests.formats.hugging_face import load_dataset
from tests.formats.test_foreign_tools import about

TEXT = "🗞 Zoë sells fish to Bo."


def lines(*given: Any) -> list[Found]:
    return list(read(io.BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in given))))


def quotes(found: Found) -> list[tuple[str, str]]:
    assert found.record is not None, found.problem
    return [(one["label"], one["quote"]) for one in found.record["annotations"]]


def example() -> ArticleRecord:
    seller = annotation_record(TEXT, 2, 5, "source")
    buyer = annotation_record(TEXT, 20, 22, "source", attributes={"form": "direct"})
    other = annotation_record(TEXT, 2, 22, "claim", "noor")
    return article_record(TEXT, [seller, buyer, other], [relation_record(seller, buyer)])


def test_the_dataset_loader_reads_what_we_write(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"".join(write([example(), example()], about({}))))

    rows = load_dataset(
        "json", data_files=str(tmp_path / "a.jsonl"), split="train", cache_dir=str(tmp_path)
    )

    assert len(rows) == 4
    for row in rows:
        assert row["newsdesk"]["offset_unit"] == "code_point"
        assert row["newsdesk"]["sha256"] == example()["sha256"]
    told = [[(TEXT[int(a) : int(b)], label) for a, b, label in row["label"]] for row in rows]
    assert told[:2] == [[("Zoë", "source"), ("Bo", "source")], [("Zoë sells fish to Bo", "claim")]]


def test_for_projects_with_relations_ids_are_numbers_and_offsets_may_be_its_own() -> None:
    written = b"".join(write([example()], about({"for": "relations", "offsets": "utf_16"})))

    line = json.loads(written.split(b"\n")[0])

    units = TEXT.encode("utf-16-le")
    assert [
        units[one["start_offset"] * 2 : one["end_offset"] * 2].decode("utf-16-le")
        for one in line["entities"]
    ] == ["Zoë", "Bo"]
    assert line["relations"] == [{"id": 1, "from_id": 1, "to_id": 2, "type": "attributed_to"}]
    assert line["newsdesk"]["offset_unit"] == "utf_16"


@pytest.mark.parametrize(
    "line",
    [
        {"id": 1, "text": TEXT, "label": [[3, 6, "PER"], [21, 23, "PER"]], "Comments": []},
        {"text": TEXT, "labels": [[3, 6, "PER"], [21, 23, "PER"]]},
        {"id": 7, "text": TEXT, "relations": [], "entities": [
            {"id": 4, "label": "PER", "start_offset": 3, "end_offset": 6},
            {"id": 5, "label": "PER", "start_offset": 21, "end_offset": 23}]},
        {"text": TEXT, "annotations": [
            {"label": "PER", "start_offset": 3, "end_offset": 6, "user": 1},
            {"label": "PER", "start_offset": 21, "end_offset": 23, "user": 1}]},
    ],
)  # fmt: skip
def test_all_its_forms_are_read_and_its_units_are_recognised(line: dict[str, Any]) -> None:
    found = lines(line)[0]

    assert quotes(found) == [("PER", "Zoë"), ("PER", "Bo")]
    assert "UTF-16 code units" in found.said


def test_code_points_that_others_wrote_for_it_are_left_alone() -> None:
    found = lines({"text": TEXT, "label": [[2, 5, "PER"], [20, 22, "PER"]]})[0]

    assert quotes(found) == [("PER", "Zoë"), ("PER", "Bo")]
    assert found.said == ""


def test_where_words_do_not_tell_an_export_counts_as_doccano_does() -> None:
    text = "🗞日本語"
    exported, made = lines(
        {"id": 1, "text": text, "label": [[2, 4, "LOC"]], "Comments": []},
        {"text": text, "label": [[2, 4, "LOC"]], "source": "a program"},
    )

    assert quotes(exported) == [("LOC", "日本")]
    assert quotes(made) == [("LOC", "本語")]
    assert exported.said.endswith("UTF-16 code units were taken, as is usual.")
    assert made.said.endswith("code points were taken, as is usual.")


def test_relations_and_what_else_a_line_says_are_kept() -> None:
    found = lines({
        "id": 7, "text": TEXT, "desk": "local", "meta": {"page": 4},
        "entities": [{"id": 4, "label": "PER", "start_offset": 3, "end_offset": 6},
                     {"id": 5, "label": "PER", "start_offset": 21, "end_offset": 23}],
        "relations": [{"id": 9, "from_id": 4, "to_id": 5, "type": "sells"}],
    })[0]  # fmt: skip

    assert found.record is not None
    assert found.record["metadata"] == {"id": 7, "desk": "local", "page": 4}
    assert found.record["relations"] == [{"id": "1/9", "type": "sells", "from": "1/4", "to": "1/5"}]


def test_lines_of_one_text_by_several_people_are_one_article() -> None:
    found = lines(
        {"text": "Zoë.", "label": [[0, 3, "PER"]], "username": "ada"},
        {"text": "Zoë.", "label": [[0, 4, "PER"]], "username": "bo"},
        {"text": "Bo.", "label": []},
        {"text": "Bo.", "label": []},
    )

    assert [quotes(one) for one in found] == [[("PER", "Zoë"), ("PER", "Zoë.")], [], []]
    assert [one.number for one in found] == [1, 3, 4]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"label": []}, "A line needs a string “text”."),
        ({"text": TEXT, "label": "PER"}, "label must be a list."),
        ({"text": TEXT, "label": [[0, 3]]}, "label[0] must be an object."),
        ({"text": TEXT, "label": [["0", 3, "PER"]]}, "start_offset must be a whole number."),
        ({"text": TEXT, "label": [[0, 99, "PER"]]}, "begins or ends outside of the text"),
        (7, "A line must be an object."),
        ({"text": TEXT, "newsdesk": {"layers": 7}}, "layers must be a list."),
        ({"text": TEXT, "newsdesk": {"layers": [7]}}, "layers[0] must be an object."),
    ],
)  # fmt: skip
def test_a_bad_line_is_said_and_the_next_one_comes(line: Any, words: str) -> None:
    bad, good = lines(line, {"text": "Zoë."})

    assert words in bad.problem
    assert good.record is not None


def test_what_a_line_says_of_a_relation_may_be_anything() -> None:
    beside = {
        "annotations": [{"start": 2, "end": 5, "label": "PER", "id": "zoe"}],
        "relations": [{"from": "zoe", "to": ["bo"], "type": "knows"}],
    }

    (found,) = lines({"text": TEXT, "label": [[2, 5, "PER"]], "newsdesk": beside})

    assert found.record is not None
    assert found.record["relations"] == [{"type": "knows", "from": "zoe", "to_name": ""}]


def test_a_line_that_is_no_json_is_said_and_the_next_one_comes() -> None:
    bad, good = read(io.BytesIO(b'{"text": "Zo\n{"text": "Bo."}\n'))

    assert bad.problem.startswith("This is not JSON")
    assert good.record is not None
