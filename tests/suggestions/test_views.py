"""The panel of suggestions, and what is decided there."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from articles.annotations.models import Annotation
from articles.desk.models import Role, User
from articles.suggestions.models import Suggestion
from tests.desk.people import join, make_user, signed_in
from tests.factories import make_article
from tests.suggestions.suggesting import SOURCE, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggestion() -> Suggestion:
    return make_suggestion(make_article(), SOURCE, label="source", origin="spacy:names-2")


@pytest.fixture
def ada(suggestion: Suggestion) -> User:
    return join(suggestion.project, make_user("ada"), Role.ANNOTATOR)


def panel(client: Client, suggestion: Suggestion) -> str:
    path = reverse("workbench", args=[suggestion.project.slug, suggestion.article_id])
    return client.get(path, {"panel": "suggestions"}, headers={"HX-Request": "true"}).text


def decide(
    client: Client, suggestion: Suggestion, decision: str, *, by_htmx: bool = False, **more: str
) -> str:
    path = reverse(
        "suggestion-decide",
        args=[suggestion.project.slug, suggestion.article_id, suggestion.pk],
        query={"panel": "suggestions"},
    )
    headers = {"HX-Request": "true"} if by_htmx else {}
    return client.post(path, {"decision": decision} | more, headers=headers, follow=True).text


def test_the_panel_lists_what_is_open_with_words_score_and_origin(
    suggestion: Suggestion, ada: User
) -> None:
    shown = panel(signed_in(ada), suggestion)

    for words in (SOURCE, "0.75", "spacy:names-2", "Accept", "Reject"):
        assert words in shown


def test_accepting_paints_the_words_and_takes_it_off_the_list(
    suggestion: Suggestion, ada: User
) -> None:
    client = signed_in(ada)

    painted = decide(client, suggestion, "accept", by_htmx=True)

    assert f"a-{Annotation.objects.get().pk}" in painted
    assert "Accepted: Source." in painted
    assert "No suggestions to decide on." in panel(client, suggestion)


def test_it_may_be_the_first_thing_one_does_and_a_repeated_request_changes_nothing(
    suggestion: Suggestion, ada: User
) -> None:
    client, request = signed_in(ada), str(uuid4())

    answers = [
        decide(client, suggestion, "accept", by_htmx=True, request=request) for _ in range(2)
    ]

    said = [re.search(r'id="status".*?>(.*?)<', answer) for answer in answers]
    assert [found and found[1] for found in said] == [
        "Accepted: Source. 1 annotation.",
        "Saved. 1 annotation.",
    ]


def test_a_plain_form_does_it_too_and_leads_back_to_the_panel(
    suggestion: Suggestion, ada: User
) -> None:
    answer = decide(signed_in(ada), suggestion, "reject")

    assert "Rejected: Source." in answer
    assert "No suggestions to decide on." in answer
    assert not Annotation.objects.exists()


def test_what_is_no_decision_is_refused_in_words(suggestion: Suggestion, ada: User) -> None:
    assert "Not saved: Decision" in decide(signed_in(ada), suggestion, "perhaps")


def test_an_engineer_sees_what_is_open_and_decides_nothing(suggestion: Suggestion) -> None:
    client = signed_in(join(suggestion.project, make_user("eli"), Role.ENGINEER))

    assert SOURCE in panel(client, suggestion)
    assert "Accept" not in panel(client, suggestion)
    assert "Not saved" in decide(client, suggestion, "accept")
