"""Settings ▸ Guidelines: the submitted work that is older than what stands there now."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from articles.desk.views import find_managed
from articles.review.guideline_queries import old_layers, old_work
from newsdesk.http import EditorRequest, render_page
from newsdesk.paging import page_of
from newsdesk.signing_in import signed_in

PER_PAGE = 50


@signed_in
@require_safe
def guideline_layers(request: EditorRequest, slug: str) -> HttpResponse:
    """Each layer with the version of the guidelines it was made under, oldest first."""
    project = find_managed(request, slug)
    after = request.GET.get("after")
    context = {
        "project": project,
        "count": old_work(project, request.user),
        "page": page_of(old_layers(project, request.user), after, PER_PAGE),
        "is_first": not after,
    }
    return render_page(request, "review/guideline_layers.html", context)
