"""How fast a token may call: a bucket that drains with each call and fills with time.

Its level is in the database, so that all processes count together.
"""

import math
from typing import Any

from django.conf import settings
from django.db import connection

from articles.desk.models import ApiToken
from newsdesk.errors import NewsdeskError

# What was left, and what time put in since, is one call less. The row is not touched when there is
# not a whole call left: waiting is not made longer by asking.
SPEND = """
INSERT INTO articles_tokenuse AS used (token_id, level, at)
VALUES (%(token)s, %(most)s - 1, clock_timestamp())
ON CONFLICT (token_id) DO UPDATE SET
    level = least(%(most)s,
        used.level + extract(epoch FROM clock_timestamp() - used.at) * %(a_second)s) - 1,
    at = clock_timestamp()
WHERE used.level + extract(epoch FROM clock_timestamp() - used.at) * %(a_second)s >= 1
RETURNING level
"""
WAIT = """
SELECT (1 - level) / %(a_second)s - extract(epoch FROM clock_timestamp() - at)
FROM articles_tokenuse WHERE token_id = %(token)s
"""


class TooFast(NewsdeskError):
    """This token calls too often. ``retry_after`` is how long to wait, in whole seconds."""

    status = 429
    code = "rate_limited"

    def __init__(self, a_minute: int, retry_after: int) -> None:
        super().__init__(
            f"A token may call {a_minute:,} times a minute. Try again in {retry_after} s."
        )
        self.retry_after = retry_after


def spend(token: ApiToken) -> None:
    """Count one call of ``token``. One query; none where ``API_CALLS_A_MINUTE`` is 0.

    Raises:
        TooFast: if there is none left.
    """
    a_minute = settings.API_CALLS_A_MINUTE
    if not a_minute:
        return
    numbers: dict[str, Any] = {"token": token.pk, "most": a_minute, "a_second": a_minute / 60}
    with connection.cursor() as cursor:
        cursor.execute(SPEND, numbers)
        if cursor.fetchone() is None:
            cursor.execute(WAIT, numbers)
            (seconds,) = cursor.fetchone() or (1,)
            raise TooFast(a_minute, max(1, math.ceil(seconds)))
