"""What submitted layers become: decisions, and what they stay when the work changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.annotations.services import change_annotation, delete_annotation
from articles.desk.models import User
from articles.intake.models import Article
from articles.review.models import Decision, Review, Verdict
from articles.review.review_services import open_review, return_layer
from articles.review.submission_services import submit_layer
from articles.review.verdict_services import rule
from tests.factories import make_annotation, make_article
from tests.review.disputes import (
    CLAIM,
    LONG_QUOTE,
    MASTER,
    QUOTE,
    SOURCE,
    TEXT,
    annotate,
    kinds,
    layer_of,
    link,
    make_desk,
    make_dispute,
    only,
)

pytestmark = pytest.mark.django_db


def test_the_last_submission_makes_a_decision_of_every_kind() -> None:
    project, (ada, ben), _ = make_desk()
    article = make_article(project, TEXT)
    quote, source, *_ = annotate(
        article,
        ada,
        [("quote", QUOTE), ("source", SOURCE), ("claim", CLAIM), ("source", MASTER)],
        submit=False,
    )
    link(quote, source)
    submit_layer(actor=ada, layer=layer_of(article, ada))
    assert not Review.objects.exists()

    annotate(article, ben, [("quote", LONG_QUOTE), ("source", SOURCE), ("quote", CLAIM)])

    assert kinds(article) == ["boundary", "relation", "unanimous", "label", "missing"]
    boundary = only(article, "boundary")
    assert [(one["start"], one["end"]) for one in boundary.variants] == [
        (TEXT.index(LONG_QUOTE), TEXT.index(LONG_QUOTE) + len(LONG_QUOTE)),
        (TEXT.index(QUOTE), TEXT.index(QUOTE) + len(QUOTE)),
    ]
    relation = only(article, "relation").variants[0]
    assert relation["source"] == str(boundary.pk)
    assert relation["target"] == str(only(article, "unanimous").pk)


def test_agreement_is_the_exact_f1_of_the_layers() -> None:
    project, people, _ = make_desk()
    article = make_dispute(
        project, people, [("quote", QUOTE), ("source", SOURCE)], [("source", SOURCE)]
    )

    assert Review.objects.get(article=article).agreement == pytest.approx(2 / 3)


def test_agreement_of_one_or_of_nothing_is_undefined() -> None:
    project, people, _ = make_desk()
    assert Review.objects.get(article=make_dispute(project, people, [], [])).agreement is None


def test_one_annotator_makes_unanimous_decisions() -> None:
    project, people, _ = make_desk(annotators=1)

    assert kinds(make_dispute(project, people, [("quote", QUOTE)])) == ["unanimous"]


def _returned(article: Article, annotator: User, reviewer: User) -> None:
    return_layer(actor=reviewer, layer=layer_of(article, annotator), message="Look again, please.")


def test_merging_again_changes_nothing_if_nothing_changed() -> None:
    project, people, rhea = make_desk()
    article = make_dispute(project, people, [("quote", QUOTE)], [("quote", LONG_QUOTE)])
    open_review(actor=rhea, article=article)
    before = list(article.decisions.values())

    _returned(article, people[0], rhea)
    submit_layer(actor=people[0], layer=layer_of(article, people[0]))

    assert list(article.decisions.values()) == before


def test_a_rejected_span_that_is_made_again_meets_its_verdict() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("claim", CLAIM)], [])
    rule(actor=rhea, decision=only(article, "missing"), ruling=Verdict.Ruling.REJECT)
    _returned(article, ada, rhea)
    layer = layer_of(article, ada)
    mine = layer.annotations.get()

    delete_annotation(actor=ada, annotation=mine, version=mine.version)
    submit_layer(actor=ada, layer=layer)
    assert list(article.decisions.open()) == []
    _returned(article, ada, rhea)
    make_annotation(layer_of(article, ada), CLAIM, label="claim")
    submit_layer(actor=ada, layer=layer_of(article, ada))

    assert article.decisions.count() == 1
    assert not article.decisions.undecided().exists()


def test_a_layer_that_changes_after_a_verdict_asks_to_confirm_it() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("quote", QUOTE)], [("quote", LONG_QUOTE)])
    decision = only(article, "boundary")
    first, _ = rule(actor=rhea, decision=decision, ruling=Verdict.Ruling.ACCEPT)
    _returned(article, ben, rhea)
    layer = layer_of(article, ben)
    theirs = layer.annotations.get()

    change_annotation(
        actor=ben, annotation=theirs, version=theirs.version,
        start=TEXT.index(QUOTE), end=TEXT.index(QUOTE) + len(QUOTE), quote=QUOTE,
    )  # fmt: skip
    submit_layer(actor=ben, layer=layer)

    decision = article.decisions.get()
    assert decision.kind == Decision.Kind.UNANIMOUS
    assert decision.changed_at is not None
    again, is_new = rule(actor=rhea, decision=decision, ruling=Verdict.Ruling.ACCEPT)
    assert is_new
    assert (again.round, first.round) == (2, 1)
    assert list(article.decisions.open()) == []


def test_an_open_decision_about_nothing_goes_away() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("claim", CLAIM)], [("quote", QUOTE)])
    open_review(actor=rhea, article=article)
    _returned(article, ada, rhea)
    mine = layer_of(article, ada).annotations.get()

    delete_annotation(actor=ada, annotation=mine, version=mine.version)
    submit_layer(actor=ada, layer=layer_of(article, ada))

    assert kinds(article) == ["missing"]


def test_a_tenth_of_the_unanimous_is_sampled_and_at_least_one() -> None:
    project, people, _ = make_desk()
    said = [("quote", QUOTE), ("source", SOURCE), ("claim", CLAIM)]
    article = make_dispute(project, people, said, said)

    assert article.decisions.filter(is_sampled=True).count() == 1


def test_the_number_of_queries_does_not_grow_with_the_work() -> None:
    project, (ada, ben), _ = make_desk()
    counts = []
    for said in ([("quote", QUOTE)], [("quote", QUOTE), ("source", SOURCE), ("claim", CLAIM)]):
        article = make_article(project, f"{TEXT}\n{len(said)}")
        annotate(article, ada, said)
        annotate(article, ben, said, submit=False)
        with CaptureQueriesContext(connection) as queries:
            submit_layer(actor=ben, layer=layer_of(article, ben))
        counts.append(len(queries))

    assert counts[0] == counts[1]
