"""The page from which a project's articles are taken out, and the file."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.datasets.answers import project_file
from articles.datasets.export_services import find_format, require_export
from articles.datasets.forms import ExportForm, filters_asked
from articles.datasets.queries import label_names, layer_names
from articles.desk.views import find_project
from newsdesk.http import EditorRequest, render_page
from newsdesk.signing_in import signed_in


@signed_in
@require_safe
def export_page(request: EditorRequest, slug: str) -> HttpResponse:
    project = find_project(request, slug)
    require_export(actor=request.user, project=project)
    form = ExportForm(layer_names(project, request.user), label_names(project), request.GET.dict())
    chosen = form.chosen()
    address = request.build_absolute_uri(reverse("api:export_project", args=[slug]))
    context = {
        "project": project,
        "form": form,
        "format": find_format(chosen["format"]),
        "address": f"{address}?{urlencode(chosen)}",
    }
    return render_page(request, "datasets/export.html", context, partial="export-choice")


@signed_in
@require_safe
def export_file(request: EditorRequest, slug: str) -> HttpResponseBase:
    return project_file(
        request,
        actor=request.user,
        project=find_project(request, slug),
        file_format=request.GET.get("format", "jsonl"),
        layers=request.GET.get("layers", "all"),
        filters=filters_asked(request.GET.dict()),
    )
