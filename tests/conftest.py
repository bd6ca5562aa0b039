"""For all tests."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings
from pytest_django import DjangoDbBlocker

# Two shared cores make some examples slow; slowness is measured in benchmarks/, not here.
settings.register_profile("newsdesk", deadline=None)
settings.load_profile("newsdesk")


#: What migrations put there, and no test changes.
STAYS = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(autouse=True, scope="session")
def emptied_quickly() -> Iterator[None]:
    """Tests that commit leave empty tables, those of the queue as well.

    Django's own way leaves the queue as it is, and makes all content types and permissions anew,
    which takes three times as long as to empty everything.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty_tables())
        yield


def empty_tables() -> None:
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - STAYS)
        quoted = (connection.ops.quote_name(name) for name in names)
        cursor.execute(f"TRUNCATE {', '.join(quoted)}")


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
