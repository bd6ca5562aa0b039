"""What becomes of verdicts and gold when the work under them goes on in ways nobody planned."""

import pytest
from django.urls import reverse

from articles.annotations.merge_services import merge_label
from articles.annotations.models import Annotation
from articles.annotations.services import delete_annotation
from articles.datasets.verification import verify
from articles.desk import services
from articles.desk.models import Project, Role, User
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.errors import NotInReview
from articles.review.listing import ArticleStatus, status_of
from articles.review.models import Notice, Verdict
from articles.review.review_services import open_review, return_layer
from articles.review.submission_services import submit_layer
from articles.review.talk_services import add_comment
from articles.review.verdict_services import accept_all, reopen, reopen_last, rule
from newsdesk.errors import NotAllowed
from tests.desk.people import join, label_of, make_user, manager_of, signed_in
from tests.factories import make_article
from tests.review.disputes import (
    CLAIM,
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

pytestmark = pytest.mark.django_db

ACCEPT, REJECT = Verdict.Ruling.ACCEPT, Verdict.Ruling.REJECT


def again(article: Article) -> Article:
    return Article.objects.select_related("project").get(pk=article.pk)


def changed(project: Project, **rules: object) -> Project:
    project.refresh_from_db()
    manager = manager_of(project)
    return services.change_project(actor=manager, project=project, version=project.version, **rules)


def without(article: Article, who: User, reviewer: User) -> None:
    """``who`` is given the work back, deletes all of it and hands it in."""
    return_layer(actor=reviewer, layer=layer_of(article, who), message="This is nothing.")
    for one in layer_of(article, who).annotations.live():
        delete_annotation(actor=who, annotation=one, version=one.version)
    submit_layer(actor=who, layer=layer_of(article, who))


def test_a_decision_that_was_opened_again_keeps_its_history_when_its_work_is_gone() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("claim", CLAIM)], [("quote", QUOTE)])
    decision = article.decisions.get(start=TEXT.index(CLAIM))
    rule(actor=rhea, decision=decision, ruling=REJECT)
    reopen(actor=rhea, decision=decision)

    without(article, ada, rhea)

    decision.refresh_from_db()
    assert [one["members"] for one in decision.variants] == [[]]
    assert decision in article.decisions.open()
    rule(actor=rhea, decision=decision, ruling=REJECT)
    assert verify(project) == []


def test_a_decision_that_is_talked_about_stays_when_its_work_is_gone() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("claim", CLAIM)], [("quote", QUOTE)])
    decision = article.decisions.get(start=TEXT.index(CLAIM))
    add_comment(actor=rhea, on=decision, body="Is it?")

    without(article, ada, rhea)

    assert article.decisions.filter(pk=decision.pk).exists()


def test_an_end_of_a_link_that_was_ruled_on_stays_when_its_work_is_gone() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_article(project, TEXT)
    quote, source = annotate(article, ada, [("quote", QUOTE), ("source", SOURCE)], submit=False)
    link(quote, source)
    submit_layer(actor=ada, layer=layer_of(article, ada))
    annotate(article, ben, [])
    article = again(article)
    rule(actor=rhea, decision=only(article, "relation"), ruling=ACCEPT)

    without(article, ada, rhea)

    assert {one.kind for one in article.decisions.all()} == {"missing", "relation"}
    assert verify(project) == []


def test_work_handed_in_on_an_adjudicated_article_opens_it_again() -> None:
    project, (ada, ben), rhea = make_desk(audit_sample=0)
    article = make_dispute(project, [ada, ben], [("quote", QUOTE)], [("quote", QUOTE)])
    accept_all(actor=rhea, article=article)
    adjudicate(actor=rhea, article=article)
    changed(project, annotators_per_article=3)
    cyd = join(project, make_user("cyd"), Role.ANNOTATOR)

    annotate(again(article), cyd, [("claim", CLAIM)])

    assert status_of(article) == ArticleStatus.IN_REVIEW
    assert [one.kind for one in article.decisions.open()] == ["missing"]
    assert not article.layers.gold().exists()
    assert verify(project) == []


def test_what_was_not_handed_in_cannot_be_returned() -> None:
    project, (ada, ben), rhea = make_desk()
    cyd = join(project, make_user("cyd"), Role.ANNOTATOR)
    article = make_article(changed(project, annotators_per_article=3), TEXT)
    for who in (ada, ben):
        annotate(article, who, [("quote", QUOTE)])
    annotate(article, cyd, [("claim", CLAIM)], submit=False)
    changed(project, annotators_per_article=2)

    with pytest.raises(NotInReview, match="has not handed this in"):
        return_layer(actor=rhea, layer=layer_of(article, cyd), message="Look again.")

    assert not Notice.objects.exists()


def test_returning_what_is_returned_is_for_reviewers_too() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("quote", QUOTE)], [])
    open_review(actor=rhea, article=article)
    return_layer(actor=rhea, layer=layer_of(article, ada), message="Where is its source?")

    with pytest.raises(NotAllowed):
        return_layer(actor=ben, layer=layer_of(article, ada), message="And?")
    with pytest.raises(NotAllowed):
        reopen_last(actor=ben, article=article)


def test_asking_for_fewer_annotators_lets_the_review_begin() -> None:
    project, (ada, _), rhea = make_desk()
    article = make_article(project, TEXT)
    annotate(article, ada, [("quote", QUOTE)])

    changed(project, annotators_per_article=1)

    assert status_of(article) == ArticleStatus.AWAITING_REVIEW
    assert open_review(actor=rhea, article=again(article)).reviewer == rhea
    assert [one.kind for one in article.decisions.all()] == ["unanimous"]
    assert verify(project) == []


def test_a_review_that_nobody_handed_in_for_is_begun_on_its_page() -> None:
    project, (ada, _), rhea = make_desk()
    article = make_article(project, TEXT)
    annotate(article, ada, [("quote", QUOTE)])
    changed(project, annotators_per_article=1)
    browser, address = signed_in(rhea), reverse("review", args=[project.slug, article.pk])
    assert "Begin the review" in browser.get(address).text

    browser.post(reverse("review-hold", args=[project.slug, article.pk]))

    assert browser.get(address).status_code == 200
    assert article.decisions.count() == 1


def test_gold_has_the_label_into_which_the_verdicts_label_was_merged() -> None:
    project, (ada, ben), rhea = make_desk(audit_sample=0)
    article = make_dispute(project, [ada, ben], [("caption", CLAIM)], [("caption", CLAIM)])
    accept_all(actor=rhea, article=article)
    caption = label_of(project, "caption")

    merge_label(
        actor=manager_of(project), label=caption, version=caption.version,
        into=label_of(project, "claim"),
    )  # fmt: skip
    adjudicate(actor=rhea, article=article)

    gold = Annotation.objects.live().get(layer__kind="gold")
    assert gold.label == label_of(project, "claim")
    assert verify(project) == []


def test_a_fix_of_what_had_a_merged_label_has_the_new_one() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("caption", CLAIM)], [])
    caption = label_of(project, "caption")
    merge_label(
        actor=manager_of(project), label=caption, version=caption.version,
        into=label_of(project, "claim"),
    )  # fmt: skip

    verdict, _ = rule(actor=rhea, decision=only(article, "missing"), ruling=Verdict.Ruling.FIX)

    assert verdict.label == label_of(project, "claim")
