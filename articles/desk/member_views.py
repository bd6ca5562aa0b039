"""Settings ▸ Members: who is here, in which role; and the way in, by invitation."""

import logging

from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from articles.desk import queries, services
from articles.desk.errors import InvitationUsed
from articles.desk.forms import InvitationForm, tell
from articles.desk.models import Invitation, Role
from articles.desk.views import find_managed
from newsdesk.errors import NewsdeskError
from newsdesk.http import EditorRequest, SeeOther, render_page, require_safe_or_post
from newsdesk.signing_in import signed_in

logger = logging.getLogger(__name__)


@signed_in
@require_safe_or_post
def member_list(request: EditorRequest, slug: str) -> HttpResponse:
    """The members and open invitations; a POST invites, and shows the link once."""
    project = find_managed(request, slug)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    status, link, invitation, mailed = 200, None, None, False
    if form.is_valid():
        try:
            invitation, secret = services.invite(
                actor=request.user, project=project, **form.cleaned_data
            )
        except NewsdeskError as error:
            tell(form, error)
            status = error.status
        else:
            link = request.build_absolute_uri(reverse("invitation", args=[secret]))
            mailed = _mail(invitation, link)
            form = InvitationForm()
    elif form.errors:
        status = 422
    context = {
        "project": project,
        "members": queries.member_rows(project, request.user),
        "invitations": project.invitations.open().select_related("invited_by").order_by("pk"),
        "form": form,
        "roles": Role.choices,
        "link": link,
        "invited": invitation,
        "mailed": mailed,
    }
    response = render_page(request, "desk/member_list.html", context, status=status)
    if link:
        response["Cache-Control"] = "no-store"
    return response


def _mail(invitation: Invitation, link: str) -> bool:
    """Send the link; whether that worked. If not, the page shows the link all the same."""
    context = {"invitation": invitation, "link": link}
    subject = f"{invitation.invited_by} invites you to “{invitation.project}”"
    body = render_to_string("desk/invitation_mail.txt", context)
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.email])
    except OSError:  # the mail server refused or is not there
        logger.exception("The invitation of %s could not be mailed.", invitation.email)
        return False
    return True


@signed_in
@require_POST
def member_set(request: EditorRequest, slug: str, member_id: int) -> HttpResponse:
    """Say which role a member has, and whether they are cleared for sensitive articles."""
    project = find_managed(request, slug)
    member = get_object_or_404(project.memberships.select_related("user"), pk=member_id)
    role, cleared = request.POST.get("role", ""), "cleared" in request.POST
    try:
        services.set_member(
            actor=request.user, project=project, user=member.user, role=role, cleared=cleared
        )
    except NewsdeskError as error:
        messages.error(request, error.message)
    else:
        also = ", cleared for sensitive articles" if cleared else ""
        messages.success(request, f"{member.user} is now {role} here{also}.")
    return SeeOther(reverse("member-list", args=[slug]))


@signed_in
@require_POST
def member_deactivate(request: EditorRequest, slug: str, member_id: int) -> HttpResponse:
    project = find_managed(request, slug)
    member = get_object_or_404(project.memberships.select_related("user"), pk=member_id)
    try:
        services.deactivate_member(actor=request.user, project=project, user=member.user)
    except NewsdeskError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{member.user} is off the project. Their work stays.")
    return SeeOther(reverse("member-list", args=[slug]))


@signed_in
@require_POST
def invitation_withdraw(request: EditorRequest, slug: str, invitation_id: int) -> HttpResponse:
    project = find_managed(request, slug)
    invitation = get_object_or_404(project.invitations, pk=invitation_id)
    services.withdraw_invitation(actor=request.user, invitation=invitation)
    messages.success(request, f"The invitation of {invitation.email} is withdrawn.")
    return SeeOther(reverse("member-list", args=[slug]))


@require_safe_or_post
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Where an invitation's link leads: join with the account one has, or make one first."""
    found = services.find_invitation(secret)
    if found is None:
        raise InvitationUsed()
    if request.method == "POST" and request.user.is_authenticated:
        member = services.accept_invitation(actor=request.user, secret=secret)
        request.session.pop("invitation", None)
        messages.success(request, f"Welcome to “{found.project}”. You are {member.role} here.")
        return SeeOther(reverse("project-list"))
    request.session["invitation"] = secret
    response = render_page(request, "desk/invitation.html", {"invitation": found})
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
