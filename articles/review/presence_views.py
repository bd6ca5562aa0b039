"""Who else has an article open."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.annotations import views
from articles.intake.models import Article
from articles.review.presence_services import seen
from newsdesk.http import EditorRequest, unless_known
from newsdesk.signing_in import signed_in


def workbench(request: EditorRequest, slug: str, article_id: UUID) -> HttpResponseBase:
    """The workbench, of whose reader others see that they are here.

    Its scripts keep no stream open; who goes on to work is seen by what they save.
    """
    response = views.workbench(request, slug, article_id)
    if request.method == "GET" and response.status_code == 200 and not request.htmx:
        article = Article.objects.get(pk=article_id)
        seen([(article.project_id, article.pk, request.user.pk)])
    return response


@signed_in
@require_safe
def article_presence(request: EditorRequest, slug: str, article_id: UUID) -> HttpResponse:
    """The line of the article's page that says who is here, too."""
    visible = Article.objects.visible_to(request.user).select_related("project")
    article = get_object_or_404(visible, project__slug=slug, pk=article_id)
    context = {"article": article, "project": article.project}
    return unless_known(request, render(request, "review/here.html", context))
