"""Web Annotations: written and read back; ``tests/real`` holds them against the W3C's own tests."""

import io
import json
from typing import Any

import pytest
from hypothesis import given

from articles.formats.shapes import ArticleRecord, Found
from articles.formats.web_annotation import read, write
from articles.imports.records import parse_record
from tests.formats.drawn import (
    ABOUT,
    annotation_record,
    article_record,
    joined,
    many_records,
    relation_record,
    said,
)

TEXT = "📰 Quay opens. “Ours 🏗️ again,” said Zoë."


def written(*records: ArticleRecord) -> bytes:
    return b"".join(write(records, ABOUT))


def document(*records: ArticleRecord) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(written(*records))
    return read


def items(*records: ArticleRecord) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document(*records)["first"]["items"]
    return found


def found_in(data: Any) -> list[Found]:
    return list(read(io.BytesIO(json.dumps(data).encode())))


def foreign(**changes: Any) -> dict[str, Any]:
    """An annotation as some other program writes it, with its text."""
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "https://other.example/1",
        "type": "Annotation",
        "motivation": "tagging",
        "creator": "https://other.example/people/ada",
        "body": {"type": "TextualBody", "value": "claim"},
        "target": {
            "source": {"id": "https://other.example/story", "type": "Text", "value": TEXT},
            "selector": {"type": "TextQuoteSelector", "exact": "opens", "prefix": "Quay "},
        },
    } | changes


def selected(*selectors: dict[str, Any]) -> dict[str, Any]:
    source = {"id": "https://other.example/story", "type": "Text", "value": TEXT}
    return foreign(target={"source": source, "selector": list(selectors)})


@given(many_records)
def test_what_is_written_is_read_back(records: tuple[ArticleRecord, ...]) -> None:
    found = list(read(io.BytesIO(written(*records))))

    back = [one.record or {} for one in found]
    annotated = [record for record in records if record["annotations"]]
    assert [(one.problem, one.said) for one in found] == [("", "")] * len(annotated)
    for one, record in zip(back, annotated, strict=True):
        parse_record(one)
        for key in ("text", "title", "url", "byline", "publisher", "language", "external_id",
                    "revision", "story"):  # fmt: skip
            assert one[key] == dict(record)[key]
        assert said(one) == said(record)
        assert joined(one) == joined(record)
        for ours, kept in zip(record["annotations"], one["annotations"], strict=True):
            assert ours["attributes"] == kept.get("attributes", {})
            assert (ours["note"], ours["unsure"]) == (kept.get("note", ""), "unsure" in kept)
            assert ours["version"] == kept["version"]


def test_an_annotation_says_where_what_who_and_of_which_text() -> None:
    record = article_record(
        TEXT,
        [annotation_record(TEXT, 14, 30, "quote", attributes={"form": "direct"}, note="On tape")],
    )

    (one,) = items(record)

    at = "https://desk.example/api/v1"
    version = one["target"]["source"].pop("dcterms:hasVersion")
    assert version["schema:articleBody"] == TEXT
    assert version["id"] == one["target"]["state"]["cached"]
    assert one["target"] == {
        "type": "SpecificResource",
        "source": {
            "id": f"{at}/articles/{record['id']}/text",
            "type": "Text",
            "format": "text/plain",
            "language": "en",
        },
        "selector": [
            {"type": "TextPositionSelector", "start": 14, "end": 30},
            {
                "type": "TextQuoteSelector",
                "exact": "“Ours 🏗️ again,”",
                "prefix": "📰 Quay opens. ",
                "suffix": " said Zoë.",
            },
        ],
        "state": {
            "type": "TimeState",
            "sourceDate": "2026-11-23T10:00:00.000000Z",
            "cached": version["id"],
            "schema:version": 2,
            "schema:sha256": record["sha256"],
        },
    }
    assert one["id"] == f"https://desk.example/w3c/east-quay/{record['annotations'][0]['id']}"
    assert one["creator"] == {
        "id": f"{at}/projects/east-quay/members/ada", "type": "Person", "nickname": "ada",
    }  # fmt: skip
    assert [(body["purpose"], body.get("source", body.get("value"))) for body in one["body"]] == [
        ("classifying", f"{at}/projects/east-quay/labels#quote"),
        ("tagging", "quote"),
        ("commenting", "On tape"),
    ]


def test_a_relation_is_an_annotation_of_an_annotation() -> None:
    claim, source = (annotation_record(TEXT, 2, 6), annotation_record(TEXT, 37, 40, "source"))
    record = article_record(
        TEXT, [claim, source],
        [relation_record(claim, source), relation_record(source, None, "the port")],
    )  # fmt: skip

    *_, linked, named = items(record)

    at = "https://desk.example/w3c/east-quay"
    assert (linked["motivation"], linked["target"]) == ("linking", f"{at}/{claim['id']}")
    assert linked["body"][0]["source"] == f"{at}/{source['id']}"
    assert (named["target"], named["body"][0]["value"]) == (f"{at}/{source['id']}", "the port")


def test_a_file_of_nothing_has_no_page() -> None:
    assert "first" not in document(article_record(TEXT))
    assert document(article_record(TEXT))["total"] == 0
    assert list(read(io.BytesIO(written()))) == []


def test_a_text_is_in_the_file_once_however_much_is_said_of_it() -> None:
    annotations = [annotation_record(TEXT, at, at + 4) for at in range(20)]

    assert written(article_record(TEXT, annotations)).count(b"schema:articleBody") == 1


# --- what others write ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        foreign(),
        [foreign()],
        foreign(body="https://other.example/labels/claim", motivation="classifying"),
        foreign(body=None, bodyValue="claim"),
        foreign(
            motivation="commenting",
            body={"type": "SpecificResource", "purpose": "classifying", "source": "urn:x#claim"},
        ),
        selected({"type": "TextPositionSelector", "start": 7, "end": 12}),
        selected(
            {"type": "TextPositionSelector", "start": 8, "end": 13},  # as a browser counts
            {"type": "TextQuoteSelector", "exact": "opens"},
        ),
        {"type": "AnnotationPage", "items": [foreign()]},
        {"type": "AnnotationCollection", "total": 1, "first": {"items": [foreign()]}},
        {"padding": "x" * 70_000, "type": "AnnotationPage", "items": [foreign()]},
        {"x": {"items": [1]}, "y": '"items":[', "type": "AnnotationPage", "items": [foreign()]},
    ],
)
def test_annotations_of_others_are_read_in_all_their_shapes(given: Any) -> None:
    (found,) = found_in(given)

    assert found.record
    assert [(one["label"], one["start"], one["end"]) for one in found.record["annotations"]] == [
        ("claim", 7, 12)
    ]
    assert found.record["annotations"][0]["layer"] == "ada"


def test_one_a_line_and_one_text_after_the_other() -> None:
    second = foreign(id="https://other.example/2")
    second["target"] = second["target"] | {"source": "https://other.example/story"}
    third = foreign()
    third["target"] = {
        "source": {"id": "urn:b", "value": "It opens."},
        "selector": {"type": "TextPositionSelector", "start": 3, "end": 8},
    }
    lines = "\n".join(json.dumps(one) for one in (foreign(), second, third))

    found = list(read(io.BytesIO(lines.encode())))

    assert [(one.number, len((one.record or {})["annotations"])) for one in found] == [
        (1, 1), (3, 1)
    ]  # fmt: skip
    assert found[0].said == "Annotations that say the same as another were left out: 1."


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (7, "This is JSON, but no annotation."),
        (foreign(target="https://other.example/story"),
         "This annotation does not have one target with a selector."),
        (foreign(target={"selector": []}), "The target of this annotation has no source."),
        (foreign(target={"source": "https://other.example/story"}),
         "The text of https://other.example/story is not here: it must come with its first "
         "annotation."),
        (selected(), "Annotation 1 has neither a position nor a quote."),
        (selected({"type": "TextPositionSelector", "start": "7", "end": 12}),
         "Annotation 1 has a position that is none."),
        (selected({"type": "TextQuoteSelector", "exact": "a"}),
         "Annotation 1 quotes “a”, which the text does not have exactly once."),
        ({"type": "AnnotationCollection", "total": 2, "first": "https://other.example/?page=0"},
         "This collection only says where its pages are: send those."),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_in_words(given: Any, problem: str) -> None:
    assert [one.problem for one in found_in(given)] == [problem]


def test_a_position_outside_the_text_is_refused() -> None:
    (found,) = found_in(selected({"type": "TextPositionSelector", "start": 7, "end": 700}))

    assert found.code == "span_out_of_range"


def test_a_text_that_was_changed_on_its_way_is_refused() -> None:
    data = written(article_record(TEXT, [annotation_record(TEXT, 2, 6)]))

    (found,) = read(io.BytesIO(data.replace(b"opens", b"OPENS")))

    assert found.problem == "The text is not the one that was annotated: its hash is another."


def test_comments_without_a_label_are_left_out_and_said() -> None:
    comment = foreign(motivation="commenting", body={"type": "TextualBody", "value": "Really?"})

    (found,) = found_in([foreign(), comment])

    assert found.said == "Annotations without a label were left out: 1."


def test_a_file_that_is_no_json_is_refused_in_words() -> None:
    (found,) = read(io.BytesIO(b'{"type": '))

    assert found.problem.startswith("This is not JSON")
