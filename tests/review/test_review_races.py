"""What becomes of those who hand in, rule, return and close at the same moment."""

from collections.abc import Callable
from typing import Any

import pytest

from articles.annotations.errors import LayerClosed, TooLate
from articles.datasets.verification import verify
from articles.desk.events import Event
from articles.desk.models import User
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.errors import AlreadyDecided, NotInReview, ReviewHeld, StillOpen
from articles.review.listing import ArticleStatus, status_of
from articles.review.models import Decision, Review, Verdict
from articles.review.review_services import open_review, return_layer
from articles.review.submission_services import submit_layer, take_back
from articles.review.verdict_services import accept_all, reopen, rule
from newsdesk.errors import NewsdeskError
from tests.factories import make_article
from tests.review.disputes import (
    CLAIM,
    LONG_QUOTE,
    QUOTE,
    TEXT,
    annotate,
    kinds,
    layer_of,
    make_desk,
    make_dispute,
    only,
)
from tests.sessions import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ACCEPT, REJECT = Verdict.Ruling.ACCEPT, Verdict.Ruling.REJECT


def hands_in(article: Article, who: User) -> Callable[[], Any]:
    layer = layer_of(article, who)
    return lambda: submit_layer(actor=who, layer=layer)


def refusals(results: list[Any]) -> list[type[Exception]]:
    """What was refused, and that it was refused in words."""
    refused = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, NewsdeskError) for one in refused), refused
    return [type(one) for one in refused]


@pytest.mark.parametrize("annotators", [2, 3])
def test_the_last_who_hand_in_at_once_make_one_review_of_all_their_work(annotators: int) -> None:
    project, people, _ = make_desk(annotators)
    article = make_article(project, TEXT)
    for number, who in enumerate(people):
        said = [("quote", QUOTE if number else LONG_QUOTE), ("claim", CLAIM)]
        annotate(article, who, said, submit=False)

    results = at_once(*(hands_in(article, who) for who in people))

    assert refusals(results) == []
    assert Review.objects.count() == 1
    assert kinds(article) == ["boundary", "unanimous"]
    layers = {layer_of(article, who).pk for who in people}
    for decision in article.decisions.all():
        assert {layer for one in decision.variants for layer in one["layers"]} == layers
    assert verify(project) == []


def test_handing_in_while_another_takes_back_reviews_both_or_waits_for_one() -> None:
    project, (ada, ben), _ = make_desk()
    article = make_article(project, TEXT)
    annotate(article, ada, [("quote", QUOTE)])
    annotate(article, ben, [("quote", LONG_QUOTE)], submit=False)
    taken = layer_of(article, ada)

    results = at_once(hands_in(article, ben), lambda: take_back(actor=ada, layer=taken))

    assert refusals(results) == []
    assert status_of(article) == ArticleStatus.ANNOTATING
    submit_layer(actor=ada, layer=layer_of(article, ada))
    assert kinds(article) == ["boundary"]
    assert verify(project) == []


def test_work_is_taken_back_or_under_review_but_never_both() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("quote", QUOTE)], [])
    layer = layer_of(article, ada)

    results = at_once(
        lambda: take_back(actor=ada, layer=layer),
        lambda: open_review(actor=rhea, article=article),
    )

    (refused,) = refusals(results)
    under_review = layer_of(article, ada).closed_at is not None
    assert refused is (TooLate if under_review else NotInReview)
    assert verify(project) == []


def test_a_verdict_and_a_return_at_once_leave_both_or_the_return() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("quote", QUOTE)], [])
    decision, layer = only(article, "missing"), layer_of(article, ada)

    results = at_once(
        lambda: rule(actor=rhea, decision=decision, ruling=ACCEPT),
        lambda: return_layer(actor=rhea, layer=layer, message="Look again."),
    )

    refused = refusals(results)
    assert refused in ([], [NotInReview])
    assert Verdict.objects.count() == (0 if refused else 1)
    assert layer_of(article, ada).submitted_at is None
    assert verify(project) == []


def test_closing_while_a_decision_is_opened_again_leaves_gold_or_an_open_decision() -> None:
    project, people, rhea = make_desk(audit_sample=0)
    said = [("quote", QUOTE), ("claim", CLAIM)]
    article = make_dispute(project, people, said, said)
    accept_all(actor=rhea, article=article)
    decision = article.decisions.select_related("article__project").get(start=TEXT.index(CLAIM))

    results = at_once(
        lambda: adjudicate(actor=rhea, article=article),
        lambda: reopen(actor=rhea, decision=decision),
    )

    assert refusals(results) in ([], [StillOpen])
    assert status_of(article) == ArticleStatus.IN_REVIEW
    assert article.decisions.open().get() == decision
    assert not article.layers.gold().exists()
    assert verify(project) == []


def test_closing_while_the_last_verdict_is_given_never_leaves_it_out() -> None:
    project, people, rhea = make_desk()
    article = make_dispute(project, people, [("quote", QUOTE)], [])
    decision = only(article, "missing")

    results = at_once(
        lambda: rule(actor=rhea, decision=decision, ruling=ACCEPT),
        lambda: adjudicate(actor=rhea, article=article),
    )

    closed = refusals(results) == []
    assert (status_of(article) == ArticleStatus.ADJUDICATED) == closed
    assert article.layers.gold().filter(annotation_count=1).exists() == closed
    assert verify(project) == []


def test_of_many_who_accept_all_at_once_each_decision_has_one_verdict() -> None:
    project, people, rhea = make_desk(audit_sample=0)
    said = [("quote", QUOTE), ("claim", CLAIM)]
    article = make_dispute(project, people, said, said)
    decision: Decision = article.decisions.select_related("article__project").earliest("start")

    results = at_once(
        *([lambda: accept_all(actor=rhea, article=article)] * 3),
        lambda: rule(actor=rhea, decision=decision, ruling=REJECT),
    )

    assert set(refusals(results)) <= {AlreadyDecided, ReviewHeld}
    assert Verdict.objects.count() == 2
    assert Event.objects.filter(kind="decisions.accepted").count() == 1


def test_nobody_writes_on_what_is_being_handed_in() -> None:
    project, (ada, ben), _ = make_desk()
    article = make_article(project, TEXT)
    annotate(article, ada, [("quote", QUOTE)])
    annotate(article, ben, [("quote", QUOTE)], submit=False)

    results = at_once(
        hands_in(article, ben),
        lambda: annotate(article, ben, [("claim", CLAIM)], submit=False),
    )

    refused = refusals(results)
    assert refused in ([], [LayerClosed])
    assert kinds(article) == (["unanimous"] if refused else ["unanimous", "missing"])
    assert verify(project) == []
