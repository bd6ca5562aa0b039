"""Labelling, changing, deleting and linking, by the services."""

from typing import Any
from uuid import UUID

import pytest

from articles.annotations.errors import (
    AnnotationDeleted,
    ArticleNotOpen,
    DuplicateAnnotation,
    DuplicateRelation,
    LabelUnknown,
    LayerClosed,
    NoFreeSlot,
    QuoteMismatch,
    RelationInvalid,
    RevisionNotCurrent,
    SpanEmpty,
    SpanOutOfRange,
    TooLate,
)
from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.relation_services import link_annotations, unlink
from articles.annotations.services import (
    change_annotation,
    create_annotation,
    delete_annotation,
    open_layer,
    restore_annotation,
)
from articles.annotations.undo_services import undo
from articles.datasets.verification import verify
from articles.desk.attributes import AttributeInvalid
from articles.desk.events import Event
from articles.desk.label_services import change_label
from articles.desk.models import Role
from articles.intake.models import Article
from articles.intake.services import place_article
from articles.review.submission_services import GRACE, NotReady, submit_layer, take_back
from newsdesk.errors import IdReused, Invalid, NewsdeskError, NotAllowed, StaleVersion
from tests.desk.people import join, label_of, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db

CHOSEN = UUID("019a0000-0000-7000-8000-000000000001")
QUOTE = "“The quay is ours again,”"


def kinds_of(layer: Layer) -> list[str]:
    """What happened in the layer, in order."""
    events = Event.objects.filter(layer_id=layer.pk).order_by("id")
    return list(events.values_list("kind", flat=True))


def create(layer: Layer, **changes: Any) -> tuple[Annotation, bool]:
    given: dict[str, Any] = {
        "actor": layer.annotator,
        "article": layer.article,
        "label": label_of(layer.project, "quote"),
        "start": 29,
        "end": 54,
        "quote": QUOTE,
        **changes,
    }
    return create_annotation(**given)


# --- layers ---------------------------------------------------------------------------------------


def test_opening_again_gives_the_same_layer_and_no_event() -> None:
    layer = make_layer()

    again = open_layer(actor=manager_of(layer.project), article=layer.article)

    assert again == layer
    assert Event.objects.filter(kind="layer.opened").count() == 1


def test_an_article_has_no_more_annotators_than_it_wants() -> None:
    layer = make_layer()
    ada = join(layer.project, make_user("ada"), Role.ANNOTATOR)

    with pytest.raises(NoFreeSlot):
        open_layer(actor=ada, article=layer.article)


def test_engineers_and_strangers_open_no_layer() -> None:
    article = make_article()
    engineer = join(article.project, make_user("eve"), Role.ENGINEER)

    for actor in (engineer, make_user("out")):
        with pytest.raises(NotAllowed):
            open_layer(actor=actor, article=article)


def test_a_parked_article_is_not_open() -> None:
    article = make_article()
    manager = manager_of(article.project)
    article = place_article(actor=manager, article=article, version=1, placement="parked")

    with pytest.raises(ArticleNotOpen, match="This article is parked"):
        open_layer(actor=manager, article=article)
    assert article.placement == Article.Placement.PARKED


# --- creating -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "changes"),
    [
        (SpanEmpty, {"start": 54}),
        (SpanEmpty, {"start": 60}),
        (SpanEmpty, {"start": -1}),
        (SpanOutOfRange, {"end": 100_000}),
        (SpanOutOfRange, {"end": 2**40}),
        (QuoteMismatch, {"start": 30}),
        (QuoteMismatch, {"quote": "something else"}),
        (AttributeInvalid, {"attributes": {"form": "shouted"}}),
        (AttributeInvalid, {"attributes": {"colour": "red"}}),
        (RevisionNotCurrent, {"revision_id": CHOSEN}),
    ],
)
def test_what_is_wrong_is_refused_and_leaves_nothing(
    error: type[NewsdeskError], changes: dict[str, Any]
) -> None:
    layer = make_layer()

    with pytest.raises(error):
        create(layer, **changes)

    assert not Annotation.objects.exists()
    assert kinds_of(layer) == []


def test_a_label_of_another_project_or_for_relations_is_unknown() -> None:
    layer, elsewhere = make_layer(), make_article().project

    for label in (label_of(elsewhere, "quote"), label_of(layer.project, "attributed_to")):
        with pytest.raises(LabelUnknown):
            create(layer, label=label)


def test_a_span_is_labelled_so_only_once() -> None:
    layer = make_layer()
    create(layer)

    with pytest.raises(DuplicateAnnotation):
        create(layer)

    assert kinds_of(layer) == ["annotation.created"]


def test_a_request_that_is_sent_again_changes_nothing_and_answers_the_same() -> None:
    layer = make_layer()
    first, new = create(layer, chosen_id=CHOSEN)
    change_annotation(
        actor=manager_of(layer.project), annotation=first, version=1, note="Meanwhile."
    )

    again, new_again = create(layer, chosen_id=CHOSEN)

    assert (first.pk, new, again.pk, new_again) == (CHOSEN, True, CHOSEN, False)
    assert again.note == "Meanwhile."
    assert kinds_of(layer) == ["annotation.created", "annotation.changed"]


def test_it_answers_the_same_even_when_the_layer_is_submitted_by_then() -> None:
    layer = make_layer()
    create(layer, chosen_id=CHOSEN)
    submit_layer(actor=manager_of(layer.project), layer=layer)

    again, new = create(layer, chosen_id=CHOSEN)

    assert (again.pk, new) == (CHOSEN, False)


@pytest.mark.parametrize(
    "changes", [{"start": 30, "quote": QUOTE[1:]}, {"attributes": {"form": "direct"}}]
)
def test_the_same_id_for_something_else_is_refused(changes: dict[str, Any]) -> None:
    layer = make_layer()
    create(layer, chosen_id=CHOSEN)

    with pytest.raises(IdReused):
        create(layer, chosen_id=CHOSEN, **changes)


def test_the_layer_counts_what_is_live() -> None:
    relation = make_relation()
    manager = manager_of(relation.project)
    make_annotation(relation.layer, "It begins", label="claim")
    delete_annotation(actor=manager, annotation=relation.source, version=1)

    layer = Layer.objects.get(pk=relation.layer_id)

    assert (layer.annotation_count, layer.relation_count) == (2, 0)
    undo(actor=manager, layer=layer)
    layer.refresh_from_db()
    assert (layer.annotation_count, layer.relation_count) == (3, 1)
    assert verify() == []


# --- changing -------------------------------------------------------------------------------------


def test_a_change_that_changes_nothing_leaves_no_event() -> None:
    annotation = make_annotation()

    same = change_annotation(
        actor=manager_of(annotation.project), annotation=annotation, version=1, note=""
    )

    assert same.version == 1
    assert kinds_of(annotation.layer) == ["annotation.created"]


def test_an_edit_of_an_old_version_is_stale() -> None:
    annotation = make_annotation()
    manager = manager_of(annotation.project)
    change_annotation(actor=manager, annotation=annotation, version=1, note="First.")

    with pytest.raises(StaleVersion, match="you saw version 1, it is at 2 now"):
        change_annotation(actor=manager, annotation=annotation, version=1, note="Second.")
    with pytest.raises(StaleVersion):
        delete_annotation(actor=manager, annotation=annotation, version=1)


def test_another_label_drops_what_it_does_not_know_and_undo_brings_it_back() -> None:
    relation = make_relation()
    manager, layer = manager_of(relation.project), relation.layer
    quoted = change_annotation(
        actor=manager, annotation=relation.source, version=1, attributes={"form": "direct"}
    )

    change_annotation(
        actor=manager, annotation=quoted, version=2, label=label_of(relation.project, "caption")
    )

    quoted.refresh_from_db()
    assert (quoted.label.key, quoted.attributes) == ("caption", {})
    assert not Relation.objects.live().exists()
    undo(actor=manager, layer=layer)
    quoted = Annotation.objects.get(pk=quoted.pk)
    assert (quoted.label.key, quoted.attributes) == ("quote", {"form": "direct"})
    assert Relation.objects.live().get() == relation
    assert verify() == []


def test_new_edges_need_their_words() -> None:
    annotation = make_annotation()
    manager = manager_of(annotation.project)

    for quote in (None, "something else"):
        with pytest.raises(QuoteMismatch):
            change_annotation(
                actor=manager, annotation=annotation, version=1, start=30, quote=quote
            )
    moved = change_annotation(
        actor=manager, annotation=annotation, version=1, start=30, quote=QUOTE[1:]
    )

    assert (moved.start, moved.end, moved.version) == (30, 54, 2)


def test_nobody_changes_another_persons_layer() -> None:
    annotation = make_annotation()
    ada = join(annotation.project, make_user("ada"), Role.MANAGER)

    with pytest.raises(NotAllowed):
        change_annotation(actor=ada, annotation=annotation, version=1, note="Mine.")
    with pytest.raises(NotAllowed):
        delete_annotation(actor=ada, annotation=annotation, version=1)
    with pytest.raises(NotAllowed):
        submit_layer(actor=ada, layer=annotation.layer)


def test_a_note_has_a_limit() -> None:
    annotation = make_annotation()

    with pytest.raises(Invalid, match="2,000 characters"):
        change_annotation(
            actor=manager_of(annotation.project), annotation=annotation, version=1, note="x" * 2001
        )


# --- deleting -------------------------------------------------------------------------------------


def test_deleting_takes_the_links_with_it_in_one_event_and_twice_is_once() -> None:
    relation = make_relation()
    manager = manager_of(relation.project)

    delete_annotation(actor=manager, annotation=relation.source, version=1)
    delete_annotation(actor=manager, annotation=relation.source, version=1)

    event = Event.objects.get(kind="annotation.deleted")
    assert [change["table"] for change in event.changes] == ["relation", "annotation"]
    assert not Relation.objects.live().exists()


def test_what_is_deleted_cannot_be_changed_but_restored() -> None:
    annotation = make_annotation()
    manager = manager_of(annotation.project)
    delete_annotation(actor=manager, annotation=annotation, version=1)

    with pytest.raises(AnnotationDeleted):
        change_annotation(actor=manager, annotation=annotation, version=2, note="Late.")
    with pytest.raises(StaleVersion):
        restore_annotation(actor=manager, annotation=annotation, version=1)
    restored = restore_annotation(actor=manager, annotation=annotation, version=2)

    assert (restored.deleted_at, restored.version) == (None, 3)


def test_a_place_that_was_taken_meanwhile_is_not_restored_into() -> None:
    annotation = make_annotation()
    manager = manager_of(annotation.project)
    delete_annotation(actor=manager, annotation=annotation, version=1)
    make_annotation(annotation.layer)

    with pytest.raises(DuplicateAnnotation):
        restore_annotation(actor=manager, annotation=annotation, version=2)


# --- links ----------------------------------------------------------------------------------------


def test_a_link_needs_fitting_ends() -> None:
    relation = make_relation()
    manager, label = manager_of(relation.project), relation.label
    source, target = relation.source, relation.target
    stranger = make_annotation(
        make_layer(make_article(relation.project)), "Zoë Hart", label="source"
    )
    assert target is not None

    for ends, error in (
        ({"source": target, "target": source}, RelationInvalid),
        ({"source": source, "target": source}, RelationInvalid),
        ({"source": source, "target": stranger}, RelationInvalid),
        ({"source": source}, RelationInvalid),
        ({"source": source, "target": target, "target_name": "A neighbour"}, RelationInvalid),
        ({"source": source, "target": target}, DuplicateRelation),
        ({"source": source, "target_name": "x" * 201}, Invalid),
    ):
        with pytest.raises(error):
            link_annotations(actor=manager, label=label, **ends)

    assert Relation.objects.get() == relation


def test_links_to_the_same_source_share_a_number() -> None:
    relation = make_relation()
    claim = make_annotation(relation.layer, "It was closed in March.", label="claim")
    named = make_relation(source=claim, target_name="A neighbour")
    shared = make_relation(source=claim, target=relation.target)

    assert [relation.number, named.number, shared.number] == [1, 2, 1]


def test_unlinking_twice_is_once_and_an_old_version_is_stale() -> None:
    relation = make_relation()
    manager = manager_of(relation.project)

    with pytest.raises(StaleVersion):
        unlink(actor=manager, relation=relation, version=9)
    unlink(actor=manager, relation=relation, version=1)
    unlink(actor=manager, relation=relation, version=1)

    assert kinds_of(relation.layer)[-2:] == ["relation.created", "relation.deleted"]


# --- submitting -----------------------------------------------------------------------------------


def test_a_submitted_layer_is_closed_until_it_is_taken_back() -> None:
    annotation = make_annotation()
    manager, layer = manager_of(annotation.project), annotation.layer
    submit_layer(actor=manager, layer=layer)

    with pytest.raises(LayerClosed):
        change_annotation(actor=manager, annotation=annotation, version=1, note="Late.")
    with pytest.raises(LayerClosed):
        create(layer, start=30, quote=QUOTE[1:])
    take_back(actor=manager, layer=layer)
    change_annotation(actor=manager, annotation=annotation, version=1, note="In time.")

    assert kinds_of(layer) == [
        "annotation.created", "layer.submitted", "layer.taken_back", "annotation.changed",
    ]  # fmt: skip
    assert verify() == []


def test_submitting_twice_is_once_and_of_an_old_version_stale() -> None:
    layer = make_annotation().layer
    manager = manager_of(layer.project)

    with pytest.raises(StaleVersion):
        submit_layer(actor=manager, layer=layer, version=99)
    submit_layer(actor=manager, layer=layer)
    submit_layer(actor=manager, layer=layer)

    assert kinds_of(layer) == ["annotation.created", "layer.submitted"]


def test_a_required_attribute_must_be_there_first() -> None:
    annotation = make_annotation()
    manager, label = manager_of(annotation.project), annotation.label
    form = {**label.attributes[0], "required": True}
    change_label(actor=manager, label=label, version=label.version, attributes=[form])

    with pytest.raises(NotReady, match="has no form yet"):
        submit_layer(actor=manager, layer=annotation.layer)


def test_after_the_grace_it_is_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = make_annotation().layer
    manager = manager_of(layer.project)
    submitted = submit_layer(actor=manager, layer=layer)
    assert submitted.submitted_at is not None
    late = submitted.submitted_at + GRACE * 2
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)

    with pytest.raises(TooLate):
        take_back(actor=manager, layer=layer)
