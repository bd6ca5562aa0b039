"""Who else is on an article, in words."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import template
from django.template.context import Context

from articles.desk.models import User
from articles.intake.models import Article
from articles.review.presence_queries import present_in

register = template.Library()

#: Who has each article open, as ``present_in`` finds them.
type Here = Mapping[UUID, Sequence[User]]


@register.inclusion_tag("review/presence.html")
def presence(here: Here, article: Article) -> dict[str, Any]:
    """Those of ``here`` who are on ``article``."""
    return {"people": here.get(article.pk, ())}


@register.inclusion_tag("review/presence.html", takes_context=True)
def presence_too(context: Context, article: Article) -> dict[str, Any]:
    """Who is on ``article`` besides the reader of its page. One query."""
    people = present_in([article], context["user"]).get(article.pk, [])
    return {"people": people, "too": True}
