"""What the pages of review show: heat in the text, and figures in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.desk.attributes import parse_schema
from articles.review.heat import Warm, WarmBlock
from articles.review.models import Review
from articles.review.review_queries import Annotator, Card
from articles.review.stored import variants_of
from articles.templatetags.workbench import block_element

register = template.Library()

EDGES = [
    ("start-left", "◂ start", "<"),
    ("start-right", "start ▸", ">"),
    ("end-left", "◂ end", ","),
    ("end-right", "end ▸", "."),
]


@dataclass(frozen=True, slots=True)
class Field:
    """An attribute of the label of what is fixed, with the value that is proposed."""

    key: str
    name: str
    choices: Sequence[str]
    value: str


@register.simple_tag
def heated(block: WarmBlock, *, oob: bool = False) -> SafeString:
    """The element of one block, with how warm each stretch of it is."""
    return block_element(block, map(_stretch, block.stretches), oob=oob)


def _stretch(one: Warm) -> SafeString:
    text = escape(one.text)
    if not one.over:
        return text
    attributes = [f'data-d="{" ".join(one.over)}" data-k="{one.share}"']
    attributes += [f'data-l{lane}="{key}"' for lane, key in enumerate(one.lanes)]
    if one.chip:
        attributes.append(f'data-chip="{escape(one.chip)}"')
    return mark_safe(f"<mark {' '.join(attributes)}>{text}</mark>")


@register.filter
def ratio(value: float | None) -> str:
    """An agreement from 0 to 1 in two digits; a dash where it is undefined."""
    return "—" if value is None else f"{value:.2f}"


@register.filter
def is_held(review: Review) -> bool:
    """Whether a reviewer's lease runs."""
    ends = review.lease_expires_at
    return review.reviewer_id is not None and ends is not None and ends > timezone.now()


@register.filter
def missing_words(card: Card, annotators: Sequence[Annotator]) -> str:
    """Such as "B marked this, A and C did not"."""
    did = [one.letter for one in annotators if one not in card.missing]
    did_not = [one.letter for one in card.missing]
    return f"{_and(did)} marked this, {_and(did_not)} did not"


def _and(letters: Sequence[str]) -> str:
    *most, last = letters
    return f"{', '.join(most)} and {last}" if most else last


@register.filter
def edges(_: Any) -> list[tuple[str, str, str]]:
    """The ways to move an edge: name, words, key."""
    return EDGES


@register.filter
def attribute_fields(card: Card) -> list[Field]:
    """Fields for the attributes of what is proposed."""
    proposed = variants_of(card.decision)[0].attributes
    given = card.verdict.attributes if card.verdict else proposed
    return [
        Field(one.key, one.name, _choices(one), _shown(given.get(one.key)))
        for one in parse_schema(card.label.attributes)
    ]


def _choices(attribute: Any) -> Sequence[str]:
    return ("yes", "no") if attribute.type == "boolean" else attribute.choices or ()


def _shown(value: Any) -> str:
    return {True: "yes", False: "no", None: ""}.get(value, str(value))
