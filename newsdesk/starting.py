"""What every process of ours does first: reach its database, and bring that up to date."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import django
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from newsdesk import database
from newsdesk.embedded import EmbeddedServerError

POSTGRESQL = 18  # the first with uuidv7()


class CannotStart(Exception):
    """What keeps Newsdesk from starting, in a sentence for whoever started it."""


@contextmanager
def said_in_words() -> Iterator[None]:
    """End with a sentence when Newsdesk cannot start, and quietly on Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        say("\nStopped.")
    except (CannotStart, EmbeddedServerError, database.DatabaseUrlError) as error:
        sys.exit(f"newsdesk: {error}")
    finally:
        # Before Python waits for its threads: those still in a query are let go by this.
        database.release()


def say(words: str) -> None:
    """Tell whoever started us."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def set_up() -> None:
    """Load the application and reach its database.

    Raises:
        CannotStart, EmbeddedServerError, DatabaseUrlError: if that cannot be.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
    try:
        django.setup()
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(
            f"The data folder cannot be used: {error.strerror} ({error.filename})."
        ) from error
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).partition("\n")[0].removeprefix("connection failed: ")
        raise CannotStart(f"The database does not answer: {reason}.") from error
    version = connection.cursor().connection.info.server_version
    if version < POSTGRESQL * 10_000:
        raise CannotStart(
            f"Newsdesk needs PostgreSQL {POSTGRESQL} or newer; this is {version // 10_000}."
        )


def bring_up_to_date() -> str:
    """Migrate, and load the demo if the database is empty; returns what to tell of the demo.

    Ours is all of it or nothing: Django may record a migration in a transaction of its own, and
    being stopped between the two would bar every later start. The queue's are recorded with what
    they do, and need to be committed one by one: each may use a value that the one before added.
    """
    demo = StringIO()
    with _alone():
        call_command("migrate", "procrastinate", verbosity=0, interactive=False)
        with transaction.atomic():
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            call_command("load_demo", "--if-empty", stdout=demo)
    return demo.getvalue()


@contextmanager
def _alone() -> Iterator[None]:
    """By one process at a time, over several transactions: the lock is held by one beside them."""
    holding = connection.copy()
    try:
        holding.set_autocommit(False)
        with holding.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('newsdesk.migrate'))")
        yield
    finally:
        holding.close()
