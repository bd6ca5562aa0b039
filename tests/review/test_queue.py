"""Who is handed which article next, and that nobody is handed one place too many."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from articles.annotations.models import Layer
from articles.annotations.services import open_layer
from articles.desk import services
from articles.desk.events import Event
from articles.desk.models import Membership, Project, Role, User
from articles.intake.models import Article
from articles.review.models import Review
from articles.review.queue_services import claim_next
from articles.review.submission_services import submit_layer
from newsdesk.errors import NotAllowed
from tests.desk.people import join, make_project, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer
from tests.sessions import at_once

CLAIMERS = 32


@pytest.fixture
def project() -> Project:
    project = make_project("Harbour inquiry")
    Project.objects.filter(pk=project.pk).update(annotators_per_article=2)
    project.refresh_from_db()
    return project


@pytest.fixture
def ada(project: Project) -> User:
    return join(project, make_user("ada"), Role.ANNOTATOR)


@pytest.fixture
def ben(project: Project) -> User:
    return join(project, make_user("ben"), Role.ANNOTATOR)


def claimed(user: User, project: Project) -> str | None:
    """The title of the article that is handed to ``user``."""
    layer = claim_next(actor=user, project=project)
    return layer.article.title if layer else None


def for_one(project: Project) -> Article:
    """An article that asks for one annotator, whatever the project asks for."""
    article = make_article(project)
    article.annotators_wanted = 1
    article.save()
    return article


def let_lease_run_out(layer: Layer) -> None:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Layer.objects.filter(pk=layer.pk).update(lease_expires_at=an_hour_ago)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("articles", "places"), [(40, 1), (9, 3), (3, 5), (1, 5)])
def test_32_who_claim_at_once_get_every_place_once(articles: int, places: int) -> None:
    project = make_project("Harbour inquiry")
    Project.objects.filter(pk=project.pk).update(annotators_per_article=places)
    project.refresh_from_db()
    for _ in range(articles):
        make_article(project)
    people = [make_user(f"person-{number}") for number in range(CLAIMERS)]
    Membership.objects.bulk_create(
        Membership(project=project, user=person, role=Role.ANNOTATOR) for person in people
    )

    got = at_once(*(partial(claim_next, actor=one, project=project) for one in people))

    layers = [layer for layer in got if isinstance(layer, Layer)]
    assert [each for each in got if isinstance(each, Exception)] == []
    assert len(layers) == min(CLAIMERS, articles * places)
    assert len({(layer.article_id, layer.slot) for layer in layers}) == len(layers)
    assert max(Counter(layer.article_id for layer in layers).values()) <= places
    assert Event.objects.filter(kind="layer.claimed").count() == len(layers)


@pytest.mark.django_db(transaction=True)
def test_one_idle_place_goes_to_one_of_32() -> None:
    project = make_project("Harbour inquiry")
    away = make_layer(make_article(project))
    let_lease_run_out(away)
    people = [make_user(f"person-{number}") for number in range(CLAIMERS)]
    Membership.objects.bulk_create(
        Membership(project=project, user=person, role=Role.ANNOTATOR) for person in people
    )

    got = at_once(*(partial(claim_next, actor=one, project=project) for one in people))

    assert sum(isinstance(layer, Layer) for layer in got) == 1
    assert got.count(None) == CLAIMERS - 1
    away.refresh_from_db()
    assert (away.slot, away.lapsed_at is None) == (None, False)


@pytest.mark.django_db(transaction=True)
def test_one_person_in_many_windows_gets_each_article_once(project: Project, ada: User) -> None:
    for _ in range(3):
        make_article(project)

    got = at_once(*[partial(claim_next, actor=ada, project=project)] * 8)

    layers = [layer.article_id for layer in got if isinstance(layer, Layer)]
    assert len(layers) == len(set(layers)) == 3
    assert got.count(None) == 5


@pytest.mark.django_db
def test_the_order_is_returned_then_urgent_then_half_done_then_oldest(
    project: Project, ada: User, ben: User
) -> None:
    for title in ("oldest", "older", "half done", "urgent", "returned"):
        make_article(project, title=title)
    by_title = {article.title: article for article in Article.objects.all()}
    make_layer(by_title["half done"], ben)
    Article.objects.filter(title="urgent").update(priority=3)
    returned = make_layer(by_title["returned"], ada)
    let_lease_run_out(returned)
    Layer.objects.filter(pk=returned.pk).update(returned_at=timezone.now())

    assert claimed(ada, project) == "returned"
    returned.refresh_from_db()
    assert returned.lease_expires_at is not None
    assert returned.lease_expires_at > timezone.now()

    submit_layer(actor=ada, layer=returned)
    order = [claimed(ada, project) for _ in range(5)]
    assert order == ["urgent", "half done", "oldest", "older", None]


@pytest.mark.django_db
def test_a_claim_is_one_event_with_a_lease(project: Project, ada: User) -> None:
    article = make_article(project)

    layer = claim_next(actor=ada, project=project)

    assert layer is not None
    assert (layer.article, layer.annotator, layer.name, layer.slot) == (article, ada, "ada", 1)
    assert layer.guidelines_version == project.guidelines_version
    assert layer.lease_expires_at is not None
    left = layer.lease_expires_at - timezone.now()
    assert timedelta(minutes=119) < left <= timedelta(minutes=120)
    event = Event.objects.get(kind="layer.claimed")
    assert (event.actor, event.article_id, event.layer_id) == (ada, article.pk, layer.pk)
    [change] = event.changes
    assert (change["table"], change["id"], change["before"]) == ("layer", str(layer.pk), None)
    assert change["after"]["slot"] == 1


@pytest.mark.django_db
def test_whoever_is_idle_gives_way_and_comes_back_when_a_place_is_free(
    project: Project, ada: User, ben: User
) -> None:
    article = for_one(project)
    away = make_annotation(make_layer(article, ada)).layer
    let_lease_run_out(away)

    taken = claim_next(actor=ben, project=project)

    assert taken is not None
    away.refresh_from_db()
    assert (taken.slot, away.slot, away.annotation_count) == (1, None, 1)
    [went, came] = Event.objects.get(kind="layer.claimed").changes
    assert (went["before"]["slot"], went["after"]["slot"]) == (1, None)
    assert came["after"]["annotator_id"] == ben.pk
    assert claimed(ada, project) is None

    Article.objects.filter(pk=article.pk).update(annotators_wanted=2)
    back = claim_next(actor=ada, project=project)

    assert back == away
    assert (back.slot, back.lapsed_at) == (2, None)


@pytest.mark.django_db
def test_a_deactivated_member_keeps_no_place_but_what_they_submitted(
    project: Project, ada: User, ben: User
) -> None:
    begun = make_layer(for_one(project), ada)
    done = make_layer(for_one(project), ada)
    submit_layer(actor=ada, layer=done)
    assert claimed(ben, project) is None

    services.deactivate_member(actor=manager_of(project), project=project, user=ada)

    assert claimed(ben, project) == begun.article.title
    assert claimed(ben, project) is None


@pytest.mark.django_db
def test_what_is_gated_placed_elsewhere_or_adjudicated_is_not_handed_out(
    project: Project, ada: User
) -> None:
    now = timezone.now()
    hidden: list[dict[str, Any]] = [
        {"placement": "imported"},
        {"placement": "parked"},
        {"placement": "excluded"},
        {"embargo_until": now + timedelta(days=1)},
        {"held_at": now, "hold_reason": "The lawyers read it."},
        {"withdrawn_at": now},
        {"is_sensitive": True},
    ]
    for values in hidden:
        Article.objects.filter(pk=make_article(project).pk).update(**values)
    adjudicated = make_article(project)
    Review.objects.create(
        project=project, article=adjudicated, adjudicated_at=now, adjudicated_by=ada
    )
    under_review = make_article(project)
    Review.objects.create(project=project, article=under_review, reviewer=ada, lease_expires_at=now)
    make_article(make_project("Elsewhere"))

    assert claimed(ada, project) is None


@pytest.mark.django_db
def test_an_import_under_ones_name_is_not_begun_a_second_time(project: Project, ada: User) -> None:
    article = make_article(project)
    Layer.objects.create(project=project, article=article, name="ada")

    assert claimed(ada, project) is None
    assert open_layer(actor=ada, article=article).annotator == ada


@pytest.mark.django_db
def test_engineers_and_strangers_claim_nothing(project: Project) -> None:
    make_article(project)
    engineer = join(project, make_user("eve"), Role.ENGINEER)

    for person in (engineer, make_user("otto")):
        with pytest.raises(NotAllowed):
            claim_next(actor=person, project=project)
