"""Links between annotations."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from articles.annotations.errors import DuplicateRelation, RelationInvalid
from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.writing import check_version, write, writing
from articles.desk.models import Label, User
from newsdesk.errors import IdReused, Invalid, refused_by

#: Code points of the name of a source that the text does not give.
LONGEST_NAME = 200


def link_annotations(
    *,
    actor: User,
    label: Label,
    source: Annotation,
    target: Annotation | None = None,
    target_name: str = "",
    chosen_id: UUID | None = None,
) -> tuple[Relation, bool]:
    """Join ``source`` to ``target``, or to a name that the text does not give.

    Returns the relation and whether it is new: the same id with the same ends again changes
    nothing.

    Raises:
        RelationInvalid: if the ends are in different layers, deleted, or of labels that this
            relation may not join.
        DuplicateRelation: if the two are linked so already.
        NotAllowed, LayerClosed, IdReused: as for annotations.
    """
    target_name = " ".join(target_name.split())
    if (target is None) == (not target_name):
        raise RelationInvalid("A link needs a source in the text, or the name of one that is not.")
    if len(target_name) > LONGEST_NAME:
        raise Invalid(f"A name may have {LONGEST_NAME} characters.", field="to_name")
    if target is not None and target.layer_id != source.layer_id:
        raise RelationInvalid("Only annotations of one layer can be linked.")
    if label.kind != Label.Kind.RELATION or label.retired_at is not None:
        raise RelationInvalid("The project has no such relation.")
    there = _same_again(chosen_id, label, source, target, target_name)
    if there is not None:
        return there, False
    try:
        return _link(actor, label, source, target, target_name, chosen_id), True
    except (IdReused, DuplicateRelation):
        there = _same_again(chosen_id, label, source, target, target_name)
        if there is None:
            raise
        return there, False


def _same_again(
    chosen_id: UUID | None,
    label: Label,
    source: Annotation,
    target: Annotation | None,
    target_name: str,
) -> Relation | None:
    """The relation with this id, if a repeated request made it.

    Raises:
        IdReused: if another one did.
    """
    there = Relation.objects.filter(pk=chosen_id).first() if chosen_id else None
    if there is None:
        return None
    ends = (label.pk, source.pk, target.pk if target else None, target_name)
    if (there.label_id, there.source_id, there.target_id, there.target_name) != ends:
        raise IdReused()
    return there


def _link(
    actor: User,
    label: Label,
    source: Annotation,
    target: Annotation | None,
    target_name: str,
    chosen_id: UUID | None,
) -> Relation:
    with (
        refused_by(
            relation_once_while_live=DuplicateRelation(),
            relation_ends_fit=RelationInvalid(
                f"“{label.name}” cannot go from {source.label} to "
                f"{target.label if target else 'a name'}."
            ),
            relation_ends_are_live=RelationInvalid("One of the two was deleted."),
            relation_joins_two=RelationInvalid("An annotation cannot be its own source."),
            articles_relation_pkey=IdReused(),
        ),
        writing("relation.created", actor, source.layer) as (recording, layer),
        transaction.atomic(),
    ):
        relation = Relation.objects.create(
            **({"id": chosen_id} if chosen_id else {}),
            project_id=source.project_id,
            article_id=source.article_id,
            layer=layer,
            label=label,
            source=source,
            target=target,
            target_name=target_name,
            number=_number(layer, target, target_name),
        )
        recording.made(relation)
    return relation


def _number(layer: Layer, target: Annotation | None, target_name: str) -> int:
    """What the chips of a new link show: the number its target has, or the next free one."""
    live = Relation.objects.live().filter(layer=layer)
    shared = live.filter(target=target, target_name=target_name).first()
    if shared is not None:
        return shared.number
    highest: int | None = live.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def unlink(*, actor: User, relation: Relation, version: int) -> Relation:
    """Delete a relation; deleting it twice changes nothing.

    Raises:
        StaleVersion: if it has moved on since ``version``.
        NotAllowed, LayerClosed: if the layer is not the actor's, or is submitted.
    """
    with writing("relation.deleted", actor, relation.layer) as (recording, _layer):
        relation = Relation.objects.select_for_update().get(pk=relation.pk)
        if relation.deleted_at is not None:
            return relation
        check_version(relation, version)
        recording.touching(relation)
        write(relation, deleted_at=timezone.now())
    return relation
