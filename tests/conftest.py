"""For all tests."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import settings
from pytest_django import DjangoDbBlocker

# Two shared cores make some examples slow; slowness is measured in benchmarks/, not here.
settings.register_profile("newsdesk", deadline=None)
settings.load_profile("newsdesk")


@pytest.fixture(autouse=True)
def no_jobs_stay(request: pytest.FixtureRequest) -> Iterator[None]:
    """The queue is not emptied with Django's tables, and the next test would run its jobs."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database; whatever the tests leave in it must hold every invariant."""
    yield
    with django_db_blocker.unblock():
        call_command("verify")
        # A page closed in mid-request leaves a thread of the live server in a session, and a
        # database with sessions cannot be dropped.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
