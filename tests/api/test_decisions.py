"""Decisions and verdicts by the API: what they look like, and what is refused."""

from typing import Any
from uuid import uuid4

import pytest

from articles.desk.models import Role
from articles.intake.models import Article
from articles.review.models import Decision
from articles.review.review_services import open_review
from tests.api.calls import ALL, caller, code_of, json_of
from tests.api.conftest import Newsroom
from tests.desk.people import join, make_user
from tests.factories import make_article, make_relation
from tests.review.disputes import CLAIM, LONG_QUOTE, QUOTE, SOURCE, TEXT, annotate, only

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(room: Newsroom) -> Article:
    """Two said different things about it: a quote with two edges, linked by one; a claim of one."""
    article = make_article(room.project, TEXT)
    ada, ben = room.people["ada"], room.people["ben"]
    quote, source, _ = annotate(
        article, ada, [("quote", QUOTE), ("source", SOURCE), ("claim", CLAIM)], submit=False
    )
    make_relation(source=quote, target=source)
    annotate(article, ada, [])
    annotate(article, ben, [("quote", LONG_QUOTE), ("source", SOURCE)])
    return Article.objects.select_related("project").get(pk=article.pk)


def path(decision: Decision) -> str:
    return f"/decisions/{decision.pk}"


def rule(room: Newsroom, decision: Decision, ruling: str, **more: Any) -> Any:
    return room.reviewer.post(f"{path(decision)}/verdict", {"decision": ruling, **more})


def test_decisions_come_in_reading_order_with_who_said_what(
    room: Newsroom, article: Article
) -> None:
    listed = json_of(room.reviewer.get(f"/articles/{article.pk}/decisions"))

    assert [one["kind"] for one in listed["items"]] == ["boundary", "relation", "unanimous",
                                                        "missing"]  # fmt: skip
    boundary, relation, unanimous, _ = listed["items"]
    assert (boundary["article"], boundary["verdict"]) == (str(article.pk), None)
    assert [(one["number"], one["label"], one["layers"]) for one in boundary["variants"]] == [
        (1, "quote", ["ben"]),
        (2, "quote", ["ada"]),
    ]
    assert TEXT[boundary["start"] : boundary["end"]] == LONG_QUOTE
    assert relation["variants"][0]["source"] == boundary["id"]
    assert relation["variants"][0]["target"] == unanimous["id"]
    assert json_of(room.reviewer.get(f"/decisions/{boundary['id']}")) == boundary


def test_decisions_are_listed_page_by_page_and_by_state(room: Newsroom, article: Article) -> None:
    rule(room, only(article, "missing"), "reject")
    whole = json_of(room.reviewer.get(f"/articles/{article.pk}/decisions"))["items"]

    first = json_of(room.reviewer.get(f"/articles/{article.pk}/decisions?limit=3"))
    rest = json_of(room.reviewer.get(first["next"]))

    assert (len(first["items"]), rest["next"]) == (3, None)
    assert first["items"] + rest["items"] == whole
    decided = json_of(room.reviewer.get(f"/articles/{article.pk}/decisions?state=decided"))
    assert [one["kind"] for one in decided["items"]] == ["missing"]
    still_open = json_of(room.reviewer.get(f"/articles/{article.pk}/decisions?state=open"))
    assert len(still_open["items"]) == 3


def test_a_verdict_is_given_once_however_often_it_is_sent(room: Newsroom, article: Article) -> None:
    decision, key = only(article, "boundary"), str(uuid4())
    said = {"id": key, "variant": 2, "reason": "edge_habit"}

    first, again = (rule(room, decision, "accept", **said) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first["Location"] == f"/api/v1{path(decision)}"
    verdict = json_of(first)
    assert json_of(again) == verdict
    start = TEXT.index(QUOTE)
    assert {name: verdict[name] for name in ("id", "decision", "variant", "label", "start", "end",
                                             "reason", "reviewer")} == {
        "id": key, "decision": "accept", "variant": 2, "label": "quote", "start": start,
        "end": start + len(QUOTE), "reason": "edge_habit", "reviewer": "rey",
    }  # fmt: skip
    assert json_of(room.reviewer.get(path(decision)))["verdict"] == verdict
    assert code_of(rule(room, decision, "reject", id=key)) == (409, "id_reused")


def test_a_fix_says_what_belongs_here(room: Newsroom, article: Article) -> None:
    start = TEXT.index(CLAIM)
    fix = {"start": start, "end": start + 7, "quote": TEXT[start : start + 7], "label": "quote"}

    verdict = json_of(rule(room, only(article, "missing"), "fix", **fix))

    assert (verdict["label"], verdict["start"], verdict["end"]) == ("quote", start, start + 7)
    wrong = rule(room, only(article, "boundary"), "fix", **fix | {"quote": "Nothing"})
    assert code_of(wrong) == (422, "quote_mismatch")
    wrong = rule(room, only(article, "boundary"), "fix", label="nonsense")
    assert code_of(wrong) == (422, "label_unknown")


def test_what_is_decided_is_decided_until_it_is_opened_again(
    room: Newsroom, article: Article
) -> None:
    decision = only(article, "missing")
    rule(room, decision, "reject")

    assert code_of(rule(room, decision, "accept")) == (409, "already_decided")

    assert room.reviewer.delete(f"{path(decision)}/verdict").status_code == 204
    assert room.reviewer.delete(f"{path(decision)}/verdict").status_code == 204
    assert json_of(room.reviewer.get(path(decision)))["verdict"] is None
    assert rule(room, decision, "accept").status_code == 201


def test_nobody_rules_while_somebody_else_holds_the_review(
    room: Newsroom, article: Article
) -> None:
    open_review(actor=room.people["manager"], article=article)

    assert code_of(rule(room, only(article, "missing"), "accept")) == (409, "review_held")


def test_nobody_rules_on_what_was_taken_back(room: Newsroom, article: Article) -> None:
    assert room.ben.delete(f"/articles/{article.pk}/submission").status_code == 204

    assert code_of(rule(room, only(article, "missing"), "accept")) == (409, "not_in_review")
    closing = room.reviewer.post(f"/articles/{article.pk}/adjudication")
    assert code_of(closing) == (409, "not_in_review")


def test_a_review_closes_when_nothing_is_open(room: Newsroom, article: Article) -> None:
    closing = f"/articles/{article.pk}/adjudication"
    assert code_of(room.reviewer.post(closing)) == (409, "decisions_open")
    for decision in article.decisions.exclude(kind="unanimous"):
        rule(room, decision, "reject")
    rule(room, only(article, "unanimous"), "accept")

    done = json_of(room.reviewer.post(closing))

    assert (done["status"], done["article"]) == ("adjudicated", str(article.pk))
    assert (done["annotation_count"], done["relation_count"], done["left_out"]) == (1, 0, 0)
    again = json_of(room.reviewer.post(closing))
    assert again["adjudicated_at"] == done["adjudicated_at"]


def test_for_who_works_blind_there_are_no_decisions(room: Newsroom, article: Article) -> None:
    decision = only(article, "missing")

    for person in (room.ada, room.outsider):
        assert code_of(person.get(path(decision))) == (404, "not_found")
        given = person.post(f"{path(decision)}/verdict", {"decision": "accept"})
        assert code_of(given) == (404, "not_found")
    listed = room.ada.get(f"/articles/{article.pk}/decisions")
    assert code_of(listed) == (403, "not_allowed")
    assert room.outsider.get(f"/articles/{article.pk}/decisions").status_code == 404


def test_ruling_needs_the_scope_review(room: Newsroom, article: Article) -> None:
    other = join(room.project, make_user("rae"), Role.REVIEWER)
    reader = caller(other, scopes=[scope for scope in ALL if scope != "review"])
    decision = only(article, "missing")

    given = reader.post(f"{path(decision)}/verdict", {"decision": "accept"})

    assert code_of(given) == (403, "scope_missing")
    assert reader.get(path(decision)).status_code == 200
