"""What holds behind a pooler, which may hand each transaction to another session."""

import pytest
from django.db import connection

from tests.desk.people import make_user

pytestmark = pytest.mark.django_db


def test_rows_that_are_read_by_and_by_hold_no_cursor_in_the_session() -> None:
    user = make_user("zoe")
    make_user("yan")

    rows = type(user).objects.order_by("username").iterator(chunk_size=1)
    first = next(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_cursors")
        held = cursor.fetchall()

    assert (first.username, next(rows).username) == ("yan", "zoe")
    assert held == []
