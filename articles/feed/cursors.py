"""Places in a feed, as programs keep them."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from articles.feed.errors import CursorMalformed

#: What a cursor of somebody ends with who is told of sensitive articles, too.
CLEARED = "-cleared"
_TEXT = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{8})(-cleared)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place right behind one event, for one kind of reader.

    The event's number alone could be another event's after a database was restored, so ``check`` is
    made from what never changes of the event. ``cleared`` says whether its reader was told of
    sensitive articles, too: whoever was and is no longer, or the other way round, begins anew.
    """

    event: int
    check: str
    cleared: bool = False

    def __str__(self) -> str:
        return f"{self.event}-{self.check}{CLEARED if self.cleared else ''}"


def read_cursor(text: str) -> Cursor:
    """The cursor that is written so.

    Raises:
        CursorMalformed: if none is.
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        raise CursorMalformed()
    return Cursor(int(found[1]), found[2], found[3] is not None)


def check_of(event: int, kind: str, at: datetime) -> str:
    """Eight hexadecimal digits of what an event is."""
    said = f"{event} {kind} {at.astimezone(UTC).isoformat()}"
    return hashlib.sha256(said.encode()).hexdigest()[:8]
