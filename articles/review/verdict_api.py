"""The API of review: decisions, verdicts and adjudication, for those who review."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Status

from articles.annotations.errors import LabelUnknown
from articles.desk.models import Label
from articles.desk.permissions import can_see_all_layers, role_in
from articles.intake.api import articles_reached, find_article
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.models import Decision, Verdict
from articles.review.verdict_schemas import (
    AdjudicationOut,
    DecisionOut,
    DecisionQuery,
    Decisions,
    VerdictIn,
    VerdictOut,
)
from articles.review.verdict_services import Fix, reopen, rule
from newsdesk.api_auth import READ, REVIEW, ApiRequest
from newsdesk.api_shapes import created, listed
from newsdesk.errors import NotAllowed
from newsdesk.openapi import problems

router = Router()


@router.get(
    "/articles/{uuid:article_id}/decisions",
    auth=READ,
    tags=["Review"],
    response={200: Decisions, **problems(403, 404)},
    exclude_unset=True,
)
def list_decisions(request: ApiRequest, article_id: UUID, asked: Query[DecisionQuery]) -> Decisions:
    """What there is to decide between an article's annotators, leftmost first.

    There are none before all its work is submitted. Only those who see all layers see them.
    """
    article = find_article(request, article_id)
    if not can_see_all_layers(role_in(article.project, request.user), article.project):
        raise NotAllowed("You work blind here: only reviewers see what others annotated.")
    rows = article.decisions.order_by("start", "id")
    if asked.state:
        still_open = article.decisions.open().values("pk")
        rows = (
            rows.filter(pk__in=still_open)
            if asked.state == "open"
            else rows.exclude(pk__in=still_open)
        )
    show = _shower(article)
    return listed(request, rows, asked, Decisions, show)


@router.get(
    "/decisions/{uuid:decision_id}",
    auth=READ,
    tags=["Review"],
    response={200: DecisionOut, **problems(403, 404)},
)
def get_decision(request: ApiRequest, decision_id: UUID) -> DecisionOut:
    """One decision, with the verdict that stands on it."""
    decision = _find(request, decision_id)
    return _shower(decision.article)(decision)


@router.post(
    "/decisions/{uuid:decision_id}/verdict",
    auth=REVIEW,
    tags=["Review"],
    response={201: VerdictOut, 200: VerdictOut, **problems(403, 404, 409)},
)
def give_verdict(
    request: ApiRequest, response: HttpResponse, decision_id: UUID, body: VerdictIn
) -> Status[VerdictOut]:
    """Rule on a decision. It takes the review for you, if nobody else holds it, for 15 minutes.

    409 codes: `already_decided`, `review_held`, `not_in_review`, `released`, `id_reused`.
    """
    decision = _find(request, decision_id)
    verdict, is_new = rule(
        actor=request.user,
        decision=decision,
        ruling=Verdict.Ruling(body.decision),
        variant=body.variant,
        fix=Fix(
            start=body.start,
            end=body.end,
            quote=body.quote,
            label=_label(decision, body.label) if body.label else None,
            attributes=body.attributes,
        ),
        reason=body.reason or "",
        chosen_id=body.id,
    )
    address = reverse("api:get_decision", args=[decision.pk])
    return created(response, VerdictOut.of(_fetched(verdict)), address, is_new)


@router.delete(
    "/decisions/{uuid:decision_id}/verdict",
    auth=REVIEW,
    tags=["Review"],
    response={204: None, **problems(403, 404, 409)},
)
def reopen_decision(request: ApiRequest, decision_id: UUID) -> Status[None]:
    """Open a decision again; the verdict stays in history. An open one stays open.

    409 codes: `review_held`, `not_in_review`, and `released` once the gold is in a dataset.
    """
    reopen(actor=request.user, decision=_find(request, decision_id))
    return Status(204, None)


@router.post(
    "/articles/{uuid:article_id}/adjudication",
    auth=REVIEW,
    tags=["Review"],
    response={200: AdjudicationOut, **problems(403, 404, 409)},
)
def close_review(request: ApiRequest, article_id: UUID) -> AdjudicationOut:
    """Close the review and write the gold layer. Closing it twice changes nothing.

    409 codes: `decisions_open`, `review_held`, `not_in_review`.
    """
    article = find_article(request, article_id)
    done = adjudicate(actor=request.user, article=article)
    return AdjudicationOut.model_validate(
        {
            "article": article.pk,
            "status": "adjudicated",
            "annotation_count": done.layer.annotation_count,
            "relation_count": done.layer.relation_count,
            "left_out": done.left_out,
            "adjudicated_at": done.layer.submitted_at,
        }
    )


def _find(request: ApiRequest, decision_id: UUID) -> Decision:
    """The decision, with its article and project.

    Raises:
        Http404: unless the caller may know of the article, and of everybody's work on it.
    """
    rows = Decision.objects.filter(article__in=articles_reached(request))
    decision = get_object_or_404(rows.select_related("article__project"), pk=decision_id)
    project = decision.article.project
    if not can_see_all_layers(role_in(project, request.user), project):
        raise Http404
    return decision


def _label(decision: Decision, key: str) -> Label:
    label = Label.objects.spans().active().filter(project=decision.project_id, key=key).first()
    if label is None:
        raise LabelUnknown()
    return label


def _fetched(verdict: Verdict) -> Verdict:
    return Verdict.objects.select_related("label", "reviewer").get(pk=verdict.pk)


def _shower(article: Article) -> Callable[[Decision], DecisionOut]:
    """A function that shows a decision of ``article``. Three queries, however many it shows."""
    labels = {str(key): name for key, name in article.project.labels.values_list("pk", "key")}
    layers = dict(article.layers.values_list("pk", "name"))
    verdicts = {
        verdict.decision_id: verdict
        for verdict in Verdict.objects.standing()
        .filter(article=article)
        .select_related("label", "reviewer")
    }
    return lambda one: DecisionOut.of(one, verdicts.get(one.pk), labels, layers)
