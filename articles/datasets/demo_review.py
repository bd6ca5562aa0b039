"""The demo's reviews: what its manager decides, gives back, closes and talks about."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from articles.desk.models import Label, User
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.models import Decision, Verdict
from articles.review.review_services import leave_review, open_review, return_layer
from articles.review.stored import variants_of
from articles.review.talk_services import add_comment, reply
from articles.review.verdict_services import Fix, accept_all, rule

#: What annotators said: a label and its words, or a link's label and the decisions of its ends.
type Said = tuple[UUID, str | UUID, UUID | None]
#: Where it is decided: the decision, and the number of the variant that says so.
type Place = tuple[Decision, int]


def load_review(article: Article, users: Mapping[str, User], given: Mapping[str, Any]) -> None:
    """Review ``article``, all of whose work is in, as its file says."""
    reviewer = users["cem"]
    labels = {label.key: label for label in article.project.labels.all()}
    open_review(actor=reviewer, article=article)
    places = _places(article)
    for one in given.get("verdicts", []):
        decision, number = _place(places, labels, one)
        rule(
            actor=reviewer,
            decision=decision,
            ruling=Verdict.Ruling(one["ruling"]),
            variant=number,
            fix=_fix(article.revision.body, labels, one.get("fix", {})),
            reason=one.get("reason", ""),
        )
    for one in given.get("returned", []):
        layer = article.layers.get(annotator=users[one["annotator"]])
        return_layer(actor=reviewer, layer=layer, message=one["message"])
    if given.get("adjudicated"):
        _accept_the_rest(reviewer, article)
        adjudicate(actor=reviewer, article=article)
    leave_review(actor=reviewer, article=article)
    for one in given.get("answers", []):
        comment = article.comments.get(body__startswith=one["to"])
        reply(actor=reviewer, to=comment, body=one["body"])
    for thread in given.get("threads", []):
        decision, _ = _place(places, labels, thread)
        first, *answers = thread["says"]
        comment, _ = add_comment(actor=users[first["who"]], on=decision, body=first["body"])
        for one in answers:
            reply(actor=users[one["who"]], to=comment, body=one["body"])


def _places(article: Article) -> dict[Said, Place]:
    body = article.revision.body
    found: dict[Said, Place] = {}
    for decision in article.decisions.select_related("article__project"):
        for number, variant in enumerate(variants_of(decision), 1):
            if variant.source is None:
                words = body[variant.start : variant.end]
                found[variant.label, words, None] = decision, number
            else:
                found[variant.label, variant.source, variant.target] = decision, number
    return found


def _place(
    places: Mapping[Said, Place], labels: Mapping[str, Label], given: Mapping[str, Any]
) -> Place:
    """What the file means: words with a label or, with ``attributed_to``, the link from there."""
    place = places[labels[given["label"]].pk, given["words"], None]
    if "attributed_to" not in given:
        return place
    target, _ = places[labels["source"].pk, given["attributed_to"], None]
    return places[labels["attributed_to"].pk, place[0].pk, target.pk]


def _fix(body: str, labels: Mapping[str, Label], given: Mapping[str, Any]) -> Fix:
    label = labels[given["label"]] if "label" in given else None
    if "words" not in given:
        return Fix(label=label, attributes=given.get("attributes"))
    words = given["words"]
    start = body.index(words)
    return Fix(start, start + len(words), words, label, given.get("attributes"))


def _accept_the_rest(reviewer: User, article: Article) -> None:
    """First what nobody has to look at, then the others one by one, as they are proposed."""
    accept_all(actor=reviewer, article=article)
    for decision in article.decisions.undecided().select_related("article__project"):
        rule(actor=reviewer, decision=decision, ruling=Verdict.Ruling.ACCEPT)
