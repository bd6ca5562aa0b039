"""One decision about many articles: what it would do, what it does, and taking it back."""

from collections.abc import Iterable
from functools import partial
from uuid import uuid4

import pytest

from articles.annotations.models import Layer
from articles.desk.events import Event
from articles.desk.models import Project, Role, User
from articles.intake.models import Article
from articles.review.assignment_services import (
    assign,
    place,
    reassign,
    set_priority,
    want_annotators,
)
from articles.review.bulk_services import Change, Outcome, do_to_all, try_out, undo_all
from articles.review.models import Notice
from articles.review.queries import left_to_undo
from articles.review.submission_services import submit_layer
from newsdesk.errors import NotAllowed
from tests.desk.people import join, make_project, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project("Harbour inquiry")


@pytest.fixture
def cem(project: Project) -> User:
    return manager_of(project)


@pytest.fixture
def ada(project: Project) -> User:
    return join(project, make_user("ada"), Role.ANNOTATOR)


@pytest.fixture
def ben(project: Project) -> User:
    return join(project, make_user("ben"), Role.ANNOTATOR)


@pytest.fixture
def articles(project: Project) -> list[Article]:
    return [make_article(project, title=title) for title in ("One", "Two", "Three", "Four")]


def to(person: User, actor: User) -> Change:
    return lambda article: assign(actor=actor, article=article, person=person)


def priority(number: int, actor: User) -> Change:
    return lambda article: set_priority(actor=actor, article=article, priority=number)


def numbers(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.changed, outcome.same, len(outcome.refused)


def slots(articles: Iterable[Article]) -> list[dict[str, int | None]]:
    return [dict(article.layers.values_list("name", "slot")) for article in articles]


def test_the_preview_says_what_happens_then_and_changes_nothing(
    articles: list[Article], cem: User, ada: User, ben: User
) -> None:
    make_layer(articles[0], ben)
    make_layer(articles[1], ada)
    events = Event.objects.count()

    preview = try_out(articles=articles, change=to(ben, cem))

    assert numbers(preview) == (2, 1, 1)
    [(refused, why)] = preview.refused
    assert (refused, why) == (articles[1], "This article already has all its annotators.")
    assert (Event.objects.count(), Notice.objects.count()) == (events, 0)
    done = do_to_all(articles=articles, change=to(ben, cem), batch=uuid4())
    assert done == preview
    assert slots(articles) == [{"ben": 1}, {"ada": 1}, {"ben": 1}, {"ben": 1}]


def test_the_same_batch_again_changes_nothing(articles: list[Article], cem: User) -> None:
    batch = uuid4()
    do_to_all(articles=articles, change=priority(1, cem), batch=batch)

    assert numbers(do_to_all(articles=articles, change=priority(2, cem), batch=batch)) == (0, 0, 0)
    assert set(Article.objects.values_list("priority", flat=True)) == {1}


def test_undoing_puts_every_article_back_once(
    articles: list[Article], cem: User, ben: User, project: Project
) -> None:
    set_priority(actor=cem, article=articles[0], priority=3)
    for change in (
        to(ben, cem),
        priority(2, cem),
        lambda article: place(actor=cem, article=article, placement=Article.Placement.PARKED),
        lambda article: want_annotators(actor=cem, article=article, number=2),
    ):
        batch = uuid4()
        do_to_all(articles=Article.objects.all(), change=change, batch=batch)

        assert numbers(undo_all(actor=cem, project=project, batch=batch)) == (4, 0, 0)
        assert numbers(undo_all(actor=cem, project=project, batch=batch)) == (0, 4, 0)

    rows = Article.objects.order_by("created_at")
    assert [row.priority for row in rows] == [3, 0, 0, 0]
    assert {(row.placement, row.annotators_wanted) for row in rows} == {("ready", None)}
    assert slots(articles) == [{}, {}, {}, {}]
    assert Notice.objects.count() == 0
    assert Event.objects.filter(kind="bulk.undone").exclude(undoes=None).count() == 16


def test_undoing_leaves_what_was_changed_since_and_says_so(
    articles: list[Article], cem: User, ada: User, ben: User, project: Project
) -> None:
    batch = uuid4()
    do_to_all(articles=articles, change=to(ben, cem), batch=batch)
    make_annotation(make_layer(articles[0], ben))
    submit_layer(actor=ben, layer=make_layer(articles[1], ben))
    reassign(actor=cem, article=articles[2], person=ben, to=ada)

    undone = undo_all(actor=cem, project=project, batch=batch)

    assert (undone.changed, undone.same) == (1, 0)
    left = sorted(article.title for article, _ in undone.refused)
    assert left == ["One", "Three", "Two"]
    assert slots(articles) == [{"ben": 1}, {"ben": 1}, {"ada": 1, "ben": None}, {}]


def test_undoing_a_reassignment_gives_the_place_back(
    articles: list[Article], cem: User, ada: User, ben: User, project: Project
) -> None:
    make_annotation(make_layer(articles[0], ada))
    batch = uuid4()
    hand_over = partial(reassign, actor=cem, person=ada, to=ben)
    do_to_all(articles=articles[:1], change=lambda one: hand_over(article=one), batch=batch)

    undo_all(actor=cem, project=project, batch=batch)

    layer = Layer.objects.get(article=articles[0])
    assert (layer.annotator, layer.slot, layer.lapsed_at) == (ada, 1, None)


def test_only_managers_try_do_and_undo(
    articles: list[Article], cem: User, ada: User, project: Project
) -> None:
    batch = uuid4()
    do_to_all(articles=articles, change=priority(1, cem), batch=batch)

    with pytest.raises(NotAllowed):
        try_out(articles=articles, change=priority(1, ada))
    with pytest.raises(NotAllowed):
        undo_all(actor=ada, project=project, batch=batch)


def test_undoing_leaves_and_does_not_tell_what_a_gate_keeps_from_the_manager(
    articles: list[Article], cem: User, project: Project
) -> None:
    batch = uuid4()
    do_to_all(articles=articles, change=priority(2, cem), batch=batch)
    Article.objects.filter(pk=articles[0].pk).update(is_sensitive=True, priority=3)

    assert left_to_undo(project, cem, batch) == 3
    assert numbers(undo_all(actor=cem, project=project, batch=batch)) == (3, 0, 0)
    assert [one.priority for one in Article.objects.order_by("created_at")] == [3, 0, 0, 0]
