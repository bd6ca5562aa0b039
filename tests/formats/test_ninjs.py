"""ninjs, versions 1 and 2, and the JSON that holds any number of items."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.formats.json_items import items
from articles.formats.ninjs import read
from articles.imports.records import parse_record

ONE = {
    "uri": "https://agency.example/1", "type": "text", "headline": "📰 Quay opens",
    "body_xhtml": "<div><p>It <b>opened</b>.</p><blockquote>At last.</blockquote></div>",
    "body_text": "not this one", "byline": "Ida Brakespear", "language": "en",
    "versioncreated": "2024-03-05T06:30:00Z", "copyrightholder": "The Agency",
    "associations": {"main": {"type": "picture", "description_text": "The quay"}},
}  # fmt: skip
TWO = {
    "uri": "urn:agency:2", "type": "text", "language": "en",
    "headlines": [{"role": "short", "value": "No"}, {"role": "main", "value": "📰 Quay opens"}],
    "bodies": [
        {"role": "plain", "contentType": "text/plain", "value": "not this one"},
        {"role": "main", "contentType": "text/html",
         "value": "<p>It opened.</p><blockquote>At last.</blockquote>"},
    ],
    "people": [{"name": "Ida Brakespear", "rel": "author"}],
    "infoSources": [{"name": "The Agency"}], "firstCreated": "2024-03-05T06:30:00Z",
    "associations": [
        {"type": "picture", "descriptions": [{"role": "caption", "value": "The quay"}]},
    ],
}  # fmt: skip


@pytest.mark.parametrize("item", [ONE, TWO])
def test_both_versions_say_the_same(item: dict[str, Any]) -> None:
    (found,) = read(io.BytesIO(json.dumps(item).encode()))

    assert found.record is not None
    assert found.record["text"] == "📰 Quay opens\n\nThe quay\n\nIt opened.\n\n> At last."
    incoming = parse_record(found.record).incoming
    assert (incoming.title, incoming.byline) == ("📰 Quay opens", "Ida Brakespear")
    assert (incoming.publisher, incoming.external_id) == ("The Agency", item["uri"])
    assert found.record["published_at"] == "2024-03-05T06:30:00+00:00"


def test_what_is_no_text_is_refused_alone() -> None:
    given_items = [{"type": "picture"}, 7, {"type": "text"}, ONE]

    found = list(read(io.BytesIO(json.dumps(given_items).encode())))

    assert [one.code for one in found if one.problem] == [
        "not_text", "record_invalid", "text_empty",
    ]  # fmt: skip
    assert found[3].record is not None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(), json_values, max_size=3), max_size=6), st.data())
def test_items_are_those_of_an_array_or_of_lines(values: list[Any], data: st.DataObject) -> None:
    indent = data.draw(st.sampled_from([None, 1]))
    array = json.dumps(values, indent=indent, ensure_ascii=False)
    lines = "\n".join(json.dumps(one, indent=indent) for one in values)

    for text in (array, lines):
        found = list(items(io.BytesIO(text.encode("utf-8", "surrogatepass"))))
        assert [(one.number, one.value) for one in found] == list(enumerate(values, 1))


def test_a_value_longer_than_what_is_read_at_once_is_read_whole() -> None:
    long = {"text": "ä" * 700_000}

    found = list(items(io.BytesIO(json.dumps([long, 1, long], ensure_ascii=False).encode())))

    assert [one.value for one in found] == [long, 1, long]


def test_a_broken_line_does_not_hide_the_next_and_in_an_array_it_does() -> None:
    lines = list(items(io.BytesIO(b'{"a": 1}\n{broken\n{"a": 2}\n')))
    array = list(items(io.BytesIO(b'[{"a": 1}, {broken}, {"a": 2}]')))
    cut = list(items(io.BytesIO(b'[{"a": 1}, {"a": ')))

    assert [(one.number, one.value) for one in lines] == [(1, {"a": 1}), (2, None), (3, {"a": 2})]
    assert [(one.number, bool(one.problem)) for one in array] == [(1, False), (2, True)]
    assert [(one.number, bool(one.problem)) for one in cut] == [(1, False), (2, True)]


@pytest.mark.parametrize("data", [b"\xff\xfe{}", b"[" * 100_000, b'{"n": ' + b"9" * 5_000 + b"}"])
def test_what_nobody_could_read_is_said(data: bytes) -> None:
    assert all(one.problem for one in items(io.BytesIO(data)))
