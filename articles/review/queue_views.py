"""The queue of one person: what they have in hand, and the next article."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from articles.desk.permissions import can_annotate, role_in
from articles.desk.views import find_project
from articles.review.queries import queue_of
from articles.review.queue_services import claim_next
from newsdesk.errors import NotAllowed
from newsdesk.http import EditorRequest, SeeOther, render_page, require_safe_or_post
from newsdesk.signing_in import signed_in


@signed_in
@require_safe_or_post
def queue(request: EditorRequest, slug: str) -> HttpResponse:
    """What waits for the reader; a POST claims the next article and leads to it."""
    project = find_project(request, slug)
    if not can_annotate(role_in(project, request.user)):
        raise NotAllowed("Only annotators, reviewers and managers label articles.")
    if request.method == "POST":
        layer = claim_next(actor=request.user, project=project)
        if layer is not None:
            return SeeOther(reverse("workbench", args=[slug, layer.article_id]))
        messages.info(request, "Nothing is waiting for you just now.")
        return SeeOther(reverse("queue", args=[slug]))
    context = {"project": project, "queue": queue_of(request.user, project)}
    return render_page(request, "review/queue.html", context)
