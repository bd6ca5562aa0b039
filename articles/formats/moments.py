"""Moments as foreign files write them."""

from datetime import UTC, datetime


def moment(words: str) -> str | None:
    """A time of ISO 8601 as a record has it; without a time zone it is taken for UTC.

    What is no time is left out: an article is not worth less for it.
    """
    try:
        found = datetime.fromisoformat(words.strip())
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat()
