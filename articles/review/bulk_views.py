"""Something done to many articles of the list: looked at first, done, and taken back."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from articles.desk.models import Project
from articles.desk.permissions import can_manage, role_in
from articles.desk.views import find_project
from articles.intake.models import Article
from articles.review.bulk_services import MOST_AT_ONCE, Outcome, do_to_all, try_out, undo_all
from articles.review.forms import BulkForm, filters_in
from articles.review.listing import articles_of
from newsdesk.errors import Invalid, NewsdeskError, NotAllowed
from newsdesk.http import EditorRequest, SeeOther, render_page
from newsdesk.signing_in import signed_in

#: Refused articles that are named.
MOST_NAMED = 20


@signed_in
@require_POST
def article_bulk(request: EditorRequest, slug: str) -> HttpResponse:
    """Show what a bulk action would do; with ``do`` in the form, do it."""
    project = _managed(request, slug)
    form = BulkForm(project, request.POST)
    if not form.is_valid():
        for error in form.errors.values():
            messages.error(request, " ".join(map(str, error)))
        return _back(slug, request.POST.get("query", ""))
    query, act = form.cleaned_data["query"], form.cleaned_data["chosen"]
    try:
        articles = _chosen(request, project, form)
        change = act.done_by(request.user)
    except NewsdeskError as error:
        messages.error(request, error.message)
        return _back(slug, query)
    if "do" in request.POST:
        batch = form.cleaned_data["batch"] or uuid4()
        do_to_all(articles=articles, change=change, batch=batch)
        return _back(slug, query, done=batch)
    outcome = try_out(articles=articles, change=change)
    context = {
        "project": project,
        "form": form,
        "query": query,
        "title": act.words(_counted(len(articles))),
        "act": act.words(_counted(outcome.changed)),
        "outcome": outcome,
        "named": outcome.refused[:MOST_NAMED],
        "articles": " ".join(str(article.pk) for article in articles),
        "batch": uuid4(),
    }
    return render_page(request, "review/bulk.html", context)


@signed_in
@require_POST
def article_bulk_undo(request: EditorRequest, slug: str) -> HttpResponse:
    """Take a bulk action back, and say what had to be left."""
    project = _managed(request, slug)
    try:
        batch = UUID(request.POST.get("batch", ""))
    except ValueError:
        raise Invalid("This names nothing that was done.", field="batch") from None
    _tell(request, undo_all(actor=request.user, project=project, batch=batch))
    return _back(slug, request.POST.get("query", ""))


def _managed(request: EditorRequest, slug: str) -> Project:
    project = find_project(request, slug)
    if not can_manage(role_in(project, request.user)):
        raise NotAllowed("Only a manager of the project settles who works on what.")
    return project


def _chosen(request: EditorRequest, project: Project, form: BulkForm) -> Sequence[Article]:
    """The articles that the form is for, oldest first.

    Raises:
        Invalid: if there are none, or too many at once.
    """
    visible = Article.objects.visible_to(request.user).filter(project=project)
    if form.is_all:
        found = articles_of(project, form.filters, reader=request.user, is_blind=False)
        visible = visible.filter(pk__in=found.order_by().values("pk"))
    else:
        visible = visible.filter(pk__in=form.ticked)
    articles = list(visible.select_related("project").in_intake_order()[: MOST_AT_ONCE + 1])
    if not articles:
        raise Invalid("Tick the articles first.")
    if len(articles) > MOST_AT_ONCE:
        raise Invalid(f"Up to {MOST_AT_ONCE:,} articles at once: filter the list first.")
    return articles


def _back(slug: str, query: str, done: UUID | None = None) -> HttpResponse:
    """To the list as it was filtered."""
    asked = {name: value for name, value in filters_in(QueryDict(query)).items() if value}
    if done:
        asked["done"] = str(done)
    return SeeOther(f"{reverse('article-list', args=[slug])}?{urlencode(asked)}")


def _counted(number: int) -> str:
    return f"{number:,} article{'' if number == 1 else 's'}"


def _tell(request: EditorRequest, outcome: Outcome) -> None:
    messages.success(request, f"Put back: {_counted(outcome.changed)}.")
    if outcome.refused:
        titles = ", ".join(f"“{article.title}”" for article, _ in outcome.refused[:MOST_NAMED])
        messages.warning(
            request,
            f"Changed since, and left as they are: {_counted(len(outcome.refused))}: {titles}.",
        )
