"""What can go wrong when an article comes in."""

from typing import Any
from uuid import UUID

from newsdesk.errors import Invalid, NewsdeskError


class TextRefused(Invalid):
    """Newsdesk cannot take this text."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message, field="text")
        self.code = code
        if code == "text_too_long":
            self.status = 413


class DuplicateArticle(NewsdeskError):
    """The project has this article already, but it is not open to you."""

    status = 409
    code = "duplicate_article"

    def __init__(self, message: str | None = None, *, existing: UUID | None = None) -> None:
        super().__init__(message)
        self.existing = existing

    def facts(self) -> dict[str, Any]:
        return {"existing": str(self.existing)} if self.existing else {}


class NotCleared(NewsdeskError):
    """Only who is cleared for sensitive articles marks one: you would lose sight of it."""

    status = 409
    code = "not_cleared"
