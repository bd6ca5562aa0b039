"""Foreign JSON, taken with a look at its types, and in words what is wrong with it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from articles.formats.json_items import items
from articles.formats.shapes import Found


class Malformed(ValueError):
    """Something is not as its format says; the words say where, and what it should be."""


def articles[T](
    file: BinaryIO, convert: Callable[[int, dict[str, Any]], T], name: str
) -> Iterator[T | Found]:
    """Each JSON object of ``file``, called ``name``, as ``convert`` has it.

    What ``convert`` raises as ``Malformed`` is the problem of that one.
    """
    for item in items(file):
        if item.problem:
            yield Found(item.number, problem=item.problem)
            continue
        try:
            yield convert(item.number, an_object(item.value, name))
        except Malformed as malformed:
            yield Found(item.number, problem=str(malformed))


def an_object(value: Any, name: str) -> dict[str, Any]:
    """``value`` if it is an object.

    Raises:
        Malformed: if it is not; so do all of these.
    """
    if not isinstance(value, dict):
        raise Malformed(f"{name} must be an object.")
    return value


def a_list(value: Any, name: str) -> list[Any]:
    """``value`` if it is a list; nothing is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Malformed(f"{name} must be a list.")
    return value


def objects(value: Any, name: str) -> list[dict[str, Any]]:
    """``value`` if it is a list of objects; nothing is an empty one."""
    return [an_object(one, f"{name}[{at}]") for at, one in enumerate(a_list(value, name))]


def a_text(value: Any, name: str) -> str:
    """``value`` if it is a string."""
    if not isinstance(value, str):
        raise Malformed(f"{name} must be a string.")
    return value


def a_number(value: Any, name: str) -> int:
    """``value`` if it is a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed(f"{name} must be a whole number.")
    return value


def a_name(value: Any) -> str:
    """What something is called, be it by words or by a number; empty if it is not called."""
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def text_of(given: Mapping[str, Any], key: str) -> str:
    """The string that ``given`` has for ``key``; empty if it has none there."""
    value = given.get(key)
    return value if isinstance(value, str) else ""


def each(value: Any) -> list[Any]:
    """The values that are meant: JSON-LD leaves out the brackets around a single one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
