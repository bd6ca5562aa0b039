"""For all tests."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from hypothesis import settings
from pytest_django import DjangoDbBlocker

# Two shared cores make some examples slow; slowness is measured in benchmarks/, not here.
settings.register_profile("newsdesk", deadline=None)
settings.load_profile("newsdesk")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database; whatever the tests leave in it must hold every invariant."""
    yield
    with django_db_blocker.unblock():
        call_command("verify")
