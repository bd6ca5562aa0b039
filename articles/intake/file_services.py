"""Bring in a file; what is wrong with it is told, so that the next can go on."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from articles.desk.models import Project, User
from articles.intake.errors import DuplicateArticle
from articles.intake.readers import from_file
from articles.intake.services import add_article
from newsdesk.errors import Invalid


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: ``imported``, ``duplicate`` or ``refused``.

    ``words`` are the article's title, or what was wrong. ``article_id`` is that of the article, or
    of the one that was there before, if it may be known.
    """

    name: str
    status: str
    words: str
    article_id: UUID | None = None

    @property
    def is_there(self) -> bool:
        """Whether the project has the article now."""
        return self.status != "refused"


def add_file(*, actor: User, project: Project, name: str, data: bytes, **details: Any) -> Outcome:
    """Bring the article in a file into the project; ``details`` go before what the file says.

    Raises:
        NotAllowed: unless the actor may import into the project.
    """
    try:
        incoming = from_file(name, data, **details)
        article, _ = add_article(actor=actor, project=project, incoming=incoming)
    except DuplicateArticle as error:
        return Outcome(name, "duplicate", error.message, error.existing)
    except Invalid as error:
        return Outcome(name, "refused", error.message)
    return Outcome(name, "imported", article.title, article.pk)
