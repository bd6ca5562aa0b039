"""Code points ↔ UTF-16 units: the one place on the server where the two meet.

A browser counts UTF-16 units, in which a character outside the Basic Multilingual
Plane (most emoji) counts 2. ``static/js/offsets.js`` is this module's twin.
"""

from articles.text.errors import TextError


class InsideCharacter(TextError):
    """This offset points into the middle of a character."""

    code = "span_out_of_range"


def to_utf16(text: str, offset: int) -> int:
    """The UTF-16 units before code point ``offset`` of ``text``."""
    return offset + sum(1 for character in text[:offset] if character > "\uffff")


def to_code_points(text: str, units: int) -> int:
    """The code points in the first ``units`` UTF-16 units of ``text``.

    Raises:
        InsideCharacter: if ``units`` falls between the two halves of a surrogate
            pair, is negative, or lies past the end.
    """
    encoded = text.encode("utf-16-le", "surrogatepass")
    head = encoded[: units * 2]
    if units < 0 or len(head) < units * 2:
        raise InsideCharacter("This offset lies outside the text.")
    low_half_follows = 0xDC <= encoded[units * 2 + 1] <= 0xDF if units * 2 < len(encoded) else False
    high_half_before = 0xD8 <= encoded[units * 2 - 1] <= 0xDB if units else False
    if low_half_follows and high_half_before:
        raise InsideCharacter("This offset points into the middle of a character.")
    return len(head.decode("utf-16-le", "surrogatepass"))
