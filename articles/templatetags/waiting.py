"""The sections of a project that its reader may enter, and how much waits in them."""

from typing import TypedDict

from django import template
from django.template.context import Context

from articles.desk import permissions
from articles.review.queries import waiting_counts

register = template.Library()


class Doors(TypedDict):
    """Which sections are open; ``in_hand`` and ``for_review`` count what waits there."""

    annotates: bool
    reviews: bool
    imports: bool
    exports: bool
    settings: bool
    in_hand: int
    for_review: int


@register.simple_tag(takes_context=True)
def doors(context: Context) -> Doors:
    """Which sections of the page's project its reader may enter. Two queries."""
    user, project = context["user"], context["project"]
    role = permissions.role_in(project, user)
    in_hand, for_review = waiting_counts(user, project)
    return {
        "annotates": permissions.can_annotate(role),
        "reviews": permissions.can_review(role),
        "imports": permissions.can_import(role),
        "exports": permissions.can_export(role),
        "settings": permissions.can_manage(role),
        "in_hand": in_hand,
        "for_review": for_review,
    }
