"""JSON of any length, value by value: those of one array, or those that follow one another."""

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

#: Characters of one value; a text has at most 2 MB.
LONGEST_VALUE = 64 * 1024 * 1024
_CHUNK = 256 * 1024
_SPACE = " \t\r\n"
#: So far before the end of what was read a mistake is none of a value that was cut off there.
_CUT = 16


@dataclass(frozen=True, slots=True)
class Item:
    """One value, counted from 1, or in words why it is none."""

    number: int
    value: Any = None
    problem: str = ""


def items(file: BinaryIO) -> Iterator[Item]:
    """The values in ``file``, needing memory for one of them.

    A line that is broken does not hide the next one. In an array it does: nobody can tell where
    the next value would begin.
    """
    source = _Source(file)
    try:
        yield from _items(source)
    except UnicodeDecodeError:
        yield Item(source.number + 1, problem="This file is not UTF-8.")


def _items(source: "_Source") -> Iterator[Item]:
    is_array = source.peek() == "["
    if is_array:
        source.at += 1
    while following := source.peek():
        if is_array and following in ",]":
            source.at += 1
            if following == "]":
                return
            continue
        source.number += 1
        try:
            yield Item(source.number, source.value())
        except ValueError as error:
            yield Item(source.number, problem=f"This is not JSON: {error}.")
            if is_array or not source.next_line():
                return
    if is_array:
        yield Item(
            source.number + 1,
            problem="This file was cut off: its list does not end. What was behind is missing.",
        )


class _Source:
    """The text of a file from some place on; ``number`` counts the values that were begun."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._is_over = False
        self.at = self.number = 0

    def peek(self) -> str:
        """The next character that is no white space, and stay before it; empty at the end."""
        while True:
            while self.at < len(self._text):
                if self._text[self.at] not in _SPACE:
                    return self._text[self.at]
                self.at += 1
            if self._is_over:
                return ""
            self._more(_CHUNK)

    def value(self) -> Any:
        """The value that begins here, and go behind it.

        Raises:
            ValueError: in words, if it is none.
        """
        wanted = _CHUNK
        while True:
            try:
                value, self.at = self._decoder.raw_decode(self._text, self.at)
            except json.JSONDecodeError as error:
                # What was cut off is read on; each time twice as much, or long values take ages.
                is_cut = error.pos > len(self._text) - _CUT or "string" in error.msg
                if self._is_over or not is_cut:
                    raise ValueError(error.msg.lower()) from error
            except RecursionError:
                raise ValueError("it is nested too deeply") from None
            else:
                return value
            if len(self._text) - self.at > LONGEST_VALUE:
                raise ValueError(f"one value is longer than {LONGEST_VALUE:,} characters")
            self._more(wanted)
            wanted *= 2

    def next_line(self) -> bool:
        """Go to the next line that begins with an object; whether there is one."""
        while True:
            end = self._text.find("\n", self.at)
            if end >= 0:
                self.at = end + 1
                if self.peek() == "{":
                    return True
            elif self._is_over:
                return False
            else:
                self.at = len(self._text)
                self._more(_CHUNK)

    def _more(self, size: int) -> None:
        data = self._file.read(size)
        self._is_over = not data
        self._text = self._text[self.at :] + self._decode(data, final=not data)
        self.at = 0
