"""The API of intake: the texts of articles, exactly as offsets count them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from ninja import Router

from articles.intake.models import Article, ArticleQuerySet, Revision, RevisionQuerySet
from newsdesk.api_auth import READ, ApiRequest, projects_of
from newsdesk.openapi import problems

router = Router()

PLAIN_TEXT = {"responses": {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}}


@router.get(
    "/articles/{uuid:article_id}/text",
    auth=READ,
    tags=["Articles"],
    response={200: None, **problems(404)},
    openapi_extra=PLAIN_TEXT,
)
def get_article_text(request: ApiRequest, article_id: UUID) -> HttpResponseBase:
    """An article's current text: the code points that offsets count, and nothing else."""
    revisions = _revisions(request).current()
    return _plain(request, get_object_or_404(revisions, article=article_id))


@router.get(
    "/revisions/{uuid:revision_id}/text",
    auth=READ,
    tags=["Articles"],
    response={200: None, **problems(404)},
    openapi_extra=PLAIN_TEXT,
)
def get_revision_text(request: ApiRequest, revision_id: UUID) -> HttpResponseBase:
    """The text of one revision; it never changes."""
    return _plain(request, get_object_or_404(_revisions(request), pk=revision_id))


def articles_reached(request: ApiRequest) -> ArticleQuerySet:
    """The articles that the caller may know of and that the token reaches."""
    return Article.objects.visible_to(request.user).filter(project__in=projects_of(request))


def find_article(request: ApiRequest, article_id: UUID) -> Article:
    """The article, with its project.

    Raises:
        Http404: unless the caller may know of it and the token reaches it.
    """
    return get_object_or_404(articles_reached(request).select_related("project"), pk=article_id)


def _revisions(request: ApiRequest) -> RevisionQuerySet:
    """Those that the caller may read and the token reaches."""
    return Revision.objects.without_original().filter(article__in=articles_reached(request))


def _plain(request: HttpRequest, revision: Revision) -> HttpResponseBase:
    etag = f'"{bytes(revision.sha256).hex()}"'
    response = HttpResponse(revision.body, content_type="text/plain; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response
