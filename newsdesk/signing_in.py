"""What somebody who is signed out is answered: a page leads to the sign-in, a fragment says so.

A fragment is never answered with the sign-in page, which would be swapped into the page that asked
for it: 401 lets the page keep what is not saved and ask to sign in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.csrf import csrf_failure as csrf_page

from newsdesk.http import EditorRequest


def signed_in[**P](
    view: Callable[Concatenate[EditorRequest, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Only for people who are signed in, who come back to the same address."""

    @wraps(view)
    def answer(request: EditorRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_signed_out(request):
            return ask_to_sign_in(request, back=request.get_full_path())
        return view(request, *args, **kwargs)

    return answer


def is_signed_out(request: HttpRequest) -> bool:
    """Whether nobody, or nobody any more, is behind this request."""
    return not request.user.is_authenticated


def ask_to_sign_in(request: HttpRequest, *, back: str) -> HttpResponse:
    """To the sign-in and then to ``back``; to htmx, 401 in words."""
    if request.headers.get("HX-Request"):
        return _unauthorised(request, "You are signed out. Sign in, and go on where you were.")
    return redirect_to_login(back)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of another session than this one: signing in elsewhere gives a new token.

    To htmx it is as if the session had ended, so that the page keeps what is not saved.
    """
    if request.headers.get("HX-Request"):
        return _unauthorised(request, "You signed in anew elsewhere. Reload the page to go on.")
    return csrf_page(request, reason)


def _unauthorised(request: HttpRequest, message: str) -> HttpResponse:
    return render(request, "components/alert.html", {"message": message}, status=401)
