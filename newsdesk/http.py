"""Small helpers that every view uses."""

import hashlib
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from articles.desk.models import User

#: For a view that shows a form and takes it.
require_safe_or_post = require_http_methods(["GET", "HEAD", "POST"])

_FORM_SECRET = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w+')


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
    """Render the page, or only ``partial`` of it when htmx asks for a fragment of the page.

    The fragment has an ETag: who has it already is answered 304.
    """
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by the middleware
    is_fragment = bool(partial and htmx and not htmx.boosted)
    name = f"{template}#{partial}" if is_fragment else template
    response = render(request, name, context, status=status)
    if partial:
        response["Vary"] = "HX-Request"
    return unless_known(request, response) if is_fragment and status == 200 else response


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """``response`` with an ETag of its content or, if its reader has that already, 304.

    The secrets of forms are written anew each time and say nothing, so they do not count.
    """
    if request.method not in ("GET", "HEAD"):
        return response
    content = _FORM_SECRET.sub(b"", response.content)
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    response["ETag"] = etag
    conditional = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(conditional, HttpResponse)  # 304 or ``response``
    return conditional


class SeeOther(HttpResponseRedirect):
    """After a form was posted: look there, with GET."""

    status_code = 303
