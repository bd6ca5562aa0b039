"""A program that speaks the Web Annotation Protocol."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.test import Client

from articles.desk.models import User
from articles.intake.models import Article
from tests.api.calls import caller

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as TestResponse

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
JSON_LD = f'application/ld+json; profile="{CONTEXT}"'
HOME = "http://testserver"


class Program:
    """Asks with ``user``'s token; paths are below ``/w3c/``, or whole IRIs."""

    def __init__(self, user: User, **token: Any) -> None:
        self.headers: dict[str, str] = caller(user, **token).headers
        self.client = Client(raise_request_exception=False)

    def __call__(self, verb: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send ``body`` as JSON-LD; ``If_Match="*"`` is a header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = sent.pop("Content-Type", JSON_LD)
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        address = path if path.startswith(("http", "/")) else f"/w3c/{path}"
        return self.client.generic(verb, address, data, kind, headers=self.headers | sent)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self("POST", path, body, **headers)

    def put(self, path: str, body: Any, seen: str) -> TestResponse:
        return self("PUT", path, body, If_Match=seen)

    def delete(self, path: str, seen: str = "*") -> TestResponse:
        return self("DELETE", path, If_Match=seen)


def bookmark(number: int = 1, **members: Any) -> dict[str, Any]:
    """An annotation of something that is no text of ours."""
    return {
        "@context": CONTEXT,
        "type": "Annotation",
        "motivation": "bookmarking",
        "target": f"http://elsewhere.example/{number}.html",
        **members,
    }


def on(article: Article, words: str, label: str = "quote", **members: Any) -> dict[str, Any]:
    """An annotation that puts ``label`` on ``words`` of an article, said by their quote."""
    return {
        "@context": CONTEXT,
        "type": "Annotation",
        "body": {"type": "TextualBody", "purpose": "tagging", "value": label},
        "target": {
            "source": f"{HOME}/api/v1/articles/{article.pk}/text",
            "selector": {"type": "TextQuoteSelector", "exact": words},
        },
        **members,
    }


def problem_of(response: TestResponse) -> tuple[int, str]:
    """The status and the code of a refusal, which also says what kind of resource refused."""
    assert response["Content-Type"] == "application/problem+json", response.content
    assert "http://www.w3.org/ns/ldp#" in response["Link"]
    problem = response.json()
    assert problem["status"] == response.status_code
    return response.status_code, problem["code"]
