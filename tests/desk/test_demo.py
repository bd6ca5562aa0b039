"""The demo is made once, whole, and only where nobody is yet."""

import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from articles.datasets import demo
from articles.desk.events import Event
from articles.desk.models import Project, User
from articles.intake.models import Article
from tests.desk.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    """A data folder for the demo's password."""
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data"


def load(*options: str) -> str:
    """What ``load_demo`` says."""
    out = StringIO()
    call_command("load_demo", *options, stdout=out)
    return out.getvalue()


def test_a_second_start_changes_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = load("--if-empty")
    events = Event.objects.count()

    assert load("--if-empty") == first
    assert load() == first
    assert (Event.objects.count(), User.objects.count()) == (events, 3)


@pytest.mark.django_db(transaction=True)
def test_two_servers_that_start_at_once_make_one_demo() -> None:
    together = Barrier(2)

    def start(_: int) -> None:
        try:
            together.wait(timeout=10)
            demo.load(if_empty=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(start, range(2)))

    assert (Project.objects.count(), User.objects.count()) == (1, 3)
    assert Article.objects.count() == 12


def test_where_somebody_is_already_nothing_is_made_at_start() -> None:
    make_user("zoe")

    assert load("--if-empty") == ""
    assert not Project.objects.exists()


def test_where_somebody_is_already_it_can_be_asked_for() -> None:
    make_user("zoe")

    load()

    assert Project.objects.get().slug == "harbour-inquiry"


def test_nobodys_account_is_taken_over() -> None:
    ben = make_user("ben")

    with pytest.raises(CommandError, match="somebody here is already"):
        load()

    ben.refresh_from_db()
    assert ben.name == ""
    assert not Project.objects.exists()


def test_a_demo_that_cannot_be_made_whole_is_not_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = Path(shutil.copytree(demo.FILES, tmp_path / "demo"))
    monkeypatch.setattr(demo, "FILES", files)
    last = files / "01-east-quay.toml"
    last.write_text(last.read_text("utf-8").replace("Zoë", "Zoe", 1), "utf-8")

    with pytest.raises(ValueError, match="substring not found"):
        load("--if-empty")

    assert not User.objects.exists()
    assert not Project.objects.exists()


def test_its_people_sign_in_with_the_password_that_is_printed(client: Client, data: Path) -> None:
    said = load("--if-empty").splitlines()

    password = (data / "demo-password").read_text().strip()
    assert said == [
        f"Sign in to the demo with the password {password} as",
        "  ada  Ada Okafor, annotator",
        "  ben  Ben Lindqvist, annotator",
        "  cem  Cem Aydın, manager",
    ]
    assert all(client.login(username=name, password=password) for name in ("ada", "ben", "cem"))


def test_each_data_folder_has_a_password_of_its_own_that_only_its_owner_reads(
    data: Path, settings: Settings, tmp_path: Path
) -> None:
    first, again = demo.password(), demo.password()
    settings.DATA_DIR = tmp_path / "other"

    assert first == again
    assert demo.password() != first
    assert stat.S_IMODE((data / "demo-password").stat().st_mode) == 0o600


def test_who_changed_their_password_is_no_longer_named() -> None:
    load("--if-empty")
    ada = User.objects.get(username="ada")
    ada.set_password("my own words")
    ada.save()

    assert [person.username for person, _ in demo.sign_ins()] == ["ben", "cem"]
