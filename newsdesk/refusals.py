"""What Django refuses before a view sees it, and what breaks on the way, in words."""

import sys

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    RequestDataTooBig,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from newsdesk import problems
from newsdesk.errors import is_database_away
from newsdesk.incidents import write_down
from newsdesk.problems import ASK_AGAIN, AWAY, ROOT

TOO_BIG = (
    f"That is more than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20} MB at once. "
    "A text may have 2 MB: bring a longer one in as several articles."
)
TOO_MANY = f"Choose up to {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files at once."
BROKEN = (
    "It is our fault, not yours, and it has been written down as incident {}. "
    "What was saved is safe. Try again in a moment."
)
NOT_OUR_NAME = (
    "Newsdesk is not served under this name: its administrator lists it in NEWSDESK_HOSTS."
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page, or the line, for a request that could not be read."""
    if isinstance(exception, DisallowedHost):  # refused before anybody knew who asks: no page yet
        return HttpResponse(
            NOT_OUR_NAME,
            status=400,
            content_type="text/plain; charset=utf-8",
            headers={"X-Content-Type-Options": "nosniff"},
        )
    if isinstance(exception, RequestDataTooBig):
        return _told(request, 413, TOO_BIG)
    if isinstance(exception, TooManyFilesSent):
        return _told(request, 413, TOO_MANY)
    if isinstance(exception, BadRequest) and str(exception):
        return _told(request, 400, str(exception))
    return render(request, "400.html", status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """The page, or the line, for what nobody foresaw and for a database that is away.

    They ask the database for nothing, so they do not know who reads them.
    """
    error = sys.exception()
    assert error is not None  # Django asks for this page while it handles one
    if request.path_info.startswith(ROOT):
        return problems.broken(request, error)
    is_fragment = "HX-Request" in request.headers
    template = "components/alert.html" if is_fragment else "500.html"
    if is_database_away(error):
        context = {"status": 503, "heading": "Newsdesk is away", "message": AWAY}
        away = HttpResponse(render_to_string(template, context), status=503)
        away["Retry-After"] = str(ASK_AGAIN)
        return away
    incident = write_down(error, f"at {request.method} {request.path}")
    context = {"status": 500, "heading": "Something broke", "message": BROKEN.format(incident)}
    return HttpResponse(render_to_string(template, context), status=500)


@require_safe
def no_streams(request: HttpRequest) -> HttpResponse:
    """Where Django answers alone, without ``newsdesk.asgi``, there are no streams.

    204 tells a browser not to try again; the page asks by itself now and then.
    """
    return HttpResponse(status=204)


def _told(request: HttpRequest, status: int, message: str) -> HttpResponse:
    return render(request, "error.html", {"status": status, "message": message}, status=status)
