"""Tables of phrases, and finding them at the beginning of a line."""

from collections import defaultdict
from collections.abc import Iterable

_HEAD = 2  # every phrase is at least as long; more would not be faster
UNSPACED = "\u3040"  # scripts from here on put no space between words


def phrases(tables: dict[str, str]) -> frozenset[str]:
    """All phrases of tables that keep them apart by bars and line ends."""
    rows = "\n".join(tables.values()).replace("|", "\n").split("\n")
    return frozenset(row.strip().casefold() for row in rows) - {""}


class Openings:
    """Phrases that a line may open with, found by their first letters."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_head: dict[str, list[str]] = defaultdict(list)
        for phrase in sorted(phrases, key=len, reverse=True):
            self._by_head[phrase[:_HEAD]].append(phrase)

    def opening(self, line: str) -> str:
        """The longest phrase that ``line`` opens with, as whole words; "" if there is none.

        A capital behind the phrase begins a word too, since scrapers glue buttons together.
        """
        low = line.casefold()
        for phrase in self._by_head.get(low[:_HEAD], ()):
            stem = phrase.removesuffix("-")
            if low.startswith(stem) and (stem != phrase or _ends_word(line, len(stem))):
                return stem
        return ""


def _ends_word(line: str, at: int) -> bool:
    behind = line[at : at + 1]
    return (
        not behind.isalnum() or behind.isupper() or behind >= UNSPACED or not line[at - 1].isalnum()
    )


def find_phrase(text: str, phrases: Iterable[str]) -> range | None:
    """Where the first of ``phrases`` is in ``text``; None if there is none."""
    low = text.casefold()
    if len(low) != len(text):  # ß became ss: the places would not fit
        low = "".join(char.casefold() if len(char.casefold()) == 1 else char for char in text)
    found = [phrase for phrase in phrases if phrase in low]
    if not found:
        return None
    start, length = min((low.index(phrase), -len(phrase)) for phrase in found)
    return range(start, start - length)
