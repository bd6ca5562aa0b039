"""The API of datasets."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Status

from articles.datasets.answers import snapshot_file
from articles.datasets.api import OPTIONS
from articles.datasets.export_services import require_export
from articles.datasets.models import Snapshot
from articles.datasets.snapshot_file_services import diff_of, require_frozen
from articles.datasets.snapshot_queries import kept_in, snapshots_of, version_before
from articles.datasets.snapshot_schemas import (
    DiffOut,
    DiffQuery,
    FileQuery,
    Removals,
    SnapshotIn,
    SnapshotOut,
    SnapshotQuery,
    Snapshots,
    SnapshotWhole,
)
from articles.datasets.snapshot_services import make_snapshot, retry_snapshot
from articles.formats.registry import FORMATS
from newsdesk.api_auth import EXPORT, READ, ApiRequest, find_project, projects_of
from newsdesk.api_shapes import created, listed
from newsdesk.openapi import problems

router = Router()
TAGS = ["Datasets"]
FILE: dict[str, Any] = {
    "parameters": OPTIONS,
    "responses": {
        200: {
            "description": "The file; its ETag is its SHA-256.",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        },
        206: {"description": "The part of it that `Range` asks for."},
        409: {"description": "It is not frozen yet."},
        416: {"description": "It ends before the range begins."},
    },
}


@router.get(
    "/projects/{slug}/snapshots",
    auth=READ,
    tags=TAGS,
    response={200: Snapshots, **problems(403, 404, 422)},
    exclude_unset=True,
)
def list_snapshots(request: ApiRequest, slug: str, asked: Query[SnapshotQuery]) -> Snapshots:
    """The project's datasets, newest first, for reviewers, engineers and managers."""
    project = find_project(request, slug)
    require_export(actor=request.user, project=project)
    return listed(request, snapshots_of(project), asked, Snapshots, SnapshotOut.of)


@router.post(
    "/projects/{slug}/snapshots",
    auth=EXPORT,
    tags=TAGS,
    response={201: SnapshotWhole, 200: SnapshotWhole, **problems(403, 404, 409, 422)},
)
def make_dataset(
    request: ApiRequest, response: HttpResponse, slug: str, body: SnapshotIn
) -> Status[SnapshotWhole]:
    """Freeze a dataset, as the next version of its name. Ask for it again until it is `ready`.

    Gold that is frozen is released: its articles are not opened again. 422 code
    `nothing_to_freeze`, 409 code `id_reused`.
    """
    snapshot, is_new = make_snapshot(
        actor=request.user,
        project=find_project(request, slug),
        wanted=body.wanted(),
        home=request.build_absolute_uri("/"),
        chosen_id=body.id,
    )
    snapshot.refresh_from_db()
    address = reverse("api:get_snapshot", args=[snapshot.pk])
    return created(response, SnapshotWhole.of(snapshot), address, is_new)


@router.get(
    "/snapshots/{uuid:snapshot_id}",
    auth=READ,
    tags=TAGS,
    response={200: SnapshotWhole, **problems(403, 404)},
)
def get_snapshot(request: ApiRequest, snapshot_id: UUID) -> SnapshotWhole:
    """A dataset, how far it is, and, once it is ready, its hash, counts and card."""
    return SnapshotWhole.of(_find(request, snapshot_id))


@router.post(
    "/snapshots/{uuid:snapshot_id}/retry",
    auth=EXPORT,
    tags=TAGS,
    response={200: SnapshotWhole, **problems(403, 404)},
)
def retry_dataset(request: ApiRequest, snapshot_id: UUID) -> SnapshotWhole:
    """Freeze again what failed; anything else stays as it is."""
    snapshot = retry_snapshot(actor=request.user, snapshot=_find(request, snapshot_id))
    return SnapshotWhole.of(snapshot)


@router.get("/snapshots/{uuid:snapshot_id}/export", auth=EXPORT, tags=TAGS, openapi_extra=FILE)
def export_snapshot(
    request: ApiRequest, snapshot_id: UUID, asked: Query[FileQuery]
) -> HttpResponseBase:
    """A dataset as a file: the same bytes for ever, or none.

    `Range` and `If-Range` go on with a download that broke off; `Repr-Digest` has the SHA-256. 403
    codes: `snapshot_withheld` once one of its articles may not go out any more, `not_cleared`; 409
    code `snapshot_not_ready`.
    """
    return snapshot_file(
        request,
        actor=request.user,
        snapshot=_find(request, snapshot_id),
        form=FORMATS[asked.format],
        given=request.GET.dict(),
    )


@router.get(
    "/snapshots/{uuid:snapshot_id}/removals",
    auth=READ,
    tags=TAGS,
    response={200: Removals, **problems(403, 404)},
)
def list_removals(request: ApiRequest, snapshot_id: UUID) -> Removals:
    """Articles of a dataset that may not go out any more; whoever holds it removes them."""
    snapshot = _find(request, snapshot_id)
    return Removals(articles=list(kept_in(snapshot).values_list("pk", flat=True)))


@router.get(
    "/snapshots/{uuid:snapshot_id}/diff",
    auth=READ,
    tags=TAGS,
    response={200: DiffOut, **problems(403, 404, 409, 422)},
)
def diff_snapshots(request: ApiRequest, snapshot_id: UUID, asked: Query[DiffQuery]) -> DiffOut:
    """What changed from the dataset `with` to this one, article by article.

    Articles that you may not see are counted, and not told of.
    """
    new = _find(request, snapshot_id)
    old = _find(request, asked.other) if asked.other else version_before(new)
    if old is None:
        raise Http404
    for one in (old, new):
        require_frozen(one)
    return DiffOut.of(*diff_of(actor=request.user, old=old, new=new, limit=asked.limit))


def _find(request: ApiRequest, snapshot_id: UUID) -> Snapshot:
    """The snapshot.

    Raises:
        Http404: unless the caller may know of its project, and the token reaches it.
        NotAllowed: if they take nothing out of it.
    """
    rows = Snapshot.objects.filter(project__in=projects_of(request))
    snapshot = get_object_or_404(rows.select_related("project", "made_by"), pk=snapshot_id)
    require_export(actor=request.user, project=snapshot.project)
    return snapshot
