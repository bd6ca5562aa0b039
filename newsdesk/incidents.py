"""What broke here and nobody foresaw: it is in the log, under a number that people can tell."""

import logging
import secrets

log = logging.getLogger(__name__)


def write_down(error: BaseException, where: str) -> str:
    """Log ``error`` with its trace; returns the number under which it is found there."""
    number = secrets.token_hex(6)
    log.error("Incident %s %s", number, where, exc_info=error)
    return number


def told(error: BaseException, where: str) -> str:
    """Write ``error`` down; returns the sentence for whoever waits for what broke."""
    number = write_down(error, where)
    return f"Something broke here; it has been written down as incident {number}."
