"""Files as answers, for pages and for the API: of the articles as they stand, and of snapshots."""

from base64 import b64encode
from collections.abc import Mapping
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import parse_etags

from articles.datasets.export_services import chosen_options, find_format, prepare_export
from articles.datasets.models import Snapshot, SnapshotFile
from articles.datasets.snapshot_file_services import file_of, require_readable
from articles.datasets.snapshot_source import SnapshotSource
from articles.desk.models import Project, User
from articles.formats.registry import Format
from articles.review.listing import ArticleFilters
from newsdesk.problems import problem
from newsdesk.ranges import Unsatisfiable, part_of, read_part
from newsdesk.sending import send_file


def project_file(
    request: HttpRequest,
    *,
    actor: User,
    project: Project,
    file_format: str,
    layers: str,
    filters: ArticleFilters,
    after: UUID | None = None,
) -> HttpResponseBase:
    """The project's articles as they stand; the format's own options are in the address.

    Raises:
        NotAllowed, InvalidQuery, Invalid: as ``prepare_export`` does, or if there is no such
            format or option.
    """
    form = find_format(file_format)
    export = prepare_export(
        actor=actor,
        project=project,
        form=form,
        options=chosen_options(form, request.GET.dict()),
        layers=layers,
        after=after,
        filters=filters,
    )
    return send_file(
        request,
        lambda: export.pieces(request.build_absolute_uri("/")),
        name=export.name,
        media_type=form.media_type,
        state=export.state,
    )


def snapshot_file(
    request: HttpRequest,
    *,
    actor: User,
    snapshot: Snapshot,
    form: Format,
    given: Mapping[str, str],
) -> HttpResponseBase:
    """The file in this format, or the part of it that is asked for.

    Its ETag is the hash of the whole, so that a download that broke off goes on where it ended.

    Raises:
        NotReady, Withheld, NotCleared: as ``require_readable`` does.
        InvalidQuery: as ``file_of`` does.
    """
    require_readable(actor=actor, snapshot=snapshot)
    file = file_of(snapshot=snapshot, form=form, asked=given)
    response = _answer(request, file)
    if response.status_code >= 400:
        return response
    name = f"{SnapshotSource(snapshot).stem}{form.ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Type"] = form.media_type
    return response


def _answer(request: HttpRequest, file: SnapshotFile) -> HttpResponseBase:
    digest = bytes(file.sha256)
    etag = f'"{digest.hex()}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if etag in known or "*" in known:
        return _described(HttpResponse(status=304), etag, digest)
    if_range = request.headers.get("If-Range", etag).strip()
    asked = request.headers.get("Range", "") if if_range == etag else ""
    try:
        part = part_of(asked, file.size)
    except Unsatisfiable:
        refusal = problem(416, "range_not_satisfiable", f"The file has {file.size:,} bytes.")
        refusal["Content-Range"] = f"bytes */{file.size}"
        return refusal
    start, end = part or (0, file.size)
    content = read_part(default_storage.open(file.stored), start, end)
    response = StreamingHttpResponse(content, status=206 if part else 200)
    response["Content-Length"] = str(end - start)
    if part:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    return _described(response, etag, digest)


def _described[Answer: HttpResponseBase](response: Answer, etag: str, digest: bytes) -> Answer:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Repr-Digest"] = f"sha-256=:{b64encode(digest).decode()}:"
    response["Cache-Control"] = "private, no-cache"
    # The bytes are what was hashed: nothing on the way compresses them.
    response["Content-Encoding"] = "identity"
    return response
