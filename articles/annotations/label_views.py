"""Merge a label into another: what it would change, then the change."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from articles.annotations.forms import MergeForm
from articles.annotations.merge_services import merge_label
from articles.desk.forms import tell
from articles.desk.views import find_managed
from articles.intake.models import Article
from newsdesk.errors import NewsdeskError
from newsdesk.http import EditorRequest, SeeOther, render_page, require_safe_or_post
from newsdesk.signing_in import signed_in


@signed_in
@require_safe_or_post
def label_merge(request: EditorRequest, slug: str, label_id: UUID) -> HttpResponse:
    project = find_managed(request, slug)
    label = get_object_or_404(project.labels.spans().filter(merged_into=None), pk=label_id)
    others = project.labels.spans().active().exclude(pk=label.pk).in_order()
    form = MergeForm(request.POST or None, labels=others, version=label.version)
    seen = Article.objects.visible_to(request.user).filter(project=project)
    live = label.annotations.live().filter(article__in=seen)
    number = live.count()
    status = 422 if form.errors else 200
    if form.is_valid():
        into, version = form.cleaned_data["into"], form.cleaned_data["version"]
        try:
            merge_label(actor=request.user, label=label, version=version, into=into)
        except NewsdeskError as error:
            tell(form, error)
            form.looked_at(label.version)
            status = error.status
        else:
            carry = (
                "annotation of “{}” now carries" if number == 1 else "annotations of “{}” now carry"
            )
            messages.success(request, f"{number} {carry.format(label)} “{into}”.")
            return SeeOther(reverse("label-list", args=[slug]))
    context = {
        "project": project,
        "label": label,
        "form": form,
        "annotations": number,
        "articles": live.values("article").distinct().count(),
    }
    return render_page(request, "annotations/label_merge.html", context, status=status)
