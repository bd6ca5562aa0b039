"""What exports and their page read."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from articles.annotations.models import Layer, LayerQuerySet
from articles.desk.models import Project, User
from articles.intake.models import Article, ArticleQuerySet


@contextmanager
def one_instant(*, writes: bool = False) -> Iterator[CursorWrapper]:
    """A cursor that sees everything as it stands now, however long it reads, and changes nothing,
    unless it ``writes`` what nobody else does.

    In a transaction that is open already it sees what that one sees.
    """
    opens = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if opens:
            access = "READ WRITE" if writes else "READ ONLY"
            cursor.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, {access}")
        yield cursor


def articles_going_out(project: Project, user: User | None) -> ArticleQuerySet:
    """The project's articles that may leave in what ``user`` takes out; see ``gates.py``."""
    return Article.objects.going_out(user).filter(project=project)


def layers_going_out(project: Project, user: User | None) -> LayerQuerySet:
    """The work on those articles."""
    return Layer.objects.filter(article__in=articles_going_out(project, user))


def layer_names(project: Project, user: User | None) -> list[str]:
    """Whose work there is on what ``user`` may take out, by name. One query."""
    layers = layers_going_out(project, user)
    return list(layers.order_by("name").values_list("name", flat=True).distinct())
