"""The inbox: what waits for somebody, in all their projects."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles.annotations.forms import as_uuid
from articles.desk.queries import tokens_ending_soon
from articles.review.inbox_queries import waiting_for
from articles.review.inbox_services import finish_notices
from articles.review.models import Notice
from newsdesk.http import EditorRequest, SeeOther, render_page
from newsdesk.paging import CursorInvalid, Page, page_of
from newsdesk.signing_in import signed_in

PER_PAGE = 50


@signed_in
@require_safe
def inbox(request: EditorRequest) -> HttpResponse:
    rows = waiting_for(request.user).select_related(
        "sender", "project", "article", "comment__thread"
    )
    mistake = ""
    try:
        page = page_of(rows, request.GET.get("after"), PER_PAGE)
    except CursorInvalid as error:
        mistake, page = error.message, Page([], None)
    is_first = not request.GET.get("after")
    context = {
        "tokens": tokens_ending_soon(request.user) if is_first else [],
        "rows": [(notice, address_of(notice)) for notice in page.items],
        "next_cursor": page.next_cursor,
        "is_first": is_first,
        "mistake": mistake,
    }
    return render_page(request, "review/inbox.html", context, status=422 if mistake else 200)


def address_of(notice: Notice) -> str:
    """Where that is, which a notice tells of."""
    if notice.article_id is None:
        return _beside_articles(notice)
    comment, place = notice.comment, [notice.project.slug, notice.article_id]
    if notice.kind == Notice.Kind.ADJUDICATED:
        return reverse("article-outcome", args=place)
    page = reverse("workbench", args=place)
    if comment is not None and comment.annotation_id is not None:
        return f"{page}?selected={comment.annotation_id}#details"
    return f"{page}?panel=comments#panel" if comment is not None else page


def _beside_articles(notice: Notice) -> str:
    name = {Notice.Kind.DATASET: "snapshot", Notice.Kind.IMPORT: "import-run"}.get(
        Notice.Kind(notice.kind)
    )
    if name is None:
        return reverse("webhook-list", args=[notice.project.slug])
    return reverse(name, args=[notice.project.slug, notice.about])


@signed_in
@require_POST
def notice_done(request: EditorRequest, notice_id: UUID) -> HttpResponse:
    """Put one of one's own notices away."""
    notice = get_object_or_404(waiting_for(request.user), pk=notice_id)
    finish_notices(actor=request.user, notices=[notice])
    return SeeOther(reverse("inbox"))


@signed_in
@require_POST
def inbox_clear(request: EditorRequest) -> HttpResponse:
    """Put away all that waits, up to the ``newest`` that was there to be seen."""
    seen = waiting_for(request.user)
    newest = get_object_or_404(Notice, pk=as_uuid(request.POST.get("newest")), person=request.user)
    finish_notices(actor=request.user, notices=seen.filter(created_at__lte=newest.created_at))
    messages.success(request, "All done.")
    return SeeOther(reverse("inbox"))
