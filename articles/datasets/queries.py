"""What exports and their page read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import (
    Aggregate,
    BigIntegerField,
    Count,
    Func,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from articles.annotations.models import Layer, LayerQuerySet
from articles.desk.models import Project, User
from articles.intake.models import Article, ArticleQuerySet
from articles.review.listing import ArticleFilters, articles_of
from newsdesk.errors import InvalidQuery

#: Layers that are chosen by what they are, and not by their name.
CHOICES = ("all", "submitted", "gold")

#: Filters that let everything through.
UNFILTERED = ArticleFilters()

#: Rows with a text each that are fetched at a time.
AT_ONCE = 50


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


def streamed(rows: QuerySet[Any, Any]) -> Iterator[tuple[Any, ...]]:
    """The columns of ``rows``, fetched a few at a time, in the transaction that is open."""
    with connection.connection.cursor(name="streamed") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(*rows.query.sql_with_params())
        yield from cursor


def articles_going_out(
    project: Project, user: User | None, after: UUID | None = None
) -> ArticleQuerySet:
    """The project's articles that may leave in what ``user`` takes out; see ``gates.py``.

    ``after`` is the article that was the last to arrive: only those that came in later follow.

    Raises:
        InvalidQuery: if the project has no article ``after``.
    """
    articles = Article.objects.going_out(user).filter(project=project)
    if after is None:
        return articles
    last = Article.objects.filter(project=project, pk=after).first()
    if last is None:
        raise InvalidQuery("There is no such article to go on after.", field="after")
    later = Q(created_at__gt=last.created_at) | Q(created_at=last.created_at, pk__gt=last.pk)
    return articles.filter(later, created_at__gte=last.created_at)


def passing(
    articles: ArticleQuerySet, filters: ArticleFilters, project: Project, user: User | None
) -> ArticleQuerySet:
    """Those of ``articles`` of the project that pass ``filters`` of its list, as ``user`` sees it;
    all of them where nobody does.

    Raises:
        Invalid: if a filter makes no sense.
    """
    if user is None or filters == UNFILTERED:
        return articles
    found = articles_of(project, filters, reader=user, is_blind=False)
    return articles.filter(pk__in=found.order_by().values("pk"))


def chosen_layers(project: Project, layers: str) -> LayerQuerySet:
    """The work of the project that ``layers`` names: ``all``, ``submitted``, ``gold`` or a name.

    What is done for practice is in none of them.
    """
    work = Layer.objects.filter(project=project).exclude(kind=Layer.Kind.PRACTICE)
    if layers == "all":
        return work
    if layers == "submitted":
        return work.submitted()
    if layers == "gold":
        return work.gold()
    return work.filter(name=layers.replace("\0", ""))


def layers_going_out(project: Project, user: User | None, layers: str = "all") -> LayerQuerySet:
    """The chosen work on the articles that may leave in what ``user`` takes out."""
    return chosen_layers(project, layers).filter(article__in=articles_going_out(project, user))


def check_layers(project: Project, layers: str, user: User | None = None) -> None:
    """Refuse the name of a layer that is on nothing which ``user`` may take out. One query.

    Raises:
        InvalidQuery: in words.
    """
    known = layers in CHOICES
    if not (known or layers_going_out(project, user, layers).exists()):
        raise InvalidQuery(
            f"Layers are all, submitted, gold, or the name of one; there is no “{layers}” here.",
            field="layers",
        )


# An event may become visible later than younger ones. As long as one may still come before the
# last, the moment itself is in the state, so that nobody takes it for an earlier one.
STATE = """
SELECT event.xid::text || '.' || event.id, CASE
    WHEN event.xid < newsdesk_settled_before() THEN ''
    ELSE pg_current_snapshot()::text
END
FROM articles_event event WHERE project_id = %s ORDER BY xid DESC, id DESC LIMIT 1
"""


def state_of(project: Project, articles: ArticleQuerySet) -> str:
    """Something that changes with whatever changes ``articles`` of the project. Two queries.

    An embargo or a lease ends without an event, so which articles they are is in it, too.
    """
    with connection.cursor() as cursor:
        cursor.execute(STATE, [project.pk])
        last = cursor.fetchone()
    number = Func(Cast("pk", TextField()), Value(0), function="hashtextextended")
    which = Aggregate(number, function="bit_xor", output_field=BigIntegerField())
    return f"{last} {articles.order_by().aggregate(n=Count('pk'), which=which)}"


def layer_names(project: Project, user: User | None) -> list[str]:
    """Whose work there is on what ``user`` may take out, by name. One query."""
    layers = layers_going_out(project, user).of_people()
    return list(layers.order_by("name").values_list("name", flat=True).distinct())


def label_names(project: Project) -> list[tuple[str, str]]:
    """The labels of spans, each with its key, in their order. One query."""
    return list(project.labels.spans().in_order().values_list("key", "name"))
