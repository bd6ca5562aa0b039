"""Deciding on suggestions, in the workbench."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from articles.annotations.answers import done
from articles.annotations.desks import Desk
from articles.annotations.forms import cleaned
from articles.annotations.write_views import writes
from articles.suggestions.forms import DecisionForm
from articles.suggestions.models import Suggestion
from articles.suggestions.services import decide


@writes
def suggestion_decide(desk: Desk, suggestion_id: UUID) -> HttpResponse:
    rows = Suggestion.objects.filter(article=desk.article).select_related("label")
    suggestion = get_object_or_404(rows, pk=suggestion_id)
    suggestion.article = desk.article
    decision = cleaned(DecisionForm(desk.request.POST))["decision"]
    verdict, _ = decide(actor=desk.request.user, suggestion=suggestion, decision=decision)
    how = "Accepted" if verdict.annotation else "Rejected"
    spans = [(suggestion.start, suggestion.end)]
    return done(desk, verdict.layer, spans, f"{how}: {suggestion.label.name}.")
