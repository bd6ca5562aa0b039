"""The API of comments."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Status

from articles.annotations.models import Annotation, Comment
from articles.annotations.permissions import can_read
from articles.desk.permissions import role_in
from articles.intake.api import articles_reached, find_article
from articles.intake.models import Article
from articles.review import talk_services
from articles.review.permissions import Subject, comments_visible_to, decisions_visible_to
from articles.review.talk_schemas import (
    CommentIn,
    CommentOut,
    CommentQuery,
    Comments,
    ResolutionIn,
)
from newsdesk.api_auth import ANNOTATE, READ, ApiRequest
from newsdesk.api_shapes import created, listed
from newsdesk.errors import Invalid
from newsdesk.openapi import problems

router = Router()


@router.get(
    "/articles/{uuid:article_id}/comments",
    auth=READ,
    tags=["Comments"],
    response={200: Comments, **problems(404)},
    exclude_unset=True,
)
def list_comments(request: ApiRequest, article_id: UUID, asked: Query[CommentQuery]) -> Comments:
    """What was said about an article, its annotations and its decisions, oldest first.

    You get what you may read: who works blind, nothing about the work of others.
    """
    rows = _visible(request).filter(article=find_article(request, article_id))
    if asked.annotation is not None:
        rows = rows.filter(annotation=asked.annotation)
    if asked.decision is not None:
        rows = rows.filter(decision=asked.decision)
    return listed(request, rows.order_by("created_at", "id"), asked, Comments, CommentOut.of)


@router.post(
    "/articles/{uuid:article_id}/comments",
    auth=ANNOTATE,
    tags=["Comments"],
    response={201: CommentOut, 200: CommentOut, **problems(404, 409)},
)
def add_comment(
    request: ApiRequest, response: HttpResponse, article_id: UUID, body: CommentIn
) -> Status[CommentOut]:
    """Say something; whoever is named with `@` and may read it finds it in their inbox."""
    article = find_article(request, article_id)
    if sum(one is not None for one in (body.annotation, body.decision, body.thread)) > 1:
        raise Invalid("A comment is on one thing, or answers one thread.", field="thread")
    if body.thread is not None:
        thread = _visible(request).filter(article=article, pk=body.thread).first()
        if thread is None:
            raise Invalid("There is no such thread on this article.", field="thread")
        comment, is_new = talk_services.reply(
            actor=request.user, to=thread, body=body.body, chosen_id=body.id
        )
    else:
        comment, is_new = talk_services.add_comment(
            actor=request.user,
            on=_subject(request, article, body),
            body=body.body,
            chosen_id=body.id,
        )
    address = reverse("api:list_comments", args=[article.pk])
    return created(response, _out(request, comment), address, is_new)


@router.post(
    "/comments/{uuid:comment_id}/resolution",
    auth=ANNOTATE,
    tags=["Comments"],
    response={200: CommentOut, **problems(404)},
)
def resolve_comment(request: ApiRequest, comment_id: UUID, body: ResolutionIn) -> CommentOut:
    """Settle the thread that a comment is in, or open it again; answers with its first comment."""
    comment = get_object_or_404(_visible(request), pk=comment_id)
    first = talk_services.set_resolved(actor=request.user, comment=comment, resolved=body.resolved)
    return _out(request, first)


@router.delete(
    "/comments/{uuid:comment_id}",
    auth=ANNOTATE,
    tags=["Comments"],
    response={204: None, **problems(404)},
)
def remove_comment(request: ApiRequest, comment_id: UUID) -> Status[None]:
    """Remove a comment of yours; its place in the thread stays. Twice changes nothing."""
    comment = get_object_or_404(_visible(request), pk=comment_id)
    talk_services.remove_comment(actor=request.user, comment=comment)
    return Status(204, None)


def _visible(request: ApiRequest) -> QuerySet[Comment]:
    """The comments that the caller may read and the token reaches."""
    comments = comments_visible_to(request.user).filter(article__in=articles_reached(request))
    return comments.select_related("project", "layer", "author", "resolved_by", "thread")


def _out(request: ApiRequest, comment: Comment) -> CommentOut:
    return CommentOut.of(_visible(request).get(pk=comment.pk))


def _subject(request: ApiRequest, article: Article, body: CommentIn) -> Subject:
    """What the comment is on, as far as the caller may know of it.

    Raises:
        Invalid: if there is no such thing on this article.
    """
    if body.annotation is not None:
        annotations = Annotation.objects.select_related("layer__project", "project")
        annotation = annotations.filter(article=article, pk=body.annotation).first()
        role = role_in(article.project, request.user)
        if annotation is None or not can_read(request.user, role, annotation.layer):
            raise Invalid("There is no such annotation on this article.", field="annotation")
        return annotation
    if body.decision is not None:
        decisions = decisions_visible_to(request.user).select_related("project")
        decision = decisions.filter(article=article, pk=body.decision).first()
        if decision is None:
            raise Invalid("There is no such decision on this article.", field="decision")
        return decision
    return article
