"""Import a file or a list of addresses: choose it, try it, confirm it, and watch it come in."""

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles.annotations.errors import LabelUnknown
from articles.desk.forms import tell
from articles.desk.models import Label, Project
from articles.desk.permissions import can_import, can_manage, role_in
from articles.desk.views import find_project
from articles.formats.csv_rows import guarded
from articles.formats.registry import FORMATS
from articles.imports.forms import (
    LARGEST_UPLOAD,
    AddressesForm,
    AgainForm,
    ConfirmForm,
    FileForm,
    PagesForm,
)
from articles.imports.models import ImportLine, ImportRun
from articles.imports.queries import (
    failures_of,
    labels_in,
    lines_of,
    pages_shown,
    told,
    unknown_labels,
)
from articles.imports.services import (
    URLS,
    cancel_import,
    confirm_import,
    start_import,
    try_again,
)
from newsdesk.errors import Invalid, NotAllowed
from newsdesk.http import EditorRequest, SeeOther, render_page, require_safe_or_post
from newsdesk.paging import page_of
from newsdesk.signing_in import signed_in

#: Runs of one page of their list, and lines of a run that its page shows.
RUNS_SHOWN, LINES_SHOWN = 50, 100
#: Labels of a file that are named in a sentence.
NAMES_SHOWN = 10


@signed_in
@require_safe
def import_list(request: EditorRequest, slug: str) -> HttpResponse:
    project, manages = _find_importing(request, slug)
    runs = ImportRun.objects.filter(project=project).select_related("made_by").newest_first()
    page = page_of(runs, request.GET.get("after"), RUNS_SHOWN)
    context = {
        "project": project,
        "runs": page.items,
        "next_cursor": page.next_cursor,
        "manages": manages,
    }
    return render_page(request, "imports/import_list.html", context)


@signed_in
@require_safe_or_post
def import_new(request: EditorRequest, slug: str) -> HttpResponse:
    """The file is stored and tried at once; nothing comes in before that is confirmed."""
    project, manages = _find_importing(request, slug)
    is_post = request.method == "POST"
    form = (
        FileForm(request.POST, request.FILES, manages=manages)
        if is_post
        else FileForm(manages=manages)
    )
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        given = {
            "chunks": upload.chunks(),
            "name": upload.name,
            "format_name": form.cleaned_data["format"],
        }
        if run := _started(request, project, form, given, {"file": "upload"}):
            return SeeOther(reverse("import-run", args=[slug, run.pk]))
    return _form_page(request, "imports/import_new.html", project, form)


@signed_in
@require_safe_or_post
def import_urls(request: EditorRequest, slug: str) -> HttpResponse:
    """The pages are fetched and shown; nothing comes in before they were looked at."""
    project, _ = _find_importing(request, slug)
    form = AddressesForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {
            "chunks": [form.cleaned_data["addresses"].encode()],
            "name": "Addresses",
            "format_name": URLS,
        }
        if run := _started(request, project, form, given, {"file": "addresses"}):
            return SeeOther(reverse("import-run", args=[slug, run.pk]))
    return _form_page(request, "imports/import_urls.html", project, form)


@signed_in
@require_safe
def import_api(request: EditorRequest, slug: str) -> HttpResponse:
    project, _ = _find_importing(request, slug)
    address = request.build_absolute_uri(f"/api/v1/projects/{slug}/imports")
    return render_page(request, "imports/import_api.html", {"project": project, "address": address})


@signed_in
@require_safe
def import_run(request: EditorRequest, slug: str, run_id: UUID) -> HttpResponse:
    """How far a run is; asked for again by the page itself until it is over."""
    project, manages = _find_importing(request, slug)
    run = _find(project, run_id)
    is_tried = run.is_dry and run.status == ImportRun.Status.DONE
    failures = failures_of(run) if run.failed else []
    missing_labels = is_tried and LabelUnknown.code in {one.code for one in failures}
    unknown = unknown_labels(run) if missing_labels else []
    context: dict[str, Any] = {
        "project": project,
        "run": run,
        "format": "addresses" if run.format == URLS else FORMATS[run.format].title,
        "is_going_on": run.finished_at is None,
        "is_tried": is_tried,
        "percent": min(100, run.read * 100 // max(run.size, 1)),
        "failures": failures,
        "manages": manages,
        "missing_labels": missing_labels,
        "unknown": unknown,
        "names_shown": f":{NAMES_SHOWN}",
        "unknown_more": max(0, len(unknown) - NAMES_SHOWN),
        "errors": _shown(run, request, ImportLine.Outcome.FAILED),
        "lines_shown": LINES_SHOWN,
        "shown": f":{LINES_SHOWN}",
        "same": _shown(run, request, ImportLine.Outcome.DUPLICATE),
        "pages": pages_shown(run) if is_tried and run.format == URLS else [],
        "chosen_id": uuid4(),
        "confirmed": ImportRun.objects.filter(confirms=run).newest_first().first(),
    }
    return render_page(request, "imports/import_run.html", context, partial="import-run")


@signed_in
@require_safe_or_post
def import_options(request: EditorRequest, slug: str, run_id: UUID) -> HttpResponse:
    """Try the same file again with other options."""
    project, manages = _find_importing(request, slug)
    run = _find(project, run_id)
    given = request.POST if request.method == "POST" else None
    if run.format == URLS:
        form = PagesForm(given, initial=run.options)
    else:
        form = AgainForm(
            given,
            manages=manages,
            initial={**run.options, "chosen": run.options},
            theirs=labels_in(run),
            ours=list(Label.objects.active().filter(project=project).in_order()),
        )
    if form.is_valid():
        try:
            again = try_again(actor=request.user, run=run, options=form.options())
        except Invalid as error:
            tell(form, error)
        else:
            return SeeOther(reverse("import-run", args=[slug, again.pk]))
    context = {"project": project, "run": run, "form": form}
    return render_page(
        request, "imports/import_options.html", context, status=422 if form.errors else 200
    )


@signed_in
@require_POST
def import_confirm(request: EditorRequest, slug: str, run_id: UUID) -> HttpResponse:
    project, _ = _find_importing(request, slug)
    run = _find(project, run_id)
    form = ConfirmForm(request.POST)
    chosen_id = form.cleaned_data["id"] if form.is_valid() else None
    confirmed = confirm_import(
        actor=request.user, run=run, struck=form.struck(), chosen_id=chosen_id
    )
    return SeeOther(reverse("import-run", args=[slug, confirmed.pk]))


@signed_in
@require_POST
def import_cancel(request: EditorRequest, slug: str, run_id: UUID) -> HttpResponse:
    project, _ = _find_importing(request, slug)
    cancel_import(actor=request.user, run=_find(project, run_id))
    return SeeOther(reverse("import-run", args=[slug, run_id]))


@signed_in
@require_safe
def import_report(request: EditorRequest, slug: str, run_id: UUID) -> HttpResponseBase:
    """What became of each line, as a table for a spreadsheet."""
    project, _ = _find_importing(request, slug)
    run = _find(project, run_id)
    lines = (told(line) for line in lines_of(run, request.user).iterator(chunk_size=1_000))
    response = StreamingHttpResponse(_rows(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{run.pk}.csv"'
    return response


def _rows(lines: Iterator[ImportLine]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(["line", "outcome", "title", "article", "code", "detail"])
    for one in lines:
        cells = [one.title, str(one.article_id or ""), one.code, one.detail]
        yield writer.writerow([one.number, one.outcome, *map(guarded, cells)])


class _Line:
    """What a CSV writer writes to: hands each line on at once."""

    def write(self, line: str) -> str:
        return line


def _started(
    request: EditorRequest,
    project: Project,
    form: FileForm | AddressesForm,
    given: dict[str, Any],
    fields: dict[str, str],
) -> ImportRun | None:
    """A dry run, or ``None`` when the form says what has to be mended."""
    try:
        run, _ = start_import(
            actor=request.user,
            project=project,
            most=LARGEST_UPLOAD,
            options=form.options(),
            is_dry=True,
            **given,
        )
    except Invalid as error:
        error.field = fields.get(error.field or "", error.field)
        tell(form, error)
        return None
    return run


def _form_page(
    request: EditorRequest, template: str, project: Project, form: FileForm | AddressesForm
) -> HttpResponse:
    context = {"project": project, "form": form}
    return render_page(request, template, context, status=422 if form.errors else 200)


def _shown(run: ImportRun, request: EditorRequest, outcome: ImportLine.Outcome) -> list[ImportLine]:
    """The first lines with that outcome, and one more if there are more."""
    lines = lines_of(run, request.user).filter(outcome=outcome)
    shown = [told(line) for line in lines[: LINES_SHOWN + 1]]
    for line in shown:  # what failed at an address begins with it, which stands beside it here
        line.detail = line.detail.removeprefix(f"{line.title}: ")
    return shown


def _find(project: Project, run_id: UUID) -> ImportRun:
    runs = ImportRun.objects.filter(project=project).select_related("project", "made_by")
    return get_object_or_404(runs, pk=run_id)


def _find_importing(request: EditorRequest, slug: str) -> tuple[Project, bool]:
    """The project at ``slug``, for those who bring articles in, and whether they manage it.

    Raises:
        NotAllowed: if the reader is a member who does not.
    """
    project = find_project(request, slug)
    role = role_in(project, request.user)
    if not can_import(role):
        raise NotAllowed("Only managers and engineers bring articles in.")
    return project, can_manage(role)
