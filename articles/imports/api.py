"""The API of imports: send a file, watch it come in, stop it."""

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Status

from articles.desk.models import Project
from articles.desk.permissions import can_import, role_in
from articles.imports.errors import FileRefused, FileTooLarge, LengthMissing
from articles.imports.models import ImportRun
from articles.imports.queries import lines_of, told
from articles.imports.schemas import (
    ConfirmIn,
    ImportLineOut,
    ImportLines,
    ImportOut,
    ImportQuery,
    Imports,
    import_out,
    line_out,
)
from articles.imports.services import cancel_import, confirm_import, start_import
from newsdesk.api_auth import IMPORT, ApiRequest, find_project, projects_of
from newsdesk.api_shapes import Listing, Paging, listed
from newsdesk.errors import NotAllowed
from newsdesk.openapi import problems
from newsdesk.problems import WrongMediaType

router = Router()

MULTIPART = "multipart/form-data"
#: What a body that is the file itself may be called; curl says the last one unless told otherwise.
RAW = (
    *("application/x-ndjson", "application/jsonl", "application/octet-stream"),
    *("application/json", "text/plain", "text/csv", "application/zip"),
    *("", "application/x-www-form-urlencoded"),
)
FILE = {
    "requestBody": {
        "required": True,
        "content": {
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
            "application/x-ndjson": {
                "schema": {"type": "string"},
                "example": '{"text": "Harbour to reopen\\n\\nThe quay opens again on Monday."}\n',
            },
        },
    }
}
_CHUNK = 256 * 1024
#: What a form weighs beside its file.
_ENVELOPE = 64 * 1024


@router.post(
    "/projects/{slug}/imports",
    auth=IMPORT,
    tags=["Imports"],
    response={200: ImportOut, 202: ImportOut, **problems(409, 411)},
    openapi_extra=FILE,
)
def add_import(
    request: ApiRequest, response: HttpResponse, slug: str, wanted: Query[ImportQuery]
) -> Status[ImportOut]:
    """Import a file: as the field `file` of a form, or as the body itself.

    It is stored and imported in the background: ask for it again until `status` is `done`. One bad
    line fails that line only. An import that is cut off goes on where it was.
    """
    project = find_project(request, slug)
    chunks, name = _file(request)
    run, is_new = start_import(
        actor=request.user,
        project=project,
        chunks=chunks,
        most=settings.IMPORT_MAX_BYTES,
        name=wanted.name or name,
        format_name=wanted.format,
        options=wanted.options(),
        is_dry=wanted.dry_run,
        chosen_id=wanted.id,
    )
    response["Location"] = reverse("api:get_import", args=[run.pk])
    run.refresh_from_db()
    return Status(202 if is_new else 200, import_out(run))


@router.get(
    "/projects/{slug}/imports",
    auth=IMPORT,
    tags=["Imports"],
    response={200: Imports},
    exclude_unset=True,
)
def list_imports(request: ApiRequest, slug: str, paging: Query[Paging]) -> Listing[ImportOut]:
    """List a project's imports, newest first."""
    project = find_project(request, slug)
    _require_importer(request, project)
    runs = ImportRun.objects.filter(project=project).select_related("project").newest_first()
    return listed(request, runs, paging, Imports, lambda run: import_out(run, with_errors=False))


@router.get(
    "/imports/{uuid:run_id}",
    auth=IMPORT,
    tags=["Imports"],
    response={200: ImportOut, **problems(404)},
)
def get_import(request: ApiRequest, run_id: UUID) -> ImportOut:
    """How far an import is, and what failed."""
    return import_out(_find(request, run_id))


@router.get(
    "/imports/{uuid:run_id}/lines",
    auth=IMPORT,
    tags=["Imports"],
    response={200: ImportLines, **problems(404)},
    exclude_unset=True,
)
def list_import_lines(
    request: ApiRequest, run_id: UUID, paging: Query[Paging]
) -> Listing[ImportLineOut]:
    """What became of each line of an import."""
    lines = lines_of(_find(request, run_id), request.user)
    return listed(request, lines, paging, ImportLines, lambda line: line_out(told(line)))


@router.post(
    "/imports/{uuid:run_id}/confirmation",
    auth=IMPORT,
    tags=["Imports"],
    response={202: ImportOut, **problems(404, 409)},
)
def confirm_dry_run(request: ApiRequest, run_id: UUID, body: ConfirmIn) -> Status[ImportOut]:
    """Do in earnest what a dry run tried, with the same file and the same choices."""
    dry = _find(request, run_id)
    run = confirm_import(actor=request.user, run=dry, chosen_id=body.id)
    run.refresh_from_db()
    return Status(202, import_out(run))


@router.delete(
    "/imports/{uuid:run_id}",
    auth=IMPORT,
    tags=["Imports"],
    response={200: ImportOut, **problems(404)},
)
def stop_import(request: ApiRequest, run_id: UUID) -> ImportOut:
    """Stop an import after the batch that it is in. What is imported stays."""
    return import_out(cancel_import(actor=request.user, run=_find(request, run_id)))


def _find(request: ApiRequest, run_id: UUID) -> ImportRun:
    runs = ImportRun.objects.filter(project__in=projects_of(request)).select_related("project")
    run = get_object_or_404(runs, pk=run_id)
    _require_importer(request, run.project)
    return run


def _require_importer(request: ApiRequest, project: Project) -> None:
    if not can_import(role_in(project, request.user)):
        raise NotAllowed("Only managers and engineers bring articles in.")


def _file(request: ApiRequest) -> tuple[Iterator[bytes], str]:
    """The pieces of what was sent, and what it is called. Nothing is held in memory."""
    if not request.META.get("CONTENT_LENGTH"):
        raise LengthMissing()
    if int(request.META["CONTENT_LENGTH"]) > settings.IMPORT_MAX_BYTES + _ENVELOPE:
        raise FileTooLarge(f"A file has up to {settings.IMPORT_MAX_BYTES // 1_000_000:,} MB.")
    if request.content_type != MULTIPART:
        if request.content_type not in RAW:
            raise WrongMediaType("Send the file as it is, or as the field file of a form.")
        return iter(lambda: request.read(_CHUNK), b""), ""
    try:
        file = request.FILES.get("file")
    except (MultiPartParserError, TooManyFilesSent) as error:
        raise FileRefused("This form cannot be read.") from error
    if file is None:
        raise FileRefused("The form has no field “file” with a file in it.")
    return file.chunks(_CHUNK), file.name or ""
