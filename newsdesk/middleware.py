"""Errors in words, for pages and for htmx fragments."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from newsdesk.errors import NewsdeskError


class ErrorsInWords:
    """Turns a ``NewsdeskError`` that no view caught into a page, or a line, in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, NewsdeskError):
            return None
        template = "components/alert.html" if request.headers.get("HX-Request") else "error.html"
        context = {"status": error.status, "message": error.message}
        return render(request, template, context, status=error.status)
