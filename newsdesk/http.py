"""Small helpers that every view uses."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from articles.desk.models import User

#: For a view that shows a form and takes it.
require_safe_or_post = require_http_methods(["GET", "HEAD", "POST"])


class EditorRequest(HttpRequest):
    """A request of somebody who is signed in, with django-htmx's details."""

    user: User
    htmx: HtmxDetails


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page, or only ``partial`` of it when htmx asks for a fragment of the page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by the middleware
    name = f"{template}#{partial}" if partial and htmx and not htmx.boosted else template
    response = render(request, name, context, status=status)
    if partial:
        response["Vary"] = "HX-Request"
    return response


class SeeOther(HttpResponseRedirect):
    """After a form was posted: look there, with GET."""

    status_code = 303
