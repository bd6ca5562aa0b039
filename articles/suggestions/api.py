"""The API of suggestions: machines bring them in, annotators decide on them."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Status

from articles.intake.api import articles_reached, find_article
from articles.intake.models import Article, Revision
from articles.suggestions import services
from articles.suggestions.models import Suggestion
from articles.suggestions.queries import verdicts_of
from articles.suggestions.schemas import (
    SuggestionIn,
    SuggestionOut,
    Suggestions,
    SuggestionsIn,
    SuggestionsOut,
    SuggestionVerdictIn,
)
from newsdesk.api_auth import ANNOTATE, IMPORT, READ, ApiRequest
from newsdesk.api_shapes import Paging, created, listed
from newsdesk.openapi import problems

router = Router()


@router.get(
    "/articles/{uuid:article_id}/suggestions",
    auth=READ,
    tags=["Suggestions"],
    response={200: Suggestions, **problems(404)},
    exclude_unset=True,
)
def list_suggestions(request: ApiRequest, article_id: UUID, asked: Query[Paging]) -> Suggestions:
    """What machines propose for the article's current text, in reading order.

    Each with what you decided on it; what others decided is in their layers, if you may see them.
    """
    article = find_article(request, article_id)
    rows = Suggestion.objects.filter(article=article).current().select_related("label")
    return listed(request, rows.in_reading_order(), asked, Suggestions, _shower(request, article))


@router.post(
    "/articles/{uuid:article_id}/suggestions",
    auth=IMPORT,
    tags=["Suggestions"],
    response={
        201: SuggestionOut | SuggestionsOut,
        200: SuggestionOut | SuggestionsOut,
        **problems(403, 404, 409),
    },
)
def suggest(
    request: ApiRequest,
    response: HttpResponse,
    article_id: UUID,
    body: SuggestionIn | SuggestionsIn,
) -> Status[SuggestionOut | SuggestionsOut]:
    """Propose a span, or as `items` up to 1,000: all are taken, or none.

    What the same origin proposed before stays once, as it was: 200 if nothing is new.
    422 codes: `span_empty`, `span_out_of_range`, `quote_mismatch`, `label_unknown`,
    `attribute_invalid`.
    """
    article = find_article(request, article_id)
    is_list = isinstance(body, SuggestionsIn)
    items = body.items if isinstance(body, SuggestionsIn) else [body]
    given = [one.given(f"items[{at}]" if is_list else "") for at, one in enumerate(items)]
    rows, new = services.suggest(actor=request.user, article=article, given=given)
    shown = list(map(_shower(request, article), rows))
    out = SuggestionsOut(items=shown) if is_list else shown[0]
    address = reverse("api:list_suggestions", args=[article.pk])
    return created(response, out, address, bool(new))


@router.post(
    "/suggestions/{uuid:suggestion_id}/verdict",
    auth=ANNOTATE,
    tags=["Suggestions"],
    response={201: SuggestionOut, 200: SuggestionOut, **problems(403, 404, 409)},
)
def decide_on_suggestion(
    request: ApiRequest, suggestion_id: UUID, body: SuggestionVerdictIn
) -> Status[SuggestionOut]:
    """Accept or reject a suggestion, for your own layer.

    Accepting makes an annotation there, with `origin` `suggestion`; your first takes a free place
    of the article. The same again is 200. 409 codes: `suggestion_decided` (the other way),
    `duplicate_annotation`, `revision_not_current`, `layer_closed`, `no_free_slot`,
    `article_not_open`.
    """
    rows = Suggestion.objects.filter(article__in=articles_reached(request))
    rows = rows.select_related("label", "article__project")
    suggestion = get_object_or_404(rows, pk=suggestion_id)
    _, is_new = services.decide(actor=request.user, suggestion=suggestion, decision=body.decision)
    return Status(201 if is_new else 200, _shower(request, suggestion.article)(suggestion))


def _shower(request: ApiRequest, article: Article) -> Callable[[Suggestion], SuggestionOut]:
    """How the caller sees suggestions for the article. One query, and one for each text."""
    verdicts = verdicts_of(request.user, article)
    bodies: dict[UUID, str] = {}

    def show(row: Suggestion) -> SuggestionOut:
        if row.revision_id not in bodies:
            revisions = Revision.objects.values_list("body", flat=True)
            bodies[row.revision_id] = revisions.get(pk=row.revision_id)
        return SuggestionOut.of(row, bodies[row.revision_id][row.start : row.end], verdicts)

    return show
