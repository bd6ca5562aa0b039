"""Keyset paging: a page begins where the last one ended, whatever came in between.

A cursor is opaque to whoever holds it: the values of the last row's order keys.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

from newsdesk.errors import InvalidQuery


class CursorInvalid(InvalidQuery):
    """This is not a cursor of this list. Start again without one."""

    code = "cursor_invalid"

    def __init__(self) -> None:
        super().__init__(field="cursor")


@dataclass(frozen=True, slots=True)
class Page[Row: Model]:
    """Some rows of a list; ``next_cursor`` leads to the following ones, if there are any."""

    items: list[Row]
    next_cursor: str | None


def page_of[Row: Model](queryset: QuerySet[Row], cursor: str | None, limit: int) -> Page[Row]:
    """The ``limit`` rows after ``cursor``, or the first ones. One query.

    The queryset must be ordered by columns of its own that are never null and together unique.

    Raises:
        CursorInvalid: if ``cursor`` was not given out for a list in this order.
    """
    keys = [str(key) for key in queryset.query.order_by]
    if cursor:
        queryset = queryset.filter(_after(keys, _read(cursor, queryset.model, keys)))
    rows = list(queryset[: limit + 1])
    more = len(rows) > limit
    return Page(rows[:limit], _write(rows[limit - 1], keys) if more else None)


def _after(keys: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after ``values`` in the order of ``keys``.

    The first key is also bounded alone, so that an index on it is entered at the right place.
    """
    found = Q(pk__in=[])
    for key, value in reversed(list(zip(keys, values, strict=True))):
        name = key.removeprefix("-")
        beyond = "lt" if key.startswith("-") else "gt"
        found = Q(**{f"{name}__{beyond}e": value}) & (Q(**{f"{name}__{beyond}": value}) | found)
    return found


def _write(row: Model, keys: Sequence[str]) -> str:
    fields = _fields(type(row), keys)
    text = json.dumps([field.value_to_string(row) for field in fields])
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, model: type[Model], keys: Sequence[str]) -> list[Any]:
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        pairs = zip(_fields(model, keys), values, strict=True)
        read = [_value(field, value) for field, value in pairs if isinstance(value, str)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        raise CursorInvalid() from None
    if len(read) != len(keys):
        raise CursorInvalid()
    return read


def _value(field: Any, text: str) -> Any:
    value = field.to_python(text)
    # PostgreSQL knows no time that is outside of its years in UTC; neither does Python.
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _fields(model: type[Model], keys: Sequence[str]) -> list[Any]:
    found = [model._meta.get_field(key.removeprefix("-")) for key in keys]
    return [field for field in found if isinstance(field, Field)]
