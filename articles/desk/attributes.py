"""Typed attributes of a label: what may be said about an annotation beside its label."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, Self

from articles.text.canonical import is_storable
from newsdesk.errors import Invalid

KINDS: tuple[str, ...] = ("choice", "text", "boolean", "number")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: The most code points of a text value, and the most choices and attributes.
LONGEST_TEXT, MOST_CHOICES, MOST_ATTRIBUTES = 500, 50, 20


class AttributeInvalid(Invalid):
    """This value does not fit the label's attributes."""

    code = "attribute_invalid"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One question that a label asks, such as quote → form: direct, mixed or indirect.

    ``choices`` is empty unless ``type`` is ``"choice"``.
    """

    key: str
    name: str
    type: str
    choices: tuple[str, ...] = ()
    required: bool = False

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Self:
        """Read one attribute as the API and the settings page give it.

        Raises:
            Invalid: in words, if it makes no sense.
        """
        unknown = set(given) - {"key", "name", "type", "choices", "required"}
        if unknown:
            raise Invalid(f"An attribute has no “{sorted(unknown)[0]}”.", field="attributes")
        key, kind = given.get("key"), given.get("type", "choice")
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise Invalid(
                "An attribute's key is a word of small letters, digits and _.", field="attributes"
            )
        if kind not in KINDS:
            raise Invalid(f"“{key}” must be one of {', '.join(KINDS)}.", field="attributes")
        choices = given.get("choices") or ()
        if not isinstance(choices, Sequence) or isinstance(choices, str):
            raise Invalid(f"“{key}” needs a list of choices.", field="attributes")
        if not all(isinstance(one, str) and one.strip() and is_storable(one) for one in choices):
            raise Invalid(f"Each choice of “{key}” must be a word.", field="attributes")
        if (kind == "choice") != bool(choices):
            raise Invalid(
                f"“{key}” needs choices if, and only if, its type is choice.", field="attributes"
            )
        if len(choices) > MOST_CHOICES or len(set(choices)) < len(choices):
            raise Invalid(
                f"“{key}” may have {MOST_CHOICES} choices, each once.", field="attributes"
            )
        name = str(given.get("name") or key.replace("_", " ").capitalize())
        if not is_storable(name):
            raise Invalid(f"The name of “{key}” must be words.", field="attributes")
        return cls(key, name[:60], kind, tuple(choices), bool(given.get("required", False)))

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"choices": list(self.choices)}

    def check(self, value: Any) -> None:
        """Refuse ``value`` unless this attribute can have it.

        Raises:
            AttributeInvalid: in words.
        """
        fits = {
            "choice": lambda: value in self.choices,
            "text": lambda: (
                isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and is_storable(value)
            ),
            "boolean": lambda: isinstance(value, bool),
            "number": lambda: type(value) is int or (type(value) is float and isfinite(value)),
        }[self.type]()
        if not fits:
            wanted = {
                "choice": f"one of {', '.join(self.choices)}",
                "text": f"a text of 1 to {LONGEST_TEXT} characters",
                "boolean": "true or false",
                "number": "a number",
            }[self.type]
            raise AttributeInvalid(f"“{self.name}” must be {wanted}.", field=self.key)


def parse_schema(given: Any) -> list[Attribute]:
    """A label's attributes.

    Raises:
        Invalid: in words, if they are not a list of attributes with different keys.
    """
    if not isinstance(given, list) or len(given) > MOST_ATTRIBUTES:
        raise Invalid(
            f"Attributes must be a list of at most {MOST_ATTRIBUTES}.", field="attributes"
        )
    if not all(isinstance(one, Mapping) for one in given):
        raise Invalid("Each attribute must be an object with a key.", field="attributes")
    attributes = [Attribute.parse(one) for one in given]
    if len({attribute.key for attribute in attributes}) < len(attributes):
        raise Invalid("Two attributes have the same key.", field="attributes")
    return attributes


def check_values(schema: Sequence[Attribute], values: Mapping[str, Any]) -> None:
    """Refuse ``values`` that the schema does not know. Missing ones are asked for at submission.

    Raises:
        AttributeInvalid: naming the attribute.
    """
    known = {attribute.key: attribute for attribute in schema}
    for key, value in values.items():
        if key not in known:
            raise AttributeInvalid(f"This label has no attribute “{key}”.", field=key)
        known[key].check(value)


def missing(schema: Sequence[Attribute], values: Mapping[str, Any]) -> list[Attribute]:
    """The required attributes that have no value yet."""
    return [one for one in schema if one.required and one.key not in values]
