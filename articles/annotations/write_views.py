"""What the workbench writes: each view parses a form, calls one service, and answers."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from articles.annotations import queries
from articles.annotations.answers import done, refused
from articles.annotations.desks import Desk, find_desk
from articles.annotations.errors import AnnotationDeleted, LabelUnknown, NothingToUndo
from articles.annotations.forms import (
    ByTextForm,
    ChangeForm,
    LinkForm,
    SpanForm,
    as_uuid,
    attribute_values,
    cleaned,
)
from articles.annotations.models import Annotation, Relation
from articles.annotations.painting import shortened
from articles.annotations.relation_services import link_annotations, unlink
from articles.annotations.services import (
    change_annotation,
    create_annotation,
    delete_annotation,
    restore_annotation,
)
from articles.annotations.undo_services import redo, undo
from articles.desk.events import Event
from articles.desk.forms import VersionedForm
from articles.desk.models import Label, User
from articles.desk.recording import requested
from articles.intake.models import Block
from articles.intake.services import change_block_kind
from newsdesk.errors import Invalid, NewsdeskError, StaleVersion
from newsdesk.http import EditorRequest, SeeOther
from newsdesk.signing_in import ask_to_sign_in, is_signed_out

type DeskView[**P] = Callable[Concatenate[Desk, P], HttpResponse]


def writes[**P](view: DeskView[P]) -> Callable[..., HttpResponse]:
    """A POST by somebody who is signed in, at an article that they may see.

    A refusal is answered in words, where the annotation in the address, if any, stands by now.
    """

    @require_POST
    @wraps(view)
    def answer(
        request: EditorRequest, slug: str, article_id: UUID, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if is_signed_out(request):  # who comes back comes to the page, not to its form
            return ask_to_sign_in(request, back=reverse("workbench", args=[slug, article_id]))
        desk = find_desk(request, slug, article_id)
        # What is created is known by its own id when it is sent again; a change by its request's.
        repeatable = None if "id" in request.POST else as_uuid(request.POST.get("request"))
        try:
            if done_before := _recorded(request.user, repeatable):
                return _repainted(desk, done_before, "Saved.")
            with requested(repeatable):
                return view(desk, *args, **kwargs)
        except NewsdeskError as error:
            if meanwhile := _recorded(request.user, repeatable):
                return _repainted(desk, meanwhile, "Saved.")
            return _refused(desk, error, kwargs.get("annotation_id"))

    return answer


@writes
def annotation_create(desk: Desk) -> HttpResponse:
    values = cleaned(SpanForm(desk.request.POST))
    return _create(desk, values, values["start"], values["end"], values["quote"])


@writes
def annotation_by_text(desk: Desk) -> HttpResponse:
    form = ByTextForm(desk.request.POST, labels=desk.span_labels)
    try:
        values = cleaned(form)
        span, quote = queries.find_words(
            desk.article.revision_id,
            paragraph=values["paragraph"],
            words=values["words"],
            occurrence=values["occurrence"],
        )
    except Invalid as error:
        if error.field in form.fields and not form.errors:
            form.add_error(error.field, error.message)
        return refused(desk, error, by_text=form)
    return _create(desk, {"revision": None, **values}, span.start, span.end, quote)


def _create(desk: Desk, values: dict[str, Any], start: int, end: int, quote: str) -> HttpResponse:
    label = desk.label(values["label"])
    if label is None:
        raise LabelUnknown()
    annotation, _new = create_annotation(
        actor=desk.request.user,
        article=desk.article,
        label=label,
        start=start,
        end=end,
        quote=quote,
        chosen_id=values["id"],
        revision_id=values["revision"],
    )
    annotation.project = desk.project
    said = f"{label.name} added: {shortened(quote, 60)}."
    # The page asks for the details of a new annotation when somebody stays with it.
    return done(
        desk, annotation.layer, [(start, end)], said, annotation=annotation, with_details=False
    )


@writes
def annotation_change(desk: Desk, annotation_id: UUID) -> HttpResponse:
    """Change what the form names; ``fields`` lists what it sets even when it is not sent."""
    annotation = desk.annotation(annotation_id)
    data = desk.request.POST
    values = cleaned(ChangeForm(data))
    sets = {*data.get("fields", "").split(), *data}
    change: dict[str, Any] = {}
    if values["edge"]:
        edge, _, way = values["edge"].partition("-")
        by = -1 if way == "left" else 1
        span, quote = queries.with_edge_moved(annotation, edge=edge, by=by)
        change |= {"start": span.start, "end": span.end, "quote": quote}
    elif values["start"] is not None or values["end"] is not None:
        change |= {key: values[key] for key in ("start", "end", "quote")}
    label = annotation.label
    if values["label"] and values["label"] != label.key:
        wanted = desk.label(values["label"])
        if wanted is None:
            raise LabelUnknown()
        change["label"] = wanted
    elif "attributes" in sets:
        change["attributes"] = attribute_values(label.attributes, data)
    if "note" in sets:
        change["note"] = values["note"]
    if "unsure" in sets:
        change["unsure"] = "unsure" in data
    spans = [(annotation.start, annotation.end)]
    if change.keys() & {"label", "start"}:  # which the other ends of its links show
        spans += _ends_of_links(annotation.pk)
    changed = change_annotation(
        actor=desk.request.user, annotation=annotation, version=values["version"], **change
    )
    changed.project = desk.project
    spans.append((changed.start, changed.end))
    return done(desk, annotation.layer, spans, _what_changed(changed, change), annotation=changed)


@writes
def annotation_delete(desk: Desk, annotation_id: UUID) -> HttpResponse:
    annotation = desk.annotation(annotation_id)
    spans = [(annotation.start, annotation.end), *_ends_of_links(annotation.pk)]
    version = cleaned(VersionedForm(desk.request.POST))["version"]
    delete_annotation(actor=desk.request.user, annotation=annotation, version=version)
    return done(desk, annotation.layer, spans, f"{annotation.label.name} deleted. Z to undo.")


@writes
def annotation_restore(desk: Desk, annotation_id: UUID) -> HttpResponse:
    annotation = desk.annotation(annotation_id)
    version = cleaned(VersionedForm(desk.request.POST))["version"]
    restored = restore_annotation(actor=desk.request.user, annotation=annotation, version=version)
    said = f"{annotation.label.name} restored."
    spans = [(restored.start, restored.end)]
    annotation.refresh_from_db()
    return done(desk, annotation.layer, spans, said, annotation=annotation)


@writes
def relation_create(desk: Desk) -> HttpResponse:
    values = cleaned(LinkForm(desk.request.POST))
    source = desk.annotation(values["source"])
    target = desk.annotation(values["to"]) if values["to"] else None
    label = get_object_or_404(Label, project=desk.project, key=values["type"])
    relation, _new = link_annotations(
        actor=desk.request.user,
        label=label,
        source=source,
        target=target,
        target_name=values["to_name"],
        chosen_id=values["id"],
    )
    spans = [(source.start, source.end)] + ([(target.start, target.end)] if target else [])
    said = f"{source.label.name} linked{f' to {relation.target_name}' if not target else ''}."
    return done(desk, source.layer, spans, said, annotation=source)


@writes
def relation_delete(desk: Desk, relation_id: UUID) -> HttpResponse:
    relation = desk.relation(relation_id)
    version = cleaned(VersionedForm(desk.request.POST))["version"]
    unlink(actor=desk.request.user, relation=relation, version=version)
    ends = [end for end in (relation.source, relation.target) if end is not None]
    source = desk.annotation(relation.source_id)
    return done(
        desk,
        relation.layer,
        [(end.start, end.end) for end in ends],
        "Link removed.",
        annotation=source,
    )


@writes
def layer_undo(desk: Desk) -> HttpResponse:
    return _undone(desk, undo, "Undone", NothingToUndo())


@writes
def layer_redo(desk: Desk) -> HttpResponse:
    return _undone(desk, redo, "Done again", NothingToUndo("There is nothing to redo."))


def _undone(
    desk: Desk, act: Callable[..., Event], said: str, nothing: NothingToUndo
) -> HttpResponse:
    if desk.layer is None:
        raise nothing
    event = act(actor=desk.request.user, layer=desk.layer)
    return _repainted(desk, event, f"{said}: {event.kind.replace('.', ' ')}.")


def _refused(desk: Desk, error: NewsdeskError, annotation_id: object) -> HttpResponse:
    """In words; where somebody else was first, with a choice between theirs and one's own."""
    if isinstance(error, StaleVersion | AnnotationDeleted) and isinstance(annotation_id, UUID):
        return refused(desk, error, selected=annotation_id, conflict=_yours(desk))
    return refused(desk, error)


def _recorded(actor: User, request_id: UUID | None) -> Event | None:
    """The event of a request that was answered before, if the answer was lost on its way."""
    if request_id is None:
        return None
    return Event.objects.filter(actor=actor, request_id=request_id).first()


def _repainted(desk: Desk, event: Event, said: str) -> HttpResponse:
    """Answer with all that ``event`` touched, as it stands now."""
    if desk.layer is None:
        raise Invalid("There is nothing of yours here.")
    ids = [change["id"] for change in event.changes if change["table"] == "annotation"]
    states = [s for c in event.changes for s in (c["before"], c["after"]) if s]
    spans = [(s["start"], s["end"]) for s in states if "start" in s]
    ends = {end for s in states for end in (s.get("source_id"), s.get("target_id")) if end}
    spans += Annotation.objects.filter(pk__in=ends).values_list("start", "end")
    spans += _ends_of_links(*ids)
    annotation = Annotation.objects.live().filter(pk__in=ids[:1]).first()
    chosen = desk.annotation(annotation.pk) if annotation else None
    return done(desk, desk.layer, spans, said, annotation=chosen)


@writes
def block_change(desk: Desk, block_id: UUID) -> HttpResponse:
    block = get_object_or_404(
        Block.objects.select_related("project", "revision"),
        pk=block_id,
        project=desk.project,
        revision=desk.article.revision_id,
    )
    version = cleaned(VersionedForm(desk.request.POST))["version"]
    kind = desk.request.POST.get("kind", "")
    change_block_kind(actor=desk.request.user, block=block, version=version, kind=kind)
    messages.success(desk.request, f"Part {block.position} is now: {kind.replace('_', ' ')}.")
    return SeeOther(f"{desk.page_url}?panel=parts#part-{block.position}")


def _ends_of_links(*annotations: UUID | str) -> list[tuple[int, int]]:
    """The spans at both ends of the relations of ``annotations``. One query."""
    links = Relation.objects.live().ending_at(*annotations).select_related("source", "target")
    return [(end.start, end.end) for link in links for end in (link.source, link.target) if end]


def _what_changed(annotation: Annotation, change: dict[str, Any]) -> str:
    if "quote" in change:
        return f"Now: {shortened(change['quote'], 60)}."
    if "label" in change:
        return f"Now {annotation.label.name}."
    if change.keys() == {"unsure"}:
        return "Marked unsure." if change["unsure"] else "No longer unsure."
    return f"{annotation.label.name} changed."


def _yours(desk: Desk) -> dict[str, Any]:
    """What the refused form wanted, so that its author can still choose it."""
    kept = desk.request.POST.dict()
    for internal in ("csrfmiddlewaretoken", "version"):
        kept.pop(internal, None)
    match = desk.request.resolver_match
    deleting = match is not None and match.url_name == "annotation-delete"
    shown = {"label": "label", "quote": "words", "note": "note"}
    return {
        "fields": kept,
        "deleting": deleting,
        "action": desk.request.path,
        "shown": [(words, kept[name]) for name, words in shown.items() if kept.get(name)],
    }
