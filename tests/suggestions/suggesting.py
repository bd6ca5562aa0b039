"""Machines for tests: what they propose."""

from collections.abc import Sequence

from articles.intake.models import Article
from articles.suggestions.models import Suggestion
from articles.suggestions.services import GivenSuggestion, suggest
from tests.desk.people import manager_of

QUOTE = "“The quay is ours again,”"
SOURCE = "Zoë Hart"


def proposed(
    article: Article, words: str = QUOTE, *, label: str = "quote", origin: str = "rules"
) -> GivenSuggestion:
    start = article.revision.body.index(words)
    return GivenSuggestion(
        label=label, start=start, end=start + len(words), quote=words, origin=origin, score=0.75
    )


def make_suggestion(article: Article, words: str = QUOTE, **details: str) -> Suggestion:
    """What a machine of the project's manager proposes."""
    return make_suggestions(article, [proposed(article, words, **details)])[0]


def make_suggestions(article: Article, given: Sequence[GivenSuggestion]) -> list[Suggestion]:
    made, _ = suggest(actor=manager_of(article.project), article=article, given=given)
    return made
