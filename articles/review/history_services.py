"""Bring back how an annotation once was, as a new change."""

from django.db import transaction

from articles.annotations.errors import RevisionNotCurrent
from articles.annotations.models import Annotation
from articles.annotations.queries import read_ranges
from articles.annotations.services import change_annotation, restore_annotation
from articles.desk.events import Event
from articles.desk.models import Label, User
from newsdesk.errors import Invalid


@transaction.atomic
def restore_state(*, actor: User, annotation: Annotation, event: Event, version: int) -> Annotation:
    """Make ``annotation`` what it was after ``event``; a deleted one stands again.

    Raises:
        Invalid: if the event did not leave the annotation standing.
        StaleVersion: if it has moved on since ``version``.
        NotAllowed, LayerClosed and the errors of ``change_annotation``.
    """
    left = next((one["after"] for one in event.changes if one["id"] == str(annotation.pk)), None)
    if left is None or left["deleted_at"] is not None:
        raise Invalid("This change did not leave the annotation standing.")
    if left["revision_id"] != str(annotation.revision_id):
        raise RevisionNotCurrent()
    if annotation.deleted_at is not None:
        restored = restore_annotation(actor=actor, annotation=annotation, version=version)
        version = restored.version
    span = (left["start"], left["end"])
    return change_annotation(
        actor=actor,
        annotation=annotation,
        version=version,
        label=Label.objects.get(pk=left["label_id"]),
        start=span[0],
        end=span[1],
        quote=read_ranges(annotation.revision_id, [span])[span],
        attributes=left["attributes"],
        note=left["note"],
        unsure=left["unsure"],
    )
