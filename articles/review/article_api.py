"""The API of articles: bringing them in, listing them with where they stand, handing work in.

It is here and not in intake because an article's status comes from the work on it.
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Status

from articles.annotations.services import open_layer
from articles.desk.models import Project
from articles.desk.permissions import can_see_all_layers, role_in
from articles.intake import services as intake_services
from articles.intake.api import find_article
from articles.intake.models import Block
from articles.intake.schemas import ArticleIn
from articles.review.listing import ArticleFilters, articles_of
from articles.review.schemas import (
    ArticleDetail,
    ArticleOut,
    ArticleQuery,
    Articles,
    BlockOut,
    SubmissionOut,
)
from articles.review.submission_services import submit_layer, take_back
from newsdesk.api_auth import ANNOTATE, IMPORT, READ, ApiRequest, etag, find_project
from newsdesk.api_shapes import created, listed
from newsdesk.openapi import problems

router = Router()


@router.get(
    "/projects/{slug}/articles",
    auth=READ,
    tags=["Articles"],
    response={200: Articles, **problems(404)},
    exclude_unset=True,
)
def list_articles(request: ApiRequest, slug: str, asked: Query[ArticleQuery]) -> Articles:
    """A project's articles, newest first, with where they stand."""
    project = find_project(request, slug)
    blind = _is_blind(request, project)
    found = articles_of(project, asked.filters(), reader=request.user, is_blind=blind)
    rows = found.select_related("revision").defer("revision__body", "revision__original")
    return listed(
        request, rows, asked, Articles, lambda row: ArticleOut(**ArticleOut.values_of(row, slug))
    )


@router.post(
    "/projects/{slug}/articles",
    auth=IMPORT,
    tags=["Articles"],
    response={201: ArticleDetail, 200: ArticleDetail, **problems(404, 409)},
)
def add_article(
    request: ApiRequest, response: HttpResponse, slug: str, body: ArticleIn
) -> Status[ArticleDetail]:
    """Bring one article in.

    The same text or external id twice in a project is refused with `duplicate_article`, and
    `existing` says which article has it, unless that is not open to you.
    """
    project = find_project(request, slug)
    article, is_new = intake_services.add_article(
        actor=request.user, project=project, incoming=body.incoming()
    )
    address = reverse("api:get_article", args=[article.pk])
    return created(response, _detail(request, response, project, article.pk), address, is_new)


@router.get(
    "/articles/{uuid:article_id}",
    auth=READ,
    tags=["Articles"],
    response={200: ArticleDetail, **problems(404)},
)
def get_article(request: ApiRequest, response: HttpResponse, article_id: UUID) -> ArticleDetail:
    """One article, with the blocks that its current text is divided into."""
    article = find_article(request, article_id)
    return _detail(request, response, article.project, article.pk)


@router.post(
    "/articles/{uuid:article_id}/submission",
    auth=ANNOTATE,
    tags=["Submission"],
    response={200: SubmissionOut, **problems(404, 409)},
)
def submit(request: ApiRequest, article_id: UUID) -> SubmissionOut:
    """Hand in your own work on an article; it is closed from then on.

    Handing in twice changes nothing. What is missing first is in `checks` of the problem
    `not_ready`. An article in which you found nothing to label can be handed in, too.
    """
    article = find_article(request, article_id)
    layer = open_layer(actor=request.user, article=article)
    return SubmissionOut.of(submit_layer(actor=request.user, layer=layer))


@router.delete(
    "/articles/{uuid:article_id}/submission",
    auth=ANNOTATE,
    tags=["Submission"],
    response={204: None, **problems(404, 409)},
)
def withdraw_submission(request: ApiRequest, article_id: UUID) -> Status[None]:
    """Take your own work back, within ten minutes of handing it in."""
    article = find_article(request, article_id)
    take_back(actor=request.user, layer=get_object_or_404(article.layers, annotator=request.user))
    return Status(204, None)


def _is_blind(request: ApiRequest, project: Project) -> bool:
    """Whether the caller works blind. One query."""
    return not can_see_all_layers(role_in(project, request.user), project)


def _detail(
    request: ApiRequest, response: HttpResponse, project: Project, article_id: UUID
) -> ArticleDetail:
    blind = _is_blind(request, project)
    rows = articles_of(project, ArticleFilters(), reader=request.user, is_blind=blind)
    row = (
        rows.select_related("revision")
        .defer("revision__body", "revision__original")
        .get(pk=article_id)
    )
    blocks = Block.objects.filter(revision=row.revision_id)
    response["ETag"] = etag(row.version)
    return ArticleDetail(
        **ArticleOut.values_of(row, project.slug), blocks=[BlockOut.of(block) for block in blocks]
    )
