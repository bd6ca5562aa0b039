"""Suggestions as one annotator has them before them."""

from dataclasses import dataclass
from uuid import UUID

from articles.annotations.queries import read_ranges
from articles.desk.models import User
from articles.intake.models import Article
from articles.suggestions.models import Suggestion, SuggestionVerdict

#: Open suggestions that the panel lists; the next come when some are decided.
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class OpenSuggestions:
    """The first that are open, each with its words, and how many more there are."""

    rows: list[tuple[Suggestion, str]]
    more: int


def open_suggestions(article: Article, user: User) -> OpenSuggestions:
    """What ``user`` may still decide on in the current text, in reading order. Three queries."""
    found = Suggestion.objects.filter(article=article).open_for(user)
    rows = list(found.select_related("label").in_reading_order()[:MOST_LISTED])
    words = read_ranges(article.revision_id, {(row.start, row.end) for row in rows})
    more = found.count() - len(rows) if len(rows) == MOST_LISTED else 0
    return OpenSuggestions([(row, words[row.start, row.end]) for row in rows], more)


def verdicts_of(user: User, article: Article) -> dict[UUID, SuggestionVerdict]:
    """What ``user`` decided on the suggestions for ``article``, by their ids. One query."""
    given = SuggestionVerdict.objects.filter(article=article, layer__annotator=user)
    return {verdict.suggestion_id: verdict for verdict in given}
