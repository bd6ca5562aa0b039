"""The page from which a project's articles are taken out, and the file."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from articles.datasets.export_services import export_jsonl, require_export
from articles.datasets.forms import ExportForm
from articles.datasets.queries import layer_names
from articles.desk.models import Project
from articles.desk.views import find_project
from newsdesk.http import EditorRequest, render_page
from newsdesk.signing_in import signed_in


def download(project: Project, lines: Iterator[bytes]) -> StreamingHttpResponse:
    """``lines`` as a file. If they fail on the way the connection breaks off, so that half a file
    does not look like a whole one."""
    response = StreamingHttpResponse(lines, content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="{project.slug}.jsonl"'
    return response


@signed_in
@require_safe
def export_page(request: EditorRequest, slug: str) -> HttpResponse:
    project = find_project(request, slug)
    require_export(actor=request.user, project=project)
    form = ExportForm(layer_names(project, request.user), request.GET or {"layers": "all"})
    chosen = form.cleaned_data["layers"] if form.is_valid() else "all"
    query = urlencode({"format": "jsonl", "layers": chosen})
    address = request.build_absolute_uri(reverse("api:export_project", args=[slug]))
    context = {"project": project, "form": form, "address": f"{address}?{query}"}
    return render_page(request, "datasets/export.html", context, partial="export-command")


@signed_in
@require_GET
def export_file(request: EditorRequest, slug: str) -> StreamingHttpResponse:
    project = find_project(request, slug)
    layers = request.GET.get("layers", "all")
    return download(project, export_jsonl(actor=request.user, project=project, layers=layers))
