"""What four other tools are given by us, and what they give us: the same spans either way."""

import io
from typing import Any

import pytest
from hypothesis import given, settings

from articles.formats.registry import FORMATS
from articles.formats.shapes import About, ArticleRecord, LabelAbout
from articles.imports.records import parse_record
from tests.formats.drawn import ABOUT, LABELS, joined, many_records, said

ATTRIBUTES = [
    {"key": "form", "type": "choice", "choices": ["direct", "indirect"]},
    {"key": "checkable", "type": "boolean", "choices": []},
]
TOLD_TOO = [
    "id", "external_id", "title", "url", "revision", "sha256", "byline", "publisher",
    "published_at", "language", "placement",
]  # fmt: skip
HOW = [
    ("labelstudio", {}),
    ("doccano", {}),
    ("doccano", {"for": "relations"}),
    ("doccano", {"offsets": "utf_16"}),
    ("prodigy", {}),
    ("brat", {}),
]


def about(options: dict[str, str]) -> About:
    labels = [LabelAbout(key, key.title(), "span", "", ATTRIBUTES) for key in LABELS]
    labels.append(LabelAbout("attributed_to", "Attributed to", "relation", "", []))
    return About(ABOUT.project, ABOUT.name, labels, ABOUT.home, options)


def details(record: ArticleRecord | dict[str, Any]) -> list[tuple[Any, ...]]:
    """All that is known of each annotation beside its span."""
    return sorted(
        (one["layer"], one["label"], one["start"], one["end"], str(one.get("attributes", {})),
         one.get("note", ""), one.get("unsure", False), one["version"], one["created_at"],
         one["updated_at"], one["annotator"], one["origin"])
        for one in record["annotations"]
    )  # fmt: skip


@pytest.mark.parametrize(("name", "options"), HOW)
@settings(max_examples=50)
@given(records=many_records)
def test_what_is_written_is_read_back(
    name: str, options: dict[str, str], records: tuple[ArticleRecord, ...]
) -> None:
    written, again = (b"".join(FORMATS[name].write(records, about(options))) for _ in range(2))

    found = list(FORMATS[name].read(io.BytesIO(written)))

    assert written == again
    assert [one.problem for one in found] == [""] * len(records)
    for one, record in zip(found, records, strict=True):
        assert one.record is not None
        parse_record(one.record)
        assert one.record["text"] == record["text"]
        assert said(one.record) == said(record)
        assert details(one.record) == details(record)
        assert joined(one.record) == joined(record)
        assert {key: one.record.get(key) for key in TOLD_TOO}.items() <= record.items()
        assert one.record.get("layers", []) == record["layers"]
