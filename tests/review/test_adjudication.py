"""Gold follows from the verdicts, and says from which."""

import pytest

from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.services import create_annotation
from articles.desk.events import Event
from articles.desk.models import Role, User
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.errors import ReviewHeld, StillOpen
from articles.review.listing import ArticleStatus, status_of
from articles.review.models import Notice, Provenance, Verdict
from articles.review.review_services import open_review
from articles.review.submission_services import submit_layer
from articles.review.verdict_services import Fix, accept_all, reopen, rule
from tests.desk.people import join, label_of, make_user
from tests.factories import make_article
from tests.review.disputes import (
    CLAIM,
    LONG_QUOTE,
    QUOTE,
    SOURCE,
    TEXT,
    annotate,
    layer_of,
    link,
    make_desk,
    make_dispute,
    only,
)
from tests.sessions import at_once

ACCEPT, FIX, REJECT = Verdict.Ruling.ACCEPT, Verdict.Ruling.FIX, Verdict.Ruling.REJECT

pytestmark = pytest.mark.django_db


def gold(article: Article) -> list[tuple[str, str]]:
    """Label and words of each gold annotation."""
    rows = Annotation.objects.live().filter(layer__in=article.layers.gold())
    return [
        (one.label.key, TEXT[one.start : one.end])
        for one in rows.select_related("label").in_reading_order()
    ]


def make_linked() -> tuple[Article, list[User], User]:
    """A quote with two edges, linked by both to its source; and a claim that one saw."""
    project, people, rhea = make_desk(audit_sample=0)
    article = make_article(project, TEXT)
    for who, said in zip(people, (QUOTE, LONG_QUOTE), strict=True):
        extra = [("claim", CLAIM)] if who is people[0] else []
        quote, source, *_ = annotate(
            article, who, [("quote", said), ("source", SOURCE), *extra], submit=False
        )
        link(quote, source)
        submit_layer(actor=who, layer=layer_of(article, who))
    return Article.objects.select_related("project").get(pk=article.pk), people, rhea


def decide_all(article: Article, reviewer: User) -> None:
    rule(actor=reviewer, decision=only(article, "boundary"), ruling=ACCEPT, variant=2)
    rule(actor=reviewer, decision=only(article, "missing"), ruling=REJECT, reason="slip")
    accept_all(actor=reviewer, article=article)


def test_gold_is_what_the_verdicts_say() -> None:
    article, people, rhea = make_linked()
    decide_all(article, rhea)

    done = adjudicate(actor=rhea, article=article)

    assert gold(article) == [("quote", QUOTE), ("source", SOURCE)]
    relation = Relation.objects.live().get(layer=done.layer)
    assert (relation.source.label.key, relation.target and relation.target.label.key) == (
        "quote",
        "source",
    )
    assert (done.layer.annotation_count, done.layer.relation_count, done.left_out) == (2, 1, 0)
    assert {one.origin for one in done.layer.annotations.all()} == {"adjudication"}
    traced = Provenance.objects.get(annotation=relation.source)
    assert traced.decision == only(article, "boundary")
    assert traced.verdict.variant == 2
    assert status_of(article) == ArticleStatus.ADJUDICATED
    assert {one.person for one in Notice.objects.filter(kind="adjudicated")} == set(people)
    assert Event.objects.latest("id").kind == "article.adjudicated"


def test_an_open_decision_keeps_the_review_open() -> None:
    article, _, rhea = make_linked()

    with pytest.raises(StillOpen, match="4 decisions are still open"):
        adjudicate(actor=rhea, article=article)

    assert not Layer.objects.filter(kind="gold").exists()


def test_a_link_whose_end_was_rejected_is_left_out() -> None:
    article, _, rhea = make_linked()
    rule(actor=rhea, decision=only(article, "boundary"), ruling=REJECT)
    rule(actor=rhea, decision=only(article, "missing"), ruling=ACCEPT)
    accept_all(actor=rhea, article=article)

    assert adjudicate(actor=rhea, article=article).left_out == 1
    assert gold(article) == [("source", SOURCE), ("claim", CLAIM)]


def test_a_link_that_a_new_label_does_not_allow_is_left_out() -> None:
    article, _, rhea = make_linked()
    caption = Fix(label=label_of(article.project, "caption"))
    rule(actor=rhea, decision=only(article, "boundary"), ruling=FIX, fix=caption)
    rule(actor=rhea, decision=only(article, "missing"), ruling=REJECT)
    accept_all(actor=rhea, article=article)

    assert adjudicate(actor=rhea, article=article).left_out == 1


def test_closing_twice_changes_nothing() -> None:
    article, _, rhea = make_linked()
    decide_all(article, rhea)
    first = adjudicate(actor=rhea, article=article)
    count = Event.objects.filter(kind="article.adjudicated").count()

    again = adjudicate(actor=rhea, article=article)

    assert again.layer == first.layer
    assert Event.objects.filter(kind="article.adjudicated").count() == count == 1


def test_reopening_a_decision_writes_only_what_changed() -> None:
    article, _, rhea = make_linked()
    decide_all(article, rhea)
    adjudicate(actor=rhea, article=article)
    source = Annotation.objects.get(layer__kind="gold", label__key="source")

    reopen(actor=rhea, decision=only(article, "boundary"))
    assert status_of(article) == ArticleStatus.IN_REVIEW
    assert gold(article) == []
    rule(actor=rhea, decision=only(article, "boundary"), ruling=ACCEPT, variant=1)
    adjudicate(actor=rhea, article=article)

    assert gold(article) == [("quote", LONG_QUOTE), ("source", SOURCE)]
    assert Annotation.objects.live().get(layer__kind="gold", label__key="source") == source
    assert Relation.objects.live().get(layer__kind="gold").target == source
    assert layer_counts(article) == (2, 1)


def layer_counts(article: Article) -> tuple[int, int]:
    layer = article.layers.gold().get()
    return layer.annotation_count, layer.relation_count


def test_two_decisions_that_say_the_same_are_one_gold_annotation() -> None:
    project, people, rhea = make_desk(audit_sample=0)
    article = make_dispute(project, people, [("quote", QUOTE)], [("claim", CLAIM)])
    first, second = article.decisions.in_reading_order()
    rule(actor=rhea, decision=first, ruling=ACCEPT)
    start = TEXT.index(QUOTE)
    same = Fix(start=start, end=start + len(QUOTE), label=label_of(project, "quote"))
    rule(actor=rhea, decision=second, ruling=FIX, fix=same)

    adjudicate(actor=rhea, article=article)

    assert gold(article) == [("quote", QUOTE)]


def test_nobody_writes_on_gold() -> None:
    article, _, rhea = make_linked()
    decide_all(article, rhea)
    adjudicate(actor=rhea, article=article)
    somebody = join(article.project, make_user("gil"), Role.ANNOTATOR)

    with pytest.raises(Exception, match="already has all its annotators"):
        create_annotation(
            actor=somebody, article=article, label=label_of(article.project, "claim"),
            start=0, end=5, quote=TEXT[:5],
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_one_writes_gold() -> None:
    article, _, rhea = make_linked()
    decide_all(article, rhea)
    again = Article.objects.select_related("project").get(pk=article.pk)

    results = at_once(
        lambda: adjudicate(actor=rhea, article=article),
        lambda: adjudicate(actor=rhea, article=again),
    )

    assert not [one for one in results if isinstance(one, Exception)]
    assert gold(article) == [("quote", QUOTE), ("source", SOURCE)]
    assert Event.objects.filter(kind="article.adjudicated").count() == 1


def test_whoever_does_not_hold_the_review_does_not_close_it() -> None:
    article, _, rhea = make_linked()
    decide_all(article, rhea)
    otto = join(article.project, make_user("otto"), Role.REVIEWER)
    open_review(actor=rhea, article=article)

    with pytest.raises(ReviewHeld):
        adjudicate(actor=otto, article=article)
