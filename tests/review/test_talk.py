"""Threads: who reads them, who answers, who is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from articles.annotations.errors import TooLate
from articles.annotations.models import Annotation, Comment
from articles.datasets.verification import verify
from articles.desk.events import Event
from articles.desk.models import Membership, Project, Role, User
from articles.desk.services import change_project, deactivate_member
from articles.intake.models import Article
from articles.review.models import Decision, Notice, Review
from articles.review.permissions import EDITABLE, comments_visible_to
from articles.review.talk_queries import (
    Thread,
    threads_beside,
    threads_of,
    threads_of_decisions,
)
from articles.review.talk_services import (
    LONGEST_COMMENT,
    add_comment,
    edit_comment,
    remove_comment,
    reply,
    set_resolved,
)
from newsdesk.errors import IdReused, Invalid, NotAllowed
from tests.desk.people import join, make_project, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer
from tests.sessions import at_once

pytestmark = pytest.mark.django_db

CHOSEN = UUID("019a0000-0000-7000-8000-000000000001")


class Room:
    """Ada and Ben work blind on one article, which Rex reviews."""

    def __init__(self) -> None:
        self.project = make_project("Harbour inquiry")
        self.manager = manager_of(self.project)
        change_project(
            actor=self.manager, project=self.project, version=1, annotators_per_article=2
        )
        self.ada = join(self.project, make_user("ada"), Role.ANNOTATOR)
        self.ben = join(self.project, make_user("ben"), Role.ANNOTATOR)
        self.rex = join(self.project, make_user("rex"), Role.REVIEWER)
        self.article: Article = make_article(self.project)
        self.quote: Annotation = make_annotation(make_layer(self.article, self.ada))
        make_layer(self.article, self.ben)

    @property
    def people(self) -> dict[str, User]:
        return {name: getattr(self, name) for name in ("manager", "ada", "ben", "rex")}

    def readers(self, comment: Comment) -> set[str]:
        return {
            name
            for name, person in self.people.items()
            if comments_visible_to(person).filter(pk=comment.pk).exists()
        }

    def decision(self) -> Decision:
        Review.objects.get_or_create(project=self.project, article=self.article)
        return Decision.objects.create(
            project=self.project, article=self.article, kind="missing", start=0, end=4, variants=[]
        )

    def adjudicate(self) -> None:
        Review.objects.update_or_create(
            project=self.project,
            article=self.article,
            defaults={"adjudicated_at": timezone.now(), "adjudicated_by": self.rex},
        )


@pytest.fixture
def room() -> Room:
    return Room()


def say(actor: User, on: Any, body: str = "Is it his?") -> Comment:
    return add_comment(actor=actor, on=on, body=body)[0]


def told(comment: Comment) -> set[tuple[str, str]]:
    notices = Notice.objects.filter(comment=comment)
    return set(notices.values_list("kind", "person__username"))


def kinds(article: Article) -> list[str]:
    events = Event.objects.filter(article_id=article.pk, kind__startswith="comment.")
    return list(events.order_by("pk").values_list("kind", flat=True))


def bodies(threads: list[Thread]) -> list[list[str]]:
    return [[one.comment.body for one in (thread.first, *thread.replies)] for thread in threads]


# --- who reads what -------------------------------------------------------------------------------


def test_what_is_said_about_an_annotation_is_for_those_who_read_its_layer(room: Room) -> None:
    on_quote = say(room.rex, room.quote)
    on_layer = say(room.ada, room.quote.layer)

    assert room.readers(on_quote) == room.readers(on_layer) == {"manager", "ada", "rex"}
    with pytest.raises(NotAllowed):
        say(room.ben, room.quote)
    with pytest.raises(NotAllowed):
        reply(actor=room.ben, to=on_quote, body="Mine too")
    assert list(Comment.objects.order_by("created_at")) == [on_quote, on_layer]


def test_what_is_said_about_a_decision_is_for_reviewers_until_all_is_decided(room: Room) -> None:
    comment = say(room.rex, room.decision())

    assert room.readers(comment) == {"manager", "rex"}
    with pytest.raises(NotAllowed):
        say(room.ada, room.decision())

    room.adjudicate()

    assert room.readers(comment) == {"manager", "rex", "ada", "ben"}
    outside = join(room.project, make_user("cleo"), Role.ANNOTATOR)
    assert not comments_visible_to(outside).exists()


def test_who_works_blind_tells_nothing_to_others_who_do(room: Room) -> None:
    hers = say(room.ada, room.article)
    answer, _ = reply(actor=room.rex, to=hers, body="Yes.")
    theirs = say(room.rex, room.article, "Captions are in week 12.")
    her_answer, _ = reply(actor=room.ada, to=theirs, body="I found two claims.")

    assert room.readers(hers) == room.readers(answer) == {"manager", "ada", "rex"}
    assert room.readers(theirs) == {"manager", "ada", "ben", "rex"}
    assert room.readers(her_answer) == {"manager", "ada", "rex"}

    room.adjudicate()

    assert room.readers(hers) == room.readers(her_answer) == {"manager", "ada", "ben", "rex"}


def test_where_work_is_not_blind_everybody_talks(room: Room) -> None:
    Project.objects.filter(pk=room.project.pk).update(blind=False)

    assert room.readers(say(room.ada, room.article)) == {"manager", "ada", "ben", "rex"}
    assert room.readers(say(room.ben, room.quote)) == {"manager", "ada", "ben", "rex"}


def test_a_gate_closes_over_the_talk_too(room: Room) -> None:
    comment = say(room.rex, room.quote)
    Article.objects.filter(pk=room.article.pk).update(held_at=timezone.now(), hold_reason="Legal")

    assert room.readers(comment) == {"manager"}
    with pytest.raises(NotAllowed):
        say(room.rex, room.article)


# --- begin, answer, change, resolve, remove -------------------------------------------------------


@pytest.mark.parametrize("body", ["", "  \n ", "x" * (LONGEST_COMMENT + 1)])
def test_a_comment_has_some_words(room: Room, body: str) -> None:
    with pytest.raises(Invalid):
        say(room.ada, room.article, body)


def test_the_same_id_and_words_again_change_nothing(room: Room) -> None:
    first, is_new = add_comment(actor=room.rex, on=room.quote, body="His?", chosen_id=CHOSEN)
    edit_comment(actor=room.rex, comment=first, body="Or hers?")

    again, is_new_again = add_comment(
        actor=room.rex, on=room.quote, body=" His? ", chosen_id=CHOSEN
    )

    assert (is_new, is_new_again, again.pk) == (True, False, first.pk)
    others: list[Callable[[], Any]] = [
        lambda: add_comment(actor=room.rex, on=room.quote, body="Or hers?", chosen_id=CHOSEN),
        lambda: add_comment(actor=room.rex, on=room.article, body="His?", chosen_id=CHOSEN),
        lambda: add_comment(actor=room.ada, on=room.quote, body="His?", chosen_id=CHOSEN),
        lambda: reply(actor=room.rex, to=first, body="His?", chosen_id=CHOSEN),
    ]
    for other in others:
        with pytest.raises(IdReused):
            other()
    assert kinds(room.article) == ["comment.added", "comment.edited"]


@pytest.mark.django_db(transaction=True)
def test_the_same_comment_sent_many_times_at_once_is_one() -> None:
    room = Room()

    def send() -> tuple[Comment, bool]:
        return add_comment(actor=room.rex, on=room.quote, body="His, @ada?", chosen_id=CHOSEN)

    results = at_once(*[send] * 6)

    made = [result for result in results if not isinstance(result, Exception)]
    assert [comment.pk for comment, _ in made] == [CHOSEN] * 6
    assert sum(is_new for _, is_new in made) == 1
    assert kinds(room.article) == ["comment.added"]
    assert Notice.objects.count() == 1


def test_an_answer_to_an_answer_is_in_the_same_thread(room: Room) -> None:
    first = say(room.rex, room.quote)
    answer, _ = reply(actor=room.ada, to=first, body="Hers.")
    last, _ = reply(actor=room.rex, to=answer, body="Right.")

    assert last.thread == first
    assert (last.layer, last.annotation) == (first.layer, first.annotation)
    assert bodies(threads_of(room.ada, room.quote)) == [["Is it his?", "Hers.", "Right."]]
    assert verify() == []


def test_its_author_changes_a_comment_for_fifteen_minutes(room: Room) -> None:
    comment = say(room.ada, room.article)

    with pytest.raises(NotAllowed):
        edit_comment(actor=room.manager, comment=comment, body="No.")
    edit_comment(actor=room.ada, comment=comment, body="Is it hers?")
    edit_comment(actor=room.ada, comment=comment, body="Is it hers?")
    Comment.objects.update(created_at=timezone.now() - EDITABLE - timedelta(seconds=1))
    with pytest.raises(TooLate):
        edit_comment(actor=room.ada, comment=comment, body="Never mind.")

    assert Comment.objects.get().body == "Is it hers?"
    assert kinds(room.article) == ["comment.added", "comment.edited"]


def test_a_removed_comment_leaves_its_place_and_not_its_words(room: Room) -> None:
    comment = say(room.rex, room.quote)
    reply(actor=room.ada, to=comment, body="Hers.")

    with pytest.raises(NotAllowed):
        remove_comment(actor=room.manager, comment=comment)
    remove_comment(actor=room.rex, comment=comment)
    remove_comment(actor=room.rex, comment=comment)
    with pytest.raises(TooLate):
        edit_comment(actor=room.rex, comment=comment, body="Oh.")

    [thread] = threads_of(room.ada, room.quote)
    assert (thread.first.parts, thread.first.is_mine) == ([], False)
    assert [one.comment.body for one in thread.replies] == ["Hers."]
    assert kinds(room.article) == ["comment.added", "comment.added", "comment.removed"]


def test_a_thread_is_resolved_by_whoever_reads_it_and_opened_again(room: Room) -> None:
    first = say(room.rex, room.quote)
    answer, _ = reply(actor=room.ada, to=first, body="Hers.")

    with pytest.raises(NotAllowed):
        set_resolved(actor=room.ben, comment=first, resolved=True)
    for _ in range(2):
        resolved = set_resolved(actor=room.ada, comment=answer, resolved=True)
    assert (resolved, resolved.resolved_by) == (first, room.ada)
    for _ in range(2):
        opened = set_resolved(actor=room.rex, comment=first, resolved=False)

    assert (opened.resolved_at, opened.resolved_by) == (None, None)
    assert kinds(room.article)[2:] == ["comment.resolved", "comment.reopened"]
    assert verify() == []


# --- who is told ----------------------------------------------------------------------------------


def test_who_is_named_and_may_read_it_is_told_once(room: Room) -> None:
    make_user("otto")
    comment = say(room.rex, room.quote, "@ada, @ben, @otto, @nobody and @rex: his? @ada!")

    edited = edit_comment(actor=room.rex, comment=comment, body="@ada and @rex: his?")

    assert told(edited) == {("mentioned", "ada")}
    parts = threads_of(room.ada, room.quote)[0].first.parts
    assert [part.person for part in parts if part.person] == ["ada"]


def test_who_is_named_only_when_a_comment_is_changed_is_told_then(room: Room) -> None:
    comment = say(room.rex, room.article, "Captions are in week 12, @ada.")

    edit_comment(actor=room.rex, comment=comment, body="Captions are in week 12, @ada and @ben.")

    assert told(comment) == {("mentioned", "ada"), ("mentioned", "ben")}


def test_those_who_take_part_and_the_annotator_are_told_of_an_answer(room: Room) -> None:
    first = say(room.rex, room.quote)
    answer, _ = reply(actor=room.manager, to=first, body="@rex: hers.")
    last, _ = reply(actor=room.ada, to=first, body="Oh.")

    assert told(first) == {("replied", "ada")}
    assert told(answer) == {("mentioned", "rex"), ("replied", "ada")}
    assert told(last) == {("replied", "rex"), ("replied", room.manager.username)}


def test_who_left_is_not_told(room: Room) -> None:
    first = say(room.ada, room.quote.layer)
    deactivate_member(actor=room.manager, project=room.project, user=room.ada)

    answer, _ = reply(actor=room.rex, to=first, body="@ada?")

    assert told(answer) == set()
    assert Membership.objects.active().count() == 3


# --- what pages show ------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 5])
def test_threads_cost_the_same_however_many_there_are(
    room: Room, count: int, django_assert_num_queries: Any
) -> None:
    decision = room.decision()
    for _ in range(count):
        for on in (room.article, room.quote, decision):
            reply(actor=room.rex, to=say(room.rex, on, "His, @ada?"), body="Hers.")

    with django_assert_num_queries(3):
        beside = threads_beside(room.rex, room.article, room.quote.layer)
    with django_assert_num_queries(2):
        of_decisions = threads_of_decisions(room.rex, room.article)
    with django_assert_num_queries(2):
        of_article = threads_of(room.rex, room.article)

    assert (len(beside.on_article), len(beside.on_annotations)) == (count, count)
    assert {thread.words for thread in beside.on_annotations} == {"“The quay is ours again,”"}
    assert {key: len(threads) for key, threads in of_decisions.items()} == {decision.pk: count}
    assert bodies(of_article) == [["His, @ada?", "Hers."]] * count


def test_nobody_else_finds_it_by_an_id_of_their_own(room: Room) -> None:
    outsider = make_user("otto")

    with pytest.raises(NotAllowed):
        add_comment(actor=outsider, on=room.article, body="Hello?", chosen_id=uuid4())

    assert not Comment.objects.exists()
