"""Pages of the desk: projects, their guidelines and rules."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.desk import permissions, queries, services
from articles.desk.forms import GuidelinesForm, ProjectForm, RulesForm, tell
from articles.desk.models import Project
from newsdesk.errors import NewsdeskError, NotAllowed
from newsdesk.http import EditorRequest, SeeOther, render_page, require_safe_or_post
from newsdesk.signing_in import signed_in


def find_project(request: EditorRequest, slug: str) -> Project:
    """The project at ``slug``, if the reader may know of it; else 404."""
    return get_object_or_404(Project.objects.visible_to(request.user), slug=slug)


def find_managed(request: EditorRequest, slug: str) -> Project:
    """The project at ``slug``, for its managers.

    Raises:
        NotAllowed: if the reader is a member but no manager.
    """
    project = find_project(request, slug)
    if not permissions.can_manage(permissions.role_in(project, request.user)):
        raise NotAllowed("Only the managers of a project see and change its settings.")
    return project


@signed_in
@require_safe
def project_list(request: EditorRequest) -> HttpResponse:
    rows = queries.project_rows(request.user)
    may_create = permissions.can_create_projects(request.user)
    return render_page(request, "desk/project_list.html", {"rows": rows, "may_create": may_create})


@signed_in
@require_safe_or_post
def project_new(request: EditorRequest) -> HttpResponse:
    if not permissions.can_create_projects(request.user):
        raise NotAllowed("Only staff and managers of a project may open a new one.")
    form = ProjectForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = dict(form.cleaned_data)
        none = given.pop("labels") == "none"
        try:
            project = services.create_project(
                actor=request.user, labels=[] if none else None, **given
            )
        except NewsdeskError as error:
            tell(form, error)
        else:
            messages.success(request, f"“{project}” is open. Its labels come first.")
            return SeeOther(reverse("label-list", args=[project.slug]))
    status = 422 if form.errors else 200
    return render_page(request, "desk/project_new.html", {"form": form}, status=status)


@signed_in
@require_safe
def guidelines(request: EditorRequest, slug: str) -> HttpResponse:
    project = find_project(request, slug)
    role = permissions.role_in(project, request.user)
    context = {
        "project": project,
        "labels": project.labels.active().in_order(),
        "may_manage": permissions.can_manage(role),
    }
    return render_page(request, "desk/guidelines.html", context)


@signed_in
@require_safe_or_post
def guidelines_edit(request: EditorRequest, slug: str) -> HttpResponse:
    """Write and publish the guidelines; ``preview`` in the form shows them and saves nothing."""
    project = find_managed(request, slug)
    standing = {"guidelines": project.guidelines, "version": project.version}
    form = GuidelinesForm(request.POST if request.method == "POST" else None, initial=standing)
    status, preview = 200, None
    if form.is_valid():
        text, version = form.cleaned_data["guidelines"], form.cleaned_data["version"]
        if "preview" in request.POST:
            preview = text
        else:
            try:
                services.publish_guidelines(
                    actor=request.user, project=project, version=version, text=text
                )
            except NewsdeskError as error:
                tell(form, error)
                form.looked_at(project.version)
                status = error.status
            else:
                messages.success(request, "Published. Annotators see it at once.")
                return SeeOther(reverse("guidelines-edit", args=[slug]))
    elif form.errors:
        status = 422
    context = {"project": project, "form": form, "preview": preview}
    partial = "guidelines-preview" if preview is not None else None
    return render_page(
        request, "desk/guidelines_edit.html", context, partial=partial, status=status
    )


@signed_in
@require_safe_or_post
def rules(request: EditorRequest, slug: str) -> HttpResponse:
    project = find_managed(request, slug)
    standing = {name: getattr(project, name) for name in RulesForm.base_fields}
    form = RulesForm(request.POST if request.method == "POST" else None, initial=standing)
    status = 200
    if form.is_valid():
        try:
            services.change_project(actor=request.user, project=project, **form.cleaned_data)
        except NewsdeskError as error:
            tell(form, error)
            form.looked_at(project.version)
            status = error.status
        else:
            messages.success(request, "Saved.")
            return SeeOther(reverse("rules", args=[slug]))
    elif form.errors:
        status = 422
    context = {"project": project, "form": form}
    return render_page(request, "desk/rules.html", context, status=status)
