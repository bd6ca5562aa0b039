"""The whole life of an article, told by people who do whatever comes into their heads.

A machine for hypothesis: each step somebody tries something, on articles that a gate may keep from
them. Whatever is refused is refused in words and changes nothing; after every step, what must
always hold is looked up in the rows, slowly and in other words than the code under test uses.
"""

from collections import Counter
from datetime import timedelta
from functools import partial
from itertools import cycle, pairwise

from django.db import connection, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.relation_services import unlink
from articles.annotations.services import (
    change_annotation,
    delete_annotation,
)
from articles.datasets.verification import verify
from articles.desk.models import User
from articles.intake import gate_services
from articles.intake.models import Article
from articles.review import assignment_services as assignment
from articles.review import verdict_services as verdicts
from articles.review.adjudication_services import adjudicate
from articles.review.models import Review, Verdict
from articles.review.queue_services import claim_next
from articles.review.review_services import leave_review, open_review, return_layer
from articles.review.submission_services import take_back
from tests.review.disputes import TEXT
from tests.review.life_desk import ANNOTATORS, EVERYBODY, LABELS, REVIEWERS, WORDS, Trying, one_of

people = st.sampled_from(EVERYBODY)
annotators = st.sampled_from([*ANNOTATORS, *ANNOTATORS, "rhea", "outsider"])
reviewers = st.sampled_from([*REVIEWERS, "rhea", "ada", "manager", "outsider"])
managers = st.sampled_from(["manager", "manager", "manager", "rhea", "outsider"])
which = st.sampled_from([0, 0, 0, 1])
said = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(WORDS)), max_size=4)
placements = st.sampled_from(["ready", "ready", "parked", "excluded"])
any_row = st.integers(0, 40)


class Life(Trying):
    """Two articles, from their first annotation on. Each life is undone when it is over."""

    @initialize(sample=st.sampled_from([0, 10, 100]), first=st.lists(said, max_size=2))
    def begin(self, sample: int, first: list[list[tuple[str, str]]]) -> None:
        """Some lives begin with work that is done, so that more of them get to their end."""
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.most_wanted = Counter(dict.fromkeys(self.desk.articles, 2))
        self.with_rules(audit_sample=sample)
        for who, each in zip(ANNOTATORS, first, strict=False):
            self.work(who, 0, each, links=True, hands_in=True)

    def teardown(self) -> None:
        if not hasattr(self, "atomic"):
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            assert verify(self.desk.project) == []
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # --- annotators ---

    @rule(who=annotators)
    def claim(self, who: str) -> None:
        project, actor = self.project(), self.desk.people[who]
        layer = self.tried("claim", who, None, lambda: claim_next(actor=actor, project=project))
        if layer is not None:
            assert layer.annotator == actor
            assert Article.objects.visible_to(actor).filter(pk=layer.article_id).exists()

    @rule(who=annotators, at=which)
    def open(self, who: str, at: int) -> None:
        if article := self.seen(who, at):
            self.opened(who, article)

    @rule(
        who=annotators,
        at=which,
        said=said,
        links=st.booleans(),
        hands_in=st.booleans(),
    )
    def work(
        self, who: str, at: int, said: list[tuple[str, str]], links: bool, hands_in: bool
    ) -> None:
        """Label a few things, link them, and perhaps hand it in: most lives need many of these."""
        article = self.seen(who, at)
        layer = self.opened(who, article) if article else None
        if article is None or layer is None:
            return
        for label, words in said:
            self.labels(who, article, label, words)
        made = list(Annotation.objects.live().filter(layer=layer).select_related("layer__project"))
        if links:
            for source, target in pairwise(made):
                self.links(who, source, target)
        if hands_in:
            self.hands_in(who, layer)

    @rule(who=annotators, row=any_row, unsure=st.booleans(), words=st.sampled_from(WORDS))
    def change(self, who: str, row: int, unsure: bool, words: str) -> None:
        if (annotation := self.annotation(who, row)) is None:
            return
        start, version = TEXT.index(words), annotation.version
        self.tried(
            "write", who, annotation.article_id,
            lambda: change_annotation(
                actor=self.desk.people[who], annotation=annotation, version=version,
                start=start, end=start + len(words), quote=words, unsure=unsure,
            ),
        )  # fmt: skip

    @rule(who=annotators, row=any_row)
    def delete(self, who: str, row: int) -> None:
        if annotation := self.annotation(who, row):
            self.tried(
                "write", who, annotation.article_id,
                lambda: delete_annotation(
                    actor=self.desk.people[who], annotation=annotation, version=annotation.version
                ),
            )  # fmt: skip

    @rule(who=annotators, row=any_row)
    def unlink(self, who: str, row: int) -> None:
        links = Relation.objects.live().filter(project=self.desk.project).order_by("id")
        if found := one_of(links.select_related("layer__project"), row):
            self.tried(
                "write", who, found.article_id,
                lambda: unlink(
                    actor=self.desk.people[who], relation=found, version=found.version
                ),
            )  # fmt: skip

    @rule(who=annotators, row=any_row)
    def submit(self, who: str, row: int) -> None:
        if layer := self.layer(who, row):
            self.hands_in(who, layer)

    @rule(who=annotators, row=any_row)
    def take_back(self, who: str, row: int) -> None:
        if layer := self.layer(who, row):
            self.tried(
                "take_back", who, layer.article_id,
                lambda: take_back(actor=self.desk.people[who], layer=layer),
            )  # fmt: skip

    @rule()
    def time_passes(self) -> None:
        """Two hours later: whoever did nothing has lost what they held."""
        past = timezone.now() - timedelta(minutes=1)
        open_ones = Layer.objects.filter(lease_expires_at__isnull=False, submitted_at=None)
        open_ones.update(lease_expires_at=past)
        Review.objects.filter(reviewer__isnull=False).update(lease_expires_at=past)
        self.look()

    # --- reviewers ---

    @rule(who=reviewers, at=which, takes_over=st.booleans())
    def open_review(self, who: str, at: int, takes_over: bool) -> None:
        if article := self.seen(who, at):
            before = self._holder(article)
            review = self.tried(
                "review", who, article.pk,
                lambda: open_review(
                    actor=self.desk.people[who], article=article, take_over=takes_over
                ),
            )  # fmt: skip
            if review is not None and not takes_over:
                assert before in (None, who)

    @rule(who=reviewers, at=which)
    def leave_review(self, who: str, at: int) -> None:
        if article := self.seen(who, at):
            self.tried(
                "leave", who, article.pk,
                lambda: leave_review(actor=self.desk.people[who], article=article),
            )  # fmt: skip

    @rule(
        who=reviewers, at=which, row=any_row, variant=st.integers(1, 3),
        ruling=st.sampled_from(Verdict.Ruling), words=st.sampled_from(WORDS),
    )  # fmt: skip
    def decide(
        self, who: str, at: int, row: int, variant: int, ruling: Verdict.Ruling, words: str
    ) -> None:
        article = self.seen(who, at)
        decision = article and one_of(article.decisions.select_related("article__project"), row)
        if article and decision:
            start = TEXT.index(words)
            fix = verdicts.Fix(start=start, end=start + len(words), quote=words)
            self.tries_to_decide(
                who, article,
                lambda: verdicts.rule(
                    actor=self.desk.people[who], decision=decision, ruling=ruling,
                    variant=variant, fix=fix,
                ),
            )  # fmt: skip

    @rule(who=reviewers, at=which, rulings=st.lists(st.sampled_from(["accept", "reject"]),
                                                    min_size=1, max_size=4))  # fmt: skip
    def rule_on_the_rest(self, who: str, at: int, rulings: list[str]) -> None:
        """Decide all that is open: few lives would come to an end by single verdicts."""
        if (article := self.seen(who, at)) is None:
            return
        rows = article.decisions.open().select_related("article__project").order_by("id")
        for decision, ruling in zip(rows, cycle(rulings), strict=False):
            given = partial(
                verdicts.rule, actor=self.desk.people[who], decision=decision,
                ruling=Verdict.Ruling(ruling),
            )  # fmt: skip
            self.tries_to_decide(who, article, given)

    @rule(who=reviewers, at=which, at_least=st.sampled_from([None, 1, 2]))
    def accept_all(self, who: str, at: int, at_least: int | None) -> None:
        if article := self.seen(who, at):
            self.tries_to_decide(
                who, article,
                lambda: verdicts.accept_all(
                    actor=self.desk.people[who], article=article, at_least=at_least
                ),
            )  # fmt: skip

    @rule(who=reviewers, at=which, row=any_row)
    def reopen(self, who: str, at: int, row: int) -> None:
        article = self.seen(who, at)
        decision = article and one_of(article.decisions.select_related("article__project"), row)
        if article and decision:
            self.tries_to_decide(
                who, article,
                lambda: verdicts.reopen(actor=self.desk.people[who], decision=decision),
                move="reopen",
            )  # fmt: skip

    @rule(who=reviewers, row=any_row)
    def return_work(self, who: str, row: int) -> None:
        layer = self.layer(who, row)
        if layer and (article := self.seen(who, self.desk.articles.index(layer.article_id))):
            layer.article = article
            self.tries_to_decide(
                who, article,
                lambda: return_layer(
                    actor=self.desk.people[who], layer=layer, message="Look again."
                ),
                move="return",
            )  # fmt: skip

    @rule(who=reviewers, at=which)
    def adjudicate(self, who: str, at: int) -> None:
        if article := self.seen(who, at):
            self.tries_to_decide(
                who, article,
                lambda: adjudicate(actor=self.desk.people[who], article=article),
                move="adjudicate",
            )  # fmt: skip

    # --- managers ---

    @rule(who=managers, at=which, whom=people)
    def assign(self, who: str, at: int, whom: str) -> None:
        self.tries_to_manage("assign", who, at, lambda actor, article: assignment.assign(
            actor=actor, article=article, person=self.desk.people[whom]))  # fmt: skip

    @rule(who=managers, at=which, whom=people)
    def take_from(self, who: str, at: int, whom: str) -> None:
        self.tries_to_manage("take_from", who, at, lambda actor, article: assignment.take_from(
            actor=actor, article=article, person=self.desk.people[whom]))  # fmt: skip

    @rule(who=managers, at=which, whom=people, to=people)
    def reassign(self, who: str, at: int, whom: str, to: str) -> None:
        self.tries_to_manage("assign", who, at, lambda actor, article: assignment.reassign(
            actor=actor, article=article, person=self.desk.people[whom],
            to=self.desk.people[to]))  # fmt: skip

    @rule(who=managers, at=which, placement=placements)
    def place(self, who: str, at: int, placement: str) -> None:
        self.tries_to_manage("place", who, at, lambda actor, article: assignment.place(
            actor=actor, article=article, placement=Article.Placement(placement)))  # fmt: skip

    @rule(who=managers, at=which, number=st.integers(2, 4))
    def want_more(self, who: str, at: int, number: int) -> None:
        self.tries_to_manage("want", who, at, lambda actor, article: assignment.want_annotators(
            actor=actor, article=article, number=number))  # fmt: skip

    @rule(wanted=st.sampled_from([1, 2, 2, 3]), below=st.sampled_from([None, None, 60]),
          apart=st.booleans())  # fmt: skip
    def change_the_rules(self, wanted: int, below: int | None, apart: bool) -> None:
        self.with_rules(
            annotators_per_article=wanted, raise_below=below, separate_adjudicator=apart
        )

    @rule(who=managers, at=which, shut=st.sampled_from([False, False, True]))
    def gate(self, who: str, at: int, shut: bool) -> None:
        def turn(actor: User, article: Article) -> Article:
            if shut:
                return gate_services.hold(
                    actor=actor, article=article, version=article.version, reason="Lawyers."
                )
            return gate_services.lift_hold(actor=actor, article=article, version=article.version)

        self.tries_to_manage("gate", who, at, turn)
