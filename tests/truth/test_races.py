"""Two people at the same moment, each in a thread and a session of their own."""

from functools import partial
from uuid import UUID, uuid4

import pytest

from articles.annotations.errors import LayerClosed, RelationInvalid
from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.relation_services import link_annotations
from articles.annotations.services import (
    change_annotation,
    create_annotation,
    delete_annotation,
    open_layer,
)
from articles.datasets.verification import verify
from articles.desk.events import Event
from articles.desk.models import ApiToken, Role
from articles.desk.token_services import create_token, revoke_token
from articles.review.submission_services import submit_layer
from tests.desk.people import join, label_of, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer, make_relation
from tests.sessions import at_once

pytestmark = pytest.mark.django_db(transaction=True)

CHOSEN = UUID("019a0000-0000-7000-8000-000000000001")


def kinds_of(layer: Layer) -> list[str]:
    """What happened in the layer, in order."""
    return list(
        Event.objects.filter(layer_id=layer.pk).order_by("id").values_list("kind", flat=True)
    )


def test_two_who_open_the_last_place_do_not_both_get_it() -> None:
    article = make_article()
    people = [
        join(article.project, make_user(name), Role.ANNOTATOR) for name in ("ada", "ben", "cem")
    ]

    results = at_once(*(partial(open_layer, actor=one, article=article) for one in people))

    assert sorted(type(one).__name__ for one in results) == ["Layer", "NoFreeSlot", "NoFreeSlot"]
    assert Layer.objects.filter(article=article).count() == 1
    assert verify() == []


def test_one_who_opens_twice_at_once_has_one_layer() -> None:
    article = make_article()
    manager = manager_of(article.project)

    first, second = at_once(*[partial(open_layer, actor=manager, article=article)] * 2)

    assert isinstance(first, Layer)
    assert first == second
    assert verify() == []


def test_the_same_id_sent_twice_at_once_makes_one_row_and_one_event() -> None:
    layer = make_layer()
    create = partial(
        create_annotation,
        actor=manager_of(layer.project),
        article=layer.article,
        label=label_of(layer.project, "quote"),
        start=29,
        end=54,
        quote="“The quay is ours again,”",
        chosen_id=CHOSEN,
    )

    results = at_once(*[create] * 4)

    assert sorted(new for _row, new in (one for one in results if isinstance(one, tuple))) == [
        False, False, False, True,
    ]  # fmt: skip
    assert [one.pk for one in Annotation.objects.all()] == [CHOSEN]
    assert kinds_of(layer) == ["annotation.created"]
    assert verify() == []


def test_the_same_link_sent_twice_at_once_is_made_once() -> None:
    relation = make_relation()
    source, target = relation.source, relation.target
    layer = relation.layer
    claim = make_annotation(layer, "It was closed in March.", label="claim")
    join_them = partial(
        link_annotations,
        actor=manager_of(layer.project),
        label=label_of(layer.project, "attributed_to"),
        source=claim,
        target=target,
        chosen_id=CHOSEN,
    )

    results = at_once(*[join_them] * 4)

    assert sorted(new for _row, new in (one for one in results if isinstance(one, tuple))) == [
        False, False, False, True,
    ]  # fmt: skip
    assert Relation.objects.exclude(source=source).count() == 1
    assert verify() == []


def test_of_two_edits_of_one_annotation_the_second_is_stale() -> None:
    annotation = make_annotation()
    edit = partial(
        change_annotation, actor=manager_of(annotation.project), annotation=annotation, version=1
    )

    results = at_once(partial(edit, note="Mine."), partial(edit, note="No, mine."))

    assert sorted(type(one).__name__ for one in results) == ["Annotation", "StaleVersion"]
    annotation.refresh_from_db()
    assert annotation.version == 2
    assert kinds_of(annotation.layer) == ["annotation.created", "annotation.changed"]
    assert verify() == []


def test_a_link_to_what_is_deleted_at_the_same_moment_does_not_stay() -> None:
    layer = make_layer()
    manager = manager_of(layer.project)
    quote, source = make_annotation(layer), make_annotation(layer, "Zoë Hart", label="source")

    results = at_once(
        partial(delete_annotation, actor=manager, annotation=source, version=1),
        partial(
            link_annotations,
            actor=manager,
            label=label_of(layer.project, "attributed_to"),
            source=quote,
            target=source,
        ),
    )

    assert all(isinstance(one, Annotation | tuple | RelationInvalid) for one in results)
    assert not Relation.objects.live().exists()
    assert verify() == []


def test_nothing_gets_into_a_layer_that_is_submitted_at_the_same_moment() -> None:
    layer = make_layer()
    manager = manager_of(layer.project)
    create = partial(
        create_annotation,
        actor=manager,
        article=layer.article,
        label=label_of(layer.project, "quote"),
        start=29,
        end=54,
        quote="“The quay is ours again,”",
    )

    submitted, created = at_once(partial(submit_layer, actor=manager, layer=layer), create)

    assert isinstance(submitted, Layer)
    got_in = not isinstance(created, LayerClosed)
    assert Annotation.objects.exists() == got_in
    assert kinds_of(layer)[-1] == "layer.submitted"
    assert verify() == []


def test_a_token_made_twice_at_once_is_one_token() -> None:
    manager = manager_of(make_article().project)
    make = partial(
        create_token, actor=manager, name="ci", scopes=["read"], days=1, chosen_id=uuid4()
    )

    first, second = at_once(make, make)

    assert isinstance(first, tuple), first
    assert first == second
    assert Event.objects.filter(kind="token.created").count() == 1
    assert verify() == []


def test_a_token_revoked_twice_at_once_ends_once() -> None:
    manager = manager_of(make_article().project)
    token, _secret = create_token(actor=manager, name="ci", scopes=["read"], days=1)

    results = at_once(*[partial(revoke_token, actor=manager, token=token)] * 2)

    assert results == [None, None]
    assert ApiToken.objects.get().revoked_at is not None
    assert Event.objects.filter(kind="token.revoked").count() == 1
    assert verify() == []
