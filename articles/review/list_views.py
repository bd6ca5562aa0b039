"""The list of a project's articles."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from articles.desk.permissions import can_import, can_see_all_layers, role_in
from articles.desk.views import find_project
from articles.review.listing import ArticleFilters, ArticleStatus, articles_of, values_of
from newsdesk.errors import Invalid
from newsdesk.http import EditorRequest, render_page
from newsdesk.paging import CursorInvalid, Page, page_of
from newsdesk.signing_in import signed_in

PER_PAGE = 50


@signed_in
@require_safe
def article_list(request: EditorRequest, slug: str) -> HttpResponse:
    """The articles that pass the filters in the address, newest first."""
    project = find_project(request, slug)
    role = role_in(project, request.user)
    given: dict[str, str] = {
        name: request.GET.get(name, "").strip()
        for name in ("q", "status", "label", "annotator", "language", "publisher")
    }
    is_blind = not can_see_all_layers(role, project)
    mistake = ""
    try:
        found = articles_of(project, _filters(given), reader=request.user, is_blind=is_blind)
        page = page_of(found, request.GET.get("after"), PER_PAGE)
    except (Invalid, CursorInvalid) as error:
        mistake = error.message
        page = Page([], None)
    active = {name: value for name, value in given.items() if value}
    next_query = urlencode({**active, "after": page.next_cursor}) if page.next_cursor else ""
    return render_page(
        request,
        "review/article_list.html",
        {
            "project": project,
            "page": page,
            "given": given,
            "is_filtered": bool(active),
            "is_first": not request.GET.get("after"),
            "first_query": urlencode(active),
            "next_query": next_query,
            "mistake": mistake,
            "statuses": [(status.value, status.words) for status in ArticleStatus],
            "labels": project.labels.spans().in_order(),
            "members": project.memberships.active().select_related("user").order_by("user__name"),
            "languages": values_of(project, "language", request.user),
            "publishers": values_of(project, "publisher", request.user),
            "may_import": can_import(role),
        },
        partial="article-rows",
        status=422 if mistake else 200,
    )


def _filters(given: dict[str, str]) -> ArticleFilters:
    return ArticleFilters(
        q=given["q"],
        status=given["status"],
        label=given["label"],
        annotator=given["annotator"],
        language=given["language"],
        publisher=given["publisher"],
    )
