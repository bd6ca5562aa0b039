"""Whatever goes wrong in the API, as a problem that programs can read. Source: RFC 9457."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field

from articles.desk.attributes import AttributeInvalid
from articles.desk.rates import TooFast
from newsdesk.errors import (
    Invalid,
    InvalidQuery,
    NewsdeskError,
    StaleVersion,
    is_database_away,
)
from newsdesk.incidents import write_down

#: What is said while the database is away, and seconds after which to ask again.
AWAY, ASK_AGAIN = "The database does not answer. What was saved is safe.", 5
MEDIA_TYPE = "application/problem+json"
#: Where the API lives; what goes wrong below it is answered as a problem.
ROOT = "/api/"


class Trouble(BaseModel):
    """One thing to mend in what was sent."""

    loc: list[str | int] = Field(examples=[["body", "start"]])
    code: str = Field(examples=["missing"])
    message: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """What went wrong. ``code`` is for programs and stays; ``detail`` is for people."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    code: str = Field(examples=["quote_mismatch"])
    detail: str = Field(examples=["These words are not at this place in the text."])
    errors: list[Trouble] = Field(default=[], description="With 422: what to mend, and where.")
    existing: str = Field(default="", description="With `duplicate_article`: the id it has.")
    incident: str = Field(default="", description="With 5xx: what to tell the administrator.")


class MalformedJson(NewsdeskError):
    """The body is not JSON in UTF-8, or holds a number that no database can."""

    status = 400
    code = "malformed_json"


class WrongMediaType(NewsdeskError):
    """The body must be application/json."""

    status = 415
    code = "wrong_media_type"


class ScopeMissing(NewsdeskError):
    """The token may not do this."""

    status = 403
    code = "scope_missing"


class PreconditionRequired(NewsdeskError):
    """Say in If-Match which version you saw: it is the ETag that reading gave you."""

    status = 428
    code = "if_match_missing"


def problem(
    status: int,
    code: str,
    detail: str,
    facts: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """An answer that says what went wrong; ``facts`` are members beside the usual ones."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **(facts or {}),
    }
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    response["X-Content-Type-Options"] = "nosniff"  # also where no middleware adds it
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Newsdesk"'
    return response


def install(api: NinjaAPI) -> None:
    """Answer every error of ``api`` with a problem."""
    answers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Exception: broken,
        Http404: _not_there,
        HttpError: _refused,
        NewsdeskError: _in_words,
        RequestDataTooBig: _too_large,
        TooManyFieldsSent: _too_many,
        ValidationError: _not_valid,
    }
    for kind, answer in answers.items():
        api.add_exception_handler(kind, answer)


def _in_words(_request: HttpRequest, error: NewsdeskError) -> HttpResponse:
    status = 412 if isinstance(error, StaleVersion) else error.status
    facts = error.facts()
    if isinstance(error, Invalid):
        loc: list[str | int] = ["query" if isinstance(error, InvalidQuery) else "body"]
        if isinstance(error, AttributeInvalid):
            loc.append("attributes")
        if error.field:
            loc.append(error.field)
        trouble = Trouble(loc=loc, code=error.code, message=error.message)
        facts = {**facts, "errors": [trouble.model_dump()]}
    response = problem(status, error.code, error.message, facts)
    if isinstance(error, TooFast):
        response["Retry-After"] = str(error.retry_after)
    return response


def _not_valid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    troubles = [
        Trouble(loc=_place(one["loc"]), code=_code(one["type"]), message=one["msg"])
        for one in error.errors
    ]
    places = ", ".join(dict.fromkeys(str(trouble.loc[-1]) for trouble in troubles))
    return problem(
        422,
        "invalid",
        f"Some of what you sent cannot be taken: {places}.",
        {"errors": [trouble.model_dump() for trouble in troubles]},
    )


def _place(loc: tuple[str | int, ...]) -> list[str | int]:
    """Where a value stood in what was sent, without the name of our own variable."""
    source, *path = loc
    return [source, *path[1:]] if source == "body" else [source, *path[-1:]]


def _code(kind: str) -> str:
    return {"extra_forbidden": "unknown_field", "value_error": "invalid"}.get(kind, kind)


def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        return problem(401, "token_missing", "Send a usable API token: Authorization: Bearer nd_…")
    if isinstance(error.__cause__, NewsdeskError):  # our parser's, wrapped by ninja
        return _in_words(request, error.__cause__)
    return problem(error.status_code, "bad_request", error.message)


def _not_there(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(404, "not_found", "There is nothing here, or nothing that you may see.")


def _too_large(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return problem(413, "too_large", "This is more than one request may send.")


def _too_many(_request: HttpRequest, _error: TooManyFieldsSent) -> HttpResponse:
    return problem(400, "bad_request", "An address does not hold that many parameters.")


def broken(request: HttpRequest, error: BaseException) -> HttpResponse:
    """What nobody foresaw, under its number in the log; or that the database is away."""
    if is_database_away(error):
        away = problem(503, "database_unavailable", AWAY)
        away["Retry-After"] = str(ASK_AGAIN)
        return away
    incident = write_down(error, f"at {request.method} {request.path}")
    return problem(
        500, "internal", "Something broke here; it has been written down.", {"incident": incident}
    )


class ProblemsBelowApi:
    """Middleware: answers that were not made by the API's own handlers become problems too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return problem(400, "bad_request", "An address holds no NUL characters.")
        try:
            request.get_host()
        except DisallowedHost:
            return problem(400, "bad_request", "Newsdesk does not answer to this host name.")
        asked = request.method
        if asked == "HEAD":  # is answered as GET, and the server leaves the body out
            request.method = "GET"
        response = self.get_response(request)
        request.method = asked
        if response.status_code >= 400 and response.get("Content-Type") != MEDIA_TYPE:
            response = _translated(request, response)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response


def _translated(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The problem that Django's own ``response`` means."""
    status = HTTPStatus(response.status_code)
    if status == HTTPStatus.NOT_FOUND:
        return _not_there(request, Http404())
    code = status.name.lower()
    if status != HTTPStatus.METHOD_NOT_ALLOWED:
        return problem(status, code, status.phrase)
    answer = problem(status, code, f"This address takes {response['Allow']}.")
    answer["Allow"] = response["Allow"]
    return answer
