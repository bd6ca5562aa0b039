"""Settings ▸ Labels: the list, a label's own page, and what can be done with it."""

import re
from typing import Any, Literal
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles.desk import label_services, queries
from articles.desk.forms import (
    AttributeFormSet,
    LabelForm,
    VersionedForm,
    attribute_rows,
    given_attributes,
    tell,
)
from articles.desk.looks import Look, looks
from articles.desk.models import COLOR, Label, Project
from articles.desk.newsroom import SPARE_COLORS
from articles.desk.views import find_managed
from newsdesk.errors import NewsdeskError
from newsdesk.http import EditorRequest, SeeOther, render_page, require_safe_or_post
from newsdesk.signing_in import signed_in

type Act = Literal["up", "down", "retire", "restore", "delete"]


@signed_in
@require_safe
def label_list(request: EditorRequest, slug: str) -> HttpResponse:
    project = find_managed(request, slug)
    rows = queries.label_rows(project, request.user)
    context = {
        "project": project,
        "rows": [row for row in rows if row.label.retired_at is None],
        "retired": [row for row in rows if row.label.retired_at is not None],
    }
    return render_page(request, "desk/label_list.html", context)


@signed_in
@require_safe_or_post
def label_new(request: EditorRequest, slug: str) -> HttpResponse:
    project = find_managed(request, slug)
    color, color_dark = SPARE_COLORS[project.labels.count() % len(SPARE_COLORS)]
    return _label_page(request, project, None, {"color": color, "color_dark": color_dark})


@signed_in
@require_safe_or_post
def label_edit(request: EditorRequest, slug: str, label_id: UUID) -> HttpResponse:
    project = find_managed(request, slug)
    label = get_object_or_404(project.labels, pk=label_id)
    names = ("version", "name", "definition", "hotkey", "line", "color", "color_dark")
    return _label_page(request, project, label, {name: getattr(label, name) for name in names})


def _label_page(
    request: EditorRequest, project: Project, label: Label | None, standing: dict[str, Any]
) -> HttpResponse:
    """The form of a new label, or of ``label``: its values, and its attributes row by row."""
    data = request.POST if request.method == "POST" else None
    form = LabelForm(data, initial=standing, label=label)
    questions = AttributeFormSet(data, initial=attribute_rows(label), prefix="attributes")
    status = 200 if data is None else 422
    if data is not None and all([form.is_valid(), questions.is_valid()]):
        values = {**form.cleaned_data, "attributes": given_attributes(questions)}
        version = values.pop("version")
        try:
            if label is None:
                saved = label_services.add_label(actor=request.user, project=project, **values)
            else:
                saved = label_services.change_label(
                    actor=request.user, label=label, version=version, **values
                )
        except NewsdeskError as error:
            tell(form, error)
            status = error.status
            if label is not None:
                form.looked_at(label.version)
        else:
            messages.success(request, f"“{saved}” is saved.")
            return SeeOther(reverse("label-list", args=[project.slug]))
    context = {
        "project": project,
        "label": label,
        "form": form,
        "questions": questions,
        "sides": _looks(project, label, *_chosen(form, standing)),
    }
    return render_page(request, "desk/label.html", context, status=status)


def _chosen(form: LabelForm, standing: dict[str, Any]) -> list[str]:
    """The two colours in the form; what stands, in place of one that is no colour."""
    given = {name: str(form[name].value()).lower() for name in ("color", "color_dark")}
    return [
        color if re.fullmatch(COLOR, color) else standing[name] for name, color in given.items()
    ]


@signed_in
@require_safe
def label_look(request: EditorRequest, slug: str) -> HttpResponse:
    """How two colours would do: their contrast, and the labels they are too near to."""
    project = find_managed(request, slug)
    colors = [request.GET.get(name, "").lower() for name in ("color", "color_dark")]
    if not all(re.fullmatch(COLOR, color) for color in colors):
        raise BadRequest("A colour is written #rrggbb.")
    own_key = request.GET.get("except", "")
    label = next((label for label in project.labels.spans() if label.key == own_key), None)
    context = {"sides": _looks(project, label, *colors)}
    return render_page(request, "components/label_look.html", context)


def _looks(project: Project, label: Label | None, color: str, color_dark: str) -> list[Look]:
    others = project.labels.spans().active()
    if label:
        others = others.exclude(pk=label.pk)
    pairs = {other.name: (other.color, other.color_dark) for other in others}
    return list(looks((color, color_dark), pairs))


@signed_in
@require_POST
def label_act(request: EditorRequest, slug: str, label_id: UUID, act: Act) -> HttpResponse:
    """Move a label up or down, retire it, restore it, or delete it."""
    project = find_managed(request, slug)
    label = get_object_or_404(project.labels, pk=label_id)
    form = VersionedForm(request.POST)
    if not form.is_valid():
        raise BadRequest("The form does not say which version of the label it is about.")
    version = form.cleaned_data["version"]
    try:
        match act:
            case "up" | "down":
                label_services.move_label(actor=request.user, label=label, up=act == "up")
                said = f"“{label}” has moved {act}."
            case "retire":
                label_services.retire_label(actor=request.user, label=label, version=version)
                said = f"“{label}” is retired. What carries it keeps it."
            case "restore":
                label_services.restore_label(actor=request.user, label=label, version=version)
                said = f"“{label}” is offered again."
            case "delete":
                label_services.delete_label(actor=request.user, label=label, version=version)
                said = f"“{label}” is deleted."
    except NewsdeskError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    return SeeOther(reverse("label-list", args=[slug]))
