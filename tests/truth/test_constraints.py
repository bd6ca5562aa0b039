"""The database says no by itself: each rule refuses by its name, whoever attacks it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles.annotations.models import Annotation, Comment, Layer, Relation
from articles.annotations.services import delete_annotation
from articles.desk.events import Event
from articles.desk.models import Label, Membership, Project, RelationRule
from articles.intake.models import Article, Block, Revision
from articles.review.submission_services import submit_layer
from articles.text.canonical import text_hash
from newsdesk.errors import constraint_name
from tests.desk.people import label_of, make_project, manager_of
from tests.factories import make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """What happens inside is refused by ``rule``, at once or when the transaction ends."""
    name = None
    try:
        with transaction.atomic():
            yield
            connection.check_constraints()
    except IntegrityError as error:
        name = constraint_name(error)
    assert name == rule


def insert(row: Any, **changes: Any) -> Any:
    """Insert a copy of ``row`` with ``changes``, past every service; returns it."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values = {**values, **changes}
    del values["id"]
    copy = type(row)(**values)
    copy.save(force_insert=True)
    return copy


# --- annotations ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("annotation_span_not_empty", {"start": 40, "end": 40}),
        ("annotation_span_not_empty", {"start": 40, "end": 30}),
        ("articles_annotation_start_check", {"start": -1}),
        ("annotation_span_inside_revision", {"end": 100_000}),
        ("annotation_quote_equals_text", {"start": 30}),
        ("annotation_quote_equals_text", {"quote_sha256": text_hash("something else")}),
        ("annotation_once_per_layer_while_live", {}),
    ],
)
def test_a_span_lies_in_the_text_and_quotes_it(rule: str, changes: dict[str, Any]) -> None:
    annotation = make_annotation()

    with refused(rule):
        insert(annotation, **changes)


def test_edges_cannot_move_away_from_the_quote() -> None:
    annotation = make_annotation()

    with refused("annotation_quote_equals_text"):
        Annotation.objects.filter(pk=annotation.pk).update(start=annotation.start + 1)


def test_a_deleted_annotation_frees_its_place() -> None:
    annotation = make_annotation()
    delete_annotation(actor=manager_of(annotation.project), annotation=annotation, version=1)

    insert(annotation)

    assert Annotation.objects.live().count() == 1


def test_a_label_that_is_retired_or_for_relations_cannot_be_given() -> None:
    annotation = make_annotation()
    retired, relation = (label_of(annotation.project, key) for key in ("claim", "attributed_to"))
    Label.objects.filter(pk=retired.pk).update(retired_at=timezone.now())

    for label in (retired, relation):
        with refused("annotation_label_is_active"):
            insert(annotation, label_id=label.pk)


def test_a_submitted_layer_is_closed_for_everything() -> None:
    relation = make_relation()
    submit_layer(actor=manager_of(relation.project), layer=relation.layer)

    with refused("layer_is_open"):
        insert(relation.source, start=30)
    with refused("layer_is_open"):
        Annotation.objects.filter(pk=relation.source_id).update(note="Later.")
    with refused("layer_is_open"):
        Relation.objects.filter(pk=relation.pk).update(deleted_at=timezone.now())


# --- relations ------------------------------------------------------------------------------------


def test_a_relation_has_one_target_that_is_not_its_source() -> None:
    relation = make_relation()

    with refused("relation_has_one_target"):
        insert(relation, target_name="A neighbour")
    with refused("relation_has_one_target"):
        insert(relation, target_id=None)
    quote = relation.source.label
    RelationRule.objects.create(
        project=relation.project,
        relation_label=relation.label,
        source_label=quote,
        target_label=quote,
    )
    with refused("relation_joins_two"):
        Relation.objects.filter(pk=relation.pk).update(target=relation.source_id)
    with refused("relation_once_while_live"):
        insert(relation)


def test_two_relations_to_the_same_name_are_one_too_many() -> None:
    relation = make_relation(target_name="A neighbour")

    with refused("relation_once_while_live"):
        insert(relation)


def test_a_relation_joins_only_what_its_rules_allow() -> None:
    relation = make_relation()
    assert relation.target_id is not None
    caption = make_annotation(relation.layer, "It was closed in March.", label="caption")

    with refused("relation_ends_fit"):
        insert(relation, source_id=relation.target_id, target_id=relation.source_id)
    with refused("relation_ends_fit"):
        insert(relation, source_id=caption.pk)
    with refused("relation_ends_fit"):
        insert(relation, source_id=caption.pk, target_id=None, target_name="A neighbour")
    with refused("relation_ends_fit"):
        Annotation.objects.filter(pk=relation.target_id).update(label=caption.label_id)


def test_a_relation_never_has_a_deleted_end() -> None:
    relation = make_relation()
    gone = make_annotation(relation.layer, "It was closed in March.", label="claim")
    delete_annotation(actor=manager_of(relation.project), annotation=gone, version=1)

    with refused("relation_ends_are_live"):
        insert(relation, source_id=gone.pk)
    with refused("relation_ends_fit"):
        Annotation.objects.filter(pk=relation.source_id).update(deleted_at=timezone.now())


@pytest.mark.parametrize("end", ["source_id", "target_id"])
def test_a_relation_stays_within_one_layer(end: str) -> None:
    relation = make_relation()
    other = make_relation(make_layer(make_article(relation.project)))

    with refused(f"relation_{end.removesuffix('_id')}_fk"):
        insert(relation, **{end: getattr(other, end)})


# --- what never changes ---------------------------------------------------------------------------


def test_a_revision_is_never_changed_or_deleted() -> None:
    revision = make_article().revision

    with refused("revision_is_immutable"):
        Revision.objects.filter(pk=revision.pk).update(body="Something else.")
    with refused("revision_is_immutable"):
        Revision.objects.filter(pk=revision.pk)._raw_delete(using="default")


def test_an_event_is_never_changed_or_deleted() -> None:
    event = Event.objects.filter(project=make_article().project).latest("id")

    with refused("event_is_immutable"):
        Event.objects.filter(pk=event.pk).update(kind="It was somebody else.")
    with refused("event_is_immutable"):
        Event.objects.filter(pk=event.pk)._raw_delete(using="default")


def test_a_revision_is_what_it_claims_to_be() -> None:
    revision = make_article().revision

    with refused("revision_length_counts_code_points"):
        insert(revision, number=2, length=revision.length + 1)
    with refused("revision_sha256_is_of_body"):
        insert(revision, number=2, sha256=text_hash("something else"))
    with refused("revision_number_once_per_article"):
        insert(revision)


def test_a_text_and_an_external_id_are_once_in_a_project() -> None:
    article = make_article(external_id="ftp-1")
    other = make_article(article.project)

    with refused("article_text_once_per_project"):
        third = insert(article, external_id=None, revision_id=uuid4())
        insert(article.revision, article_id=third.pk)
    with refused("article_external_id_once_per_project"):
        Article.objects.filter(pk=other.pk).update(external_id="ftp-1")


# --- no row crosses into another project ----------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "rule"),
    [
        (Article, "revision_article_fk"),
        (Block, "block_revision_fk"),
        (Layer, "layer_article_fk"),
        (Annotation, "annotation_layer_fk"),
        (Relation, "relation_layer_fk"),
        (RelationRule, "relation_rule_label_fk"),
    ],
)
def test_rows_stay_in_their_project(model: type[Any], rule: str) -> None:
    project = make_relation().project
    make_annotation(make_layer(make_article(project)))
    make_layer(make_article(project))  # the newest of each are held by no others
    elsewhere = make_project("Elsewhere")
    row = model.objects.filter(project=project).latest("pk")

    with refused(rule):
        model.objects.filter(pk=row.pk).update(project=elsewhere)


def test_an_annotation_is_of_its_layers_article_and_of_its_articles_revision() -> None:
    annotation = make_annotation()
    layer = make_layer(make_article(annotation.project))
    other = make_annotation(layer, "Zoë Hart", label="source")
    stranger = make_annotation()

    with refused("annotation_layer_fk"):
        insert(annotation, layer_id=other.layer_id)
    with refused("annotation_revision_fk"):
        insert(annotation, revision_id=other.revision_id, label_id=other.label_id)
    with refused("annotation_label_fk"):
        insert(annotation, label_id=stranger.label_id)


def test_a_comment_stands_on_an_annotation_of_its_layer() -> None:
    annotation, stranger = make_annotation(), make_annotation()

    with refused("comment_annotation_fk"):
        Comment.objects.create(
            project=annotation.project,
            article=annotation.article,
            layer=annotation.layer,
            annotation=stranger,
            author=manager_of(annotation.project),
            body="Is it hers?",
        )


# --- places, members, labels ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("layer_name_once_per_article", {"annotator_id": None, "slot": 2}),
        ("layer_once_per_annotator", {"name": "somebody", "slot": 2}),
        ("layer_slot_once_per_article", {"name": "somebody", "annotator_id": None}),
        ("layer_slot_one_to_five", {"name": "somebody", "annotator_id": None, "slot": 6}),
    ],
)
def test_a_layer_has_one_name_one_annotator_and_one_place(
    rule: str, changes: dict[str, Any]
) -> None:
    layer = make_layer()

    with refused(rule):
        insert(layer, **changes)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("project_annotators_one_to_five", {"annotators_per_article": 6}),
        ("project_slug_is_lower_case_words", {"slug": "East Quay"}),
    ],
)
def test_a_project_keeps_to_its_bounds(rule: str, changes: dict[str, Any]) -> None:
    project = make_project()

    with refused(rule):
        Project.objects.filter(pk=project.pk).update(**changes)


def test_a_membership_is_once_and_of_a_known_role() -> None:
    member = Membership.objects.get(project=make_project())

    with refused("membership_once_per_project"):
        insert(member)
    with refused("membership_role_is_known"):
        Membership.objects.filter(pk=member.pk).update(role="owner")


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("label_key_once_per_project", {"key": "quote"}),
        ("label_key_is_a_word", {"key": "Two words"}),
        ("label_hotkey_once_per_project", {"hotkey": "2"}),
        ("label_hotkey_is_a_digit", {"hotkey": "x"}),
        ("label_color_is_hex", {"color": "crimson"}),
    ],
)
def test_a_label_is_told_from_every_other(rule: str, changes: dict[str, Any]) -> None:
    claim = label_of(make_project(), "claim")

    with refused(rule):
        Label.objects.filter(pk=claim.pk).update(**changes)


def test_a_merged_label_is_retired() -> None:
    project = make_project()

    with refused("label_merged_is_retired"):
        Label.objects.filter(pk=label_of(project, "claim").pk).update(
            merged_into=label_of(project, "quote")
        )


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("block_not_empty", {"position": 99, "start": 5, "end": 5}),
        ("block_kind_is_known", {"position": 99, "start": 5, "kind": "poem"}),
        ("block_position_once_per_revision", {"start": 5}),
        ("block_start_once_per_revision", {"position": 99}),
    ],
)
def test_blocks_are_parts_in_order(rule: str, changes: dict[str, Any]) -> None:
    block = make_article().revision.blocks.all()[0]

    with refused(rule):
        insert(block, **changes)
