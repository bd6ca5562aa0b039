"""The fields of one JSON object, taken one by one, with words for whatever is wrong with them."""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Self

from articles.desk.models import LARGEST_INTEGER
from articles.imports.errors import RecordInvalid
from articles.text.canonical import is_storable

#: Objects in objects: more is a mistake, or an attack on whatever reads it.
DEEPEST = 50


class Fields:
    """An object of a record; ``at`` says where it stands there, such as ``annotations[3]``.

    Each method takes one field. A field that is missing or null has the default; without a default
    it is refused. All raise ``RecordInvalid`` in words.
    """

    def __init__(self, given: Any, at: str = "") -> None:
        if not isinstance(given, Mapping):
            raise RecordInvalid(f"{at or 'A record'} must be an object.", field=at or None)
        self._given = given
        self.at = at
        self._taken: set[str] = set()

    def where(self, key: str) -> str:
        return f"{self.at}.{key}" if self.at else key

    def refusal(self, key: str, words: str) -> RecordInvalid:
        return RecordInvalid(f"{self.where(key)} {words}.", field=self.where(key))

    def has(self, key: str) -> bool:
        self._taken.add(key)
        return self._given.get(key) is not None

    def text(self, key: str, default: str | None = None, *, longest: int | None = None) -> str:
        if not self.has(key):
            return self._default(key, default)
        value = self._given[key]
        if not isinstance(value, str):
            raise self.refusal(key, "must be a string")
        if longest is not None and len(value) > longest:
            raise self.refusal(key, f"may have {longest:,} characters; it has {len(value):,}")
        return value

    def number(self, key: str, default: int | None = None, *, least: int = 0) -> int:
        if not self.has(key):
            return self._default(key, default)
        value = self._given[key]
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.refusal(key, "must be a whole number")
        if not least <= value <= LARGEST_INTEGER:
            raise self.refusal(key, f"must be {least} or more" if value < least else "is too large")
        return value

    def yes_or_no(self, key: str, default: bool) -> bool:
        value = self._given[key] if self.has(key) else default
        if not isinstance(value, bool):
            raise self.refusal(key, "must be true or false")
        return value

    def choice(self, key: str, choices: list[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in choices:
            raise self.refusal(key, f"must be one of {', '.join(choices)}; it is “{value}”")
        return value

    def time(self, key: str) -> datetime | None:
        """A moment in UTC; ``None`` if there is none."""
        if not self.has(key):
            return None
        try:
            moment = datetime.fromisoformat(self.text(key))
            if moment.tzinfo is None:
                raise self.refusal(key, "needs its time zone, such as Z")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self.refusal(key, "must be a time such as 2026-11-22T09:30:00Z") from error

    def mapping(self, key: str) -> dict[str, Any]:
        """An object of whatever can be stored; empty if there is none."""
        value = self._given[key] if self.has(key) else {}
        if not isinstance(value, Mapping):
            raise self.refusal(key, "must be an object")
        return dict(value)

    def objects(self, key: str) -> Iterator[Self]:
        """The objects of a list; none if there is no list."""
        value = self._given[key] if self.has(key) else []
        if not isinstance(value, list):
            raise self.refusal(key, "must be a list")
        for index, one in enumerate(value):
            yield type(self)(one, f"{self.where(key)}[{index}]")

    def no_more(self) -> None:
        """Refuse fields that nobody asked for: they are misspelt more often than they are new."""
        unknown = sorted(set(self._given) - self._taken)
        if unknown:
            raise self.refusal(unknown[0], "is no field of this record")

    def _default[T](self, key: str, default: T | None) -> T:
        if default is None:
            raise self.refusal(key, "is missing")
        return default


def refuse_unstorable(value: Any, at: str, depth: int = 0) -> None:
    """Refuse what JSON in Python can hold and PostgreSQL cannot.

    Raises:
        RecordInvalid: for NUL, half characters, infinite numbers, and objects too deep in objects.
    """
    words = None
    if depth > DEEPEST:
        words = "is nested too deeply"
    elif isinstance(value, str):
        if not is_storable(value):
            words = "has a NUL or half a character in it"
    elif isinstance(value, float):
        if not math.isfinite(value):
            words = "has a number that is none"
    elif isinstance(value, list):
        for one in value:
            refuse_unstorable(one, at, depth + 1)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            refuse_unstorable(key, at, depth + 1)
            refuse_unstorable(one, at, depth + 1)
    if words:
        raise RecordInvalid(f"{at} {words}.", field=at)
