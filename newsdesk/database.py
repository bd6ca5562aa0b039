"""Which PostgreSQL this process talks to: that of ``DATABASE_URL``, or the embedded one."""

import atexit
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from newsdesk import embedded

_in_use: list[embedded.Server] = []


class DatabaseUrlError(Exception):
    """``DATABASE_URL`` is not the address of a PostgreSQL database; the message says why."""


def settings_from_environment(data: Path, options: Sequence[str] = ()) -> dict[str, Any]:
    """An entry of Django's ``DATABASES``.

    Without ``DATABASE_URL`` this process uses the embedded server in ``data`` until it ends;
    ``options`` are for that server, as in ``embedded.use``.

    Raises:
        DatabaseUrlError: if ``DATABASE_URL`` is wrong.
        EmbeddedServerError: if the embedded server cannot run.
    """
    url = os.environ.get("DATABASE_URL")
    if not url:
        server = embedded.use(data, options)
        _in_use.append(server)
        url = server.dsn
    return settings_of(url)


@atexit.register
def release() -> None:
    """Give the embedded server up, at exit or before; our sessions on it end if it stops."""
    while _in_use:
        _in_use.pop().leave()


def settings_of(url: str) -> dict[str, Any]:
    """An entry of Django's ``DATABASES`` for the database at ``url``.

    Its query holds libpq parameters (``sslmode``, ``connect_timeout``, …); ``host`` there is for
    what an address cannot say, such as the folder of a socket.

    Raises:
        DatabaseUrlError: if it does not name a PostgreSQL database.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise DatabaseUrlError(f"DATABASE_URL cannot be read: {error}.") from error
    if parts.scheme not in ("postgresql", "postgres"):
        raise DatabaseUrlError(
            "DATABASE_URL must begin with postgresql://, because Newsdesk needs PostgreSQL; "
            f"it begins with {parts.scheme or url.partition(':')[0]}."
        )
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise DatabaseUrlError("DATABASE_URL names no database: end it with /name.")
    options = {"connect_timeout": "10"} | dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", str(port or "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # A cursor that outlives its statement is lost behind a pooler such as PgBouncer.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
