"""Bring an exported article in: the text, the layers, and all that stands on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from articles.annotations.errors import LabelUnknown, RelationInvalid
from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.queries import link_rules
from articles.annotations.writing import truth
from articles.desk.attributes import AttributeInvalid, check_values, parse_schema
from articles.desk.models import Label, Membership, Project, User
from articles.desk.recording import Recording
from articles.imports.records import (
    GivenAnnotation,
    GivenLayer,
    GivenRelation,
    Record,
    parse_record,
)
from articles.intake.models import Article
from articles.intake.services import adding, already_there, duplicate
from articles.suggestions.services import GivenSuggestion, suggest_all
from articles.text.canonical import text_hash
from newsdesk.errors import refused_by

#: Rows of one INSERT.
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What one record became."""

    article: Article
    annotations: int
    relations: int


def import_record(*, actor: User, project: Project, record: Mapping[str, Any]) -> Imported:
    """Bring one record of the JSONL export in: all of it, or nothing.

    Rows get new ids. A layer belongs to the member whose user name it has, and takes a place of
    the article while there is one; a layer of nobody here keeps only the name.

    Raises:
        NotAllowed: unless the actor may import into the project.
        RecordInvalid and the other errors of ``parse_record``: if the record makes no sense.
        Those of ``import_parsed``.
    """
    return import_parsed(
        actor=actor, project=project, given=parse_record(record), labels=Labels(project)
    )


def import_parsed(
    *,
    actor: User,
    project: Project,
    given: Record,
    labels: Labels,
    suggested: Sequence[GivenSuggestion] = (),
) -> Imported:
    """Bring one record in that ``parse_record`` took, with suggestions for its article.

    Raises:
        NotAllowed: unless the actor may import into the project.
        LabelUnknown, AttributeInvalid, RelationInvalid: if it does not fit the project's labels.
        TextRefused, Invalid: if the article cannot be taken.
        DuplicateArticle: if the text or the external id is in the project already.
    """
    for annotation in given.annotations:
        labels.check_annotation(annotation)
    for relation in given.relations:
        labels.check_relation(relation)
    _refuse_known_correction(actor, project, given)
    try:
        with (
            truth(),
            refused_by(
                relation_once_while_live=RelationInvalid("The record links two twice the same way.")
            ),
            adding(actor=actor, project=project, incoming=given.incoming) as (recording, article),
        ):
            if given.layers:
                layers = _add_layers(recording, article, given)
                made = _add_annotations(recording, article, given.annotations, layers, labels)
                _add_relations(recording, given.relations, made, labels)
                _submit(given.layers, layers)
            suggest_all(recording=recording, article=article, given=suggested, made_by=actor)
    except IntegrityError as error:
        already_there(actor=actor, project=project, incoming=given.incoming, error=error)
        raise
    return Imported(article, len(given.annotations), len(given.relations))


class Labels:
    """A project's labels by their keys, and what they allow, as of now. Two queries."""

    def __init__(self, project: Project) -> None:
        labels = Label.objects.active().filter(project=project)
        self._by_key = {(label.kind, label.key): label for label in labels}
        self._schemas = {label.pk: parse_schema(label.attributes) for label in labels}
        self._rules = link_rules(project.pk)

    def span(self, key: str) -> Label | None:
        return self._by_key.get((Label.Kind.SPAN, key))

    def relation(self, key: str) -> Label | None:
        return self._by_key.get((Label.Kind.RELATION, key))

    def knows(self, key: str) -> bool:
        """Whether something can be called ``key``, be it a span or a relation."""
        return any(key == known for _, known in self._by_key)

    def check_annotation(self, given: GivenAnnotation) -> None:
        label = self.span(given.label)
        if label is None:
            raise LabelUnknown(
                f"{given.at}: this project has no label “{given.label}”, or it is retired.",
                field=f"{given.at}.label",
            )
        try:
            check_values(self._schemas[label.pk], given.attributes)
        except AttributeInvalid as error:
            raise AttributeInvalid(
                f"{given.at}: {error.message}", field=f"{given.at}.attributes"
            ) from error

    def check_relation(self, given: GivenRelation) -> None:
        label, source = self.relation(given.type), self.span(given.source.label)
        target = self.span(given.target.label) if given.target else None
        to = target.pk if target else None
        if not (label and source and self._rules.allow(label.pk, source.pk, to)):
            raise RelationInvalid(
                f"{given.at}: “{given.type}” cannot go from {given.source.label} to "
                f"{given.target.label if given.target else 'a name'} in this project.",
                field=given.at,
            )


def _refuse_known_correction(actor: User, project: Project, given: Record) -> None:
    """Refuse a corrected text that is here already; first texts are compared by a constraint."""
    if given.incoming.revision_number == 1:
        return
    same = Article.objects.filter(
        project=project,
        revision__number=given.incoming.revision_number,
        revision__sha256=text_hash(given.incoming.text),
    )
    if same.exists():
        there = same.visible_to(actor).first()
        raise duplicate(there, "in this project has the same corrected text.")


def _add_layers(recording: Recording, article: Article, given: Record) -> dict[str, Layer]:
    """The record's layers, by name, open and with their final counts."""
    project = article.project
    names = [one.name for one in given.layers]
    members = Membership.objects.active().filter(project=project, user__username__in=names)
    users = {member.user.username: member.user for member in members.select_related("user")}
    slots = iter(range(1, project.annotators_per_article + 1))
    annotations = Counter(one.layer for one in given.annotations)
    relations = Counter(one.source.layer for one in given.relations)
    layers = Layer.objects.bulk_create(
        Layer(
            project=project,
            article=article,
            annotator=users.get(name),
            name=name,
            slot=next(slots, None) if name in users else None,
            annotation_count=annotations[name],
            relation_count=relations[name],
        )
        for name in names
    )
    recording.made(*layers)
    return {layer.name: layer for layer in layers}


def _add_annotations(
    recording: Recording,
    article: Article,
    given: Sequence[GivenAnnotation],
    layers: Mapping[str, Layer],
    labels: Labels,
) -> dict[str, Annotation]:
    """The record's annotations, by their place in it."""
    now = timezone.now()
    rows = Annotation.objects.bulk_create(
        (
            Annotation(
                project_id=article.project_id,
                article=article,
                revision_id=article.revision_id,
                layer=layers[one.layer],
                label=labels.span(one.label),
                start=one.start,
                end=one.end,
                quote_sha256=text_hash(one.quote),
                attributes=one.attributes,
                note=one.note,
                unsure=one.unsure,
                origin=one.origin,
                version=one.version,
                created_at=one.created_at or now,
                updated_at=one.updated_at or one.created_at or now,
            )
            for one in given
        ),
        batch_size=BATCH,
    )
    recording.made(*rows)
    return {one.at: row for one, row in zip(given, rows, strict=True)}


def _add_relations(
    recording: Recording,
    given: Sequence[GivenRelation],
    annotations: Mapping[str, Annotation],
    labels: Labels,
) -> None:
    """The record's relations; those with the same target share a number, layer by layer."""
    now = timezone.now()
    numbers: dict[str, dict[str, int]] = {}
    rows = []
    for one in given:
        source = annotations[one.source.at]
        target = annotations[one.target.at] if one.target else None
        of_layer = numbers.setdefault(one.source.layer, {})
        rows.append(
            Relation(
                project_id=source.project_id,
                article_id=source.article_id,
                layer_id=source.layer_id,
                label=labels.relation(one.type),
                source=source,
                target=target,
                target_name=one.target_name,
                number=of_layer.setdefault(
                    one.target.at if one.target else f"“{one.target_name}”", len(of_layer) + 1
                ),
                version=one.version,
                created_at=one.created_at or now,
            )
        )
    recording.made(*Relation.objects.bulk_create(rows, batch_size=BATCH))


def _submit(given: Sequence[GivenLayer], layers: Mapping[str, Layer]) -> None:
    """Close the layers that were submitted, now that they are complete."""
    submitted = []
    for one in given:
        if one.submitted_at is not None:
            layers[one.name].submitted_at = one.submitted_at
            submitted.append(layers[one.name])
    Layer.objects.bulk_update(submitted, ["submitted_at"])
