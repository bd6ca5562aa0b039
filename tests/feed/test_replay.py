"""Whoever applies the feed ends with what an export gives, whatever happens meanwhile."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from articles.annotations.merge_services import merge_label
from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.relation_services import link_annotations, unlink
from articles.annotations.services import (
    change_annotation,
    create_annotation,
    delete_annotation,
    open_layer,
    restore_annotation,
)
from articles.annotations.undo_services import redo, undo
from articles.desk.models import Label, Project, Role, User
from articles.desk.services import set_member
from articles.feed.errors import CursorGone
from articles.intake import gate_services
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.assignment_services import place
from articles.review.submission_services import submit_layer, take_back
from articles.review.verdict_services import accept_all
from newsdesk.errors import NewsdeskError
from tests.desk.people import join, label_of, make_project, make_user, manager_of
from tests.factories import make_article
from tests.feed.consumer import Consumer, exported

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "📰 Quay\n\n“It is ours,” said Zoë Hart.\n\nIt was closed in March, {number} weeks ago."
WORDS = ("📰 Quay", "“It is ours,”", "Zoë Hart", "closed in March")
LABELS = ("claim", "quote", "source", "caption")
PEOPLE = ("ada", "ben")

who = st.sampled_from(PEOPLE)
at = st.integers(0, 2)
row = st.integers(0, 30)
words = st.sampled_from(WORDS)
labels = st.sampled_from(LABELS)
said = st.lists(st.tuples(labels, words), min_size=1, max_size=4)


def _until_tomorrow(*, actor: User, article: Article, version: int) -> Article:
    tomorrow = timezone.now() + timedelta(days=1)
    return gate_services.embargo(actor=actor, article=article, version=version, until=tomorrow)


def _for_lawyers(*, actor: User, article: Article, version: int) -> Article:
    return gate_services.hold(actor=actor, article=article, version=version, reason="Lawyers.")


#: How each gate is closed, and opened again.
GATES: dict[str, tuple[Callable[..., Article], Callable[..., Article]]] = {
    "embargo": (_until_tomorrow, gate_services.lift_embargo),
    "hold": (_for_lawyers, gate_services.lift_hold),
    "withdrawn": (gate_services.withdraw, gate_services.bring_back),
    "for people only": (gate_services.keep_from_training, gate_services.free_for_training),
    "sensitive": (gate_services.mark_sensitive, gate_services.unmark_sensitive),
}


class Newsroom(RuleBasedStateMachine):
    """People at work, and three who follow by the feed: an engineer, a manager who is cleared for
    what is sensitive, and one who is nobody in particular, as a webhook is."""

    number: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        type(self).number += 1
        self.project = make_project(f"Desk {self.number}")
        Project.objects.filter(pk=self.project.pk).update(annotators_per_article=2)
        self.project.refresh_from_db()
        self.manager = manager_of(self.project)
        set_member(
            actor=self.manager, project=self.project, user=self.manager, role=Role.MANAGER,
            cleared=True,
        )  # fmt: skip
        self.people = {
            name: join(self.project, make_user(f"{name}-{self.number}"), Role.ANNOTATOR)
            for name in PEOPLE
        }
        engineer = join(self.project, make_user(f"eve-{self.number}"), Role.ENGINEER)
        self.articles = [make_article(self.project, self._text(one)).pk for one in range(2)]
        self.consumers = [
            Consumer(self.project, engineer),
            Consumer(self.project, self.manager),
            Consumer(self.project),
        ]

    def teardown(self) -> None:
        if hasattr(self, "consumers"):
            self.everybody_has_what_an_export_gives()

    # --- those who follow ---

    @invariant()
    def the_first_follows_at_once_and_the_second_lags_behind(self) -> None:
        if hasattr(self, "consumers"):
            self.consumers[0].read(limit=20)
            self.consumers[1].read(limit=2)

    @rule()
    def the_last_reads_to_the_end(self) -> None:
        self._compare(self.consumers[2])

    def everybody_has_what_an_export_gives(self) -> None:
        newcomer = Consumer(self.project, self.consumers[0].user)
        for one in (*self.consumers, newcomer):
            self._compare(one)

    def _compare(self, consumer: Consumer) -> None:
        consumer.catch_up(limit=20)
        assert consumer.export() == exported(self.project, consumer.user)

    # --- those who work ---

    @rule()
    def bring_in(self) -> None:
        if len(self.articles) < 3:
            self.articles.append(make_article(self.project, self._text(len(self.articles))).pk)

    @rule(who=who, at=at, said=said)
    def work(self, who: str, at: int, said: list[tuple[str, str]]) -> None:
        for label, words in said:
            self.label(who, at, label, words)

    def label(self, who: str, at: int, label: str, words: str) -> None:
        article = self._article(at)
        start = article.revision.body.index(words)
        self._try(
            lambda: create_annotation(
                actor=self.people[who],
                article=article,
                label=label_of(self.project, label),
                start=start,
                end=start + len(words),
                quote=words,
            )
        )

    @rule(who=who, row=row, label=labels, words=words)
    def change(self, who: str, row: int, label: str, words: str) -> None:
        if one := self._own(Annotation.objects.live(), who, row):
            start = one.article.revision.body.index(words)
            self._try(
                lambda: change_annotation(
                    actor=self.people[who], annotation=one, version=one.version,
                    label=label_of(self.project, label),
                    start=start, end=start + len(words), quote=words,
                )
            )  # fmt: skip

    @rule(who=who, row=row)
    def delete(self, who: str, row: int) -> None:
        if one := self._own(Annotation.objects.live(), who, row):
            self._try(
                lambda: delete_annotation(
                    actor=self.people[who], annotation=one, version=one.version
                )
            )

    @rule(who=who, row=row)
    def restore(self, who: str, row: int) -> None:
        if one := self._own(Annotation.objects.filter(deleted_at__isnull=False), who, row):
            self._try(
                lambda: restore_annotation(
                    actor=self.people[who], annotation=one, version=one.version
                )
            )

    @rule(who=who, row=row)
    def link(self, who: str, row: int) -> None:
        quote = self._own(Annotation.objects.live().filter(label__key="quote"), who, row)
        sources = Annotation.objects.live().filter(label__key="source")
        source = self._own(sources.filter(layer=quote.layer), who, row) if quote else None
        if quote:
            self._try(
                lambda: link_annotations(
                    actor=self.people[who],
                    label=label_of(self.project, "attributed_to"),
                    source=quote,
                    target=source,
                    target_name="" if source else "A trader",
                )
            )

    @rule(who=who, row=row)
    def unlink(self, who: str, row: int) -> None:
        if one := self._own(Relation.objects.live(), who, row):
            self._try(lambda: unlink(actor=self.people[who], relation=one, version=one.version))

    @rule(who=who, row=row, back=st.booleans())
    def take_back_or_again(self, who: str, row: int, back: bool) -> None:
        act: Callable[..., Any] = undo if back else redo
        if layer := self._layer(who, row):
            self._try(lambda: act(actor=self.people[who], layer=layer))

    @rule(who=who, row=row, back=st.sampled_from([False, False, True]))
    def hand_in(self, who: str, row: int, back: bool) -> None:
        if layer := self._layer(who, row):
            act: Callable[..., Any] = take_back if back else submit_layer
            self._try(lambda: act(actor=self.people[who], layer=layer))

    @rule()
    def decide(self) -> None:
        """One article all the way to gold, or as far as it goes; on the others work goes on."""
        article = self._article(1)
        for name in PEOPLE:
            self._try(partial(self._submitted, name, article))
        self._try(lambda: accept_all(actor=self.manager, article=article))
        self._try(lambda: adjudicate(actor=self.manager, article=article))

    @rule(label=labels, into=labels)
    def merge(self, label: str, into: str) -> None:
        one = label_of(self.project, label)
        other = label_of(self.project, into)
        self._try(
            lambda: merge_label(actor=self.manager, label=one, version=one.version, into=other)
        )

    @rule(at=at, gate=st.sampled_from(sorted(GATES)))
    def close(self, at: int, gate: str) -> None:
        self._turn(at, GATES[gate][0])

    @rule(at=at, gates=st.sets(st.sampled_from(sorted(GATES)), min_size=3))
    def open_up(self, at: int, gates: set[str]) -> None:
        for gate in sorted(gates):
            self._turn(at, GATES[gate][1])

    def _turn(self, at: int, turn: Callable[..., Article]) -> None:
        article = self._article(at)
        self._try(lambda: turn(actor=self.manager, article=article, version=article.version))

    @rule(at=at, placement=st.sampled_from(["ready", "ready", "parked"]))
    def place(self, at: int, placement: str) -> None:
        article = self._article(at)
        self._try(
            lambda: place(
                actor=self.manager, article=article, placement=Article.Placement(placement)
            )
        )

    @rule()
    def embargoes_end(self) -> None:
        over = timezone.now() - timedelta(seconds=1)
        Article.objects.filter(project=self.project, embargo_until__isnull=False).update(
            embargo_until=over
        )
        gate_services.end_embargoes()

    def _text(self, number: int) -> str:
        return TEXT.format(number=number)

    def _try(self, call: Callable[[], object]) -> None:
        with suppress(NewsdeskError):
            call()

    def _article(self, at: int) -> Article:
        key = self.articles[at % len(self.articles)]
        return Article.objects.select_related("project", "revision").get(pk=key)

    def _own(self, rows: Any, who: str, row: int) -> Any:
        mine = rows.filter(project=self.project, layer__annotator=self.people[who])
        found = list(
            mine.select_related("layer__project", "article__revision", "label").order_by("id")
        )
        return found[row % len(found)] if found else None

    def _layer(self, who: str, row: int) -> Layer | None:
        mine = Layer.objects.filter(project=self.project, annotator=self.people[who])
        found = list(mine.select_related("project", "article__project", "annotator").order_by("pk"))
        return found[row % len(found)] if found else None

    def _submitted(self, name: str, article: Article) -> Layer:
        layer = open_layer(actor=self.people[name], article=article)
        return submit_layer(actor=self.people[name], layer=layer)


def test_who_applies_the_feed_has_what_an_export_gives() -> None:
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=6,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_label_that_is_gone_from_under_many_is_told_with_all_that_carried_it() -> None:
    room = Newsroom()
    room.begin()
    for who in PEOPLE:
        for words in WORDS:
            room.label(who, 0, "claim", words)
    before = Consumer(room.project)
    before.catch_up()

    room.merge("claim", "quote")
    (item,) = before.catch_up()

    kinds = [one["type"] for one in item["changes"]]
    assert (item["kind"], kinds.count("label"), kinds.count("annotation")) == (
        "label.merged", 1, len(PEOPLE) * len(WORDS)
    )  # fmt: skip
    assert before.export() == exported(room.project)
    assert Label.objects.get(project=room.project, key="claim").retired_at is not None


def test_whoever_is_cleared_or_no_longer_begins_anew() -> None:
    room = Newsroom()
    room.begin()
    engineer = room.consumers[0]
    room.close(0, "sensitive")
    engineer.catch_up()
    assert engineer.user is not None

    set_member(
        actor=room.manager, project=room.project, user=engineer.user, role=Role.ENGINEER,
        cleared=True,
    )  # fmt: skip

    with pytest.raises(CursorGone):
        engineer.catch_up()
    anew = Consumer(room.project, engineer.user)
    anew.catch_up()
    assert anew.export() == exported(room.project, engineer.user)
