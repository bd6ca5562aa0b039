"""The pages of webhooks, for managers: which there are, how their deliveries went."""

from uuid import UUID

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles.desk.forms import tell
from articles.desk.views import find_managed
from articles.feed import tasks, webhook_services
from articles.feed.forms import SHORT_WORDS, ReplayForm, WebhookForm
from articles.feed.models import Delivery, Webhook
from newsdesk.errors import NewsdeskError
from newsdesk.http import EditorRequest, SeeOther, render_page, require_safe_or_post
from newsdesk.signing_in import signed_in

#: Deliveries of one webhook on its page.
SHOWN = 50


@signed_in
@require_safe_or_post
def webhook_list(request: EditorRequest, slug: str) -> HttpResponse:
    """What there is, and a form for one more. Its secret is shown in the answer, this once."""
    project = find_managed(request, slug)
    form = WebhookForm(request.POST if request.method == "POST" else None)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            made, _ = webhook_services.add_webhook(
                actor=request.user, project=project, **form.cleaned_data
            )
        except NewsdeskError as error:
            tell(form, error)
            status = error.status
        else:
            return _secret(request, made)
    newest = Delivery.objects.filter(webhook=OuterRef("pk"), tried_at__isnull=False)
    rows = (
        project.webhooks.filter(removed_at=None)
        .annotate(last=Subquery(newest.order_by("-tried_at").values("tried_at")[:1]))
        .order_by("id")
    )
    context = {
        "project": project,
        "webhooks": [(row, _told_of(row)) for row in rows],
        "form": form,
    }
    return render_page(request, "feed/webhook_list.html", context, status=status)


@signed_in
@require_safe
def webhook(request: EditorRequest, slug: str, webhook_id: UUID) -> HttpResponse:
    found = _find(request, slug, webhook_id)
    return _page(request, found, ReplayForm())


@signed_in
@require_POST
def webhook_replay(request: EditorRequest, slug: str, webhook_id: UUID) -> HttpResponse:
    """Send again what lies between two cursors."""
    found = _find(request, slug, webhook_id)
    form = ReplayForm(request.POST)
    status = 422
    if form.is_valid():
        given = {name: value or None for name, value in form.cleaned_data.items()}
        try:
            tasks.ask_for_replay(actor=request.user, webhook=found, **given)
        except NewsdeskError as error:
            tell(form, error)
            status = error.status
        else:
            messages.success(request, "It is being sent again. Reload to see how it goes.")
            return SeeOther(_address(found))
    return _page(request, found, form, status=status)


@signed_in
@require_POST
def webhook_act(request: EditorRequest, slug: str, webhook_id: UUID, act: str) -> HttpResponse:
    """Test it, switch it on or off, renew its secret, remove it: each as its reader saw it."""
    found = _find(request, slug, webhook_id)
    if act == "test":
        tasks.ask_for_test(actor=request.user, webhook=found)
        messages.success(request, "A test is on its way. Reload to see how it went.")
        return SeeOther(_address(found))
    version = _version(request)
    if act == "renew":
        renewed = webhook_services.renew_secret(actor=request.user, webhook=found, version=version)
        return _secret(request, renewed)
    if act == "remove":
        webhook_services.remove_webhook(actor=request.user, webhook=found, version=version)
        messages.success(request, f"Nothing is sent to {found} any more.")
        return SeeOther(reverse("webhook-list", args=[slug]))
    webhook_services.change_webhook(
        actor=request.user, webhook=found, version=version, enabled=act == "on"
    )
    messages.success(request, "It is on." if act == "on" else "It is off.")
    return SeeOther(_address(found))


def _find(request: EditorRequest, slug: str, webhook_id: UUID) -> Webhook:
    project = find_managed(request, slug)
    rows = project.webhooks.filter(removed_at=None).select_related("project", "made_by")
    return get_object_or_404(rows, pk=webhook_id)


def _address(webhook: Webhook) -> str:
    return reverse("webhook", args=[webhook.project.slug, webhook.pk])


def _told_of(webhook: Webhook) -> str:
    return ", ".join(SHORT_WORDS[kind] for kind in webhook.kinds) or "everything"


def _version(request: EditorRequest) -> int:
    """The version that the form names; 0, which nothing ever had, if it names none."""
    given = request.POST.get("version", "")
    is_number = given.isascii() and given.isdecimal() and len(given) < 10
    return int(given) if is_number else 0


def _page(
    request: EditorRequest, webhook: Webhook, form: ReplayForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "project": webhook.project,
        "webhook": webhook,
        "told_of": _told_of(webhook),
        "deliveries": webhook.deliveries.order_by("-id")[:SHOWN],
        "form": form,
    }
    return render_page(request, "feed/webhook.html", context, status=status)


def _secret(request: EditorRequest, webhook: Webhook) -> HttpResponse:
    secret = webhook_services.secret(webhook)
    context = {"project": webhook.project, "webhook": webhook, "secret": secret}
    response = render_page(request, "feed/webhook_secret.html", context)
    response["Cache-Control"] = "no-store"
    return response
