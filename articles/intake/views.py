"""Bring articles in by hand: paste one, choose files, and look through what waits to be checked."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from articles.desk.forms import tell
from articles.desk.models import Project
from articles.desk.permissions import can_import, can_manage, role_in
from articles.desk.views import find_project
from articles.intake.errors import DuplicateArticle
from articles.intake.file_services import add_file
from articles.intake.forms import FilesForm, PasteForm, PlacementForm
from articles.intake.incoming import pasted
from articles.intake.models import Article
from articles.intake.readers import MAX_FILE_BYTES
from articles.intake.services import add_article, place_article
from newsdesk.errors import Invalid, NotAllowed
from newsdesk.http import EditorRequest, SeeOther, render_page, require_safe_or_post
from newsdesk.signing_in import signed_in

#: Articles that one page of those to be checked shows; they leave it as they are decided on.
WAITING_SHOWN = 50

PLACED = {
    Article.Placement.IMPORTED: "waits to be checked",
    Article.Placement.READY: "is ready to be labelled",
    Article.Placement.PARKED: "is parked",
    Article.Placement.EXCLUDED: "is excluded",
}


@signed_in
@require_safe_or_post
def import_paste(request: EditorRequest, slug: str) -> HttpResponse:
    project = _find_importing(request, slug)
    form = PasteForm(request.POST if request.method == "POST" else None)
    existing = None
    if form.is_valid():
        try:
            article, _ = add_article(
                actor=request.user, project=project, incoming=pasted(**form.details())
            )
        except (Invalid, DuplicateArticle) as error:  # what the editor can mend
            tell(form, error)
            existing = getattr(error, "existing", None)
        else:
            messages.success(request, f"“{article}” {_placed(article)}.")
            return SeeOther(reverse("workbench", args=[slug, article.pk]))
    return render_page(
        request,
        "intake/import_paste.html",
        {"project": project, "form": form, "existing": existing},
        status=422 if form.errors else 200,
    )


@signed_in
@require_safe_or_post
def import_files(request: EditorRequest, slug: str) -> HttpResponse:
    """Each file is answered for by itself; the page fails only if none was good."""
    project = _find_importing(request, slug)
    is_post = request.method == "POST"
    form = FilesForm(request.POST, request.FILES) if is_post else FilesForm()
    outcomes = []
    if form.is_valid():
        details = form.details()
        for file in details.pop("uploads"):
            data = file.read(MAX_FILE_BYTES + 1)
            outcomes.append(
                add_file(actor=request.user, project=project, name=file.name, data=data, **details)
            )
    has_failed = bool(form.errors) or (bool(outcomes) and not any(o.is_there for o in outcomes))
    return render_page(
        request,
        "intake/import_files.html",
        {"project": project, "form": form, "outcomes": outcomes},
        status=422 if has_failed else 200,
    )


@signed_in
@require_safe
def import_waiting(request: EditorRequest, slug: str) -> HttpResponse:
    """What came in to be checked first, oldest first."""
    project = _find_importing(request, slug)
    waiting = Article.objects.visible_to(request.user).filter(
        project=project, placement=Article.Placement.IMPORTED
    )
    articles = list(waiting.in_intake_order()[: WAITING_SHOWN + 1])
    context = {
        "project": project,
        "articles": articles[:WAITING_SHOWN],
        "has_more": len(articles) > WAITING_SHOWN,
        "may_place": can_manage(role_in(project, request.user)),
    }
    return render_page(request, "intake/import_waiting.html", context)


@signed_in
@require_POST
def article_placement(request: EditorRequest, slug: str, article_id: UUID) -> HttpResponse:
    """Make an article ready, park it or exclude it; ``next`` is the page to come back to."""
    article = get_object_or_404(
        Article.objects.visible_to(request.user).select_related("project"),
        project__slug=slug,
        pk=article_id,
    )
    form = PlacementForm(request.POST)
    if not form.is_valid():
        raise Invalid("Say which article goes where, and which version of it you saw.")
    article = place_article(actor=request.user, article=article, **form.cleaned_data)
    messages.success(request, f"“{article}” {_placed(article)}.")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("article-list", args=[slug])
    return SeeOther(back)


def _placed(article: Article) -> str:
    return PLACED[Article.Placement(article.placement)]


def _find_importing(request: EditorRequest, slug: str) -> Project:
    """The project at ``slug``, for those who bring articles in.

    Raises:
        NotAllowed: if the reader is a member who does not.
    """
    project = find_project(request, slug)
    if not can_import(role_in(project, request.user)):
        raise NotAllowed("Only managers and engineers bring articles in.")
    return project
