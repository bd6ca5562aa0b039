"""What the workbench shows: a block as exactly its text and marks, and the keys of its reader."""

import json
import re
import zlib
from collections.abc import Iterable

from django import template
from django.template.context import Context
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from articles.annotations.models import Annotation
from articles.annotations.painting import Mark, Painted, shortened
from articles.desk import preferences
from articles.review.heat import WarmBlock

register = template.Library()


@register.simple_tag
def marked(block: Painted, *, oob: bool = False) -> SafeString:
    """The element of one block, for ``annotate.js`` to select in."""
    part = block.part
    more = format_html(' data-start="{}" data-block="{}"', part.start, part.id)
    if part.after.strip("\n"):
        more += format_html(' data-after="{}"', part.after)
    return block_element(block, map(_mark, block.marks), more, oob=oob)


def block_element(
    block: Painted | WarmBlock, parts: Iterable[SafeString], more: str = "", *, oob: bool
) -> SafeString:
    """The element of one block, made of ``parts``, with ``more`` attributes.

    Its text content is the revision's text, to the character.
    """
    return format_html(
        '<{tag} id="b{n}" class="block" data-kind="{kind}"{kicker}{more}{oob}>{parts}</{tag}>',
        tag="h2" if block.part.kind == "headline" else "p",
        n=block.part.position,
        kind=block.part.kind,
        kicker=format_html(' data-kicker="{}"', block.kicker) if block.kicker else "",
        more=more,
        oob=mark_safe(' hx-swap-oob="true"') if oob else "",
        parts=mark_safe("".join(parts)),
    )


def _mark(mark: Mark) -> SafeString:
    text = escape(mark.text)
    if not mark.over:
        return text
    attributes = [f'data-s="{" ".join(mark.over)}"']
    attributes += [f'data-l{lane}="{key}"' for lane, key in enumerate(mark.lanes) if key]
    if mark.opens:
        attributes.append(f'data-o="{escape(mark.opens)}" data-chip="{escape(mark.chip)}"')
    if mark.closes:
        attributes.append(f'data-c="{escape(mark.closes)}"')
    if mark.unsure:
        attributes.append("data-unsure")
    return mark_safe(f"<mark {' '.join(attributes)}>{text}</mark>")


@register.simple_tag(takes_context=True)
def key_map(context: Context) -> str:
    """Which action each key of the reader's does, as JSON that ``annotate.js`` reads."""
    return json.dumps({key: name for name, keys in _keys(context).items() for key in keys})


@register.simple_tag(takes_context=True)
def kbd(context: Context, action: str) -> SafeString:
    """The reader's key for an action; nothing if another action took it."""
    return _kbds(_keys(context)[action][:1])


@register.simple_tag(takes_context=True)
def kbds(context: Context, line: preferences.Keys) -> SafeString:
    """The reader's keys of a line of the key sheet."""
    return _kbds(_keys(context)[line.action] if line.action else line.usual)


def _keys(context: Context) -> dict[str, tuple[str, ...]]:
    return preferences.keys_of(context["request"].user.preferences)


def _kbds(keys: tuple[str, ...]) -> SafeString:
    return format_html_join(" ", "<kbd>{}</kbd>", ((preferences.shown(key),) for key in keys))


@register.filter
def field_id(annotation: Annotation, value: object) -> str:
    """Part of the id of a field: another for each annotation and for each ``value`` it starts from.

    So a field that htmx preserves by its id keeps what one has begun to type, until the annotation
    itself has another value.
    """
    return f"{annotation.pk}-{zlib.crc32(str(value).encode()):x}"


@register.filter
def card(annotation: Annotation) -> str:
    """The element id of an annotation's details."""
    return f"d-{annotation.pk}"


@register.filter
def kind_words(kind: str) -> str:
    """``list_item`` as people read it."""
    return kind.replace("_", " ").capitalize()


@register.filter
def gist(definition: str) -> str:
    """A definition's first clause, for where there is no room for more."""
    return shortened(re.split(r"[,;:.(]", definition, maxsplit=1)[0], 45)
