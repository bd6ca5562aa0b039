"""The API in words, for people and for programs."""

import re
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from newsdesk.api import api

pytestmark = pytest.mark.django_db

DOCUMENT = api.get_openapi_schema()
CALLS = [
    (path, method, call)
    for path, methods in DOCUMENT["paths"].items()
    for method, call in methods.items()
]


#: What is taken back, not changed: that it stands is all that the caller has to have seen.
TAKEN_BACK = re.compile("submission|verdict|comments|imports")


def test_the_document_is_public_and_names_its_version() -> None:
    response = Client().get("/api/v1/openapi.json")

    assert response.status_code == 200
    assert response.json()["openapi"] == "3.1.0"
    assert response.json() == DOCUMENT


@pytest.mark.parametrize(("path", "method", "call"), CALLS)
def test_every_call_says_what_it_does_needs_and_answers(
    path: str, method: str, call: dict[str, Any]
) -> None:
    assert call["summary"].endswith(".")
    assert len(call["tags"]) == 1
    assert [list(one) for one in call["security"]] == [["BearerToken"]]
    assert {"400", "401", "403", "500"} < set(call["responses"])
    assert ("{" in path) <= ("404" in call["responses"])
    assert {one["name"] for one in call["parameters"] if one["in"] == "path"} == set(
        re.findall(r"{(\w+)}", path)
    )
    if method in ("patch", "delete") and not TAKEN_BACK.search(path):
        assert "If-Match" in {one["name"] for one in call["parameters"]}
        assert {"412", "428"} < set(call["responses"])
    for code, answer in call["responses"].items():
        media_type = next(iter(answer.get("content", {})), None)
        assert (media_type == "application/problem+json") == (code >= "400")


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_no_body_takes_unknown_fields(name: str) -> None:
    shape = DOCUMENT["components"]["schemas"][name]
    taken = name.endswith(("In", "Patch"))

    assert (shape.get("additionalProperties") is False) == taken


def test_calls_are_named_and_filed_once() -> None:
    names = [call["operationId"] for _, _, call in CALLS]
    tags = [tag["name"] for tag in DOCUMENT["tags"]]

    assert len(set(names)) == len(names)
    assert len(set(tags)) == len(tags)
    assert {call["tags"][0] for _, _, call in CALLS} == set(tags)


def test_the_page_shows_every_call_once_under_one_heading() -> None:
    page = Client().get("/api/v1/docs").text

    assert page.count("<h1") == 1
    shown = re.findall(r'<h3 id="(\w+)"', page)
    assert sorted(shown) == sorted(call["operationId"] for _, _, call in CALLS)
    assert "<script>" not in page
    assert "style=" not in page


def test_the_root_leads_to_the_page() -> None:
    response = Client().get("/api/v1/")

    assert (response.status_code, response["Location"]) == (302, "/api/v1/docs")


def test_every_example_is_what_its_shape_says() -> None:
    checked = 0
    for _, _, call in CALLS:
        answers = call["responses"].values()
        for part in (call.get("requestBody", {}), *answers):
            for content in part.get("content", {}).values():
                if "example" in content:
                    shape = content["schema"] | {"components": DOCUMENT["components"]}
                    Draft202012Validator(shape, format_checker=FormatChecker()).validate(
                        content["example"]
                    )
                    checked += 1

    assert checked > len(CALLS)


def test_what_is_created_leads_on() -> None:
    made = DOCUMENT["paths"]["/api/v1/projects/{slug}/articles"]["post"]["responses"]["201"]

    assert made["links"]["get_article"] == {
        "operationId": "get_article",
        "parameters": {"article_id": "$response.body#/id"},
    }
