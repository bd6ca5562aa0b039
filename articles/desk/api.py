"""The API of the desk: projects, labels, members."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Status

from articles.desk import label_services, permissions, repeats, services
from articles.desk.models import Label, Membership, Project, User
from articles.desk.schemas import (
    LabelIn,
    LabelOut,
    LabelPatch,
    Labels,
    MemberIn,
    MemberOut,
    Members,
    ProjectIn,
    ProjectOut,
    ProjectPatch,
    Projects,
)
from newsdesk.api_auth import (
    MANAGE,
    READ,
    ApiRequest,
    etag,
    find_project,
    projects_of,
    version_seen,
)
from newsdesk.api_shapes import Paging, created, listed
from newsdesk.errors import Invalid, NotAllowed
from newsdesk.openapi import IF_MATCH, problems

router = Router()


@router.get("/projects", auth=READ, tags=["Projects"], response={200: Projects}, exclude_unset=True)
def list_projects(request: ApiRequest, paging: Query[Paging]) -> Projects:
    """The projects that you are a member of, by name."""
    return listed(request, projects_of(request).order_by("name"), paging, Projects, ProjectOut.of)


@router.post(
    "/projects",
    auth=MANAGE,
    tags=["Projects"],
    response={201: ProjectOut, 200: ProjectOut, **problems(409)},
)
def create_project(
    request: ApiRequest, response: HttpResponse, body: ProjectIn
) -> Status[ProjectOut]:
    """Open a project, with you as its manager."""
    if request.auth.project_id is not None:
        raise NotAllowed("A token of one project opens no others.")
    given = body.model_dump(exclude_unset=True)
    chosen_id = given.pop("id", None)
    if given.get("labels") == "newsroom":
        del given["labels"]
    project, is_new = repeats.create_project_once(actor=request.user, chosen_id=chosen_id, **given)
    project.refresh_from_db()
    address = reverse("api:get_project", args=[project.slug])
    return created(response, _project(response, project), address, is_new)


@router.get(
    "/projects/{slug}", auth=READ, tags=["Projects"], response={200: ProjectOut, **problems(404)}
)
def get_project(request: ApiRequest, response: HttpResponse, slug: str) -> ProjectOut:
    """One project, with its guidelines."""
    return _project(response, find_project(request, slug))


@router.patch(
    "/projects/{slug}",
    auth=MANAGE,
    tags=["Projects"],
    response={200: ProjectOut, **problems(404, 409, 412, 428)},
    openapi_extra=IF_MATCH,
)
def change_project(
    request: ApiRequest, response: HttpResponse, slug: str, body: ProjectPatch
) -> ProjectOut:
    """Change a project's rules, or publish new guidelines."""
    project = find_project(request, slug)
    version = version_seen(request, project.version)
    changes = body.model_dump(exclude_unset=True)
    if "guidelines" in changes:
        text = _alone(changes, "guidelines")
        project = services.publish_guidelines(
            actor=request.user, project=project, version=version, text=text
        )
    else:
        project = services.change_project(
            actor=request.user, project=project, version=version, **changes
        )
    project.refresh_from_db()
    return _project(response, project)


@router.get(
    "/projects/{slug}/labels",
    auth=READ,
    tags=["Labels"],
    response={200: Labels, **problems(404)},
    exclude_unset=True,
)
def list_labels(request: ApiRequest, slug: str, paging: Query[Paging]) -> Labels:
    """A project's labels for spans and for relations, retired ones too, in their order."""
    project = find_project(request, slug)
    return listed(request, _whole(project.labels.in_order()), paging, Labels, LabelOut.of)


@router.post(
    "/projects/{slug}/labels",
    auth=MANAGE,
    tags=["Labels"],
    response={201: LabelOut, 200: LabelOut, **problems(404, 409)},
)
def add_label(
    request: ApiRequest, response: HttpResponse, slug: str, body: LabelIn
) -> Status[LabelOut]:
    """Add a label at the end."""
    project = find_project(request, slug)
    given = body.model_dump(exclude_unset=True)
    label, is_new = repeats.add_label_once(
        actor=request.user, project=project, chosen_id=given.pop("id", None), **given
    )
    address = reverse("api:get_label", args=[label.pk])
    return created(response, _label(response, label.pk), address, is_new)


@router.get(
    "/labels/{uuid:label_id}", auth=READ, tags=["Labels"], response={200: LabelOut, **problems(404)}
)
def get_label(request: ApiRequest, response: HttpResponse, label_id: UUID) -> LabelOut:
    """One label."""
    return _label(response, _find_label(request, label_id).pk)


@router.patch(
    "/labels/{uuid:label_id}",
    auth=MANAGE,
    tags=["Labels"],
    response={200: LabelOut, **problems(404, 409, 412, 428)},
    openapi_extra=IF_MATCH,
)
def change_label(
    request: ApiRequest, response: HttpResponse, label_id: UUID, body: LabelPatch
) -> LabelOut:
    """Rename a label, change its looks or what it asks; retire it, or offer it again.

    What carries the label keeps it.
    """
    label = _find_label(request, label_id)
    version = version_seen(request, label.version)
    changes = body.model_dump(exclude_unset=True)
    if "retired" in changes:
        act = (
            label_services.retire_label
            if _alone(changes, "retired")
            else label_services.restore_label
        )
        act(actor=request.user, label=label, version=version)
    else:
        label_services.change_label(actor=request.user, label=label, version=version, **changes)
    return _label(response, label.pk)


@router.get(
    "/projects/{slug}/members",
    auth=READ,
    tags=["Members"],
    response={200: Members, **problems(404)},
    exclude_unset=True,
)
def list_members(request: ApiRequest, slug: str, paging: Query[Paging]) -> Members:
    """Who works in a project, and who did, in the order in which they came."""
    members = find_project(request, slug).memberships.select_related("user").order_by("id")
    return listed(request, members, paging, Members, MemberOut.of)


@router.get(
    "/projects/{slug}/members/{user}",
    auth=READ,
    tags=["Members"],
    response={200: MemberOut, **problems(404)},
)
def get_member(request: ApiRequest, response: HttpResponse, slug: str, user: str) -> MemberOut:
    """One member, by user name."""
    members = find_project(request, slug).memberships.select_related("user")
    return _member(response, get_object_or_404(members, user__username=user))


@router.put(
    "/projects/{slug}/members/{user}",
    auth=MANAGE,
    tags=["Members"],
    response={200: MemberOut, **problems(404, 409)},
)
def set_member(
    request: ApiRequest, response: HttpResponse, slug: str, user: str, body: MemberIn
) -> MemberOut:
    """Make somebody who has an account a member, or give a member another role.

    Without `cleared`, a clearance stays as it is.
    """
    project = find_project(request, slug)
    if not permissions.can_manage(permissions.role_in(project, request.user)):
        raise NotAllowed("Only a manager of the project sets who works in it.")
    person = get_object_or_404(User, username=user, is_active=True)
    member = services.set_member(
        actor=request.user, project=project, user=person, **body.model_dump(exclude_unset=True)
    )
    member.refresh_from_db()
    return _member(response, member)


def _alone(changes: dict[str, Any], field: str) -> Any:
    """The value of a field that is a change of its own.

    Raises:
        Invalid: if others came with it.
    """
    if len(changes) > 1:
        raise Invalid(f"Send “{field}” in a request of its own.", field=field)
    return changes[field]


def _find_label(request: ApiRequest, label_id: UUID) -> Label:
    return get_object_or_404(Label.objects.filter(project__in=projects_of(request)), pk=label_id)


def _whole(labels: QuerySet[Label]) -> QuerySet[Label]:
    """``labels`` with all that their shape shows. Two queries."""
    return labels.select_related("project", "merged_into").prefetch_related(
        "rules__source_label", "rules__target_label"
    )


def _project(response: HttpResponse, project: Project) -> ProjectOut:
    response["ETag"] = etag(project.version)
    return ProjectOut.of(project)


def _label(response: HttpResponse, label_id: UUID) -> LabelOut:
    label = _whole(Label.objects.all()).get(pk=label_id)
    response["ETag"] = etag(label.version)
    return LabelOut.of(label)


def _member(response: HttpResponse, member: Membership) -> MemberOut:
    response["ETag"] = etag(member.version)
    return MemberOut.of(member)
