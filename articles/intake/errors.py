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
    """This article is in the project already."""

    status = 409
    code = "duplicate_article"

    def __init__(self, message: str, *, existing: UUID) -> None:
        super().__init__(message)
        self.existing = existing

    def facts(self) -> dict[str, Any]:
        return {"existing": str(self.existing)}
