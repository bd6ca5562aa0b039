"""The list of reviews and the page of one, through the client."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.desk.models import Project, Role
from articles.intake.models import Article
from articles.review import review_views
from articles.review.models import Decision, Review, Verdict
from articles.review.review_services import open_review
from articles.review.submission_services import submit_layer
from articles.review.verdict_services import accept_all
from tests.desk.people import join, make_user, signed_in
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    project, people, _ = make_desk(audit_sample=0)
    return make_dispute(
        project,
        people,
        [("quote", QUOTE), ("source", SOURCE), ("claim", CLAIM)],
        [("quote", LONG_QUOTE), ("source", SOURCE)],
    )


@pytest.fixture
def rhea(article: Article) -> Client:
    return signed_in(article.project.memberships.get(role="reviewer").user)


def url(name: str, article: Article, *more: Any) -> str:
    return reverse(name, args=[article.project.slug, article.pk, *more])


def give(client: Client, decision: Decision, *, htmx: bool = False, **fields: Any) -> Any:
    return client.post(
        url("verdict-give", decision.article, decision.pk),
        {"version": decision.version, **fields},
        headers={"HX-Request": "true"} if htmx else {},
    )


def test_the_list_has_what_waits_lowest_agreement_first(rhea: Client, article: Article) -> None:
    people = [layer.annotator for layer in article.layers.order_by("pk")]
    agreed = make_article(article.project, f"{TEXT}\nAgain")
    for who in people:
        assert who is not None
        annotate(agreed, who, [("quote", QUOTE)])
    make_article(article.project)  # nobody worked on this one

    response = rhea.get(reverse("review-list", args=[article.project.slug]))

    rows = response.context["waiting"]
    assert [row.pk for row in rows] == [article.pk, agreed.pk]
    assert (rows[0].open_count, rows[0].decision_count) == (3, 3)
    assert "0.40" in response.text


def test_looking_holds_nothing_and_the_open_page_asks_to_hold(
    rhea: Client, article: Article
) -> None:
    response = rhea.get(url("review", article))

    assert response.context["page"].open == 3
    assert "0 of 3 decided" in response.text
    assert f'hx-post="{url("review-hold", article)}" hx-trigger="load"' in response.text
    assert Review.objects.get().reviewer is None
    held = rhea.post(url("review-hold", article), headers={"HX-Request": "true"})
    assert "Yours until" in held.text
    assert Review.objects.get().reviewer is not None
    assert "You are watching." in rhea.get(url("review", article) + "?watch").text


def test_the_text_is_the_revisions_to_the_character(rhea: Client, article: Article) -> None:
    page = rhea.get(url("review", article)).context["page"]

    for block in page.blocks:
        shown = "".join(stretch.text for stretch in block.stretches)
        assert shown == TEXT[block.part.start : block.part.end]


def test_heat_counts_who_annotated_each_stretch(rhea: Client, article: Article) -> None:
    page = rhea.get(url("review", article)).context["page"]

    stretches = [one for block in page.blocks for one in block.stretches if one.over]
    assert [(one.text, one.share, one.chip) for one in stretches] == [
        (QUOTE, 2, "Q 2/2 ≠"),
        (" said", 1, ""),
        (SOURCE, 2, "S 2/2"),
        (CLAIM, 1, "C 1/2"),
    ]


def test_a_verdict_leads_to_the_next_open_decision(rhea: Client, article: Article) -> None:
    boundary, unanimous = only(article, "boundary"), only(article, "unanimous")

    response = give(rhea, boundary, ruling="accept", variant=2, reason="edge_habit")

    assert response.status_code == 303
    assert response.url == f"{url('review', article)}?at={unanimous.pk}#d-{unanimous.pk}"
    verdict = Verdict.objects.get()
    assert (verdict.variant, verdict.reason) == (2, "edge_habit")


def test_a_verdict_repaints_only_what_it_touched(rhea: Client, article: Article) -> None:
    boundary = only(article, "boundary")

    response = give(rhea, boundary, htmx=True, ruling="reject")

    assert f'id="d-{boundary.pk}"' in response.text
    assert response.text.count('class="decision ') == 1
    assert response.text.count('class="block"') == 1
    assert "Nothing here. 2 open." in response.text
    assert str(only(article, "unanimous").pk) in response["HX-Trigger-After-Settle"]


def test_a_fix_finds_the_words_nearest_to_the_proposal(rhea: Client, article: Article) -> None:
    boundary = only(article, "boundary")
    fields: dict[str, Any] = {"words": "Nobody asked us", "start": 0, "end": 0, "label": "claim"}

    give(rhea, boundary, ruling="fix", **fields)

    verdict = Verdict.objects.get()
    assert verdict.label is not None
    assert verdict.start is not None
    assert TEXT[verdict.start : verdict.end] == "Nobody asked us"
    assert verdict.label.key == "claim"


def test_words_that_are_not_there_decide_nothing(rhea: Client, article: Article) -> None:
    response = give(rhea, only(article, "boundary"), ruling="fix", words="Somebody asked us")

    assert response.status_code == 422
    assert "These words are not in the text." in response.text
    assert not Verdict.objects.exists()


def test_an_edge_moves_by_a_word_and_decides_nothing(rhea: Client, article: Article) -> None:
    boundary = only(article, "boundary")
    start = TEXT.index(QUOTE)
    fields = {"version": 1, "start": start, "end": start + len(QUOTE), "edge": "end-right"}
    address = url("decision-edge", article, boundary.pk)

    for headers in ({}, {"HX-Request": "true"}):
        response = rhea.post(address, fields, headers=headers)
        assert f">{LONG_QUOTE}</textarea>" in response.text
    assert not Verdict.objects.exists()


def test_undo_takes_the_last_verdict_back(rhea: Client, article: Article) -> None:
    give(rhea, only(article, "boundary"), ruling="reject")

    assert rhea.post(url("verdict-undo", article)).status_code == 303

    assert article.decisions.open().count() == 3
    assert rhea.post(url("verdict-undo", article)).status_code == 409


def test_who_watches_decides_nothing(rhea: Client, article: Article) -> None:
    otto = join(article.project, make_user("otto"), Role.REVIEWER)
    open_review(actor=otto, article=article)

    page = rhea.get(url("review", article))
    assert "otto is reviewing this article" in page.text
    assert "Take over" in page.text
    response = give(rhea, only(article, "boundary"), ruling="reject")
    assert response.status_code == 409
    assert rhea.post(url("review-hold", article)).status_code == 409
    rhea.post(url("review-hold", article), {"take_over": "1"})
    assert give(rhea, only(article, "boundary"), ruling="reject").status_code == 303


def test_all_that_is_unanimous_is_accepted_at_once(rhea: Client, article: Article) -> None:
    assert rhea.post(url("accept-many", article)).status_code == 303

    assert [one.kind for one in article.decisions.open()] == ["boundary", "missing"]


def test_finishing_goes_on_to_the_next(rhea: Client, article: Article) -> None:
    reviewer = article.project.memberships.get(role="reviewer").user
    assert rhea.post(url("review-finish", article)).status_code == 409
    for kind in ("boundary", "missing"):
        give(rhea, only(article, kind), ruling="reject")
    accept_all(actor=reviewer, article=article)

    response = rhea.post(url("review-finish", article), follow=True)

    assert response.redirect_chain == [(reverse("review-list", args=[article.project.slug]), 303)]
    assert "1 gold annotations" in response.text
    assert "Adjudicated by" in rhea.get(url("review", article)).text


def test_returned_work_leaves_the_list(rhea: Client, article: Article) -> None:
    layer = article.layers.order_by("pk")[0]

    response = rhea.post(url("work-return", article), {"layer": layer.pk, "message": "Again."})

    assert response.status_code == 303
    assert rhea.get(url("review", article)).status_code == 409
    page = rhea.get(reverse("review-list", args=[article.project.slug]))
    assert "No article is waiting for review." in page.text


def test_annotators_see_neither_list_nor_page(article: Article) -> None:
    ada = article.layers.order_by("pk")[0].annotator
    assert ada is not None
    client = signed_in(ada)

    assert client.get(reverse("review-list", args=[article.project.slug])).status_code == 404
    assert client.get(url("review", article)).status_code == 404
    assert give(client, only(article, "boundary"), ruling="reject").status_code == 404


def test_the_page_costs_the_same_for_more_decisions() -> None:
    project, (ada, ben), reviewer = make_desk()
    client = signed_in(reviewer)
    counts = []
    for said in ([("quote", QUOTE)], [("quote", QUOTE), ("source", SOURCE), ("claim", CLAIM)]):
        dispute = make_article(project, f"{TEXT}\n{len(said)}")
        annotate(dispute, ada, said)
        annotate(dispute, ben, [])
        with CaptureQueriesContext(connection) as queries:
            client.get(url("review", dispute) + "?watch")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_taking_back_where_one_has_no_work_takes_no_place(article: Article) -> None:
    fresh = make_article(article.project)
    gil = join(article.project, make_user("gil"), Role.ANNOTATOR)

    response = signed_in(gil).post(url("layer-submit", fresh), {"withdraw": "1"})

    assert response.status_code == 409
    assert not fresh.layers.exists()


def test_what_became_whole_by_asking_for_fewer_is_in_the_list() -> None:
    project, (ada, _), reviewer = make_desk()
    half = make_article(project, TEXT)
    annotate(half, ada, [("quote", QUOTE)])
    listed = reverse("review-list", args=[project.slug])
    client = signed_in(reviewer)
    assert client.get(listed).context["waiting"] == []

    Project.objects.filter(pk=project.pk).update(annotators_per_article=1)

    page = client.get(listed)
    assert [row.pk for row in page.context["waiting"]] == [half.pk]
    assert "0 of 0" in page.text


def test_the_list_shows_the_lowest_agreement_and_says_that_there_is_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project, (ada, ben), reviewer = make_desk()
    for number, said in enumerate(([("quote", QUOTE)], [], [])):
        waiting = make_article(project, f"{TEXT}\n{number}")
        annotate(waiting, ada, said)
        annotate(waiting, ben, said)
    monkeypatch.setattr(review_views, "MOST_LISTED", 2)

    page = signed_in(reviewer).get(reverse("review-list", args=[project.slug]))

    assert [row.agreement for row in page.context["waiting"]] == [1.0, None]
    assert "more follow as they are decided" in page.text


def test_a_link_is_shown_where_its_ends_are() -> None:
    project, (ada, ben), reviewer = make_desk()
    dispute = make_article(project, TEXT)
    quote, source = annotate(dispute, ada, [("quote", QUOTE), ("source", SOURCE)], submit=False)
    link(quote, source)
    submit_layer(actor=ada, layer=layer_of(dispute, ada))
    annotate(dispute, ben, [("quote", QUOTE), ("source", SOURCE)])

    page = signed_in(reviewer).get(url("review", dispute))

    ends = [one.pk for one in dispute.decisions.in_reading_order() if one.kind != "relation"]
    assert f'data-kind="Link" data-places="{ends[0]} {ends[1]}"' in page.text
