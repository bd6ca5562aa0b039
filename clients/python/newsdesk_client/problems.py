"""What can go wrong, as the server says it."""

from typing import Any

import httpx


class Problem(Exception):
    """The server refused. ``code`` is for programs and stays the same; the message is for people.

    ``errors`` lists what to mend, each with ``loc``, ``code`` and ``message``.
    """

    def __init__(
        self, status: int, code: str, detail: str, errors: list[dict[str, Any]] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.errors = errors or []

    @classmethod
    def of(cls, response: httpx.Response) -> "Problem":
        """What ``response``, whose body has been read, says went wrong."""
        try:
            said = response.json()
            return cls(response.status_code, said["code"], said["detail"], said.get("errors"))
        except (ValueError, KeyError, TypeError):
            return cls(
                response.status_code, "error", f"The server answered {response.status_code}."
            )
