"""The API of webhooks."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Status

from articles.feed import tasks, webhook_services
from articles.feed.models import Webhook
from articles.feed.webhook_schemas import (
    Accepted,
    Deliveries,
    DeliveryOut,
    ReplayIn,
    WebhookIn,
    WebhookOut,
    WebhookPatch,
    Webhooks,
)
from newsdesk.api_auth import MANAGE, ApiRequest, etag, find_project, projects_of, version_seen
from newsdesk.api_shapes import Paging, created, listed
from newsdesk.openapi import IF_MATCH, problems

router = Router()


@router.get(
    "/projects/{slug}/webhooks",
    auth=MANAGE,
    tags=["Feed"],
    response={200: Webhooks, **problems(404)},
    exclude_unset=True,
)
def list_webhooks(request: ApiRequest, slug: str, paging: Query[Paging]) -> Webhooks:
    """A project's webhooks, for its managers."""
    project = find_project(request, slug)
    webhook_services.require_manager(actor=request.user, project=project)
    rows = project.webhooks.filter(removed_at=None).select_related("project").order_by("id")
    return listed(request, rows, paging, Webhooks, WebhookOut.of)


@router.post(
    "/projects/{slug}/webhooks",
    auth=MANAGE,
    tags=["Feed"],
    response={201: WebhookOut, 200: WebhookOut, **problems(404, 409)},
    exclude_unset=True,
)
def add_webhook(
    request: ApiRequest, response: HttpResponse, slug: str, body: WebhookIn
) -> Status[WebhookOut]:
    """Have an address told of what changes from now on, by requests that are signed.

    The answer holds the `secret` that signs them, this once.
    """
    project = find_project(request, slug)
    webhook, is_new = webhook_services.add_webhook(
        actor=request.user, project=project, url=body.url, kinds=body.kinds, chosen_id=body.id
    )
    secret = webhook_services.secret(webhook)
    response["ETag"] = etag(webhook.version)
    address = reverse("api:get_webhook", args=[webhook.pk])
    return created(response, WebhookOut.of(webhook, secret), address, is_new)


@router.get(
    "/webhooks/{uuid:webhook_id}",
    auth=MANAGE,
    tags=["Feed"],
    response={200: WebhookOut, **problems(404)},
    exclude_unset=True,
)
def get_webhook(request: ApiRequest, response: HttpResponse, webhook_id: UUID) -> WebhookOut:
    """One webhook, and how far it has come."""
    return _answer(response, _find(request, webhook_id))


@router.patch(
    "/webhooks/{uuid:webhook_id}",
    auth=MANAGE,
    tags=["Feed"],
    response={200: WebhookOut, **problems(404, 412, 428)},
    openapi_extra=IF_MATCH,
    exclude_unset=True,
)
def change_webhook(
    request: ApiRequest, response: HttpResponse, webhook_id: UUID, body: WebhookPatch
) -> WebhookOut:
    """Send elsewhere, or other things; switch it off, or on again."""
    webhook = _find(request, webhook_id)
    version = version_seen(request, webhook.version)
    changes = body.model_dump(exclude_unset=True)
    changed = webhook_services.change_webhook(
        actor=request.user, webhook=webhook, version=version, **changes
    )
    return _answer(response, changed)


@router.delete(
    "/webhooks/{uuid:webhook_id}",
    auth=MANAGE,
    tags=["Feed"],
    response={204: None, **problems(404, 412, 428)},
    openapi_extra=IF_MATCH,
)
def remove_webhook(request: ApiRequest, webhook_id: UUID) -> Status[None]:
    """Send nothing there any more."""
    webhook = _find(request, webhook_id)
    version = version_seen(request, webhook.version)
    webhook_services.remove_webhook(actor=request.user, webhook=webhook, version=version)
    return Status(204, None)


@router.post(
    "/webhooks/{uuid:webhook_id}/secret",
    auth=MANAGE,
    tags=["Feed"],
    response={200: WebhookOut, **problems(404, 412, 428)},
    openapi_extra=IF_MATCH,
    exclude_unset=True,
)
def renew_secret(request: ApiRequest, response: HttpResponse, webhook_id: UUID) -> WebhookOut:
    """Sign with another secret from now on. The answer holds it, this once."""
    webhook = _find(request, webhook_id)
    version = version_seen(request, webhook.version)
    changed = webhook_services.renew_secret(actor=request.user, webhook=webhook, version=version)
    return _answer(response, changed, webhook_services.secret(changed))


@router.post(
    "/webhooks/{uuid:webhook_id}/test",
    auth=MANAGE,
    tags=["Feed"],
    response={202: DeliveryOut, **problems(404)},
)
def test_webhook(request: ApiRequest, webhook_id: UUID) -> Status[DeliveryOut]:
    """Send a request without items, in a moment; how it went is among the deliveries."""
    webhook = _find(request, webhook_id)
    delivery = tasks.ask_for_test(actor=request.user, webhook=webhook)
    return Status(202, DeliveryOut.of(delivery))


@router.get(
    "/webhooks/{uuid:webhook_id}/deliveries",
    auth=MANAGE,
    tags=["Feed"],
    response={200: Deliveries, **problems(404)},
    exclude_unset=True,
)
def list_deliveries(request: ApiRequest, webhook_id: UUID, paging: Query[Paging]) -> Deliveries:
    """What was sent in the last thirty days and how it went, newest first."""
    rows = _find(request, webhook_id).deliveries.order_by("-id")
    return listed(request, rows, paging, Deliveries, DeliveryOut.of)


@router.post(
    "/webhooks/{uuid:webhook_id}/replay",
    auth=MANAGE,
    tags=["Feed"],
    response={202: Accepted, **problems(404, 409, 410)},
)
def replay_webhook(request: ApiRequest, webhook_id: UUID, body: ReplayIn) -> Status[Accepted]:
    """Send again what lies between two cursors, in its order, with what stands now.

    Where the webhook has come to does not change by it.
    """
    until = tasks.ask_for_replay(
        actor=request.user,
        webhook=_find(request, webhook_id),
        after=body.after,
        until=body.until,
    )
    return Status(202, Accepted(until=until))


def _find(request: ApiRequest, webhook_id: UUID) -> Webhook:
    """The webhook, with its project.

    Raises:
        Http404: unless the caller may know of its project.
        NotAllowed: unless they manage it.
    """
    reached = Webhook.objects.visible_to(request.user).filter(project__in=projects_of(request))
    webhook = get_object_or_404(reached.select_related("project"), pk=webhook_id)
    webhook_services.require_manager(actor=request.user, project=webhook.project)
    return webhook


def _answer(response: HttpResponse, webhook: Webhook, secret: str | None = None) -> WebhookOut:
    response["ETag"] = etag(webhook.version)
    return WebhookOut.of(webhook, secret)
