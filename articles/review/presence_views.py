"""Who else has an article open."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.intake.models import Article
from newsdesk.http import EditorRequest, unless_known
from newsdesk.signing_in import signed_in


@signed_in
@require_safe
def article_presence(request: EditorRequest, slug: str, article_id: UUID) -> HttpResponse:
    """The line of the article's page that says who is here, too."""
    visible = Article.objects.visible_to(request.user).select_related("project")
    article = get_object_or_404(visible, project__slug=slug, pk=article_id)
    context = {"article": article, "project": article.project}
    return unless_known(request, render(request, "review/here.html", context))
