"""The API in words: a page made from the same OpenAPI document that programs read."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsdesk.api import api
from newsdesk.openapi_examples import example_of, resolved

type Node = dict[str, Any]

#: JSON Schema's types and formats, in words.
KINDS = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "date-time": "time",
    "uuid": "UUID",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a member of a body or an answer. ``kind`` is its type in words."""

    name: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Answer:
    code: str
    about: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the page shows it."""

    anchor: str
    method: str
    path: str
    title: str
    about: str
    scope: str
    parameters: list[Field]
    takes: list[Field]
    gives: list[Field]
    answers: list[Answer]
    curl: str

    @property
    def short(self) -> str:
        """The path below ``/api/v1``."""
        return self.path.removeprefix("/api/v1")

    @property
    def lists(self) -> list[tuple[str, list[Field]]]:
        """What it is asked with and answers with, each with a heading."""
        return [("Asked with", self.parameters), ("Takes", self.takes), ("Gives", self.gives)]


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    about: str
    calls: list[Call]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every call, by what it is about."""
    document = api.get_openapi_schema()
    sections = list(sections_of(document, request.build_absolute_uri("/").rstrip("/")))
    return render(
        request, "api/docs.html", {"about": document["info"]["description"], "sections": sections}
    )


def sections_of(document: Node, origin: str) -> Iterator[Section]:
    """The calls of an OpenAPI document under its tags; ``origin`` is for the examples."""
    calls = [
        (call["tags"][0], _call(document, path, method, call, origin))
        for path, methods in document["paths"].items()
        for method, call in methods.items()
    ]
    for tag in document["tags"]:
        name = tag["name"]
        yield Section(name, tag["description"], [call for under, call in calls if under == name])


def _call(document: Node, path: str, method: str, call: Node, origin: str) -> Call:
    content = call.get("requestBody", {}).get("content", {})
    body = resolved(document, next(iter(content.values()))["schema"]) if content else {}
    answers = call["responses"].items()
    given: list[Node] = [
        shape
        for code, answer in answers
        if code < "300"
        for shape in answer.get("content", {}).values()
    ]
    return Call(
        anchor=call["operationId"],
        method=method.upper(),
        path=path,
        title=call["summary"],
        about="\n\n".join(call["description"].split("\n\n")[1:]),
        scope=call["security"][0]["BearerToken"][0],
        parameters=[
            Field(
                one["name"],
                kind_of(document, one["schema"]),
                one["required"],
                one.get("description", ""),
            )
            for one in call["parameters"]
        ],
        takes=_members(document, body),
        gives=_members(document, given[0]["schema"]) if given else [],
        answers=[Answer(code, answer["description"]) for code, answer in answers],
        curl=_curl(method.upper(), origin + path, call, example_of(document, body)),
    )


def _members(document: Node, shape: Node) -> list[Field]:
    """What an object has; of a list, what each of its items has."""
    shape = resolved(document, shape)
    listed = shape.get("properties", {}).get("items", {})
    if "items" in listed:
        shape = resolved(document, listed["items"])
    required = shape.get("required", [])
    return [
        Field(name, kind_of(document, part), name in required, part.get("description", ""))
        for name, part in shape.get("properties", {}).items()
    ]


def kind_of(document: Node, shape: Node) -> str:
    """A schema's type in words, such as “list of texts or null”."""
    shape = resolved(document, shape)
    if "anyOf" in shape or "oneOf" in shape:
        kinds = [kind_of(document, one) for one in shape.get("anyOf") or shape["oneOf"]]
        return " or ".join(dict.fromkeys(kinds))
    if "const" in shape:
        return f"“{shape['const']}”"
    if "enum" in shape:
        return ", ".join(shape["enum"])
    if shape.get("type") == "array":
        if shape.get("minItems") == shape.get("maxItems") == 2:
            return "pair"
        return f"list of {kind_of(document, shape['items'])}"
    kind: str = shape.get("format") or shape.get("type", "anything")
    return KINDS.get(kind, kind)


def _curl(method: str, url: str, call: Node, example: Any) -> str:
    parts = ["curl"] if method == "GET" else ["curl", "-X", method]
    parts += ["-H", '"Authorization: Bearer $NEWSDESK_TOKEN"']
    if any(one["name"] == "If-Match" for one in call["parameters"]):
        parts += ["-H", shlex.quote('If-Match: "1"')]
    if example:
        parts += ["--json", shlex.quote(json.dumps(example, ensure_ascii=False))]
    return " ".join([*parts, shlex.quote(url)])
