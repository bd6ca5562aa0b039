"""The list of reviews, and the page on which a reviewer decides."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles.annotations import stylesheet
from articles.annotations.forms import as_uuid, attribute_values, cleaned
from articles.annotations.models import Layer
from articles.desk.permissions import can_manage, can_review, can_see_all_layers, role_in
from articles.desk.views import find_project
from articles.intake.models import Article, Revision
from articles.review.adjudication_services import adjudicate
from articles.review.fixing import found_at, moved
from articles.review.listing import status_of
from articles.review.models import Review, Verdict
from articles.review.practice_services import set_practice
from articles.review.review_forms import AcceptForm, ReturnForm, VerdictForm
from articles.review.review_queries import (
    REASONS,
    Card,
    ReviewPage,
    review_page,
    waiting_for_review,
)
from articles.review.review_services import (
    UNDER_REVIEW,
    check_free,
    check_reviewer,
    leave_review,
    open_review,
    return_layer,
)
from articles.review.verdict_services import Fix, accept_all, reopen, reopen_last, rule
from articles.text.spans import Span
from newsdesk.errors import Invalid, NewsdeskError
from newsdesk.http import EditorRequest, SeeOther
from newsdesk.signing_in import ask_to_sign_in, is_signed_out, signed_in

#: Articles that the list of reviews shows: what is decided makes room for what follows.
MOST_LISTED = 100

type ReviewView[**P] = Callable[Concatenate[EditorRequest, Article, P], HttpResponse]


@signed_in
@require_safe
def review_list(request: EditorRequest, slug: str) -> HttpResponse:
    """Articles that wait for review, those with the lowest agreement first."""
    project = find_project(request, slug)
    role = role_in(project, request.user)
    if not can_review(role):
        raise Http404
    waiting = list(waiting_for_review(project, request.user)[: MOST_LISTED + 1])
    context = {
        "project": project,
        "waiting": waiting[:MOST_LISTED],
        "has_more": len(waiting) > MOST_LISTED,
    }
    return render(request, "review/review_list.html", context)


def reviews[**P](view: ReviewView[P]) -> Callable[..., HttpResponse]:
    """A POST by a reviewer, at an article that they may see; a refusal is answered in words."""

    @require_POST
    @wraps(view)
    def answer(
        request: EditorRequest, slug: str, article_id: UUID, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if is_signed_out(request):
            return ask_to_sign_in(request, back=reverse("review", args=[slug, article_id]))
        article = _find(request, slug, article_id)
        try:
            check_reviewer(actor=request.user, article=article)
            return view(request, article, *args, **kwargs)
        except NewsdeskError as error:
            return _refused(request, article, error)

    return answer


@signed_in
@require_safe
def review(request: EditorRequest, slug: str, article_id: UUID) -> HttpResponse:
    """The decisions of an article. Once it is open, the page asks to hold the review."""
    article = _find(request, slug, article_id)
    found = Review.objects.select_related("reviewer").filter(article=article).first()
    status = status_of(article)
    if found is None or status not in UNDER_REVIEW:
        context = {"project": article.project, "article": article, "status": status}
        return render(request, "review/review_none.html", context, status=409)
    return _page(request, article, found, read_only=_closed_because(request, article, found))


@reviews
def review_hold(request: EditorRequest, article: Article) -> HttpResponse:
    """Hold the review, with ``take_over`` from whoever has it; or let it go, with ``leave``."""
    if "leave" in request.POST:
        leave_review(actor=request.user, article=article)
        return SeeOther(reverse("review-list", args=[article.project.slug]))
    held = open_review(actor=request.user, article=article, take_over="take_over" in request.POST)
    if not request.htmx:
        return SeeOther(_url(article))
    context = {"project": article.project, "article": article, "review": held}
    return render(request, "review/lease.html", context)


@reviews
def verdict_give(request: EditorRequest, article: Article, decision_id: UUID) -> HttpResponse:
    decision = get_object_or_404(article.decisions, pk=decision_id)
    decision.article = article
    values = cleaned(VerdictForm(request.POST))
    ruling = Verdict.Ruling(values["ruling"])
    fix = _fix(request, article, values) if ruling == Verdict.Ruling.FIX else None
    rule(
        actor=request.user,
        decision=decision,
        ruling=ruling,
        variant=values["variant"] or 1,
        fix=fix,
        reason=values["reason"],
        version=values["version"],
        chosen_id=values["id"],
    )
    done = {
        Verdict.Ruling.ACCEPT: f"Accepted variant {values['variant'] or 1}.",
        Verdict.Ruling.FIX: "Fixed and accepted.",
        Verdict.Ruling.REJECT: "Nothing here.",
    }
    return _answer(request, article, [decision.pk], done[ruling])


@reviews
def decision_edge(request: EditorRequest, article: Article, decision_id: UUID) -> HttpResponse:
    """Move an edge of what is being fixed by one word; nothing is decided yet."""
    decision = get_object_or_404(article.decisions, pk=decision_id)
    values = cleaned(VerdictForm(request.POST.dict() | {"ruling": "fix"}))
    body = _body(article)
    span = moved(body, _span(body, values), values["edge"])
    page = review_page(Review.objects.select_related("article__project").get(article=article))
    card = next(one for one in page.cards if one.decision.pk == decision.pk)
    fixing = {"start": span.start, "end": span.end, "words": span.text_in(body)}
    if request.htmx:
        context = {**_context(request, article, page), "card": card, "fixing": fixing}
        return render(request, "review/fix.html", context)
    return _page(request, article, page.review, opened=decision.pk, fixing=fixing)


@reviews
def decision_reopen(request: EditorRequest, article: Article, decision_id: UUID) -> HttpResponse:
    decision = get_object_or_404(article.decisions, pk=decision_id)
    decision.article = article
    reopen(actor=request.user, decision=decision)
    return _answer(request, article, [decision.pk], "Open again.", then=decision.pk)


@reviews
def verdict_undo(request: EditorRequest, article: Article) -> HttpResponse:
    decision = reopen_last(actor=request.user, article=article)
    return _answer(request, article, [decision.pk], "Taken back.", then=decision.pk)


@reviews
def accept_many(request: EditorRequest, article: Article) -> HttpResponse:
    """Accept all that is unanimous, or all on which enough annotators agree exactly."""
    at_least = cleaned(AcceptForm(request.POST))["at_least"]
    accepted = accept_all(actor=request.user, article=article, at_least=at_least)
    messages.success(request, f"Accepted {len(accepted)} at once.")
    return SeeOther(_url(article))


@reviews
def work_return(request: EditorRequest, article: Article) -> HttpResponse:
    values = cleaned(ReturnForm(request.POST))
    layer = get_object_or_404(
        Layer.objects.of_people().select_related("annotator"), pk=values["layer"], article=article
    )
    layer.article = article
    return_layer(actor=request.user, layer=layer, message=values["message"])
    messages.success(request, f"Returned “{article.title}”. It comes back when it is handed in.")
    return SeeOther(reverse("review-list", args=[article.project.slug]))


@reviews
def review_finish(request: EditorRequest, article: Article) -> HttpResponse:
    done = adjudicate(actor=request.user, article=article)
    said = f"Adjudicated “{article.title}”: {done.layer.annotation_count} gold annotations."
    if done.left_out:
        said += f" {done.left_out} links were left out, as their ends were not kept."
    messages.success(request, said)
    following = waiting_for_review(article.project, request.user).first()
    if following is None:
        return SeeOther(reverse("review-list", args=[article.project.slug]))
    return SeeOther(_url(following))


@reviews
def practice_set(request: EditorRequest, article: Article) -> HttpResponse:
    """Let newcomers practise on this article or, with ``off``, no longer."""
    chosen = None if "off" in request.POST else article
    set_practice(actor=request.user, project=article.project, article=chosen)
    messages.success(
        request, "Newcomers practise on this article now." if chosen else "Nobody practises on it."
    )
    return SeeOther(_url(article))


def _find(request: EditorRequest, slug: str, article_id: UUID) -> Article:
    """The article, for those who see everybody's work on it; else 404. Two queries."""
    visible = Article.objects.visible_to(request.user).select_related("project")
    article = get_object_or_404(visible, project__slug=slug, pk=article_id)
    if not can_see_all_layers(role_in(article.project, request.user), article.project):
        raise Http404
    return article


def _closed_because(request: EditorRequest, article: Article, found: Review) -> str:
    """Why the reader cannot decide here; empty if they can."""
    if "watch" in request.GET:
        return "You are watching."
    try:
        check_free(actor=request.user, article=article, review=found)
    except NewsdeskError as error:
        return error.message
    return ""


def _page(
    request: EditorRequest,
    article: Article,
    found: Review,
    *,
    read_only: str = "",
    status: int = 200,
    opened: UUID | None = None,
    **extra: Any,
) -> HttpResponse:
    found.article = article
    page = review_page(found)
    first_open = next((card.decision.pk for card in page.cards if card.is_open), None)
    context = {
        **_context(request, article, page),
        "read_only": read_only,
        "opened": opened or as_uuid(request.GET.get("at")) or first_open,
        **extra,
    }
    return render(request, "review/review.html", context, status=status)


def _context(request: EditorRequest, article: Article, page: ReviewPage) -> dict[str, Any]:
    role = role_in(article.project, request.user)
    labels = list(article.project.labels.spans().in_order())
    return {
        "project": article.project,
        "article": article,
        "page": page,
        "labels": [one for one in labels if one.retired_at is None],
        "stylesheet": stylesheet.version_of(labels),
        "reasons": REASONS,
        "may_take_over": can_review(role),
        "may_set_practice": can_manage(role),
    }


def _answer(
    request: EditorRequest,
    article: Article,
    decided: list[UUID],
    said: str,
    *,
    then: UUID | None = None,
) -> HttpResponse:
    """What changed on the page, and which decision comes next; for a plain form, the page."""
    found = Review.objects.select_related("article__project", "reviewer").get(article=article)
    page = review_page(found)
    following = then or _following(page, decided[0])
    if not request.htmx:
        messages.success(request, said)
        return SeeOther(f"{_url(article)}?at={following or decided[0]}#d-{following or decided[0]}")
    keys = {str(one) for one in decided}
    context = {
        **_context(request, article, page),
        "cards": [card for card in page.cards if _tells_of(card, keys)],
        "blocks": [
            block
            for block in page.blocks
            if any(keys & set(stretch.over) for stretch in block.stretches)
        ],
        "said": f"{said} {page.open} open.",
    }
    response = render(request, "review/delta.html", context)
    told = {"next": str(following or ""), "asked": then is not None}
    response["HX-Trigger-After-Settle"] = json.dumps({"decided": told})
    return response


def _tells_of(card: Card, keys: set[str]) -> bool:
    """Whether the card shows one of the decisions, itself or as an end of its link."""
    ends = {one.get(end) for one in card.decision.variants for end in ("source", "target")}
    return bool(keys & {str(card.decision.pk), *ends})


def _following(page: ReviewPage, decided: UUID) -> UUID | None:
    """The next open decision after the one decided, else the first open one."""
    still_open = [card for card in page.cards if card.is_open]
    at = next(card.number for card in page.cards if card.decision.pk == decided)
    later = [card for card in still_open if card.number > at]
    return (later or still_open)[0].decision.pk if still_open else None


def _refused(request: EditorRequest, article: Article, error: NewsdeskError) -> HttpResponse:
    alert = f"Not saved: {error.message}"
    if request.htmx:
        context = {"message": alert}
        return render(request, "components/alert.html", context, status=error.status)
    found = Review.objects.select_related("reviewer").filter(article=article).first()
    if found is None:
        raise error
    return _page(request, article, found, status=error.status, alert=alert)


def _fix(request: EditorRequest, article: Article, values: dict[str, Any]) -> Fix:
    body = _body(article)
    span = _span(body, values)
    label = None
    if values["label"]:
        label = article.project.labels.spans().active().filter(key=values["label"]).first()
        if label is None:
            raise Invalid("The project has no such label, or it is retired.", field="label")
    attributes = None
    if label is not None and request.POST.get("schema") == label.key:
        attributes = attribute_values(label.attributes, request.POST)
    return Fix(
        start=span.start,
        end=span.end,
        quote=span.text_in(body),
        label=label,
        attributes=attributes,
    )


def _span(body: str, values: dict[str, Any]) -> Span:
    """Where the words of a fix stand: where the page says, or closest to it."""
    start, end, words = values["start"] or 0, values["end"] or 0, values["words"]
    if start < end <= len(body) and words in ("", body[start:end]):
        return Span(start, end)
    return found_at(body, words, near=start)


def _body(article: Article) -> str:
    body: str = Revision.objects.values_list("body", flat=True).get(pk=article.revision_id)
    return body


def _url(article: Article) -> str:
    return reverse("review", args=[article.project.slug, article.pk])
