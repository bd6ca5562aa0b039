"""What was in the lines before, so that a file that says something twice is told so."""

import hashlib
import sqlite3
from typing import Self

from articles.intake.services import Incoming
from articles.text.canonical import canonicalise


class Seen:
    """The lines of one dry run by what must not come twice: a text, and an external id.

    Nothing of a dry run stays in the database that could be compared. It is kept in a temporary
    file of SQLite, of which a small part is in memory, however long the run is.
    """

    def __init__(self) -> None:
        self._lines = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._lines.execute("CREATE TABLE lines (key BLOB PRIMARY KEY, number INT) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    def before(self, number: int, incoming: Incoming) -> str:
        """What line ``number`` has in common with an earlier one, in words; empty if nothing."""
        for words, key in _keys(incoming):
            row = self._lines.execute("SELECT number FROM lines WHERE key = ?", [key]).fetchone()
            if row and row[0] < number:
                return f"Line {row[0]} of this file has the same {words}."
        return ""

    def keep(self, number: int, incoming: Incoming) -> None:
        """Line ``number`` would come in."""
        for _, key in _keys(incoming):
            self._lines.execute("INSERT OR IGNORE INTO lines VALUES (?, ?)", [key, number])


def _keys(incoming: Incoming) -> list[tuple[str, bytes]]:
    text = canonicalise(incoming.text).encode("utf-8", "replace")
    # A corrected text is compared with those that were corrected as often.
    keys = [("text", hashlib.sha256(text).digest() + bytes(str(incoming.revision_number), "ascii"))]
    if incoming.external_id and (name := " ".join(canonicalise(incoming.external_id).split())):
        keys.append(("external id", b"id " + name.encode("utf-8", "replace")))
    return keys
