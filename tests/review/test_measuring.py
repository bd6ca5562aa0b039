"""When the dashboard's numbers are taken, kept, and taken again."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.desk.models import Project, Role, User
from articles.intake.models import Article
from articles.review import measuring
from articles.review.dashboard_queries import View
from articles.review.measuring import as_seen_by, key_of, lock_of, measure, measured
from articles.review.models import Measurement
from tests.desk.people import join, make_user, manager_of, signed_in
from tests.factories import make_article
from tests.review.handing_in import disputed, make_team


@pytest.fixture
def team() -> tuple[Project, list[User]]:
    return make_team("ada", "ben")


def view_of(project: Project, **asked: Any) -> View:
    return as_seen_by(project, manager_of(project), **asked)


def articles_in(found: measuring.Measured) -> int:
    """How many articles the agreement rests on."""
    assert found.numbers is not None
    return found.numbers.of("f1_exact").overall.articles


@pytest.fixture
def with_much_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Any work counts as so much that no page waits for it."""
    monkeypatch.setattr(measuring, "AT_ONCE", -1)
    yield
    measuring.stop()


@pytest.mark.django_db
def test_little_work_is_measured_at_once_and_again_when_anything_happened(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben) = team
    disputed(project, ada, ben)
    first = measured(view_of(project))
    assert articles_in(first) == 1
    assert measured(view_of(project)) == first

    disputed(project, ada, ben)

    assert articles_in(measured(view_of(project))) == 2


@pytest.mark.django_db
def test_numbers_of_another_day_are_old(team: tuple[Project, list[User]]) -> None:
    project, (ada, ben) = team
    disputed(project, ada, ben)
    first = measured(view_of(project))
    kept = Measurement.objects.get()
    yesterday = timezone.now() - timedelta(days=1)
    Measurement.objects.update(value={**kept.value, "computed_at": yesterday.isoformat()})

    again = measured(view_of(project))

    assert first.computed_at is not None
    assert again.computed_at is not None
    assert again.computed_at > first.computed_at


@pytest.mark.django_db
def test_numbers_in_the_shape_of_another_version_are_taken_again(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben) = team
    disputed(project, ada, ben)
    measure(view_of(project))
    Measurement.objects.update(value={"numbers": {"progress": "all"}})

    assert articles_in(measured(view_of(project))) == 1


@pytest.mark.django_db
def test_people_from_whom_the_same_is_kept_share_numbers(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben) = team
    manager, rey = manager_of(project), join(project, make_user("rey"), Role.REVIEWER)
    article = disputed(project, ada, ben)

    def keys() -> list[str]:
        return [key_of(as_seen_by(project, person)) for person in (manager, rey, ada, ben)]

    of_manager, of_reviewer, of_ada, of_ben = keys()
    assert of_manager == of_reviewer != of_ada == of_ben

    Article.objects.filter(pk=article.pk).update(held_at=timezone.now(), hold_reason="Legal")

    hidden_of_manager, hidden_of_reviewer, *_ = keys()
    assert hidden_of_manager == of_manager
    assert hidden_of_reviewer not in (of_manager, of_reviewer)


@pytest.mark.django_db
def test_each_filter_has_numbers_of_its_own(team: tuple[Project, list[User]]) -> None:
    project, _ = team

    views = [
        view_of(project),
        view_of(project, days=7),
        view_of(project, label="quote"),
        view_of(project, annotator="ada"),
        view_of(project, annotator="quote"),
    ]

    assert len({key_of(view) for view in views}) == len(views)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("with_much_work")
def test_much_work_is_measured_by_a_process_of_its_own(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben) = team
    disputed(project, ada, ben)
    view = view_of(project)

    waiting = measured(view)
    assert (waiting.numbers, waiting.is_updating) == (None, True)
    assert measuring.running() is not None
    measuring.wait()

    found = measured(view)
    assert articles_in(found) == 1
    assert not found.is_updating


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("with_much_work")
def test_a_page_that_waits_is_told_only_when_there_are_numbers(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben) = team
    disputed(project, ada, ben)
    browser, address = signed_in(manager_of(project)), reverse("dashboard", args=[project.slug])

    def ask(seen: str) -> tuple[int, str]:
        response = browser.get(address, {"seen": seen}, headers={"HX-Request": "true"})
        return response.status_code, response.text

    first = browser.get(address)
    assert "The work is being measured." in first.text
    assert 'hx-trigger="every 5s"' in first.text
    assert "hx-trigger" in first.text.partition('id="dashboard-news"')[2]
    assert ask("") == (204, "") or measuring.running() is None
    measuring.wait()

    status, text = ask("")
    assert status == 200
    assert "57%" in text
    assert 'hx-trigger="every' not in text.partition('id="dashboard-news"')[2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("with_much_work")
def test_old_numbers_stay_while_new_ones_are_taken(team: tuple[Project, list[User]]) -> None:
    project, (ada, ben) = team
    disputed(project, ada, ben)
    view = view_of(project)
    measure(view)
    disputed(project, ada, ben)
    young = measured(view)
    assert (articles_in(young), young.is_updating) == (1, False)

    kept = Measurement.objects.get()
    before = timezone.now() - measuring.FRESH * 1.5
    Measurement.objects.update(value={**kept.value, "computed_at": before.isoformat()})
    old = measured(view)
    assert (articles_in(old), old.is_updating) == (1, True)
    measuring.wait()

    assert articles_in(measured(view)) == 2
    page = signed_in(manager_of(project)).get(
        reverse("dashboard", args=[project.slug]),
        {"seen": before.isoformat()},
        headers={"HX-Request": "true"},
    )
    assert "There are new figures." in page.text
    assert "<svg" not in page.text


@pytest.mark.django_db(transaction=True)
def test_numbers_stay_when_taking_them_fails_and_it_is_said_since_when(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben) = team
    disputed(project, ada, ben)
    view = view_of(project)
    measured(view)
    disputed(project, ada, ben)

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_verdict RENAME TO lost")
        failed = measured(view)
        cursor.execute("ALTER TABLE lost RENAME TO articles_verdict")

    assert (articles_in(failed), failed.is_updating) == (1, False)
    assert failed.failed_at is not None
    page = signed_in(manager_of(project)).get(reverse("dashboard", args=[project.slug])).text
    assert "Measuring failed at" in page
    assert "57%" in page

    long_ago = failed.failed_at - measuring.PATIENCE * 1.5
    value = Measurement.objects.get().value
    Measurement.objects.update(value={**value, "failed_at": long_ago.isoformat()})
    assert articles_in(measured(view)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_project_is_measured_by_one_process_at_a_time(
    team: tuple[Project, list[User]], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _ = team
    monkeypatch.setattr(measuring, "AT_ONCE", -1)
    with psycopg.connect(measuring.database_url()) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", lock_of(project))
        said = StringIO()

        call_command("measure", project.slug, stdout=said)

        assert said.getvalue() == "It is being measured.\n"
        assert measured(view_of(project)).is_updating
        assert measuring.running() is None
    assert not Measurement.objects.exists()


@pytest.mark.django_db
def test_the_command_measures_for_every_kind_of_reader(team: tuple[Project, list[User]]) -> None:
    project, (ada, ben) = team
    join(project, make_user("rey"), Role.REVIEWER)
    disputed(project, ada, ben)
    hidden = make_article(project)
    Article.objects.filter(pk=hidden.pk).update(withdrawn_at=timezone.now())
    said = StringIO()

    call_command("measure", project.slug, stdout=said)

    # A manager, who sees the withdrawn one; a reviewer; an annotator, who works blind.
    assert said.getvalue() == "Measured for 3 kinds of reader.\n"
    assert Measurement.objects.filter(project=project).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [["nowhere"], ["harbour-inquiry", "--reader=nobody"]])
def test_the_command_refuses_what_there_is_not(
    team: tuple[Project, list[User]], asked: list[str]
) -> None:
    with pytest.raises(CommandError):
        call_command("measure", *asked)


@pytest.mark.django_db
def test_numbers_that_nobody_asks_for_are_let_go(team: tuple[Project, list[User]]) -> None:
    project, _ = team
    measure(view_of(project, label="quote"))
    long_ago = timezone.now() - measuring.KEPT - timedelta(days=1)
    Measurement.objects.update(computed_at=long_ago)

    measure(view_of(project))

    assert [key_of(view_of(project))] == list(Measurement.objects.values_list("key", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("with_much_work")
def test_a_file_of_numbers_that_are_not_there_yet_is_refused_in_words(
    team: tuple[Project, list[User]], client: Client
) -> None:
    project, (ada, ben) = team
    disputed(project, ada, ben)
    client.force_login(manager_of(project))

    response = client.get(reverse("figure-csv", args=[project.slug, "pairs"]))

    assert response.status_code == 409
    assert "Try again in a minute" in response.text
