"""The list of a project's articles, and the views of it that its reader keeps."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles.desk.models import Project
from articles.desk.permissions import (
    can_annotate,
    can_import,
    can_manage,
    can_see_all_layers,
    role_in,
)
from articles.desk.views import find_project
from articles.review.forms import BulkForm, SavedViewForm, filters_in, filters_of
from articles.review.list_services import forget_view, save_view
from articles.review.listing import (
    ArticleStatus,
    articles_of,
    values_of,
    with_people,
    with_words,
)
from articles.review.models import SavedView
from articles.review.presence_queries import present_in
from articles.review.queries import left_to_undo
from newsdesk.errors import Invalid
from newsdesk.http import EditorRequest, SeeOther, render_page
from newsdesk.paging import CursorInvalid, Page, page_of
from newsdesk.signing_in import signed_in

PER_PAGE = 50
#: What annotators may agree at most in the view of those who do not.
LOW_AGREEMENT = "0.7"


@dataclass(frozen=True, slots=True)
class View:
    """A link to the list with some filters; ``saved`` if its reader made it."""

    name: str
    query: str
    is_current: bool
    saved: SavedView | None = None


@signed_in
@require_safe
def article_list(request: EditorRequest, slug: str) -> HttpResponse:
    """The articles that pass the filters in the address, newest first."""
    project = find_project(request, slug)
    role = role_in(project, request.user)
    given = filters_in(request.GET)
    is_blind = not can_see_all_layers(role, project)
    mistake, found_count = "", 0
    try:
        found = articles_of(project, filters_of(given), reader=request.user, is_blind=is_blind)
        page = page_of(with_people(with_words(found)), request.GET.get("after"), PER_PAGE)
        found_count = found.count()
    except (Invalid, CursorInvalid) as error:
        mistake = error.message
        page = Page([], None)
    active = {name: value for name, value in given.items() if value}
    query = urlencode(active)
    next_query = urlencode({**active, "after": page.next_cursor}) if page.next_cursor else ""
    may_manage = can_manage(role)
    batch = _batch_in(request.GET) if may_manage else None
    return render_page(
        request,
        "review/article_list.html",
        {
            "project": project,
            "page": page,
            "found_count": found_count,
            "here": present_in(page.items, request.user),
            "given": given,
            "query": query,
            "is_filtered": bool(active),
            "is_first": not request.GET.get("after"),
            "next_query": next_query,
            "mistake": mistake,
            "views": _views(request, project, query, may_annotate=can_annotate(role)),
            "statuses": [(status.value, status.words) for status in ArticleStatus],
            "labels": project.labels.spans().in_order(),
            "members": project.memberships.active().select_related("user").order_by("user__name"),
            "languages": values_of(project, "language", request.user),
            "publishers": values_of(project, "publisher", request.user),
            "may_annotate": can_annotate(role),
            "may_import": can_import(role),
            "bulk": BulkForm(project) if may_manage else None,
            "batch": batch,
            "batch_count": left_to_undo(project, request.user, batch) if batch else 0,
        },
        partial="article-rows",
        status=422 if mistake else 200,
    )


@signed_in
@require_POST
def article_view_save(request: EditorRequest, slug: str) -> HttpResponse:
    """Keep the filters that the list has under a name."""
    project = find_project(request, slug)
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, "A view needs a name of up to 60 characters.")
        return SeeOther(reverse("article-list", args=[slug]))
    query = _tidied(form.cleaned_data["query"])
    try:
        save_view(actor=request.user, project=project, name=form.cleaned_data["name"], query=query)
    except Invalid as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Kept as “{form.cleaned_data['name']}”.")
    return SeeOther(f"{reverse('article-list', args=[slug])}?{query}")


@signed_in
@require_POST
def article_view_forget(request: EditorRequest, slug: str, view_id: int) -> HttpResponse:
    """Drop a view of one's own."""
    project = find_project(request, slug)
    view = get_object_or_404(SavedView, project=project, user=request.user, pk=view_id)
    forget_view(actor=request.user, view=view)
    messages.success(request, f"“{view}” is no view any more.")
    return SeeOther(reverse("article-list", args=[slug]))


def _views(
    request: EditorRequest, project: Project, query: str, *, may_annotate: bool
) -> list[View]:
    """Those that everybody has, then the reader's own. One query."""
    usual: dict[str, dict[str, str]] = {
        "All": {},
        "Mine": {"annotator": request.user.username},
        "Returned": {"returned": "on"},
        "Low agreement": {"agreement": LOW_AGREEMENT},
    }
    if not may_annotate:
        del usual["Mine"]
    saved = request.user.saved_views.filter(project=project).order_by("name")
    return [
        *(View(name, urlencode(by), urlencode(by) == query) for name, by in usual.items()),
        *(View(one.name, one.query, one.query == query, one) for one in saved),
    ]


def _tidied(query: str) -> str:
    """The filters alone, in their order."""
    given = filters_in(QueryDict(query))
    return urlencode({name: value for name, value in given.items() if value})


def _batch_in(asked: QueryDict) -> UUID | None:
    """The bulk action that was just done, if the address names one."""
    try:
        return UUID(asked.get("done", ""))
    except ValueError:
        return None
