"""Merge a label into another: what it would change, then the change."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from articles.annotations.forms import MergeForm
from articles.annotations.merge_services import merge_label
from articles.desk.models import Project
from articles.desk.permissions import can_manage, role_in
from newsdesk.errors import NewsdeskError, NotAllowed
from newsdesk.http import EditorRequest, SeeOther, render_page
from newsdesk.signing_in import signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def label_merge(request: EditorRequest, slug: str, label_id: UUID) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user), slug=slug)
    if not can_manage(role_in(project, request.user)):
        raise NotAllowed("Only the managers of a project see and change its settings.")
    label = get_object_or_404(project.labels.spans().filter(merged_into=None), pk=label_id)
    others = project.labels.spans().active().exclude(pk=label.pk).in_order()
    form = MergeForm(request.POST or None, labels=others, version=label.version)
    if form.is_valid():
        try:
            moved = merge_label(
                actor=request.user,
                label=label,
                version=form.cleaned_data["version"],
                into=form.cleaned_data["into"],
            )
        except NewsdeskError as error:
            form.add_error(None, error.message)
        else:
            into = form.cleaned_data["into"]
            messages.success(
                request,
                f"{moved} annotation{'s' if moved != 1 else ''} of “{label}” now carry “{into}”.",
            )
            return SeeOther(reverse("label-list", args=[slug]))
    live = label.annotations.live()
    context = {
        "project": project,
        "label": label,
        "form": form,
        "annotations": live.count(),
        "articles": live.values("article").distinct().count(),
    }
    status = 422 if form.errors else 200
    return render_page(request, "annotations/label_merge.html", context, status=status)
