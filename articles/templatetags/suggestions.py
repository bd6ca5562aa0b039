"""What machines propose, where the workbench shows it."""

from django import template
from django.template.context import Context

from articles.annotations.desks import Desk
from articles.suggestions.queries import OpenSuggestions, open_suggestions

register = template.Library()


@register.simple_tag(takes_context=True)
def suggestions_for(context: Context, desk: Desk) -> OpenSuggestions:
    """What the page's reader may still decide on. Three queries."""
    return open_suggestions(desk.article, context["request"].user)
