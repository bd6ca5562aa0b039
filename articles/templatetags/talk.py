"""What people said, where a page shows it, and how much of it waits for its reader."""

from django import template
from django.template.context import Context

from articles.annotations.desks import Desk
from articles.review.inbox_queries import inbox_size
from articles.review.models import Decision
from articles.review.permissions import Subject
from articles.review.talk_queries import (
    Talk,
    Thread,
    threads_beside,
    threads_of,
    threads_of_decisions,
)

register = template.Library()


@register.simple_tag(takes_context=True)
def talk_about(context: Context, on: Subject) -> list[Thread]:
    """The threads about ``on`` that the page's reader may read. Two queries."""
    return threads_of(context["request"].user, on)


@register.simple_tag(takes_context=True)
def talk_of_decision(context: Context, decision: Decision) -> list[Thread]:
    """The threads about ``decision``. Two queries for all decisions of the page's article."""
    request = context["request"]
    if not hasattr(request, "talk_of_decisions"):
        request.talk_of_decisions = threads_of_decisions(request.user, context["article"])
    threads: list[Thread] = request.talk_of_decisions.get(decision.pk, [])
    return threads


@register.simple_tag(takes_context=True)
def talk_beside(context: Context, desk: Desk) -> Talk:
    """The threads about the article and about the layer that is looked at. Three queries."""
    return threads_beside(context["request"].user, desk.article, desk.layer)


@register.simple_tag(takes_context=True)
def inbox_count(context: Context) -> int:
    """How much waits in the reader's inbox. Asked once for a request, however often it is shown."""
    request = context["request"]
    if not hasattr(request, "inbox_count"):
        request.inbox_count = inbox_size(request.user)
    count: int = request.inbox_count
    return count
