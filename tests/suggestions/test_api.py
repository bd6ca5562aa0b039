"""The API of suggestions."""

import pytest

from articles.annotations.models import Annotation
from articles.desk.models import Role
from articles.intake.models import Article
from tests.api.calls import Caller, token_of
from tests.desk.people import join, make_user, manager_of
from tests.factories import make_article
from tests.suggestions.suggesting import QUOTE, SOURCE, make_suggestion, proposed

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def machine(article: Article) -> Caller:
    """A program of the project's manager."""
    return Caller(token_of(manager_of(article.project)))


@pytest.fixture
def ada(article: Article) -> Caller:
    return Caller(token_of(join(article.project, make_user("ada"), Role.ANNOTATOR)))


def body(article: Article, words: str = QUOTE, label: str = "quote") -> dict[str, object]:
    one = proposed(article, words, label=label)
    return {
        "label": label, "start": one.start, "end": one.end, "quote": words, "score": 0.75,
        "origin": "rules",
    }  # fmt: skip


def test_one_is_made_once_and_listed_with_what_the_caller_decided(
    article: Article, machine: Caller, ada: Caller
) -> None:
    path = f"/articles/{article.pk}/suggestions"

    made = machine.post(path, body(article))
    again = machine.post(path, body(article))

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json() == again.json()
    assert made.json() | body(article) == made.json()
    suggestion = made.json()["id"]

    decided = ada.post(f"/suggestions/{suggestion}/verdict", {"decision": "accept"})

    assert (decided.status_code, decided.json()["decision"]) == (201, "accept")
    annotation = Annotation.objects.get()
    assert decided.json()["annotation"] == str(annotation.pk)
    assert ada.get(f"/annotations/{annotation.pk}").json()["origin"] == "suggestion"
    assert ada.get(path).json()["items"] == [decided.json()]
    assert machine.get(path).json()["items"] == [made.json()], "nobody reads what others decided"

    repeated = ada.post(f"/suggestions/{suggestion}/verdict", {"decision": "accept"})
    otherwise = ada.post(f"/suggestions/{suggestion}/verdict", {"decision": "reject"})
    assert repeated.status_code == 200
    assert (otherwise.status_code, otherwise.json()["code"]) == (409, "suggestion_decided")


def test_several_are_made_at_once_or_none(article: Article, machine: Caller) -> None:
    path = f"/articles/{article.pk}/suggestions"
    quote, source = body(article), body(article, SOURCE, "source")

    refused = machine.post(path, {"items": [quote, {**source, "quote": "Zoe Hart"}]})
    assert (refused.status_code, refused.json()["code"]) == (422, "quote_mismatch")
    assert machine.get(path).json()["items"] == []

    made = machine.post(path, {"items": [source, quote, source]})
    assert made.status_code == 201
    assert [one["quote"] for one in made.json()["items"]] == [SOURCE, QUOTE]
    listed = machine.get(path + "?count=true").json()
    assert [one["quote"] for one in listed["items"]] == [QUOTE, SOURCE]
    assert listed["count"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"items": []},
        {"items": [{}]},
        {"items": {}},
        {"origin": ""},
        {"score": 2},
        {"score": True},
        {"more": 1},
        {"start": -1},
        {"quote": "\0"},
        {"attributes": {"form": "sung"}},
    ],
)
def test_what_cannot_be_taken_is_422(
    article: Article, machine: Caller, wrong: dict[str, object]
) -> None:
    sent = wrong if not wrong or "items" in wrong else {**body(article), **wrong}

    refused = machine.post(f"/articles/{article.pk}/suggestions", sent)

    assert refused.status_code == 422
    assert refused.json()["detail"]


def test_an_outsider_learns_nothing(article: Article) -> None:
    suggestion = make_suggestion(article)
    stranger = Caller(token_of(make_user("eve")))

    assert stranger.get(f"/articles/{article.pk}/suggestions").status_code == 404
    decided = stranger.post(f"/suggestions/{suggestion.pk}/verdict", {"decision": "accept"})
    assert decided.status_code == 404
