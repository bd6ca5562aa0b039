"""What templates need beyond Django's own tags: the frame, forms, numbers and Markdown."""

import json
from collections.abc import Mapping
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles.desk import guidelines, preferences

register = template.Library()

#: Characters that could end a script element early, as JSON escapes.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def importmap(context: Context) -> SafeString:
    """An import map from ``newsdesk/<name>`` to the hashed address of ``static/js/<name>.js``."""
    folder = finders.find("js")
    names = sorted(path.stem for path in Path(folder).glob("*.js")) if folder else []
    imports = {f"newsdesk/{name}": static(f"js/{name}.js") for name in names}
    text = json.dumps({"imports": imports}).translate(_ESCAPES)
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>', context["csp_nonce"], mark_safe(text)
    )


@register.simple_tag(takes_context=True)
def look(context: Context) -> dict[str, str]:
    """The reader's preferences; before signing in, the theme that was last used here."""
    request = context.get("request")
    if request is None:
        return preferences.complete({})
    if request.user.is_authenticated:
        return preferences.complete(request.user.preferences)
    return preferences.complete({"theme": request.COOKIES.get("theme")})


@register.simple_tag
def themes() -> Mapping[str, str]:
    """The themes to choose from, each with its words."""
    return preferences.CHOICES["theme"]


@register.simple_tag(takes_context=True)
def section(
    context: Context,
    text: str,
    name: str,
    *args: str,
    exact: bool = False,
    also: str = "",
    count: int = 0,
) -> SafeString:
    """A link of the masthead, marked as current on its page and, unless ``exact``, below it.

    ``also`` names other addresses, apart by spaces, whose pages belong to it as well. ``count`` is
    how much waits there.
    """
    url = reverse(name, args=args)
    path = context["request"].path
    homes = [url, *(reverse(other, args=args) for other in also.split())]
    current = path == url if exact else path.startswith(tuple(homes))
    mark = mark_safe(' aria-current="page"') if current else ""
    waiting = format_html(' <span class="count">{}</span>', count) if count else ""
    return format_html('<a href="{}"{}>{}{}</a>', url, mark, text, waiting)


@register.filter
def markdown(text: str, about: Mapping[int, str] | None = None) -> SafeString:
    """Markdown that people wrote, as safe HTML; its headings ``about`` labels can be gone to."""
    return mark_safe(guidelines.to_html(text, about))


@register.filter
def grouped(number: int) -> str:
    """A number as people read it: 12,345."""
    return f"{number:,}"


@register.filter
def control(field: BoundField) -> str:
    """Which kind of markup a field wants: ``check``, ``choices`` or ``field``."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "field"
