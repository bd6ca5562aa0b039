"""The page from which a project's articles are taken out, and the file."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from articles.datasets.forms import ExportForm
from articles.datasets.jsonl import MEDIA_TYPE, export_jsonl
from articles.datasets.queries import layer_names
from articles.desk.models import Project
from articles.desk.permissions import can_export, role_in
from newsdesk.errors import NotAllowed
from newsdesk.http import EditorRequest, render_page
from newsdesk.signing_in import signed_in


def download(project: Project, lines: Iterator[bytes]) -> StreamingHttpResponse:
    """``lines`` as a file. If they fail on the way the connection breaks off, so that half a file
    does not look like a whole one."""
    response = StreamingHttpResponse(lines, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{project.slug}.jsonl"'
    return response


@signed_in
@require_safe
def export_page(request: EditorRequest, slug: str) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user), slug=slug)
    if not can_export(role_in(project, request.user)):
        raise NotAllowed("Only reviewers, engineers and managers take a project's articles out.")
    form = ExportForm(layer_names(project), request.GET or {"layers": "all"})
    chosen = form.cleaned_data["layers"] if form.is_valid() else "all"
    query = urlencode({"format": "jsonl", "layers": chosen})
    address = request.build_absolute_uri(reverse("api:export_project", args=[slug]))
    context = {"project": project, "form": form, "address": f"{address}?{query}"}
    return render_page(request, "datasets/export.html", context, partial="export-command")


@signed_in
@require_GET
def export_file(request: EditorRequest, slug: str) -> StreamingHttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user), slug=slug)
    layers = request.GET.get("layers", "all")
    return download(project, export_jsonl(actor=request.user, project=project, layers=layers))
