"""What changed in one's work: the page on which an annotator learns from adjudication."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.annotations import stylesheet
from articles.annotations.desks import find_desk
from articles.review.listing import status_of
from articles.review.outcome_queries import Fate, compared_with_gold
from newsdesk.http import EditorRequest
from newsdesk.signing_in import signed_in


@signed_in
@require_safe
def article_outcome(request: EditorRequest, slug: str, article_id: UUID) -> HttpResponse:
    """One's own work, or that of ``layer``, beside the gold; nothing before there is gold."""
    desk = find_desk(request, slug, article_id, layer=request.GET.get("layer", ""))
    if desk.layer is None:
        raise Http404
    status = status_of(desk.article)
    is_known = status.has_gold and desk.layer.submitted_at is not None
    context = {
        "project": desk.project,
        "article": desk.article,
        "desk": desk,
        "status": status,
        "comparison": compared_with_gold(desk.layer) if is_known else None,
        "fates": list(Fate),
        "stylesheet": stylesheet.version_of(desk.labels),
    }
    return render(request, "review/outcome.html", context)
