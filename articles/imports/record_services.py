"""Bring exported articles in: their texts, their layers, and all that stands on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Model
from django.utils import timezone

from articles.annotations.errors import LabelUnknown, RelationInvalid
from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.queries import link_rules
from articles.annotations.writing import truth
from articles.desk.attributes import AttributeInvalid, check_values, parse_schema
from articles.desk.copying import copy_in, new_ids
from articles.desk.models import Label, Membership, Project, User
from articles.desk.recording import MadeRows, recorded_each
from articles.imports.records import GivenAnnotation, GivenRelation, Record
from articles.intake.incoming import Prepared, prepare
from articles.intake.services import New, add_all, duplicates
from articles.suggestions.models import Suggestion
from articles.suggestions.services import LONGEST_ORIGIN
from articles.text.canonical import text_hash
from newsdesk.errors import refused_by


@dataclass(frozen=True, slots=True)
class Fitting:
    """A record that fits its project, and annotations that come as suggestions for its article."""

    record: Record
    article: Prepared
    suggested: Sequence[GivenAnnotation] = ()


def fitted(
    *,
    project: Project,
    labels: Labels,
    record: Record,
    suggested: Sequence[GivenAnnotation] = (),
) -> Fitting:
    """A record that ``parse_record`` took, if it fits its project. No query.

    Raises:
        LabelUnknown, AttributeInvalid, RelationInvalid: if it does not fit the project's labels.
        TextRefused, Invalid: if the article cannot be taken.
    """
    for annotation in (*record.annotations, *suggested):
        labels.check_annotation(annotation)
    for relation in record.relations:
        labels.check_relation(relation)
    return Fitting(record, prepare(project, record.incoming), suggested)


def import_all(
    *, actor: User, project: Project, labels: Labels, given: Sequence[Fitting]
) -> list[UUID]:
    """Bring records in that ``duplicates`` knew nothing of, each as one event: all, or none.
    Returns the ids of their articles.

    Rows get new ids. A layer belongs to the member whose user name it has, and takes a place of
    the article while there is one; a layer of nobody here keeps only the name. About fifteen
    statements, however many records there are.

    Raises:
        DuplicateArticle: if a text or an external id is in the project by now.
        RelationInvalid and the other errors of ``truth``: if the database refuses one.
    """
    articles = [one.article for one in given]
    try:
        with (
            truth(),
            refused_by(
                relation_once_while_live=RelationInvalid("The record links two twice the same way.")
            ),
            recorded_each("article.imported", actor=actor, project=project) as made,
        ):
            new = add_all(made=made, actor=actor, project=project, given=articles)
            _Rows(made, project, labels, list(zip(new, given, strict=True))).write(actor)
    except IntegrityError as error:
        for refusal in duplicates(actor=actor, project=project, given=articles):
            if refusal:
                raise refusal from error
        raise
    return [one.article_id for one in new]


class Labels:
    """A project's labels by their keys, and what they allow, as of now. Two queries."""

    def __init__(self, project: Project) -> None:
        labels = Label.objects.active().filter(project=project)
        self._by_key = {(label.kind, label.key): label for label in labels}
        self._schemas = {label.pk: parse_schema(label.attributes) for label in labels}
        self._rules = link_rules(project.pk)

    def id_of(self, kind: Label.Kind, key: str) -> UUID:
        """The id of a label that was checked."""
        return self._by_key[kind, key].pk

    def knows(self, key: str) -> bool:
        """Whether something can be called ``key``, be it a span or a relation."""
        return any(key == known for _, known in self._by_key)

    def check_annotation(self, given: GivenAnnotation) -> None:
        label = self._by_key.get((Label.Kind.SPAN, given.label))
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
        label = self._by_key.get((Label.Kind.RELATION, given.type))
        source = self._by_key.get((Label.Kind.SPAN, given.source.label))
        target = self._by_key.get((Label.Kind.SPAN, given.target.label)) if given.target else None
        to = target.pk if target else None
        if not (label and source and self._rules.allow(label.pk, source.pk, to)):
            raise RelationInvalid(
                f"{given.at}: “{given.type}” cannot go from {given.source.label} to "
                f"{given.target.label if given.target else 'a name'} in this project.",
                field=given.at,
            )


class _Rows:
    """All that stands on new articles, as a part of the change that writes them."""

    def __init__(
        self,
        made: MadeRows,
        project: Project,
        labels: Labels,
        given: Sequence[tuple[New, Fitting]],
    ) -> None:
        self._made = made
        self._project = project
        self._labels = labels
        self._given = given
        self._layers: dict[tuple[UUID, str], Layer] = {}
        self._annotations: dict[tuple[UUID, str], UUID] = {}

    def write(self, actor: User) -> None:
        """Layers are closed last, when they are complete."""
        if any(one.record.layers for _, one in self._given):
            self._add_layers()
            self._add_annotations()
            self._add_relations()
            self._submit()
        self._add_suggestions(actor)

    def _add_layers(self) -> None:
        """The records' layers, open and with their final counts."""
        names = {layer.name for _, one in self._given for layer in one.record.layers}
        members = Membership.objects.active().filter(
            project=self._project, user__username__in=names
        )
        users = {member.user.username: member.user for member in members.select_related("user")}
        layers = []
        for new, one in self._given:
            slots = iter(range(1, self._project.annotators_per_article + 1))
            annotations = Counter(each.layer for each in one.record.annotations)
            relations = Counter(each.source.layer for each in one.record.relations)
            layers += [
                Layer(
                    project=self._project,
                    article_id=new.article_id,
                    annotator=users.get(layer.name),
                    name=layer.name,
                    slot=next(slots, None) if layer.name in users else None,
                    annotation_count=annotations[layer.name],
                    relation_count=relations[layer.name],
                )
                for layer in one.record.layers
            ]
        for row in Layer.objects.bulk_create(layers):
            self._layers[row.article_id, row.name] = row
            self._made.add(row.article_id, Layer, [row.pk])

    def _add_annotations(self) -> None:
        now = timezone.now()
        ids = iter(new_ids(sum(len(one.record.annotations) for _, one in self._given)))
        rows = []
        for new, one in self._given:
            for each in one.record.annotations:
                key = next(ids)
                self._annotations[new.article_id, each.at] = key
                created_at = each.created_at or now
                rows.append(
                    {
                        **self._span(new, each),
                        "id": key,
                        "layer_id": self._layers[new.article_id, each.layer].pk,
                        "note": each.note,
                        "unsure": each.unsure,
                        "origin": each.origin,
                        "version": each.version,
                        "created_at": created_at,
                        "updated_at": each.updated_at or created_at,
                    }
                )
        self._copy(Annotation, rows)

    def _add_relations(self) -> None:
        """Relations with the same target share a number, layer by layer."""
        now = timezone.now()
        ids = iter(new_ids(sum(len(one.record.relations) for _, one in self._given)))
        rows = []
        for new, one in self._given:
            numbers: dict[str, dict[str, int]] = {}
            for each in one.record.relations:
                target = each.target.at if each.target else f"“{each.target_name}”"
                of_layer = numbers.setdefault(each.source.layer, {})
                rows.append(
                    {
                        "id": next(ids),
                        "project_id": self._project.pk,
                        "article_id": new.article_id,
                        "layer_id": self._layers[new.article_id, each.source.layer].pk,
                        "label_id": self._labels.id_of(Label.Kind.RELATION, each.type),
                        "source_id": self._annotations[new.article_id, each.source.at],
                        "target_id": self._annotations.get((new.article_id, target)),
                        "target_name": each.target_name,
                        "number": of_layer.setdefault(target, len(of_layer) + 1),
                        "version": each.version,
                        "created_at": each.created_at or now,
                    }
                )
        self._copy(Relation, rows)

    def _submit(self) -> None:
        submitted = []
        for new, one in self._given:
            for layer in one.record.layers:
                if layer.submitted_at is not None:
                    row = self._layers[new.article_id, layer.name]
                    row.submitted_at = layer.submitted_at
                    submitted.append(row)
        Layer.objects.bulk_update(submitted, ["submitted_at"])

    def _add_suggestions(self, actor: User) -> None:
        """Annotations as proposals of whoever's layer they were; the same twice is one."""
        ids = iter(new_ids(sum(len(one.suggested) for _, one in self._given)))
        rows: dict[tuple[UUID, str, str, int, int], dict[str, Any]] = {}
        for new, one in self._given:
            for each in one.suggested:
                origin = each.layer[:LONGEST_ORIGIN]
                rows.setdefault(
                    (new.article_id, origin, each.label, each.start, each.end),
                    {
                        **self._span(new, each),
                        "id": next(ids),
                        "origin": origin,
                        "made_by_id": actor.pk,
                    },
                )
        self._copy(Suggestion, list(rows.values()))

    def _span(self, new: New, given: GivenAnnotation) -> dict[str, Any]:
        """What annotations and suggestions have in common."""
        return {
            "project_id": self._project.pk,
            "article_id": new.article_id,
            "revision_id": new.revision_id,
            "label_id": self._labels.id_of(Label.Kind.SPAN, given.label),
            "start": given.start,
            "end": given.end,
            "quote_sha256": text_hash(given.quote),
            "attributes": given.attributes,
        }

    def _copy(self, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
        copy_in(model, rows)
        for article_id, of_article in groupby(rows, key=itemgetter("article_id")):
            self._made.add(article_id, model, [row["id"] for row in of_article])
