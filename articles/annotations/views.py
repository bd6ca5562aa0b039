"""The workbench: the page, its panels, the details of an annotation, and the labels' colours."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.annotations import stylesheet
from articles.annotations.answers import workbench_page
from articles.annotations.desks import find_desk
from articles.annotations.forms import as_uuid
from articles.annotations.panels import PANELS, details_context, panel_context
from articles.annotations.write_views import annotation_change
from articles.desk.views import find_project
from newsdesk.http import EditorRequest, require_safe_or_post
from newsdesk.signing_in import signed_in


@signed_in
@require_safe
def workbench(request: EditorRequest, slug: str, article_id: UUID) -> HttpResponse:
    """The article to work on; for htmx only the panel that it asks for."""
    desk = find_desk(request, slug, article_id, layer=request.GET.get("layer", ""))
    if request.htmx:
        panel = request.GET.get("panel", "")
        context: dict[str, Any] = panel_context(desk, panel if panel in PANELS else "labels")
        response = render(request, "annotations/panel.html", context)
        response["Cache-Control"] = "no-store"
        return response
    return workbench_page(desk, selected=as_uuid(request.GET.get("selected")))


@signed_in
@require_safe_or_post
def annotation(
    request: EditorRequest, slug: str, article_id: UUID, annotation_id: UUID
) -> HttpResponse:
    """One annotation with all that can be done to it; a POST changes it."""
    if request.method == "POST":
        return annotation_change(request, slug, article_id, annotation_id=annotation_id)
    desk = find_desk(request, slug, article_id)
    chosen = desk.annotation(annotation_id)
    if not request.htmx:
        return workbench_page(desk, selected=chosen.pk)
    context = details_context(desk, chosen)
    response = render(request, "annotations/details.html", context)
    response["Cache-Control"] = "no-store"
    return response


@signed_in
@require_safe
@cache_control(private=True, max_age=31_536_000, immutable=True)
def labels_css(request: EditorRequest, slug: str) -> HttpResponse:
    """The colours and lines of a project's labels; its address changes when they do."""
    project = find_project(request, slug)
    return HttpResponse(stylesheet.of(project.labels.spans()), content_type="text/css")
