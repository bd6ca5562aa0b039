"""For all tests."""

from collections.abc import Iterator
from functools import cache

import pytest
from django.core.management import call_command
from django.db import connection, transaction
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
    """Like TRUNCATE, for a tenth of the cost: that makes new files for all tables and indexes.

    The lock waits for requests that still run in other sessions, as TRUNCATE does. Triggers,
    which forbid most of this and look for references, do not run in a replica; to say that this
    is one takes a superuser, as the embedded server's user is.
    """
    tables = names_of_tables()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(tables)}")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f"DELETE FROM {table}" for table in tables))


@cache
def names_of_tables() -> list[str]:
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor)) - STAYS
    return [connection.ops.quote_name(name) for name in sorted(names)]


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
