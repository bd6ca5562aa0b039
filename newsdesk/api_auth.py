"""Who calls the API, with which token, and how far that token reaches."""

from ipaddress import ip_address

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja.security import HttpBearer

from articles.desk.models import ApiToken, Project, Scope, User
from articles.desk.rates import spend
from articles.desk.token_services import find_token
from newsdesk.problems import PreconditionRequired, ScopeMissing


class ApiRequest(HttpRequest):
    """A request with a usable token, and the person whose token it is."""

    user: User
    auth: ApiToken


class BearerToken(HttpBearer):
    """Lets in whoever has a usable token with ``scope``.

    Raises:
        ScopeMissing: if the token is usable but for other things.
        TooFast: if it was used too often in the last minute.
    """

    openapi_description = (
        "An API token, `nd_…`, from your account page or from `manage.py create_token`."
    )

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = find_token(token, used_from=_sender(request))
        if found is None:
            return None
        spend(found)
        if self.scope not in found.scopes:
            raise ScopeMissing(
                f"This token is for {', '.join(found.scopes)}; this call needs {self.scope}."
            )
        request.user = found.user
        return found


READ = BearerToken(Scope.READ)
ANNOTATE = BearerToken(Scope.ANNOTATE)
IMPORT = BearerToken(Scope.IMPORT)
EXPORT = BearerToken(Scope.EXPORT)
REVIEW = BearerToken(Scope.REVIEW)
MANAGE = BearerToken(Scope.MANAGE)


def projects_of(request: ApiRequest) -> QuerySet[Project]:
    """The projects that the caller may know of and the token reaches."""
    projects = Project.objects.visible_to(request.user)
    bound = request.auth.project_id
    return projects if bound is None else projects.filter(pk=bound)


def find_project(request: ApiRequest, slug: str) -> Project:
    """The project at ``slug``.

    Raises:
        Http404: unless the caller may know of it and the token reaches it.
    """
    return get_object_or_404(projects_of(request), slug=slug)


def _sender(request: HttpRequest) -> str | None:
    """The address that a request came from; none if a proxy in between hid it."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def version_seen(request: HttpRequest, current: int) -> int:
    """The version that ``If-Match`` names, for a service to compare with the one it locks.

    ``*`` names whatever is there; of several the current one counts; what names no version of
    ours is 0, which nothing ever had. A weak tag counts as well: an answer that was compressed on
    its way has one.

    Raises:
        PreconditionRequired: if the header is missing.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired()
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    if header == "*" or etag(current) in tags:
        return current
    bare = tags[0].strip('"')
    return int(bare) if tags[0] == f'"{bare}"' and bare.isdecimal() and len(bare) < 10 else 0


def etag(version: int) -> str:
    return f'"{version}"'
