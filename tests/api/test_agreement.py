"""How alike annotators are, by the API."""

from typing import Any

import pytest
from django.utils import timezone

from articles.intake.models import Article
from articles.review import measuring
from articles.review.dashboard_numbers import METRICS
from tests.api.calls import Caller, code_of, json_of
from tests.api.conftest import Newsroom
from tests.factories import make_article
from tests.review.handing_in import disputed, hand_in

pytestmark = pytest.mark.django_db


def agreement(caller: Caller, room: Newsroom, query: str = "") -> dict[str, Any]:
    response = caller.get(f"{room.path}/agreement{query}")
    assert response.status_code == 200, response.content
    found: dict[str, Any] = json_of(response)
    return found


def test_the_exact_f1_comes_with_its_labels_and_pairs(room: Newsroom) -> None:
    disputed(room.project, room.people["ada"], room.people["ben"])

    found = agreement(room.reviewer, room)

    assert found["metric"] == "f1_exact"
    assert found["value"] == pytest.approx(4 / 7)
    assert (found["reason"], found["low"], found["n_articles"]) == (None, None, 1)
    assert found["n_annotations"] == 7
    assert {one["label"]: one["value"] for one in found["per_label"]} == {
        "claim": 0.5, "quote": 0, "source": 1,
    }  # fmt: skip
    [pair] = found["per_pair"]
    assert (pair["annotators"], pair["n_annotations"]) == (["ada", "ben"], 7)
    assert pair["value"] == pytest.approx(4 / 7)
    assert found["computed_at"] is not None


def test_an_interval_needs_several_articles(room: Newsroom) -> None:
    for _ in range(3):
        disputed(room.project, room.people["ada"], room.people["ben"])
        article = make_article(room.project)
        for name in ("ada", "ben"):
            hand_in(article, room.people[name], ("claim", "The quay"))

    found = agreement(room.reviewer, room)

    assert found["low"] < found["value"] < found["high"]


@pytest.mark.parametrize("metric", [metric.key for metric in METRICS])
def test_every_measure_answers_and_says_why_it_is_undefined(room: Newsroom, metric: str) -> None:
    found = agreement(room.manager, room, f"?metric={metric}")

    assert found["value"] is None
    assert found["reason"]

    disputed(room.project, room.people["ada"], room.people["ben"])
    found = agreement(room.manager, room, f"?metric={metric}")

    assert (found["value"] is None) == bool(found["reason"])
    assert (found["value"] is None) == (metric in ("relation_f1", "attribute_alpha"))


def test_a_label_counts_as_if_there_were_no_other(room: Newsroom) -> None:
    disputed(room.project, room.people["ada"], room.people["ben"])

    found = agreement(room.engineer, room, "?metric=f1_overlap&label=claim")

    assert (found["label"], found["value"], found["n_annotations"]) == ("claim", 1, 4)
    assert [one["label"] for one in found["per_label"]] == ["claim"]


@pytest.mark.parametrize("query", ["?metric=f2", "?label=nothing", "?label=%F0%9F%93%B0"])
def test_what_there_is_not_is_422(room: Newsroom, query: str) -> None:
    status, _ = code_of(room.reviewer.get(f"{room.path}/agreement{query}"))

    assert status == 422


def test_annotators_are_refused(room: Newsroom) -> None:
    assert code_of(room.ada.get(f"{room.path}/agreement")) == (403, "not_allowed")
    assert code_of(room.outsider.get(f"{room.path}/agreement")) == (404, "not_found")


def test_an_article_behind_a_gate_does_not_count(room: Newsroom) -> None:
    article = disputed(room.project, room.people["ada"], room.people["ben"])
    Article.objects.filter(pk=article.pk).update(withdrawn_at=timezone.now())

    assert agreement(room.reviewer, room)["n_articles"] == 0
    assert agreement(room.manager, room)["n_articles"] == 1


def test_before_much_work_is_measured_there_is_no_value_and_no_time(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "AT_ONCE", -1)

    found = agreement(room.reviewer, room)

    assert (found["value"], found["computed_at"]) == (None, None)
    assert found["reason"] == "It is being measured; ask again in a minute"
