"""Suggestions: brought in once, decided on by each for themselves, and nothing until then."""

import json
from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from articles.annotations.errors import (
    DuplicateAnnotation,
    LabelUnknown,
    LayerClosed,
    NoFreeSlot,
    QuoteMismatch,
    SpanOutOfRange,
)
from articles.annotations.models import Annotation, Layer
from articles.annotations.undo_services import undo
from articles.datasets.verification import verify
from articles.desk.events import Event
from articles.desk.models import Role, User
from articles.desk.services import change_project
from articles.intake.models import Article
from articles.review.submission_services import submit_layer
from articles.suggestions.errors import SuggestionDecided, SuggestionInvalid
from articles.suggestions.models import Suggestion, SuggestionVerdict
from articles.suggestions.queries import open_suggestions
from articles.suggestions.services import decide, suggest
from newsdesk.errors import IdReused, Invalid, NotAllowed
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.factories import make_annotation, make_article, make_layer
from tests.sessions import at_once
from tests.suggestions.suggesting import QUOTE, SOURCE, make_suggestion, proposed

ACCEPT, REJECT = SuggestionVerdict.Decision.ACCEPTED, SuggestionVerdict.Decision.REJECTED


@pytest.fixture
def article(db: None) -> Article:
    """One that three may annotate."""
    project = make_project()
    change_project(actor=manager_of(project), project=project, version=1, annotators_per_article=3)
    project.refresh_from_db()
    return make_article(project)


@pytest.fixture
def ada(article: Article) -> User:
    return join(article.project, make_user("ada"), Role.ANNOTATOR)


def waiting(article: Article, user: User) -> list[Suggestion]:
    return [row for row, _ in open_suggestions(article, user).rows]


# --- bringing in ----------------------------------------------------------------------------------


def test_what_was_proposed_before_by_the_same_origin_stays_once(article: Article) -> None:
    manager, one = manager_of(article.project), proposed(article)
    other = replace(one, origin="model")

    first, _ = suggest(actor=manager, article=article, given=[one])
    again, new = suggest(actor=manager, article=article, given=[other, one, one])

    assert (new, again[1]) == (1, first[0])
    assert [row.origin for row in again] == ["model", "rules"]
    assert Event.objects.filter(kind="suggestion.made").count() == 2
    assert verify() == []


def test_of_several_all_are_taken_or_none_and_it_is_said_which_is_wrong(article: Article) -> None:
    one, manager = proposed(article), manager_of(article.project)
    wrong = [
        (replace(one, quote="Quay"), QuoteMismatch, "items[1].quote"),
        (replace(one, end=one.start + 9_999), SpanOutOfRange, "items[1].end"),
        (replace(one, label="cliam"), LabelUnknown, "items[1].label"),
        (replace(one, score=1.5), SuggestionInvalid, "items[1].score"),
        (replace(one, origin=""), SuggestionInvalid, "items[1].origin"),
    ]

    for given, refusal, field in wrong:
        bad = replace(given, at="items[1]")
        with pytest.raises(refusal) as error:
            suggest(actor=manager, article=article, given=[one, bad])
        assert isinstance(error.value, Invalid)
        assert error.value.field == field
        assert error.value.message.startswith("items[1]: ")

    assert not Suggestion.objects.exists()


def test_an_id_of_another_suggestion_is_refused(article: Article) -> None:
    chosen, manager = uuid4(), manager_of(article.project)
    suggest(actor=manager, article=article, given=[replace(proposed(article), id=chosen)])

    other = replace(proposed(article, SOURCE, label="source"), id=chosen)
    with pytest.raises(IdReused):
        suggest(actor=manager, article=article, given=[other])


def test_annotators_bring_no_suggestions_in(article: Article, ada: User) -> None:
    with pytest.raises(NotAllowed):
        suggest(actor=ada, article=article, given=[proposed(article)])


@pytest.mark.django_db(transaction=True)
def test_the_same_sent_at_once_is_there_once(transactional_db: None) -> None:
    article = make_article()
    send = partial(
        suggest, actor=manager_of(article.project), article=article, given=[proposed(article)]
    )

    sent = at_once(*[send] * 4)

    assert sorted(one[1] for one in sent if isinstance(one, tuple)) == [0, 0, 0, 1]


def test_a_suggestion_is_never_changed(article: Article) -> None:
    made = make_suggestion(article)

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Suggestion.objects.filter(pk=made.pk).update(score=1)


# --- deciding -------------------------------------------------------------------------------------


def test_accepting_makes_an_annotation_in_ones_own_layer(article: Article, ada: User) -> None:
    made = make_suggestion(article)

    verdict, is_new = decide(actor=ada, suggestion=made, decision=ACCEPT)

    assert is_new
    annotation = Annotation.objects.get()
    assert verdict.annotation == annotation
    assert (annotation.origin, annotation.start, annotation.end) == (
        "suggestion", made.start, made.end
    )  # fmt: skip
    layer = Layer.objects.get()
    assert (layer.annotator, layer.slot, layer.annotation_count) == (ada, 1, 1)
    kinds = Event.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["annotation.created", "suggestion.accepted"]
    assert verify() == []


def test_rejecting_leaves_no_annotation(article: Article, ada: User) -> None:
    decide(actor=ada, suggestion=make_suggestion(article), decision=REJECT)

    assert not Annotation.objects.exists()
    assert waiting(article, ada) == []
    assert verify() == []


def test_the_same_again_changes_nothing_and_the_other_way_is_refused(
    article: Article, ada: User
) -> None:
    made = make_suggestion(article)
    first, _ = decide(actor=ada, suggestion=made, decision=REJECT)
    events = Event.objects.count()

    assert decide(actor=ada, suggestion=made, decision=REJECT) == (first, False)
    with pytest.raises(SuggestionDecided):
        decide(actor=ada, suggestion=made, decision=ACCEPT)

    assert Event.objects.count() == events


def test_each_decides_for_themselves(article: Article, ada: User) -> None:
    ben = join(article.project, make_user("ben"), Role.ANNOTATOR)
    made = make_suggestion(article)

    decide(actor=ada, suggestion=made, decision=REJECT)
    assert waiting(article, ben) == [made]
    decide(actor=ben, suggestion=made, decision=ACCEPT)

    assert [one.layer.annotator for one in Annotation.objects.all()] == [ben]


def test_what_one_has_labelled_so_is_not_open_and_accepting_it_is_refused(
    article: Article, ada: User
) -> None:
    made = make_suggestion(article)
    make_annotation(make_layer(article, ada), QUOTE, label="quote")

    assert waiting(article, ada) == []
    with pytest.raises(DuplicateAnnotation):
        decide(actor=ada, suggestion=made, decision=ACCEPT)
    assert not SuggestionVerdict.objects.exists()


def test_who_has_no_place_or_has_submitted_decides_nothing(article: Article, ada: User) -> None:
    one, other = make_suggestion(article), make_suggestion(article, SOURCE, label="source")
    decide(actor=ada, suggestion=one, decision=ACCEPT)
    submit_layer(actor=ada, layer=Layer.objects.get())

    with pytest.raises(LayerClosed):
        decide(actor=ada, suggestion=other, decision=REJECT)
    assert decide(actor=ada, suggestion=one, decision=ACCEPT)[1] is False

    for name in ("ben", "dee"):
        make_layer(article, join(article.project, make_user(name), Role.ANNOTATOR))
    late = join(article.project, make_user("eve"), Role.ANNOTATOR)
    with pytest.raises(NoFreeSlot):
        decide(actor=late, suggestion=other, decision=REJECT)


def test_undo_takes_the_annotation_back(article: Article, ada: User) -> None:
    decide(actor=ada, suggestion=make_suggestion(article), decision=ACCEPT)

    undo(actor=ada, layer=Layer.objects.get())

    assert not Annotation.objects.live().exists()
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_two_tabs_decide_once(transactional_db: None) -> None:
    article = make_article()
    ada = join(article.project, make_user("ada"), Role.ANNOTATOR)
    make_layer(article, ada)
    made = make_suggestion(article)
    made.article = Article.objects.select_related("project").get(pk=article.pk)

    done = at_once(*[partial(decide, actor=ada, suggestion=made, decision=ACCEPT)] * 3)

    assert sorted(one[1] for one in done if isinstance(one, tuple)) == [False, False, True]
    assert Annotation.objects.count() == 1


def test_suggestions_go_out_nowhere(article: Article) -> None:
    make_suggestion(article)
    manager = signed_in(manager_of(article.project))

    answer = manager.get(reverse("export-file", args=[article.project.slug]), {"layers": "all"})

    (record,) = map(json.loads, answer.getvalue().splitlines())
    assert (record["annotations"], record["layers"]) == ([], [])
