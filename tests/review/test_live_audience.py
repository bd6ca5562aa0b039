"""Who may listen, and who hears of what: asked for everybody, every gate, every kind of change."""

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.annotations.models import Layer
from articles.annotations.permissions import can_read
from articles.datasets.snapshot_services import Wanted, make_snapshot
from articles.desk.models import Membership, Project, Role, User
from articles.desk.permissions import can_see_all_layers, role_in
from articles.desk.services import deactivate_member, set_member
from articles.intake.models import Article
from newsdesk.errors import NewsdeskError
from newsdesk.live_audience import (
    NothingToHear,
    SignedOut,
    admit,
    heard,
    is_still_admitted,
    watched,
)
from newsdesk.live_wire import Change
from tests.datasets.frozen import gold_desk
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.factories import make_article, make_layer
from tests.imports.runs import start, stories

pytestmark = pytest.mark.django_db

GATES: dict[str, dict[str, Any]] = {
    "open": {},
    "embargoed": {"embargo_until": timezone.now() + timedelta(days=1)},
    "on hold": {"held_at": timezone.now(), "hold_reason": "a lawyer reads it"},
    "withdrawn": {"withdrawn_at": timezone.now()},
    "sensitive": {"is_sensitive": True},
    "sensitive, on hold": {
        "is_sensitive": True, "held_at": timezone.now(), "hold_reason": "a lawyer reads it",
    },
}  # fmt: skip


def people_of(project: Project, worker: User) -> list[User]:
    """Somebody of each role, cleared and not, somebody who left, strangers and administrators."""
    manager = manager_of(project)
    people = [worker, manager]
    for role, cleared in product(Role, [False, True]):
        user = make_user(f"{role}-{cleared}-{project.slug}")
        set_member(actor=manager, project=project, user=user, role=role)
        Membership.objects.filter(project=project, user=user).update(cleared=cleared)
        people.append(user)
    gone = make_user(f"gone-{project.slug}")
    set_member(actor=manager, project=project, user=gone, role=Role.REVIEWER)
    deactivate_member(actor=manager, project=project, user=gone)
    administrator = User.objects.create_superuser(f"root-{project.slug}")
    barred = User.objects.create_superuser(f"barred-{project.slug}", is_active=False)
    return [*people, gone, make_user(f"stranger-{project.slug}"), administrator, barred]


def may_hear(user: User, project: Project, change: Change) -> tuple[UUID, int | None] | None:
    """What ``user`` is told of ``change``, by asking one at a time what pages ask."""
    role = role_in(project, user)
    if role is None or not Article.objects.visible_to(user).filter(pk=change.article).exists():
        return None
    layers = Layer.objects.select_related("project")
    layer = layers.get(pk=change.layer) if change.layer is not None else None
    looks_at_it = (
        can_read(user, role, layer) if layer is not None else can_see_all_layers(role, project)
    )
    if looks_at_it:
        return change.article, change.layer
    return (change.article, None) if change.is_listed else None


@pytest.mark.parametrize("is_blind", [True, False])
def test_everybody_hears_of_what_their_pages_would_show(is_blind: bool) -> None:
    project = make_project("Harbour inquiry")
    Project.objects.filter(pk=project.pk).update(blind=is_blind)
    project.refresh_from_db()
    worker = join(project, make_user("worker"), Role.ANNOTATOR)
    changes = []
    for gate in GATES.values():
        article = make_article(project)
        layer = make_layer(article, worker)
        Article.objects.filter(pk=article.pk).update(**gate)
        for its_layer, is_listed in product([layer.pk, None], [True, False]):
            changes.append(Change(project.pk, article.pk, its_layer, is_listed))
    people = people_of(project, worker)

    told = heard(project.pk, changes, [user.pk for user in people])

    assert len(changes) == 24
    for user in people:
        expected = [may_hear(user, project, change) for change in changes]
        assert told.get(user.pk, []) == [one for one in expected if one is not None], user


def test_who_works_blind_never_hears_of_anothers_layer() -> None:
    layer = make_layer(make_article())
    blind = join(layer.project, make_user("blind"), Role.ANNOTATOR)
    content = Change(layer.project_id, layer.article_id, layer.pk)
    submitted = Change(layer.project_id, layer.article_id, layer.pk, is_listed=True)

    told = heard(layer.project_id, [content, submitted], [blind.pk])

    assert told == {blind.pk: [(layer.article_id, None)]}


def test_questions_do_not_grow_with_the_listeners(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    layer = make_layer(make_article())
    many = [join(layer.project, make_user(f"zoe-{n}"), Role.ANNOTATOR).pk for n in range(12)]
    change = Change(layer.project_id, layer.article_id, layer.pk, is_listed=True)

    for users in (many[:1], many):
        with django_assert_num_queries(8):
            assert len(heard(layer.project_id, [change], users)) == len(users)


def test_everybody_hears_of_the_work_whose_page_they_may_open() -> None:
    project = gold_desk(1)
    run = start(project, stories(1))
    manager = manager_of(project)
    snapshot, _ = make_snapshot(actor=manager, project=project, wanted=Wanted("Gold"))
    foreign = start(make_project("Science"), stories(1))
    pages = {
        run.pk: reverse("import-run", args=[project.slug, run.pk]),
        snapshot.pk: reverse("snapshot", args=[project.slug, snapshot.pk]),
        foreign.pk: reverse("import-run", args=[project.slug, foreign.pk]),
    }
    people = people_of(project, join(project, make_user("worker"), Role.ANNOTATOR))

    told = watched(project.pk, pages.keys(), [user.pk for user in people])

    opened = []
    for user in people:
        browser = signed_in(user)
        session = str(browser.session.session_key)
        open_to = {work for work, page in pages.items() if browser.get(page).status_code == 200}
        admitted = {
            work for work in pages if not refusal(session, project.slug, works=frozenset([work]))
        }
        assert told.get(user.pk, frozenset()) == admitted == open_to, user
        opened.append(open_to)
    assert {frozenset(each) for each in opened} == {
        frozenset(), frozenset([snapshot.pk]), frozenset([run.pk, snapshot.pk])
    }  # fmt: skip
    of_both = frozenset([run.pk, foreign.pk])
    assert refusal(session_of(manager), project.slug, works=of_both) is NothingToHear


def session_of(user: User) -> str:
    return str(signed_in(user).session.session_key)


def refusal(
    session: str, slug: str, article: UUID | None = None, works: frozenset[UUID] = frozenset()
) -> type[NewsdeskError] | None:
    try:
        admit(session, slug, article, works)
    except NewsdeskError as error:
        return type(error)
    return None


def test_members_listen_to_their_projects_and_to_articles_they_may_see() -> None:
    article, foreign = make_article(), make_article()
    slug = article.project.slug
    zoe = session_of(join(article.project, make_user("zoe"), Role.ANNOTATOR))
    manager = session_of(manager_of(article.project))
    held = make_article(article.project)
    Article.objects.filter(pk=held.pk).update(**GATES["on hold"])

    assert refusal(zoe, slug) is None
    assert refusal(zoe, slug, article.pk) is None
    assert refusal(manager, slug, held.pk) is None
    assert refusal(zoe, slug, held.pk) is NothingToHear
    assert refusal(zoe, slug, uuid4()) is NothingToHear
    assert refusal(zoe, slug, foreign.pk) is NothingToHear
    assert refusal(zoe, foreign.project.slug) is NothingToHear
    assert refusal(zoe, "nowhere") is NothingToHear
    assert refusal("no such session", slug) is SignedOut


def test_who_signed_out_or_left_is_no_longer_admitted() -> None:
    article = make_article()
    zoe = join(article.project, make_user("zoe"), Role.ANNOTATOR)
    at_home, at_work = session_of(zoe), session_of(zoe)
    readers = [admit(session, article.project.slug, article.pk) for session in (at_home, at_work)]
    assert all(map(is_still_admitted, readers))

    SessionStore(at_home).flush()
    assert [is_still_admitted(reader) for reader in readers] == [False, True]

    deactivate_member(actor=manager_of(article.project), project=article.project, user=zoe)
    assert not is_still_admitted(readers[1])


def test_a_new_password_ends_what_the_old_one_opened() -> None:
    article = make_article()
    zoe = join(article.project, make_user("zoe"), Role.ANNOTATOR)
    reader = admit(session_of(zoe), article.project.slug, None)

    zoe.set_password("another horse")
    zoe.save()

    assert not is_still_admitted(reader)
