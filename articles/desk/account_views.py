"""The account: how one likes the screens, and the keys to the API."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from articles.desk import queries, services, token_services
from articles.desk.forms import KeysForm, PreferencesForm, ThemeForm, TokenForm, tell
from articles.desk.models import User
from articles.desk.preferences import complete, keys_of
from newsdesk.errors import NewsdeskError
from newsdesk.http import EditorRequest, SeeOther, render_page, require_safe_or_post
from newsdesk.signing_in import signed_in

#: Seconds that a browser remembers the theme for the sign-in page.
A_YEAR = 365 * 24 * 3600


@signed_in
@require_safe_or_post
def preferences(request: EditorRequest) -> HttpResponse:
    """How one likes the screens; its second form, the keys, says which it is by its button."""
    if "keys" in request.POST.getlist("of"):
        return _keys(request)
    form = PreferencesForm(
        request.POST if request.method == "POST" else None, initial=_standing(request.user)
    )
    if form.is_valid():
        given = dict(form.cleaned_data)
        services.set_name(actor=request.user, name=given.pop("name"))
        services.set_preferences(actor=request.user, **given)
        messages.success(request, "Saved.")
        return _remember_theme(SeeOther(reverse("preferences")), given["theme"])
    return _preferences_page(request, form, form, KeysForm(initial=_standing_keys(request.user)))


def _keys(request: EditorRequest) -> HttpResponse:
    """Another key for what single keys do, or, without any key given, all as usual again."""
    form = KeysForm(request.POST)
    if form.is_valid():
        services.set_preferences(actor=request.user, actions=form.cleaned_data)
        messages.success(request, "Keys saved." if form.cleaned_data else "All keys as usual.")
        return SeeOther(reverse("preferences") + "#keys")
    looks = PreferencesForm(initial=_standing(request.user))
    return _preferences_page(request, form, looks, form)


def _preferences_page(
    request: EditorRequest, form: Form, looks: PreferencesForm, keys: KeysForm
) -> HttpResponse:
    """The page with both its forms; ``form`` is the one that was sent, if one was."""
    context = {"form": form, "looks_form": looks, "keys_form": keys}
    status = 422 if form.errors else 200
    return render_page(request, "desk/preferences.html", context, status=status)


def _standing(user: User) -> dict[str, str]:
    return {"name": user.name, **complete(user.preferences)}


def _standing_keys(user: User) -> dict[str, str]:
    return {name: keys[0] if keys else "" for name, keys in keys_of(user.preferences).items()}


@signed_in
@require_POST
def theme(request: EditorRequest) -> HttpResponse:
    """Change the theme from the menu, and stay on the page."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    form = ThemeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "There is no such theme.")
        return SeeOther(back)
    services.set_preferences(actor=request.user, **form.cleaned_data)
    return _remember_theme(SeeOther(back), form.cleaned_data["theme"])


def _remember_theme(response: HttpResponse, theme: str) -> HttpResponse:
    response.set_cookie("theme", theme, max_age=A_YEAR, httponly=True, samesite="Lax")
    return response


@signed_in
@require_safe
def token_list(request: EditorRequest) -> HttpResponse:
    rows = queries.token_rows(request.user)
    context = {"tokens": rows, "rate": settings.API_CALLS_A_MINUTE}
    return render_page(request, "desk/token_list.html", context)


@signed_in
@reauthentication_required
@require_safe_or_post
def token_new(request: EditorRequest) -> HttpResponse:
    """Make a token, for somebody who proved just now who they are; its secret is shown once."""
    form = TokenForm(request.POST if request.method == "POST" else None, user=request.user)
    status = 422 if form.errors else 200
    if form.is_valid():
        given = dict(form.cleaned_data)
        days = int(given.pop("days"))
        try:
            token, secret = token_services.create_token(actor=request.user, days=days, **given)
        except NewsdeskError as error:
            tell(form, error)
            status = error.status
        else:
            context = {"token": token, "secret": secret}
            response = render_page(request, "desk/token_made.html", context)
            response["Cache-Control"] = "no-store"
            return response
    return render_page(request, "desk/token_new.html", {"form": form}, status=status)


@signed_in
@require_POST
def token_revoke(request: EditorRequest, token_id: UUID) -> HttpResponse:
    token = get_object_or_404(request.user.api_tokens, pk=token_id)
    token_services.revoke_token(actor=request.user, token=token)
    messages.success(request, f"“{token}” no longer opens anything.")
    return SeeOther(reverse("token-list"))
