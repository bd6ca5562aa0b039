"""What people say in the workbench and beside decisions: begin a thread, answer, resolve, remove.

Each works as a plain form, which leads back to where it stood (``back``), and from the workbench's
queue, which is answered with the few elements that changed.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme

from articles.annotations.answers import done
from articles.annotations.desks import Desk
from articles.annotations.forms import cleaned
from articles.annotations.models import Comment
from articles.annotations.write_views import writes
from articles.review.permissions import comments_visible_to, decisions_visible_to
from articles.review.talk_forms import CommentForm
from articles.review.talk_services import (
    add_comment,
    edit_comment,
    remove_comment,
    reply,
    set_resolved,
)
from newsdesk.http import SeeOther


@writes
def comment_add(desk: Desk) -> HttpResponse:
    """Begin a thread about the article, or about the ``decision`` that the form names."""
    values = cleaned(CommentForm(desk.request.POST))
    visible = decisions_visible_to(desk.request.user).select_related("project")
    on = (
        get_object_or_404(visible, pk=values["decision"], article=desk.article)
        if values["decision"]
        else desk.article
    )
    comment, _new = add_comment(
        actor=desk.request.user, on=on, body=values["body"], chosen_id=values["id"]
    )
    return _said(desk, comment, "Comment added.")


@writes
def comment_create(desk: Desk, annotation_id: UUID) -> HttpResponse:
    """Begin a thread about an annotation."""
    annotation = desk.annotation(annotation_id)
    values = cleaned(CommentForm(desk.request.POST))
    comment, _new = add_comment(
        actor=desk.request.user, on=annotation, body=values["body"], chosen_id=values["id"]
    )
    return _said(desk, comment, "Comment added.")


@writes
def comment_reply(desk: Desk, comment_id: UUID) -> HttpResponse:
    comment = _find(desk, comment_id)
    values = cleaned(CommentForm(desk.request.POST))
    answer, _new = reply(
        actor=desk.request.user, to=comment, body=values["body"], chosen_id=values["id"]
    )
    return _said(desk, answer, "Reply added.")


@writes
def comment_edit(desk: Desk, comment_id: UUID) -> HttpResponse:
    comment = _find(desk, comment_id)
    body = cleaned(CommentForm(desk.request.POST))["body"]
    edit_comment(actor=desk.request.user, comment=comment, body=body)
    return _said(desk, comment, "Comment changed.")


@writes
def comment_resolve(desk: Desk, comment_id: UUID) -> HttpResponse:
    """Resolve the thread, or with ``reopen`` open it again."""
    comment = _find(desk, comment_id)
    resolved = "reopen" not in desk.request.POST
    set_resolved(actor=desk.request.user, comment=comment, resolved=resolved)
    return _said(desk, comment, "Thread resolved." if resolved else "Thread open again.")


@writes
def comment_remove(desk: Desk, comment_id: UUID) -> HttpResponse:
    comment = _find(desk, comment_id)
    remove_comment(actor=desk.request.user, comment=comment)
    return _said(desk, comment, "Comment removed.")


def _find(desk: Desk, comment_id: UUID) -> Comment:
    """A comment on this article that the reader may read; else 404."""
    comments = comments_visible_to(desk.request.user).select_related("project", "author", "thread")
    return get_object_or_404(comments, pk=comment_id, article=desk.article)


def _said(desk: Desk, comment: Comment, said: str) -> HttpResponse:
    """Answer with what the comment is on, repainted; the rest asks for itself anew."""
    request = desk.request
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    if is_ours and not request.htmx:
        messages.success(request, said)
        return SeeOther(back)
    if comment.annotation_id is not None:
        annotation = desk.annotation(comment.annotation_id)
        spans = [(annotation.start, annotation.end)]
        return done(desk, annotation.layer, spans, said, annotation=annotation)
    if not request.htmx:
        messages.success(request, said)
        return SeeOther(f"{desk.here}panel=comments#panel")
    return render(request, "review/said.html", {"said": said})
