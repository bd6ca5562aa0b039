"""The pages of datasets: the list, a new one, one of them, and what changed between two."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from articles.datasets.answers import snapshot_file
from articles.datasets.errors import NothingToFreeze
from articles.datasets.export_services import require_export
from articles.datasets.models import Snapshot
from articles.datasets.permissions import can_freeze
from articles.datasets.snapshot_file_services import diff_of, files_of, require_frozen
from articles.datasets.snapshot_forms import SnapshotForm
from articles.datasets.snapshot_queries import (
    adjudicated_count,
    annotation_count,
    chosen_articles,
    kept_in,
    running_beside,
    snapshots_of,
    withheld_ids,
)
from articles.datasets.snapshot_services import (
    Wanted,
    make_again,
    make_snapshot,
    require_freezing,
    retry_snapshot,
)
from articles.desk.models import Project, User
from articles.desk.permissions import role_in
from articles.desk.views import find_project
from articles.formats.registry import FORMATS
from newsdesk.errors import Invalid
from newsdesk.http import EditorRequest, SeeOther, render_page, require_safe_or_post
from newsdesk.paging import CursorInvalid, Page, page_of
from newsdesk.signing_in import signed_in

PER_PAGE, PREVIEWED, MOST_DIFFERENCES = 50, 5, 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be frozen: how much, and the first records."""

    articles: int
    annotations: int
    records: list[Mapping[str, Any]]


@signed_in
@require_safe
def snapshot_list(request: EditorRequest, slug: str) -> HttpResponse:
    project = _find_project(request, slug)
    mistake = ""
    try:
        page = page_of(snapshots_of(project), request.GET.get("after"), PER_PAGE)
    except CursorInvalid as error:
        mistake, page = error.message, Page([], None)
    context = {
        "project": project,
        "page": page,
        "mistake": mistake,
        "withheld": withheld_ids(project.snapshots.filter(pk__in=[one.pk for one in page.items])),
        "moving": [one for one in page.items if _is_moving(one)],
        "may_freeze": can_freeze(role_in(project, request.user)),
        "adjudicated": None if page.items else adjudicated_count(project, request.user),
    }
    return render_page(
        request,
        "datasets/snapshot_list.html",
        context,
        partial="snapshot-rows",
        status=422 if mistake else 200,
    )


@signed_in
@require_safe_or_post
def snapshot_new(request: EditorRequest, slug: str) -> HttpResponse:
    """Choose, look at five records of it, freeze."""
    project = find_project(request, slug)
    require_freezing(actor=request.user, project=project)
    views = request.user.saved_views.filter(project=project).order_by("name")
    given = request.POST if request.method == "POST" else request.GET or None
    form = SnapshotForm(project, views, given)
    preview = None
    if form.is_valid():
        try:
            if request.method == "POST":
                home = request.build_absolute_uri("/")
                snapshot, _ = make_snapshot(
                    actor=request.user, project=project, wanted=form.wanted, home=home
                )
                return SeeOther(reverse("snapshot", args=[slug, snapshot.pk]))
            preview = _preview(project, request.user, form.wanted)
        except (Invalid, NothingToFreeze) as error:
            field = getattr(error, "field", None)
            form.add_error(field if field in form.fields else None, error.message)
    return render_page(
        request,
        "datasets/snapshot_new.html",
        {"project": project, "form": form, "preview": preview},
        status=422 if form.errors else 200,
    )


@signed_in
@require_safe
def snapshot_page(request: EditorRequest, slug: str, snapshot_id: UUID) -> HttpResponse:
    project = _find_project(request, slug)
    snapshot = _find(project, snapshot_id)
    others = snapshots_of(project).ready().exclude(pk=snapshot.pk)
    address = reverse("api:export_snapshot", args=[snapshot.pk])
    files = files_of(snapshot) if snapshot.status == Snapshot.Status.READY else []
    context = {
        "project": project,
        "snapshot": snapshot,
        "is_moving": _is_moving(snapshot),
        "built": [one for one in files if one.file],
        "unbuilt": [one for one in files if not one.file],
        "waiting": _waiting(snapshot),
        "splits": _splits(snapshot),
        "removals": list(kept_in(snapshot).values_list("pk", flat=True)),
        "others": others[:PER_PAGE],
        "address": request.build_absolute_uri(address),
        "may_freeze": can_freeze(role_in(project, request.user)),
    }
    if request.htmx and not context["is_moving"]:
        return HttpResponseClientRefresh()  # what can be done with it stands around its state
    return render_page(request, "datasets/snapshot.html", context, partial="snapshot-state")


@signed_in
@require_GET
def snapshot_download(
    request: EditorRequest, slug: str, snapshot_id: UUID, file_format: str
) -> HttpResponseBase:
    snapshot = _find(_find_project(request, slug), snapshot_id)
    form = FORMATS.get(file_format)
    if form is None or not form.writes:
        raise Http404
    return snapshot_file(
        request, actor=request.user, snapshot=snapshot, form=form, given=request.GET.dict()
    )


@signed_in
@require_POST
def snapshot_retry(request: EditorRequest, slug: str, snapshot_id: UUID) -> HttpResponse:
    snapshot = _find(find_project(request, slug), snapshot_id)
    retry_snapshot(actor=request.user, snapshot=snapshot)
    return SeeOther(reverse("snapshot", args=[slug, snapshot.pk]))


@signed_in
@require_POST
def snapshot_again(request: EditorRequest, slug: str, snapshot_id: UUID) -> HttpResponse:
    """The next version, by the same wish."""
    snapshot = _find(find_project(request, slug), snapshot_id)
    again = make_again(actor=request.user, snapshot=snapshot)
    return SeeOther(reverse("snapshot", args=[slug, again.pk]))


@signed_in
@require_safe
def snapshot_diff(
    request: EditorRequest, slug: str, snapshot_id: UUID, other_id: UUID
) -> HttpResponse:
    """What changed from the other one to this one."""
    project = _find_project(request, slug)
    new, old = _find(project, snapshot_id), _find(project, other_id)
    for one in (old, new):
        require_frozen(one)
    totals, unchanged, shown = diff_of(actor=request.user, old=old, new=new, limit=MOST_DIFFERENCES)
    names = dict(project.labels.values_list("key", "name"))
    context = {
        "project": project,
        "old": old,
        "new": new,
        "totals": totals,
        "labels": [(names.get(key, key), *counts) for key, *counts in totals.by_label()],
        "unchanged": unchanged,
        "shown": shown,
        "hidden": totals.articles.total() - len(shown),
    }
    return render_page(request, "datasets/snapshot_diff.html", context)


def _find_project(request: EditorRequest, slug: str) -> Project:
    """The project, for those who take its articles out."""
    project = find_project(request, slug)
    require_export(actor=request.user, project=project)
    return project


def _find(project: Project, snapshot_id: UUID) -> Snapshot:
    rows = project.snapshots.select_related("project", "made_by")
    return get_object_or_404(rows, pk=snapshot_id)


def _is_moving(snapshot: Snapshot) -> bool:
    return snapshot.status in (Snapshot.Status.QUEUED, Snapshot.Status.RUNNING)


def _waiting(snapshot: Snapshot) -> str:
    """Why it is not begun yet, in words."""
    if snapshot.status != Snapshot.Status.QUEUED:
        return ""
    running = running_beside(snapshot)
    if not running:
        return "It waits for its turn, and is frozen then."
    if running == 1:
        return "One export is running; this one starts after it."
    return f"{'Two' if running == 2 else running} exports are running; this one starts after them."


def _preview(project: Project, user: User, wanted: Wanted) -> Preview:
    from articles.datasets.jsonl import write_jsonl  # needs Arrow: see sources

    fields = wanted.fields()
    articles = chosen_articles(project, user, wanted.layers, fields["filter"])
    number = articles.count()
    if not number:
        raise NothingToFreeze()
    first = articles.in_intake_order().values("pk")[:PREVIEWED]
    some = project.articles.filter(pk__in=list(first.values_list("pk", flat=True)))
    records = [json.loads(line) for line in write_jsonl(project, some, wanted.layers)]
    return Preview(number, annotation_count(project, articles, wanted.layers), records)


def _splits(snapshot: Snapshot) -> list[tuple[str, float, Mapping[str, int]]]:
    """Each split in its order, with its share and what is in it."""
    counts = snapshot.counts.get("splits", {})
    return [(name, share, counts.get(name, {})) for name, share in snapshot.split.get("ratios", [])]
