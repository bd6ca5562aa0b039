"""What exports and their page read."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from articles.annotations.models import Layer
from articles.desk.models import Project


@contextmanager
def one_instant() -> Iterator[CursorWrapper]:
    """A cursor that sees everything as it stands now, however long it reads, and changes nothing.

    In a transaction that is open already it sees what that one sees.
    """
    opens = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if opens:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield cursor


def layer_names(project: Project) -> list[str]:
    """Whose work there is in the project, by name. One query."""
    layers = Layer.objects.filter(project=project)
    return list(layers.order_by("name").values_list("name", flat=True).distinct())
