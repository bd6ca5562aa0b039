"""How the workbench answers: the whole page, or the few elements that a change touched."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from articles.annotations import stylesheet
from articles.annotations.desks import Desk
from articles.annotations.models import Annotation, Layer
from articles.annotations.painting import Painted
from articles.annotations.panels import (
    KEYS,
    PANELS,
    checks_context,
    details_context,
    label_buttons,
    panel_context,
)
from articles.annotations.queries import painted_blocks, painted_page
from articles.intake.models import Article
from newsdesk.errors import NewsdeskError
from newsdesk.http import SeeOther

type Spans = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Row:
    """Blocks that stand together: one, or a run of boilerplate that is shown folded."""

    blocks: list[Painted] = field(default_factory=list)
    folded: bool = False


def workbench_page(
    desk: Desk,
    *,
    selected: UUID | None = None,
    conflict: dict[str, Any] | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """The whole page; ``extra`` goes into its context, such as a form to mend."""
    request = desk.request
    panel = request.GET.get("panel", "labels")
    painted = painted_page(desk.layer, desk.revision)
    chosen = _selected(desk, selected)
    context: dict[str, Any] = {
        "project": desk.project,
        "article": desk.article,
        "rows": rows_of(painted),
        "label_buttons": label_buttons(desk),
        "stylesheet": stylesheet.version_of(desk.labels),
        "closed": closed_because(desk),
        "key_table": KEYS,
        **panel_context(desk, panel if panel in PANELS else "labels"),
        **(details_context(desk, chosen, conflict=conflict) if chosen else {}),
        **extra,
    }
    if "check" in request.GET:
        context |= checks_context(desk)
    return render(request, "annotations/workbench.html", context, status=status)


def done(
    desk: Desk,
    layer: Layer,
    spans: Spans,
    said: str,
    *,
    annotation: Annotation | None = None,
    with_details: bool = True,
) -> HttpResponse:
    """A change is saved: repaint what it touched, or, for a plain form, go back to the page.

    ``annotation`` is the one that was made or changed; ``with_details`` sends its details too.
    """
    if not desk.request.htmx:
        messages.success(desk.request, said)
        return _back(desk, annotation)
    layer.refresh_from_db(fields=["annotation_count", "relation_count", "version", "submitted_at"])
    desk.layer = layer
    context: dict[str, Any] = {
        "desk": desk,
        "blocks": painted_blocks(layer, desk.article.revision_id, spans),
        "said": f"{said} {_counted(layer.annotation_count)}",
    }
    if annotation is not None and with_details:
        context |= details_context(desk, annotation)
    response = render(desk.request, "annotations/delta.html", context)
    if annotation is not None:
        response["X-Annotation"] = str(annotation.pk)
    return response


def refused(
    desk: Desk,
    error: NewsdeskError,
    *,
    selected: UUID | None = None,
    conflict: dict[str, Any] | None = None,
    **extra: Any,
) -> HttpResponse:
    """A change is not saved: say why in words, and show the choices if there are any."""
    alert = f"Not saved: {error.message}"
    if not desk.request.htmx:
        return workbench_page(
            desk, selected=selected, conflict=conflict, status=error.status, alert=alert, **extra
        )
    chosen = _selected(desk, selected)
    context: dict[str, Any] = {"desk": desk, "alert": alert}
    if chosen is not None and desk.layer is not None:
        # Theirs is shown where it stands by now.
        spans = [(chosen.start, chosen.end)]
        context["blocks"] = painted_blocks(desk.layer, desk.article.revision_id, spans)
        context |= details_context(desk, chosen, conflict=conflict)
    return render(desk.request, "annotations/delta.html", context, status=error.status)


def rows_of(painted: Iterable[Painted]) -> list[Row]:
    """Runs of boilerplate become one folded row; each other block is a row of its own."""
    rows: list[Row] = []
    for block in painted:
        if not block.folded or not rows or not rows[-1].folded:
            rows.append(Row(folded=block.folded))
        rows[-1].blocks.append(block)
    return rows


def closed_because(desk: Desk) -> str:
    """Why nothing can be changed on this page; empty if it can."""
    if not desk.is_own:
        return f"You are looking at the work of {desk.layer}."
    if desk.layer is not None and desk.layer.lapsed_at:
        return "You were away for long, and your place went to somebody else. Your work is kept."
    if desk.layer is not None and desk.layer.submitted_at:
        return f"You submitted this at {desk.layer.submitted_at:%H:%M}."
    if desk.layer is None and desk.article.placement != Article.Placement.READY:
        return f"This article is {desk.article.placement}."
    if not desk.may_annotate:
        return "Your role in this project is to read."
    if desk.layer is None and desk.is_full:
        return "This article already has all its annotators."
    return ""


def _counted(number: int) -> str:
    return f"{number} annotation{'s' if number != 1 else ''}."


def _selected(desk: Desk, selected: UUID | None) -> Annotation | None:
    return desk.annotation(selected) if selected else None


def _back(desk: Desk, annotation: Annotation | None) -> HttpResponse:
    panel = desk.request.GET.get("panel", "")
    where = f"?panel={panel}" if panel in PANELS else ""
    if annotation is not None:
        where = f"?selected={annotation.pk}#details"
    return SeeOther(desk.page_url + where)
