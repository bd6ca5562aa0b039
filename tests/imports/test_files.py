"""Files of imports are kept for a while; what they brought, and what was said of it, for ever."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from articles.datasets.verification import verify
from articles.imports.errors import FileGone
from articles.imports.file_services import forget_old_files
from articles.imports.models import ImportRun
from articles.imports.options import Options
from articles.imports.pages import pages_of
from articles.imports.services import confirm_import, try_again
from articles.intake.models import Article
from tests.desk.people import make_project, manager_of
from tests.imports.runs import imported, start, stories
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db


def ended_long_ago(*runs: ImportRun) -> None:
    ended = timezone.now() - timedelta(days=91)
    ImportRun.objects.filter(pk__in=[run.pk for run in runs]).update(finished_at=ended)


def test_an_old_file_goes_and_what_it_brought_stays() -> None:
    project = make_project()
    run, young = imported(project, stories(2)), imported(project, stories(1))
    ended_long_ago(run)

    assert (forget_old_files(), forget_old_files()) == (1, 0)

    assert not default_storage.exists(run.stored)
    assert default_storage.exists(young.stored)
    run.refresh_from_db()
    assert (run.stored, run.created, run.lines.count()) == ("", 2, 2)
    assert Article.objects.count() == 2
    assert verify() == []


def test_a_file_that_a_younger_run_needs_stays_until_that_is_old_too() -> None:
    project = make_project()
    dry = imported(project, stories(2), is_dry=True)
    waiting = confirm_import(actor=manager_of(project), run=dry)
    ended_long_ago(dry)

    assert forget_old_files() == 0
    run_jobs()
    waiting.refresh_from_db()
    assert waiting.created == 2
    ended_long_ago(waiting)
    assert forget_old_files() == 1
    assert not default_storage.exists(dry.stored)


def test_pages_that_were_fetched_go_with_their_list() -> None:
    run = start(make_project(), b"http://10.0.0.7/\n", format_name="urls", is_dry=True)
    run_jobs()
    assert default_storage.exists(pages_of(run))
    ended_long_ago(run)

    assert forget_old_files() == 1

    assert not default_storage.exists(pages_of(run))


def test_a_run_whose_file_is_gone_says_so_and_is_not_tried_again(client: Client) -> None:
    project = make_project()
    run = imported(project, stories(2), is_dry=True)
    ended_long_ago(run)
    forget_old_files()
    run.refresh_from_db()
    client.force_login(manager_of(project))

    page = client.get(f"/p/{project.slug}/imports/{run.pk}/")

    assert "Its file was deleted" in page.text
    assert "Import 2" not in page.text
    assert "Other options" not in page.text
    with pytest.raises(FileGone):
        confirm_import(actor=manager_of(project), run=run)
    with pytest.raises(FileGone):
        try_again(actor=manager_of(project), run=run, options=Options())
    again = client.get(f"/p/{project.slug}/imports/{run.pk}/options/")
    assert again.status_code == 200
