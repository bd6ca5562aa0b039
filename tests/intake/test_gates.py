"""The gates of an article: who sees it behind each, and how they are set and lifted."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import combinations

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.desk.events import Event
from articles.desk.models import Membership, Project, Role, User
from articles.intake import gate_services, gates
from articles.intake.errors import NotCleared
from articles.intake.models import Article
from articles.review.listing import ArticleStatus, status_of
from newsdesk.errors import Invalid, NotAllowed, StaleVersion
from tests.desk.people import join, make_project, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db

type Set = Callable[..., Article]

IN_A_WEEK = timedelta(days=7)
GATES: dict[str, dict[str, object]] = {
    "embargo": {"embargo_until": timezone.now() + IN_A_WEEK},
    "hold": {"held_at": timezone.now(), "hold_reason": "legal check"},
    "withdrawn": {"withdrawn_at": timezone.now()},
    "sensitive": {"is_sensitive": True},
    "not-for-training": {"not_for_training": True},
}
SETTING: dict[str, Set] = {
    "embargo": partial(gate_services.embargo, until=timezone.now() + IN_A_WEEK),
    "hold": partial(gate_services.hold, reason="legal check"),
    "withdrawn": gate_services.withdraw,
    "sensitive": gate_services.mark_sensitive,
    "not-for-training": gate_services.keep_from_training,
}
LIFTING: dict[str, Set] = {
    "embargo": gate_services.lift_embargo,
    "hold": gate_services.lift_hold,
    "withdrawn": gate_services.bring_back,
    "sensitive": gate_services.unmark_sensitive,
    "not-for-training": gate_services.free_for_training,
}
KINDS = {
    "embargo": ("article.embargoed", "article.embargo_lifted"),
    "hold": ("article.held", "article.hold_lifted"),
    "withdrawn": ("article.withdrawn", "article.brought_back"),
    "sensitive": ("article.marked_sensitive", "article.unmarked_sensitive"),
    "not-for-training": ("article.kept_from_training", "article.freed_for_training"),
}
EVERY_COMBINATION = [frozenset(some) for number in range(6) for some in combinations(GATES, number)]


def gated(project: Project, *names: str) -> Article:
    article = make_article(project)
    values = {key: value for name in names for key, value in GATES[name].items()}
    Article.objects.filter(pk=article.pk).update(**values)
    article.refresh_from_db()
    return article


def cleared_manager(project: Project) -> User:
    project.memberships.filter(role=Role.MANAGER).update(cleared=True)
    return manager_of(project)


def is_seen(user: User, article: Article) -> bool:
    return Article.objects.visible_to(user).filter(pk=article.pk).exists()


def goes_out(user: User | None, article: Article) -> bool:
    return Article.objects.going_out(user).filter(pk=article.pk).exists()


@pytest.mark.parametrize("cleared", [False, True])
@pytest.mark.parametrize("role", Role)
def test_each_role_sees_what_its_gates_leave_it(role: Role, cleared: bool) -> None:
    project = make_project()
    articles = {names: gated(project, *names) for names in EVERY_COMBINATION}
    user = join(project, make_user("ada"), role)
    Membership.objects.filter(user=user).update(cleared=cleared)

    for names, article in articles.items():
        is_hidden = bool(names & {"embargo", "hold", "withdrawn"})
        may_see = (role is Role.MANAGER or not is_hidden) and (cleared or "sensitive" not in names)
        assert is_seen(user, article) == may_see, names
        assert goes_out(user, article) == (
            may_see and not is_hidden and "not-for-training" not in names
        ), names


def test_administrators_see_all_and_take_out_what_goes_out() -> None:
    project, admin = make_project(), make_user("root")
    admin.is_superuser = True
    admin.save()

    seen = [is_seen(admin, gated(project, name)) for name in GATES]
    out = [goes_out(admin, gated(project, name)) for name in GATES]

    assert seen == [True] * 5
    assert out == [False, False, False, True, False]


def test_nobody_sees_what_is_not_of_their_projects_however_cleared() -> None:
    outsider = cleared_manager(make_project("Elsewhere"))
    article = make_article()

    assert not is_seen(outsider, article)


def test_a_member_who_left_is_cleared_for_nothing() -> None:
    article = make_article()
    ada = join(article.project, make_user("ada"), Role.MANAGER)
    Membership.objects.filter(user=ada).update(cleared=True, deactivated_at=timezone.now())

    assert not is_seen(ada, article)


def test_without_somebody_who_asks_nothing_sensitive_goes_out() -> None:
    project = make_project()

    assert goes_out(None, gated(project))
    assert not any(goes_out(None, gated(project, name)) for name in GATES)


def test_an_embargo_ends_by_itself() -> None:
    project = make_project()
    ada = join(project, make_user("ada"), Role.ANNOTATOR)
    article = make_article(project)
    a_moment_ago = timezone.now() - timedelta(seconds=1)
    Article.objects.filter(pk=article.pk).update(embargo_until=a_moment_ago)
    article.refresh_from_db()

    assert is_seen(ada, article)
    assert goes_out(ada, article)
    assert article.gates == []


@pytest.mark.parametrize("name", GATES)
def test_a_gate_is_one_event_and_lifting_it_another(name: str) -> None:
    article = make_article()
    manager = cleared_manager(article.project)
    before = Event.objects.count()

    article = SETTING[name](actor=manager, article=article, version=1)
    assert [gate.key for gate in article.gates] == [name]
    article = LIFTING[name](actor=manager, article=article, version=2)
    assert article.gates == []

    events = Event.objects.order_by("pk")[before:]
    assert tuple(event.kind for event in events) == KINDS[name]
    assert [event.article_id for event in events] == [article.pk, article.pk]
    assert article.version == 3


@pytest.mark.parametrize("name", GATES)
def test_doing_it_twice_changes_nothing(name: str) -> None:
    article = make_article()
    manager = cleared_manager(article.project)

    once = SETTING[name](actor=manager, article=article, version=1)
    between = Event.objects.count()
    twice = SETTING[name](actor=manager, article=once, version=2)

    assert (twice.version, Event.objects.count()) == (2, between)


@pytest.mark.parametrize("name", GATES)
@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER, Role.ENGINEER])
def test_only_managers_set_and_lift_gates(name: str, role: Role) -> None:
    article = make_article()
    user = join(article.project, make_user("ada"), role)

    for act in (SETTING[name], LIFTING[name]):
        with pytest.raises(NotAllowed, match="Only a manager"):
            act(actor=user, article=article, version=1)


@pytest.mark.parametrize("name", GATES)
def test_who_saw_an_older_version_looks_again(name: str) -> None:
    article = make_article()
    manager = cleared_manager(article.project)
    gate_services.hold(actor=manager, article=article, version=1, reason="another's")

    for act in (SETTING[name], LIFTING[name]):
        with pytest.raises(StaleVersion):
            act(actor=manager, article=article, version=1)


@pytest.mark.parametrize(
    "until", [datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1)], ids=["past", "no zone"]
)
def test_an_embargo_ends_in_the_future_of_some_time_zone(until: datetime) -> None:
    article = make_article()

    with pytest.raises(Invalid) as refused:
        gate_services.embargo(
            actor=manager_of(article.project), article=article, version=1, until=until
        )

    assert refused.value.field == "until"


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 301])
def test_a_hold_has_a_reason_that_fits(reason: str) -> None:
    article = make_article()

    with pytest.raises(Invalid) as refused:
        gate_services.hold(
            actor=manager_of(article.project), article=article, version=1, reason=reason
        )

    assert refused.value.field == "reason"


def test_a_hold_with_another_reason_is_still_the_same_hold() -> None:
    article = make_article()
    manager = manager_of(article.project)

    first = gate_services.hold(actor=manager, article=article, version=1, reason="legal check")
    second = gate_services.hold(actor=manager, article=first, version=2, reason="the\nsource asked")

    assert second.held_at == first.held_at
    assert [gate.words for gate in second.gates] == ["On hold: the source asked"]


def test_a_lifted_hold_leaves_the_article_where_it_stood() -> None:
    annotation = make_annotation()
    article = annotation.layer.article
    manager = manager_of(article.project)
    assert status_of(article) is ArticleStatus.ANNOTATING

    held = gate_services.hold(actor=manager, article=article, version=1, reason="legal check")
    gate_services.lift_hold(actor=manager, article=held, version=2)

    assert status_of(article) is ArticleStatus.ANNOTATING
    assert list(article.annotations.live()) == [annotation]


def test_who_is_not_cleared_cannot_make_an_article_vanish_before_their_own_eyes() -> None:
    article = make_article()

    with pytest.raises(NotCleared):
        gate_services.mark_sensitive(actor=manager_of(article.project), article=article, version=1)


def test_gates_are_told_in_words() -> None:
    article = gated(make_project(), *GATES)
    article.embargo_until = datetime(2026, 12, 3, 8, 0, tzinfo=UTC) - timedelta(hours=2)

    shown = gates.standing(article, datetime(2026, 12, 3, 5, 59, tzinfo=UTC))

    assert [gate.words for gate in shown] == [
        "Withdrawn",
        "On hold: legal check",
        "Embargo until 3 Dec 2026 06:00 UTC",
        "Sensitive",
        "Not for training",
    ]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(GATES)), st.booleans()), max_size=12))
def test_whatever_is_set_and_lifted_the_gates_say_what_stands(
    steps: list[tuple[str, bool]], db: None
) -> None:
    article = make_layer().article
    manager = cleared_manager(article.project)
    standing: set[str] = set()

    for name, sets in steps:
        act = SETTING[name] if sets else LIFTING[name]
        article = act(actor=manager, article=article, version=article.version)
        standing = standing | {name} if sets else standing - {name}
        assert {gate.key for gate in article.gates} == standing

    assert is_seen(manager, article)
    assert status_of(article) is ArticleStatus.ANNOTATING
