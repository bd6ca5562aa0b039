"""Links between annotations, and comments on them."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from articles.annotations.errors import DuplicateRelation, RelationInvalid
from articles.annotations.models import Annotation, Comment, Layer, Relation
from articles.annotations.permissions import can_read
from articles.annotations.writing import check_version, write, writing
from articles.desk.models import Label, User
from articles.desk.permissions import role_in
from articles.desk.recording import recorded
from newsdesk.errors import IdReused, Invalid, NotAllowed, refused_by

#: Code points of a comment, and of the name of a source that the text does not give.
LONGEST_COMMENT, LONGEST_NAME = 4_000, 200


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


def add_comment(
    *, actor: User, annotation: Annotation, body: str, chosen_id: UUID | None = None
) -> Comment:
    """Say something about an annotation. The same id with the same words again changes nothing.

    Raises:
        NotAllowed: unless the actor can see the annotation's layer.
        Invalid: if there are no words, or too many.
        IdReused: if the id belongs to another comment.
    """
    body = body.strip()
    if not 1 <= len(body) <= LONGEST_COMMENT:
        raise Invalid(f"A comment has 1 to {LONGEST_COMMENT:,} characters.", field="body")
    project = annotation.project
    if not can_read(actor, role_in(project, actor), annotation.layer):
        raise NotAllowed("Only those who see this annotation comment on it.")
    if chosen_id is not None:
        there = Comment.objects.filter(pk=chosen_id).first()
        if there is not None:
            said = (there.annotation_id, there.author_id, there.body)
            if said == (annotation.pk, actor.pk, body):
                return there
            raise IdReused()
    with (
        refused_by(articles_comment_pkey=IdReused()),
        recorded(
            "comment.added",
            actor=actor,
            project=project,
            article_id=annotation.article_id,
            layer_id=annotation.layer_id,
        ) as recording,
    ):
        comment = Comment.objects.create(
            **({"id": chosen_id} if chosen_id else {}),
            project=project,
            article_id=annotation.article_id,
            layer=annotation.layer,
            annotation=annotation,
            author=actor,
            body=body,
        )
        recording.made(comment)
    return comment


def remove_comment(*, actor: User, comment: Comment) -> None:
    """Take one's own comment away; its place stays. Doing it twice changes nothing.

    Raises:
        NotAllowed: unless the actor wrote it.
    """
    if comment.author_id != actor.pk or role_in(comment.project, actor) is None:
        raise NotAllowed("Only its author removes a comment.")
    with recorded(
        "comment.removed",
        actor=actor,
        project=comment.project,
        article_id=comment.article_id,
        layer_id=comment.layer_id,
    ) as recording:
        recording.touching(comment)
        Comment.objects.filter(pk=comment.pk, removed_at=None).update(removed_at=Now())
