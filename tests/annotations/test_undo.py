"""Undo and redo against the obvious model: a stack of what was done and one of what was undone."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.annotations.errors import (
    ChangedSince,
    DuplicateAnnotation,
    DuplicateRelation,
    LayerClosed,
    NothingToUndo,
)
from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.relation_services import link_annotations, unlink
from articles.annotations.services import (
    change_annotation,
    create_annotation,
    delete_annotation,
    restore_annotation,
)
from articles.annotations.undo_services import redo, undo
from articles.datasets.verification import verify
from articles.desk.events import Event
from articles.desk.models import User
from articles.review.submission_services import submit_layer
from tests.desk.people import label_of, manager_of, signed_in
from tests.factories import make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db

type Content = frozenset[tuple[object, ...]]

#: What the steps may label: words of the article, some within others.
WORDS = ("“The quay is ours again,”", "The quay", "Zoë Hart", "It begins")
LABELS = ("quote", "claim", "source")
STEPS = ("create", "note", "relabel", "move", "delete", "restore", "link", "unlink", "undo", "redo")


def content(layer: Layer) -> Content:
    """What a reader sees in the layer; versions and times aside."""
    annotations = Annotation.objects.live().filter(layer=layer)
    relations = Relation.objects.live().filter(layer=layer)
    names = ("id", "label", "start", "end", "quote_sha256", "note", "unsure")
    return frozenset(
        [(*row[:4], bytes(row[4]), *row[5:]) for row in annotations.values_list(*names)]
        + list(relations.values_list("id", "source", "target", "target_name", "label"))
    )


class Desk:
    """An annotator who picks things to do at random; remembers nothing between two of them."""

    def __init__(self, layer: Layer, data: st.DataObject) -> None:
        self.layer = layer
        self.actor: User = manager_of(layer.project)
        self.data = data

    def _one(self, rows: list[Annotation]) -> Annotation | None:
        index: int = self.data.draw(st.integers(0, max(0, len(rows) - 1)))
        return rows[index] if rows else None

    def annotation(self, *, live: bool = True) -> Annotation | None:
        rows = Annotation.objects.filter(layer=self.layer, deleted_at__isnull=live)
        return self._one(list(rows.order_by("id")))

    def create(self) -> None:
        words: str = self.data.draw(st.sampled_from(WORDS))
        key: str = self.data.draw(st.sampled_from(LABELS))
        start = self.layer.article.revision.body.index(words)
        create_annotation(
            actor=self.actor,
            article=self.layer.article,
            label=label_of(self.layer.project, key),
            start=start,
            end=start + len(words),
            quote=words,
        )

    def note(self) -> None:
        note: str = self.data.draw(st.sampled_from(["", "Ask.", "Is it?"]))
        if one := self.annotation():
            change_annotation(actor=self.actor, annotation=one, version=one.version, note=note)

    def relabel(self) -> None:
        key: str = self.data.draw(st.sampled_from(LABELS))
        label = label_of(self.layer.project, key)
        if one := self.annotation():
            change_annotation(actor=self.actor, annotation=one, version=one.version, label=label)

    def move(self) -> None:
        if one := self.annotation():
            end = one.end - 1 if one.end - one.start > 1 else one.end
            quote = self.layer.article.revision.body[one.start : end]
            change_annotation(
                actor=self.actor, annotation=one, version=one.version, end=end, quote=quote
            )

    def delete(self) -> None:
        if one := self.annotation():
            delete_annotation(actor=self.actor, annotation=one, version=one.version)

    def restore(self) -> None:
        if one := self.annotation(live=False):
            restore_annotation(actor=self.actor, annotation=one, version=one.version)

    def link(self) -> None:
        rows = Annotation.objects.live().filter(layer=self.layer).order_by("id")
        source = self._one(list(rows.filter(label__key__in=("quote", "claim"))))
        target = self._one(list(rows.filter(label__key="source")))
        if source:
            link_annotations(
                actor=self.actor,
                label=label_of(self.layer.project, "attributed_to"),
                source=source,
                target=target,
                target_name="" if target else "A neighbour",
            )

    def unlink(self) -> None:
        one = Relation.objects.live().filter(layer=self.layer).order_by("id").first()
        if one:
            unlink(actor=self.actor, relation=one, version=one.version)

    def undo(self) -> None:
        undo(actor=self.actor, layer=self.layer)

    def redo(self) -> None:
        redo(actor=self.actor, layer=self.layer)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=14), data=st.data())
def test_undo_and_redo_walk_through_what_the_layer_was(
    steps: list[str], data: st.DataObject
) -> None:
    layer = make_layer()
    desk = Desk(layer, data)
    done: list[Content] = []  # what the layer was before each change that stands
    undone: list[Content] = []  # what it was before each undo, newest last
    for step in [*steps, *["undo"] * len(steps), *["redo"] * len(steps)]:
        before, events = content(layer), Event.objects.filter(layer_id=layer.pk).count()
        try:
            getattr(desk, step)()
        except (DuplicateAnnotation, DuplicateRelation):
            assert step not in ("undo", "redo")
        except NothingToUndo:
            assert not (done if step == "undo" else undone)
        after = content(layer)
        happened = Event.objects.filter(layer_id=layer.pk).count() - events
        assert happened == (after != before)
        if not happened:
            continue
        if step == "undo":
            assert after == done.pop()
            undone.append(before)
        elif step == "redo":
            assert after == undone.pop()
            done.append(before)
        else:
            done.append(before)
            undone.clear()
    assert verify(layer.project) == []


def test_what_somebody_else_changed_since_is_not_undone() -> None:
    relation = make_relation()
    manager = manager_of(relation.project)
    layer = relation.layer
    Relation.objects.filter(pk=relation.pk).update(deleted_at="2026-11-22T09:30:00Z")

    with pytest.raises(ChangedSince):
        undo(actor=manager, layer=layer)


def test_a_submitted_layer_is_not_undone() -> None:
    annotation = make_annotation()
    manager = manager_of(annotation.project)
    submit_layer(actor=manager, layer=annotation.layer)

    with pytest.raises(LayerClosed):
        undo(actor=manager, layer=annotation.layer)


def test_undo_names_what_it_undoes_and_redo_what_it_redoes() -> None:
    annotation = make_annotation()
    manager = manager_of(annotation.project)
    undo(actor=manager, layer=annotation.layer)
    redo(actor=manager, layer=annotation.layer)

    created, undone, redone = Event.objects.filter(layer_id=annotation.layer_id).order_by("id")

    assert [created.kind, undone.kind, redone.kind] == [
        "annotation.created", "layer.undone", "layer.redone",
    ]  # fmt: skip
    assert (undone.undoes, redone.redoes) == (created, created)


@pytest.mark.parametrize(
    ("name", "words"),
    [("layer-undo", "There is nothing to undo."), ("layer-redo", "There is nothing to redo.")],
)
def test_before_any_work_there_is_nothing_to_take_back(name: str, words: str) -> None:
    article = make_article()
    client = signed_in(manager_of(article.project))

    response = client.post(
        reverse(name, args=[article.project.slug, article.pk]), headers={"HX-Request": "true"}
    )

    assert response.status_code == 409
    assert words in response.text
    assert not article.layers.exists()
