"""The demo's suggestions: what a machine that looks for quotes would propose."""

from collections.abc import Mapping, Sequence
from typing import Any

from articles.desk.models import User
from articles.intake.models import Article
from articles.suggestions.services import GivenSuggestion, suggest

ORIGIN = "demo-quotes"


def load_suggestions(article: Article, manager: User, given: Sequence[Mapping[str, Any]]) -> None:
    """Propose the words that the article's file names, each where it first stands."""
    if not given:
        return
    body = article.revision.body
    found = [(one, body.index(one["words"])) for one in given]
    suggest(
        actor=manager,
        article=article,
        given=[
            GivenSuggestion(
                label=one["label"],
                start=start,
                end=start + len(one["words"]),
                quote=one["words"],
                origin=ORIGIN,
                score=one["score"],
            )
            for one, start in found
        ],
    )
