"""A file of Web Annotations, held against the assertions of the W3C and read as JSON-LD.

Reads the folder ``shared`` beside the repository: the W3C's schemas and context are not ours.
"""

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pyld import jsonld

from articles.formats.shapes import ArticleRecord
from articles.formats.web_annotation import CONTEXT, write
from tests.formats.drawn import ABOUT, annotation_record, article_record, many_records, records

FOLDER = Path(__file__).parents[3] / "shared" / "w3c"
OA = "http://www.w3.org/ns/oa#"


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    assert FOLDER.exists(), "The W3C's assertions are missing: they belong in shared/w3c"
    spec = spec_from_file_location("w3c_check", FOLDER / "check.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def document(*records: ArticleRecord) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(b"".join(write(records, ABOUT)))
    return read


def only_context(url: str, options: dict[str, Any]) -> dict[str, Any]:
    """The one thing that a JSON-LD processor looks up."""
    assert url == CONTEXT
    context = json.loads((FOLDER / "context" / "anno.jsonld").read_text())
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url,
            "document": context}  # fmt: skip


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records(words=True))
def test_no_assertion_that_must_hold_fails(checker: ModuleType, record: ArticleRecord) -> None:
    report = checker.check(document(record), record["text"])

    failed = [
        (what, result.name, result.message)
        for what, results in report
        for result in results
        if result.level.endswith("must") and not result.ok
    ]
    assert failed == []


def test_a_file_of_nothing_fails_none_either(checker: ModuleType) -> None:
    report = checker.check(document(article_record("Quay opens.")))

    assert [one.name for _, results in report for one in results
            if one.level.endswith("must") and not one.ok] == []  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(many_records)
def test_a_json_ld_processor_loses_nothing(records: tuple[ArticleRecord, ...]) -> None:
    given = document(*records)

    expanded = jsonld.expand(given, {"documentLoader": only_context})
    compacted = jsonld.compact(expanded, CONTEXT, {"documentLoader": only_context})

    assert unordered(compacted) == unordered(given)


def test_a_span_and_its_text_are_in_the_graph() -> None:
    text = "📰 Quay opens."
    given = document(article_record(text, [annotation_record(text, 2, 6, "claim")]))

    nodes = jsonld.flatten(given, None, {"documentLoader": only_context})

    values = {
        (key, value["@value"])
        for node in nodes
        for key, values in node.items()
        if key not in ("@id", "@type")
        for value in values
        if "@value" in value
    }
    assert {
        (f"{OA}start", 2),
        (f"{OA}end", 6),
        (f"{OA}exact", "Quay"),
        ("http://schema.org/articleBody", text),
    } <= values


def unordered(value: Any) -> Any:
    """JSON-LD as a set of statements: lists of one are their one, and others have no order."""
    if isinstance(value, dict):
        return {key: unordered(one) for key, one in value.items()}
    if isinstance(value, list):
        rest = sorted(map(unordered, value), key=lambda one: json.dumps(one, sort_keys=True))
        return rest[0] if len(rest) == 1 else rest
    return value
