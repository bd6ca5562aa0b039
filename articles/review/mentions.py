"""What is in a comment besides words: people who are named in it, and addresses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Characters that a user name may have, but seldom ends with: rather the sentence does.
NAME_ENDS = ".@+-"
#: What stands behind an address and is not a part of it.
ADDRESS_ENDS = ".,;:!?'\"’”»*_"
NAMED_OR_ADDRESS = re.compile(
    r"(?P<url>https?://[^\s<>\"“”«»]+)|(?<![\w.@+-])@(?P<name>[\w.@+-]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a comment: plain words, an address (``url``), or somebody (``person``).

    ``text`` is as it was written, also for somebody, who is shown by name.
    """

    text: str
    url: str = ""
    person: str = ""


def named_in(body: str) -> set[str]:
    """What may be user names in ``body``, behind an ``@``; whose they are the desk knows."""
    return {name for found in _found(body) if found["name"] for name in _readings(found["name"])}


def parts_of(body: str, people: Mapping[str, str]) -> list[Part]:
    """``body`` in parts that make it up again; ``people`` are names to show, by user name.

    Only http and https become links: nothing that a browser would run.
    """
    parts: list[Part] = []
    at = 0
    for found in _found(body):
        if found["url"]:
            words = _address(found["url"])
            part = Part(words, url=words)
        else:
            name = next((one for one in _readings(found["name"]) if one in people), None)
            if name is None:
                continue
            part = Part(f"@{name}", person=people[name])
        if at < found.start():
            parts.append(Part(body[at : found.start()]))
        parts.append(part)
        at = found.start() + len(part.text)
    if at < len(body):
        parts.append(Part(body[at:]))
    return parts


def _found(body: str) -> list[re.Match[str]]:
    return list(NAMED_OR_ADDRESS.finditer(body))


def _readings(name: str) -> list[str]:
    """``name``, and what is left of it without the marks at its end, one after the other."""
    readings = [name]
    while readings[-1][-1:] in NAME_ENDS and len(readings[-1]) > 1:
        readings.append(readings[-1][:-1])
    return readings


def _address(url: str) -> str:
    """``url`` without the marks of the sentence around it."""
    while len(url) > len("https://"):
        closes = url[-1] == ")" and url.count(")") > url.count("(")
        if url[-1] not in ADDRESS_ENDS and not closes:
            break
        url = url[:-1]
    return url
