"""The history of an article, and the way back to an earlier state of an annotation."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from articles.annotations.desks import Desk
from articles.annotations.forms import as_uuid, cleaned
from articles.annotations.models import Layer
from articles.annotations.write_views import writes
from articles.desk.events import Event
from articles.desk.forms import VersionedForm
from articles.desk.permissions import can_see_all_layers, role_in
from articles.intake.models import Article
from articles.review.history_queries import (
    entries,
    events_of_article,
    of_annotation,
    of_layer,
)
from articles.review.history_services import restore_state
from newsdesk.http import EditorRequest, SeeOther, render_page
from newsdesk.paging import CursorInvalid, Page, page_of
from newsdesk.signing_in import signed_in

PER_PAGE = 50


@signed_in
@require_safe
def article_history(request: EditorRequest, slug: str, article_id: UUID) -> HttpResponse:
    """What happened to an article and the work on it, newest first."""
    visible = Article.objects.visible_to(request.user).select_related("project")
    article = get_object_or_404(visible, project__slug=slug, pk=article_id)
    given = {
        name: request.GET.get(name, "").replace("\0", "")
        for name in ("layer", "annotation", "person")
    }
    layers = Layer.objects.filter(article=article).order_by("name")
    if not can_see_all_layers(role_in(article.project, request.user), article.project):
        layers = layers.filter(annotator=request.user)
    events = _chosen(events_of_article(request.user, article), layers, given)
    mistake = ""
    try:
        page = page_of(events, request.GET.get("after"), PER_PAGE)
    except CursorInvalid as error:
        mistake, page = error.message, Page([], None)
    active = {name: value for name, value in given.items() if value}
    members = article.project.memberships.select_related("user").order_by("user__name", "pk")
    context = {
        "project": article.project,
        "article": article,
        "entries": entries(request.user, page.items, article=article),
        "layers": layers,
        "people": members,
        "given": given,
        "is_filtered": bool(active),
        "mistake": mistake,
        "is_first": not request.GET.get("after"),
        "next_query": urlencode({**active, "after": page.next_cursor}) if page.next_cursor else "",
    }
    status = 422 if mistake else 200
    return render_page(
        request, "review/history.html", context, partial="history-rows", status=status
    )


def _chosen(
    events: QuerySet[Event], layers: QuerySet[Layer], given: dict[str, str]
) -> QuerySet[Event]:
    if given["layer"]:
        layer = layers.filter(name=given["layer"]).first()
        events = of_layer(events, layer) if layer is not None else events.none()
    if given["annotation"]:
        annotation_id = as_uuid(given["annotation"])
        events = of_annotation(events, annotation_id) if annotation_id else events.none()
    if given["person"]:
        events = events.filter(actor__username=given["person"])
    return events


@writes
def annotation_as_it_was(desk: Desk, annotation_id: UUID, event_id: int) -> HttpResponse:
    """Restore what an event left of an annotation."""
    annotation = desk.annotation(annotation_id)
    readable: QuerySet[Any] = events_of_article(desk.request.user, desk.article)
    event = get_object_or_404(readable, pk=event_id)
    version = cleaned(VersionedForm(desk.request.POST))["version"]
    restore_state(actor=desk.request.user, annotation=annotation, event=event, version=version)
    messages.success(desk.request, "It is as it was then. The history keeps both.")
    return SeeOther(f"{desk.url('article-history')}?annotation={annotation_id}")
