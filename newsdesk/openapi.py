"""The OpenAPI document: what django-ninja writes, completed with what holds for every call."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from newsdesk.openapi_examples import example_of
from newsdesk.openapi_links import add_links
from newsdesk.problems import MEDIA_TYPE, Problem

JSON = "application/json"
#: For ``openapi_extra`` of a call that changes what somebody may have changed meanwhile.
IF_MATCH: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": "If-Match",
            "required": True,
            "description": "The ETag of what you saw: its version in quotation marks.",
            "schema": {"type": "string"},
            "example": '"3"',
        }
    ]
}

INFO = {
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}

ABOUT = """\
Everything that editors do in Newsdesk, for programs.

**Ground.** JSON in UTF-8. Fields that are not described here are refused. Times are RFC 3339 in
UTC. Offsets count Unicode code points, as `len(str)` does in Python; `end` is exclusive.

**Tokens.** `Authorization: Bearer nd_…`. A token acts for a person, in one project or in all of
theirs, within its scopes: `read`, `annotate`, `import`, `export`, `review`, `manage`.

**Lists** come in pages: follow `next` until it is null.

**Versions.** What can change has a version, which is also its `ETag`. A change names in `If-Match`
the version that you saw; if it has moved on, the answer is 412 and nothing happens.

**Sent twice.** Whatever is created may have an `id` of your own. The same `id` and body again
answer 200 with the same thing; the same `id` with another body is refused with `id_reused`.

**Rate.** A token may call so often in a minute (1,200 times, unless the server is set otherwise);
beyond that the answer is 429 with `Retry-After`.

**Problems** are `application/problem+json`. What you may not know of is 404.
"""

TAGS = [
    {"name": "Projects", "description": "Where a desk's articles, labels and members are."},
    {"name": "Labels", "description": "What spans and links may be called."},
    {"name": "Members", "description": "Who works in a project, as what."},
    {"name": "Articles", "description": "Stories, their text and the blocks it is made of."},
    {"name": "Imports", "description": "Files on their way in, and what became of each line."},
    {"name": "Queue", "description": "The next article to annotate."},
    {"name": "Annotations", "description": "Labels on spans of a text, one layer a person."},
    {"name": "Suggestions", "description": "What machines propose, for people to decide on."},
    {"name": "Relations", "description": "Links between annotations, such as quote to source."},
    {"name": "Comments", "description": "What people say about an article and the work on it."},
    {"name": "Submission", "description": "Handing work in, and taking it back for a while."},
    {"name": "Review", "description": "Deciding between annotators, and closing with gold."},
    {"name": "Agreement", "description": "How alike the annotators of a project are."},
    {"name": "Datasets", "description": "What goes out, as files that stream."},
    {"name": "Feed", "description": "What changes, told in order: to be asked for, or sent."},
]

VERSION = {"description": "Its version, for If-Match.", "schema": {"type": "string"}}
SECONDS = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
PLACE = {"description": "The address of what was created.", "schema": {"type": "string"}}

MEANINGS = {
    200: "As asked; for a creation: it was there already.",
    201: "Created.",
    202: "Taken, and done in the background.",
    204: "Done; there is nothing to say.",
    400: "The body is no JSON, or the address makes no sense.",
    401: "No usable token.",
    403: "The token's scopes or your role do not allow it.",
    404: "There is nothing here, or nothing that you may see.",
    409: "It conflicts with what is there; `code` says how.",
    410: "There was something, and it is gone for good.",
    411: "Content-Length is missing.",
    412: "It has moved on since the version in If-Match.",
    413: "Too large.",
    415: "The body must be application/json.",
    416: "`Range` asks for what the file does not have.",
    422: "Something in it has to be mended; `errors` says what and where.",
    428: "If-Match is missing.",
    429: "Too many calls of this token; `Retry-After` says how many seconds to wait.",
    500: "Something broke here; `incident` names it in our log.",
    503: "Not now: the database is away, or `detail` says what has to be done first.",
}

#: What ``code`` usually is in a problem of that status.
CODES = {
    400: "malformed_json",
    401: "token_missing",
    403: "not_allowed",
    404: "not_found",
    409: "id_reused",
    410: "cursor_gone",
    411: "length_missing",
    412: "stale_version",
    413: "too_large",
    415: "wrong_media_type",
    416: "range_not_satisfiable",
    422: "invalid",
    428: "if_match_missing",
    429: "rate_limited",
    500: "internal",
    503: "database_unavailable",
}


def problems(*codes: int) -> dict[int, type[Problem]]:
    """Answers for ``response=`` that say what can go wrong, beside what can anywhere."""
    return dict.fromkeys(codes, Problem)


def complete(document: dict[str, Any], scopes: Mapping[str, str]) -> None:
    """Give ``document`` the answers, headers and words that every call shares."""
    schemas = document["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schemas["Problem"].pop("$defs")
    document["servers"] = [{"url": "/"}]
    for calls in document["paths"].values():
        if "get" in calls:
            calls.pop("head", None)  # HEAD is GET without the body, in its name and all its words
        for call in calls.values():
            _complete_call(call, schemas)
            _give_examples(document, call)
            call["security"] = [{"BearerToken": [str(scopes[call["operationId"]])]}]
    add_links(document)


def _complete_call(call: dict[str, Any], schemas: dict[str, Any]) -> None:
    call["summary"] = " ".join(call["description"].split("\n\n")[0].split())
    answers: dict[int, dict[str, Any]] = call["responses"]
    usual = [400, 401, 403, 429, 500, 503]
    if any(one["in"] == "path" for one in call["parameters"]):
        usual.append(404)
    if call["parameters"] or "requestBody" in call:
        usual.append(422)
    if "requestBody" in call:
        usual += [413, 415]
    for code in usual:
        answers.setdefault(code, {})
    for code, answer in answers.items():
        answer["description"] = MEANINGS.get(code) or answer["description"]
        if code >= 400:
            shape = {"$ref": "#/components/schemas/Problem"}
            answer["content"] = {MEDIA_TYPE: {"schema": shape}}
            if code in (429, 503):
                answer["headers"] = {"Retry-After": SECONDS}
        elif _has_version(answer, schemas):
            answer["headers"] = {"ETag": VERSION, **({"Location": PLACE} if 201 in answers else {})}
    call["responses"] = {str(code): answers[code] for code in sorted(answers)}


def _give_examples(document: dict[str, Any], call: dict[str, Any]) -> None:
    """Show what may be sent and what is answered, wherever that is JSON of a known shape."""
    for media_type, content in call.get("requestBody", {}).get("content", {}).items():
        if media_type == JSON:
            content.setdefault("example", example_of(document, content["schema"]))
    for code, answer in call["responses"].items():
        for media_type, content in answer.get("content", {}).items():
            if media_type == JSON:
                content.setdefault("example", example_of(document, content["schema"], whole=True))
            elif media_type == MEDIA_TYPE:
                content["example"] = _problem(int(code))


def _problem(code: int) -> dict[str, Any]:
    """A problem with that status, as it might be."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "code": CODES[code],
        "detail": MEANINGS[code],
    }


def _has_version(answer: dict[str, Any], schemas: dict[str, Any]) -> bool:
    shape = answer.get("content", {}).get("application/json", {}).get("schema", {})
    name = shape.get("$ref", "").rpartition("/")[2]
    return "version" in schemas.get(name, {}).get("properties", {})
