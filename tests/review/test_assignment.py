"""What managers settle about an article, and what its status does not let them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.annotations.errors import NoFreeSlot
from articles.annotations.models import Layer
from articles.desk import services
from articles.desk.events import Event
from articles.desk.models import Project, Role, User
from articles.intake.models import Article
from articles.review.assignment_services import (
    assign,
    place,
    reassign,
    set_priority,
    take_from,
    want_annotators,
)
from articles.review.errors import IllegalMove, OutOfSight
from articles.review.models import Notice, Review
from articles.review.queue_services import claim_next
from articles.review.submission_services import submit_layer
from newsdesk.errors import Invalid, NewsdeskError, NotAllowed
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
def article(project: Project) -> Article:
    return make_article(project)


def adjudicate(article: Article, actor: User) -> None:
    Review.objects.create(
        project=article.project,
        article=article,
        adjudicated_at=timezone.now(),
        adjudicated_by=actor,
    )


def test_an_assigned_place_is_held_for_three_days_and_told(
    article: Article, cem: User, ada: User
) -> None:
    assert assign(actor=cem, article=article, person=ada)

    layer = Layer.objects.get(article=article, annotator=ada)
    assert (layer.slot, layer.assigned_by) == (1, cem)
    assert layer.lease_expires_at is not None
    left = layer.lease_expires_at - timezone.now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)
    notice = Notice.objects.get(person=ada)
    assert (notice.kind, notice.article, notice.sender) == ("assigned", article, cem)
    event = Event.objects.get(kind="layer.assigned")
    assert sorted(change["table"] for change in event.changes) == ["layer", "notice"]


def test_the_first_annotation_makes_it_an_ordinary_lease(
    article: Article, cem: User, ada: User
) -> None:
    assign(actor=cem, article=article, person=ada)

    layer = make_annotation(make_layer(article, ada)).layer

    layer.refresh_from_db()
    assert layer.lease_expires_at is not None
    assert layer.lease_expires_at - timezone.now() < timedelta(hours=3)


def test_assigning_again_changes_nothing(article: Article, cem: User, ada: User) -> None:
    assign(actor=cem, article=article, person=ada)

    assert not assign(actor=cem, article=article, person=ada)
    assert Event.objects.filter(kind="layer.assigned").count() == 1


def test_nobody_is_assigned_a_place_too_many(
    article: Article, cem: User, ada: User, ben: User
) -> None:
    assign(actor=cem, article=article, person=ada)

    with pytest.raises(NoFreeSlot):
        assign(actor=cem, article=article, person=ben)


def test_what_is_taken_from_somebody_is_free_and_their_work_kept(
    article: Article, cem: User, ada: User, ben: User, project: Project
) -> None:
    make_annotation(make_layer(article, ada))

    assert take_from(actor=cem, article=article, person=ada)

    layer = Layer.objects.get(article=article, annotator=ada)
    assert (layer.slot, layer.annotation_count) == (None, 1)
    assert layer.lapsed_at is not None
    assert not take_from(actor=cem, article=article, person=ada)
    assert claim_next(actor=ben, project=project) is not None
    assert claim_next(actor=ada, project=project) is None


def test_a_place_goes_from_one_to_another_and_back(
    article: Article, cem: User, ada: User, ben: User
) -> None:
    make_annotation(make_layer(article, ada))

    assert reassign(actor=cem, article=article, person=ada, to=ben)
    assert dict(article.layers.values_list("name", "slot")) == {"ada": None, "ben": 1}

    assert reassign(actor=cem, article=article, person=ben, to=ada)
    assert dict(article.layers.values_list("name", "slot")) == {"ada": 1, "ben": None}
    assert not reassign(actor=cem, article=article, person=ada, to=ada)


def test_submitted_work_stays_with_its_annotator(
    project: Project, cem: User, ada: User, ben: User
) -> None:
    Project.objects.filter(pk=project.pk).update(annotators_per_article=2)
    article = make_article(Project.objects.get(pk=project.pk))
    submit_layer(actor=ada, layer=make_layer(article, ada))

    with pytest.raises(IllegalMove, match="ada has submitted this article"):
        take_from(actor=cem, article=article, person=ada)
    with pytest.raises(IllegalMove, match="ada has submitted this article"):
        reassign(actor=cem, article=article, person=ada, to=ben)
    with pytest.raises(IllegalMove, match="ben does not work on this article"):
        reassign(actor=cem, article=article, person=ben, to=ada)


def test_illegal_moves_say_where_the_article_stands(
    article: Article, cem: User, ada: User, ben: User
) -> None:
    submit_layer(actor=ada, layer=make_layer(article, ada))
    with pytest.raises(IllegalMove, match="awaiting review"):
        assign(actor=cem, article=article, person=ben)
    Review.objects.all().delete()
    adjudicate(article, cem)
    with pytest.raises(IllegalMove, match="adjudicated"):
        set_priority(actor=cem, article=article, priority=1)
    with pytest.raises(IllegalMove, match="adjudicated"):
        want_annotators(actor=cem, article=article, number=3)
    with pytest.raises(IllegalMove, match="adjudicated"):
        place(actor=cem, article=article, placement=Article.Placement.PARKED)
    Article.objects.filter(pk=article.pk).update(placement="excluded")
    with pytest.raises(IllegalMove, match="excluded"):
        assign(actor=cem, article=article, person=ben)


def test_only_who_annotates_and_sees_the_article_is_assigned_to_it(
    article: Article, cem: User, ada: User, project: Project
) -> None:
    engineer = join(project, make_user("eve"), Role.ENGINEER)
    Article.objects.filter(pk=article.pk).update(is_sensitive=True)

    with pytest.raises(Invalid, match="eve does not annotate"):
        assign(actor=cem, article=article, person=engineer)
    with pytest.raises(OutOfSight, match="A gate keeps this article from ada"):
        assign(actor=cem, article=article, person=ada)


def test_what_is_urgent_goes_first_and_what_is_parked_not_at_all(
    project: Project, cem: User, ada: User
) -> None:
    old, new, parked = (make_article(project) for _ in range(3))

    assert place(actor=cem, article=parked, placement=Article.Placement.PARKED)
    assert set_priority(actor=cem, article=new, priority=2)
    assert not set_priority(actor=cem, article=new, priority=2)

    got = [claim_next(actor=ada, project=project) for _ in range(3)]
    assert [layer and layer.article for layer in got] == [new, old, None]
    parked.refresh_from_db()
    assert place(actor=cem, article=parked, placement=Article.Placement.READY)
    assert claim_next(actor=ada, project=project) is not None


def test_an_article_asks_for_more_annotators_but_never_for_fewer(
    article: Article, cem: User
) -> None:
    assert want_annotators(actor=cem, article=article, number=3)
    article.refresh_from_db()
    assert article.places == 3
    assert not want_annotators(actor=cem, article=article, number=3)
    with pytest.raises(IllegalMove, match="asks for 3 already"):
        want_annotators(actor=cem, article=article, number=2)
    for number in (0, 6):
        with pytest.raises(Invalid):
            want_annotators(actor=cem, article=article, number=number)
    for priority in (-1, 4):
        with pytest.raises(Invalid):
            set_priority(actor=cem, article=article, priority=priority)


def test_only_managers_settle_any_of_it(article: Article, ada: User, ben: User) -> None:
    attempts: list[Callable[[], bool]] = [
        lambda: assign(actor=ada, article=article, person=ben),
        lambda: take_from(actor=ada, article=article, person=ben),
        lambda: reassign(actor=ada, article=article, person=ben, to=ada),
        lambda: set_priority(actor=ada, article=article, priority=1),
        lambda: want_annotators(actor=ada, article=article, number=2),
        lambda: place(actor=ada, article=article, placement=Article.Placement.PARKED),
    ]
    for settle in attempts:
        with pytest.raises(NotAllowed):
            settle()


def test_a_deactivated_member_is_assigned_nothing(
    article: Article, cem: User, ada: User, project: Project
) -> None:
    services.deactivate_member(actor=cem, project=project, user=ada)

    with pytest.raises(NewsdeskError, match="ada does not annotate"):
        assign(actor=cem, article=article, person=ada)
