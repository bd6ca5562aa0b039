"""For all tests of imports."""

from collections.abc import Iterator

import pytest

from tests.imports.sites import serving


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a news site on this machine."""
    with serving() as address:
        yield address
