"""Somebody who calls the API with a token."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.test import Client

from articles.desk.models import Project, Scope, User
from articles.desk.token_services import create_token

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as TestResponse

ALL = [scope.value for scope in Scope]


class Caller:
    """Calls below ``/api/v1`` with one token."""

    def __init__(self, secret: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        if_match: object = None,
        raw: bytes | None = None,
        media_type: str = "application/json",
    ) -> TestResponse:
        """Send ``body`` as JSON, or ``raw`` as it is; ``if_match`` is a version or a header."""
        headers = dict(self.headers)
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"' if isinstance(if_match, int) else str(if_match)
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        address = path if path.startswith("http") else f"/api/v1{path}"
        return self.client.generic(method, address, data, content_type=media_type, headers=headers)

    def get(self, path: str) -> TestResponse:
        return self("GET", path)

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self("POST", path, body)

    def put(self, path: str, body: Any) -> TestResponse:
        return self("PUT", path, body)

    def patch(self, path: str, body: Any, if_match: object = None) -> TestResponse:
        return self("PATCH", path, body, if_match=if_match)

    def delete(self, path: str, if_match: object = None) -> TestResponse:
        return self("DELETE", path, if_match=if_match)


def caller(user: User, project: Project | None = None, scopes: Sequence[str] = ALL) -> Caller:
    """``user`` with a token for ``scopes``, in ``project`` or in all of theirs."""
    return Caller(token_of(user, project, scopes))


def token_of(user: User, project: Project | None = None, scopes: Sequence[str] = ALL) -> str:
    """A token of ``user``'s, as a program sends it."""
    _, secret = create_token(actor=user, name="tests", scopes=scopes, days=1, project=project)
    return secret


def code_of(response: TestResponse) -> tuple[int, str]:
    """The status and the code of a problem."""
    assert response["Content-Type"] == "application/problem+json", response.content
    problem = json.loads(response.content)
    assert problem["status"] == response.status_code
    return response.status_code, problem["code"]


def json_of(response: TestResponse) -> Any:
    assert response["Content-Type"] == "application/json; charset=utf-8", response.content
    return json.loads(response.content)
