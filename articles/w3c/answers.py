"""How the Web Annotation Protocol is spoken: who asks, in which form, and what every answer says.

Source: W3C Web Annotation Protocol (2017); RFC 9110 for conditions; RFC 7240 for ``Prefer``.
"""

import binascii
import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import AuthenticationError

from articles.desk.models import ApiToken, Scope
from articles.formats.web_annotation import CONTEXT
from articles.w3c.errors import NotOffered, NotTaken, WrongVerb
from newsdesk.api import api, read_json
from newsdesk.api_auth import ApiRequest, BearerToken
from newsdesk.errors import StaleVersion
from newsdesk.problems import PreconditionRequired

JSON_LD = f'application/ld+json; profile="{CONTEXT}"'
OFFERED = (JSON_LD, "application/json")
TAKEN = ("application/ld+json", "application/json")
LINK = '<http://www.w3.org/ns/ldp#{kind}>; rel="type"'
CONSTRAINED = (
    ', <http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'
)
#: What a page of another site may read of an answer, send with a request, and ask for.
EXPOSED = "Accept-Post, Allow, Content-Location, ETag, Link, Location, Preference-Applied, Vary"
SENT = "Accept, Authorization, Content-Type, If-Match, If-None-Match, Prefer, Slug"
#: How long (seconds) a browser need not ask again whether it may.
REMEMBERED = "86400"

type View[**P] = Callable[Concatenate[ApiRequest, P], HttpResponse]
type Answer[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of address: its verbs with the scopes they need, and the headers of its answers."""

    scopes: dict[str, Scope]
    link: str

    @property
    def allow(self) -> str:
        reads = ["GET", "HEAD", "OPTIONS"] if "GET" in self.scopes else ["OPTIONS"]
        return ", ".join(reads + [verb for verb in self.scopes if verb != "GET"])


CONTAINER = Kind(
    {"GET": Scope.READ, "POST": Scope.ANNOTATE},
    LINK.format(kind="BasicContainer") + CONSTRAINED,
)
PAGE = Kind({"GET": Scope.READ}, LINK.format(kind="Resource"))
ANNOTATION = Kind(
    {"GET": Scope.READ, "PUT": Scope.ANNOTATE, "DELETE": Scope.ANNOTATE},
    LINK.format(kind="Resource"),
)
ROOT = Kind({"POST": Scope.ANNOTATE}, LINK.format(kind="Resource"))


def speaks[**P](kind_of: Callable[[HttpRequest], Kind]) -> Callable[[View[P]], Answer[P]]:
    """For a view at an address of a kind: lets its verbs in, and tells errors as problems.

    OPTIONS tells of the kind alone: it needs no token, and says nothing of what is there.
    """

    def decorate(view: View[P]) -> Answer[P]:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            kind, asked = kind_of(request), request.method
            verb = "GET" if asked == "HEAD" else asked or ""  # the server leaves the body out
            if verb == "OPTIONS":
                return _with_headers(HttpResponse(), kind)
            try:
                if verb not in kind.scopes:
                    raise WrongVerb(f"This address takes {kind.allow}.")
                request.method = verb
                response = view(_let_in(request, kind.scopes[verb]), *args, **kwargs)
            except Exception as error:
                response = api.on_exception(request, error)
            request.method = asked
            return _with_headers(response, kind)

        return answer

    return decorate


def _let_in(request: HttpRequest, scope: Scope) -> ApiRequest:
    """The request of somebody with a usable token: as bearer, or as the password of HTTP Basic.

    Basic is for programs that can send nothing else. It is not offered, so that no browser asks
    its user for a token and sends it ever after.

    Raises:
        AuthenticationError: if there is no usable token.
        ScopeMissing, TooFast: as in the API.
    """
    how, _, secret = request.headers.get("Authorization", "").partition(" ")
    if how.lower() == "basic":
        secret = _password(secret)
    elif how.lower() != "bearer":
        secret = ""
    token = BearerToken(scope).authenticate(request, secret.strip()) if secret else None
    if token is None:
        raise AuthenticationError()
    return _as_caller(request, token)


def _as_caller(request: Any, token: ApiToken) -> ApiRequest:
    request.auth = token
    caller: ApiRequest = request
    return caller


def _password(secret: str) -> str:
    try:
        return b64decode(secret, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _with_headers(response: HttpResponse, kind: Kind) -> HttpResponse:
    response["Allow"] = kind.allow
    response["Link"] = kind.link
    if "POST" in kind.scopes:
        response["Accept-Post"] = f"{JSON_LD}, application/json"
    patch_vary_headers(response, ["Accept", "Authorization", "Prefer"])
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-cache"
    # Any site may ask for somebody who gave it a token; no browser adds one by itself.
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = kind.allow
    response["Access-Control-Allow-Headers"] = SENT
    response["Access-Control-Expose-Headers"] = EXPOSED
    response["Access-Control-Max-Age"] = REMEMBERED
    return response


def require_form(request: HttpRequest) -> None:
    """Refuse who would not understand the answer, before anything is done.

    Raises:
        NotOffered: in words.
    """
    form_for(request)


def form_for(request: HttpRequest) -> str:
    """The media type that is asked for, of those that there are.

    Raises:
        NotOffered: if none is.
    """
    if not request.headers.get("Accept", "").strip():
        return JSON_LD
    form = request.get_preferred_type(list(OFFERED))
    if form is None:
        raise NotOffered()
    return str(form)


def sent_json(request: HttpRequest) -> Any:
    """The JSON of the request's body.

    Raises:
        NotTaken: if it says that it is something else.
        MalformedJson: if it is none.
    """
    if request.content_type not in TAKEN:
        raise NotTaken()
    return read_json(request.body)


def json_ld(
    request: HttpRequest, document: Any, *, status: int = 200, state: str = ""
) -> HttpResponse:
    """``document`` in the form that is asked for; 304 for a reader who has it already.

    Its ETag differs whenever it or ``state`` does.

    Raises:
        NotOffered: if it is asked for in no form that there is.
    """
    content = json.dumps(document, ensure_ascii=False)
    response = HttpResponse(content, status=status, content_type=form_for(request))
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = f'"{tag_of(document, state)}"'
    if request.method == "GET":
        found = get_conditional_response(request, etag=response["ETag"], response=response)
        assert isinstance(found, HttpResponse)  # 304, 412 or ``response``
        return found
    return response


def tag_of(document: Any, state: str = "") -> str:
    """What differs whenever ``document`` or ``state`` does."""
    canonical = json.dumps([document, state], sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def check_seen(request: HttpRequest, document: Any) -> None:
    """Refuse to change what is not any more as the caller saw it.

    Tags are compared without their marks: compressing makes a tag weak on its way, and some
    programs send it back without quotation marks.

    Raises:
        PreconditionRequired: if the caller does not say what they saw.
        StaleVersion: if that was something else than ``document``.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired()
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")]
    if header != "*" and tag_of(document) not in tags:
        raise StaleVersion("This annotation was changed since you looked at it.")


def preferences(request: HttpRequest) -> set[str]:
    """What ``Prefer`` asks to be included, such as ``PreferMinimalContainer``."""
    asked = re.search(r'include\s*=\s*"?([^";]*)', request.headers.get("Prefer", ""))
    return {iri.rpartition("#")[2] for iri in asked[1].split()} if asked else set()
