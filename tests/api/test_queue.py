"""Programs claim the next article as editors do."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.annotations.models import Layer
from articles.intake.models import Article
from tests.api.calls import caller, code_of, json_of
from tests.api.conftest import Newsroom
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_each_claim_is_another_article_until_none_waits(room: Newsroom, article: Article) -> None:
    second = make_article(room.project)

    answers = [room.ada.post(f"{room.path}/queue") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 204]
    claims = [json_of(answer) for answer in answers[:2]]
    assert [claim["article"] for claim in claims] == [str(article.pk), str(second.pk)]
    ends = datetime.fromisoformat(claims[0]["lease_expires_at"])
    assert timedelta(minutes=119) < ends - datetime.now(UTC) <= timedelta(minutes=120)
    assert answers[2].content == b""


def test_what_was_returned_is_given_again_with_a_new_lease(
    room: Newsroom, article: Article
) -> None:
    room.ada.post(f"{room.path}/queue")
    Layer.objects.update(returned_at=datetime.now(UTC), lease_expires_at=None)

    claim = json_of(room.ada.post(f"{room.path}/queue"))

    assert claim["article"] == str(article.pk)
    assert claim["lease_expires_at"] > datetime.now(UTC).isoformat()


def test_no_more_claims_than_annotators(room: Newsroom, article: Article) -> None:
    statuses = [
        who.post(f"{room.path}/queue").status_code
        for who in (room.ada, room.ben, room.reviewer, room.manager)
    ]

    assert statuses == [200, 200, 204, 204]


def test_only_who_annotates_claims_and_only_with_the_scope(
    room: Newsroom, article: Article
) -> None:
    reading = caller(room.people["ada"], scopes=["read"])

    assert code_of(room.engineer.post(f"{room.path}/queue")) == (403, "not_allowed")
    assert code_of(room.outsider.post(f"{room.path}/queue")) == (404, "not_found")
    assert code_of(reading.post(f"{room.path}/queue")) == (403, "scope_missing")
