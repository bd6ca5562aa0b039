"""Many rows of one table at once, by COPY: a tenth of what it takes to build a model of each."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED
from psycopg import sql
from psycopg.types.json import Jsonb


def new_ids(count: int) -> list[UUID]:
    """So many new ids, in the order of time. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuidv7() FROM generate_series(1, %s)", [count])
        return [chosen for (chosen,) in cursor.fetchall()]


def copy_in(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, each as its values by the names of their columns; all name the same columns.

    The others have the default of the model, or else of the database. One statement.

    Raises:
        IntegrityError, DataError: as any insert does; then none of the rows is there.
    """
    if not rows:
        return
    standard = {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in rows[0]
        and field.db_default is NOT_PROVIDED
        and not field.primary_key
    }
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(column) for column in (*rows[0], *standard)),
    )
    always = tuple(standard.values())
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row((*map(_sent, row.values()), *always))


def _sent(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value
