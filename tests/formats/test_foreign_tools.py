"""What four other tools are given by us, and what they give us: the same spans either way."""

import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    "published_at", "language", "placement", "story",
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


KEYS = [
    "text", "data", "annotations", "predictions", "completions", "result", "type", "labels",
    "label", "value", "start", "end", "id", "from_id", "to_id", "from_name", "direction", "meta",
    "newsdesk", "relations",
    "entities", "start_offset", "end_offset", "spans", "head_span", "child_span",
    "answer", "completed_by", "_annotator_id", "attributes", "choices", "textarea", "layer",
    "offset_unit", "to_name", "updated_at", "_timestamp", "relation", "from", "to",
]  # fmt: skip
scalars = st.sampled_from(
    [None, True, 0, 2, -1, 9**30, 0.5, "", "🗞 Zoë.", "labels", "choices", "utf_16"]
)
anything = st.recursive(
    scalars | st.sampled_from(KEYS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8)
    ),
    max_leaves=12,
)
tasks = st.fixed_dictionaries(
    {},
    optional={
        key: anything | st.lists(st.dictionaries(st.sampled_from(KEYS), anything), max_size=3)
        for key in KEYS
    },
)


@pytest.mark.parametrize("name", ["labelstudio", "doccano", "prodigy"])
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(given=tasks)
def test_whatever_comes_is_a_record_or_a_problem(name: str, given: dict[str, Any]) -> None:
    texts = {"text": "🗞 Zoë.", "data": {"text": "🗞 Zoë."}}

    found = list(FORMATS[name].read(io.BytesIO(json.dumps(texts | given).encode())))

    assert [bool(one.record) != bool(one.problem) for one in found] == [True]
