"""What was in the lines before, so that a file that says something twice is told so."""

import sqlite3
from collections.abc import Mapping
from typing import Self


class Seen:
    """The lines of one dry run by what must not come twice: see ``Prepared.keys``.

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

    def before(self, number: int, keys: Mapping[str, bytes]) -> str:
        """What line ``number`` has in common with an earlier one, in words; empty if nothing."""
        for words, key in keys.items():
            row = self._lines.execute("SELECT number FROM lines WHERE key = ?", [key]).fetchone()
            if row and row[0] < number:
                return f"Line {row[0]} of this file has the same {words}."
        return ""

    def keep(self, number: int, keys: Mapping[str, bytes]) -> None:
        """Line ``number`` would come in."""
        for key in keys.values():
            self._lines.execute("INSERT OR IGNORE INTO lines VALUES (?, ?)", [key, number])
