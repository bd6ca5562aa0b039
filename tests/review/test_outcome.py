"""What an annotator learns from adjudication."""

import pytest
from django.urls import reverse

from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.models import Verdict
from articles.review.outcome_queries import compared_with_gold
from articles.review.verdict_services import Fix, accept_all, rule
from tests.desk.people import label_of, signed_in
from tests.review.disputes import (
    CLAIM,
    LONG_QUOTE,
    MASTER,
    QUOTE,
    SOURCE,
    layer_of,
    make_desk,
    make_dispute,
)

pytestmark = pytest.mark.django_db


def test_each_annotation_is_kept_moved_relabelled_removed_or_added() -> None:
    project, (ada, ben), rhea = make_desk(audit_sample=0)
    article = make_dispute(
        project,
        [ada, ben],
        [("quote", LONG_QUOTE), ("source", SOURCE), ("claim", CLAIM)],
        [("quote", QUOTE), ("source", SOURCE), ("claim", CLAIM), ("source", MASTER)],
    )
    boundary, _, claim, missing = article.decisions.in_reading_order()
    rule(actor=rhea, decision=boundary, ruling=Verdict.Ruling.ACCEPT, variant=2)
    fix = Fix(label=label_of(project, "quote"))
    rule(actor=rhea, decision=claim, ruling=Verdict.Ruling.FIX, fix=fix, reason="wrong_label")
    rule(actor=rhea, decision=missing, ruling=Verdict.Ruling.ACCEPT)
    accept_all(actor=rhea, article=article)
    assert signed_in(ada).get(_url(article)).context["comparison"] is None
    adjudicate(actor=rhea, article=article)

    found = compared_with_gold(layer_of(article, ada))

    assert [(one.fate, one.mine and one.mine.words, one.reason) for one in found.outcomes] == [
        ("moved", LONG_QUOTE, ""),
        ("kept", SOURCE, ""),
        ("relabelled", CLAIM, "wrong label"),
        ("added", None, ""),
    ]
    assert found.finding == "You marked 3 of 4; 1 with other edges; 1 with another label."
    page = signed_in(ada).get(_url(article))
    assert "You marked 3 of 4" in page.text
    assert "What changed in your work" in page.text


def test_what_was_rejected_is_removed() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("claim", CLAIM)], [])
    rule(actor=rhea, decision=article.decisions.get(), ruling=Verdict.Ruling.REJECT)
    adjudicate(actor=rhea, article=article)

    assert [one.fate for one in compared_with_gold(layer_of(article, ada)).outcomes] == ["removed"]
    assert compared_with_gold(layer_of(article, ben)).outcomes == ()


def test_nobody_sees_what_became_of_anothers_work_unless_they_see_all() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("claim", CLAIM)], [])

    assert signed_in(ben).get(f"{_url(article)}?layer=ada").status_code == 404
    assert signed_in(rhea).get(f"{_url(article)}?layer=ada").status_code == 200
    assert signed_in(rhea).get(_url(article)).status_code == 404


def _url(article: Article) -> str:
    return reverse("article-outcome", args=[article.project.slug, article.pk])
