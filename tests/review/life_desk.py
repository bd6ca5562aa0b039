"""The desk in the life of an article: who sits there, how they try things, what is looked at."""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine

from articles.annotations.models import Annotation, Layer
from articles.annotations.relation_services import link_annotations
from articles.annotations.services import (
    create_annotation,
    open_layer,
)
from articles.desk import services
from articles.desk.events import Event
from articles.desk.models import Project, Role, User
from articles.intake.models import Article
from articles.review.listing import status_of
from articles.review.models import Review
from articles.review.submission_services import submit_layer
from newsdesk.errors import NewsdeskError
from tests.desk.people import join, label_of, make_user, manager_of
from tests.factories import make_article
from tests.review.disputes import CLAIM, LONG_QUOTE, MASTER, QUOTE, SOURCE, TEXT
from tests.review.life_rules import LEGAL, decisions_hold_the_work, gold_by_hand, status_by_hand

#: What people label; few things, so that they often agree, or nearly.
WORDS = (QUOTE, LONG_QUOTE, SOURCE, CLAIM, MASTER)
LABELS = ("quote", "claim", "source")
ANNOTATORS, REVIEWERS = ("ada", "ben", "cyd"), ("rhea", "otto")
EVERYBODY = (*ANNOTATORS, *REVIEWERS, "manager", "outsider")


class Desk:
    """A project with two articles and everybody who comes along, for all lives to begin with."""

    def __init__(self, project: Project) -> None:
        roles = dict.fromkeys(ANNOTATORS, Role.ANNOTATOR) | dict.fromkeys(REVIEWERS, Role.REVIEWER)
        self.project = project
        self.people: dict[str, User] = {
            name: join(project, make_user(name), role) for name, role in roles.items()
        }
        self.people["manager"] = manager_of(project)
        self.people["outsider"] = manager_of(make_article().project)
        services.change_project(
            actor=self.people["manager"], project=project, version=1, annotators_per_article=2
        )
        self.articles = [make_article(project, f"{TEXT}\nNumber {n}.").pk for n in range(2)]


class Trying(RuleBasedStateMachine):
    """How people try things; after each that came about, all that must hold is looked up."""

    desk: ClassVar[Desk]
    newest: int
    statuses: dict[Any, str]
    most_wanted: Counter[Any]

    def look(self) -> None:
        """Everything that must hold after each step."""
        self.newest = self._newest_event()
        articles = self.articles()
        self.statuses = {article.pk: status_by_hand(article) for article in articles}
        for article in articles:
            self.most_wanted[article.pk] = max(self.most_wanted[article.pk], article.places)
            slots = [layer.slot for layer in article.layers.all() if layer.slot is not None]
            assert len(set(slots)) == len(slots)
            assert all(1 <= slot <= self.most_wanted[article.pk] for slot in slots)
            assert status_of(article) == self.statuses[article.pk]
            gold_by_hand(article)
            decisions_hold_the_work(article)

    def tried[T](self, move: str, who: str, article: Any, call: Callable[[], T]) -> T | None:
        """What came of it; ``None`` if it was refused, and then nothing changed."""
        before, newest = self.statuses, self.newest
        try:
            result = call()
        except NewsdeskError:
            assert self._newest_event() == newest
            return None
        events = list(Event.objects.filter(pk__gt=newest))
        if events:
            assert who != "outsider"
            assert len(events) == 1
            self.look()
            for key, status in self.statuses.items():
                assert status == before[key] or (before[key], status) in LEGAL[move]
                assert status == before[key] or article in (None, key)
        return result

    def tries_to_decide(
        self, who: str, article: Article, call: Callable[[], Any], *, move: str = "decide"
    ) -> None:
        """What only the holder of the review may do; and by doing it, they hold it."""
        before, newest = self._holder(article), self.newest
        if self.tried(move, who, article.pk, call) is not None and self.newest > newest:
            assert before in (None, who)
            assert move == "adjudicate" or self._holder(article) == who

    def tries_to_manage(
        self, move: str, who: str, at: int, call: Callable[[User, Article], object]
    ) -> None:
        if article := self.seen(who, at):
            actor, newest = self.desk.people[who], self.newest
            self.tried(move, who, article.pk, lambda: call(actor, article))
            assert who == "manager" or self.newest == newest

    def opened(self, who: str, article: Article) -> Layer | None:
        actor = self.desk.people[who]
        return self.tried("open", who, article.pk, lambda: open_layer(actor=actor, article=article))

    def labels(self, who: str, article: Article, label: str, words: str) -> None:
        start = TEXT.index(words)
        self.tried(
            "write", who, article.pk,
            lambda: create_annotation(
                actor=self.desk.people[who], article=article,
                label=label_of(article.project, label),
                start=start, end=start + len(words), quote=words,
            ),
        )  # fmt: skip

    def links(self, who: str, source: Annotation, target: Annotation) -> None:
        label = label_of(self.desk.project, "attributed_to")
        self.tried(
            "write", who, source.article_id,
            lambda: link_annotations(
                actor=self.desk.people[who], label=label, source=source, target=target
            ),
        )  # fmt: skip

    def hands_in(self, who: str, layer: Layer) -> None:
        actor = self.desk.people[who]
        self.tried("submit", who, layer.article_id, lambda: submit_layer(actor=actor, layer=layer))

    def with_rules(self, **rules: Any) -> None:
        project = self.project()
        services.change_project(
            actor=self.desk.people["manager"], project=project, version=project.version, **rules
        )
        self.look()

    def project(self) -> Project:
        return Project.objects.get(pk=self.desk.project.pk)

    def articles(self) -> list[Article]:
        rows = Article.objects.filter(pk__in=self.desk.articles).select_related("project")
        return list(rows.order_by("created_at", "pk"))

    def _newest_event(self) -> int:
        newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
        return newest or 0

    def seen(self, who: str, at: int) -> Article | None:
        """The article, as ``who`` finds it; the outsider knows its address and tries anyway."""
        known = Article.objects.filter(pk=self.desk.articles[at]).select_related("project")
        if who != "outsider":
            known = known.visible_to(self.desk.people[who])
        return known.first()

    def layer(self, who: str, row: int) -> Any:
        """One's own work, as a rule; sometimes somebody else's."""
        rows = Layer.objects.filter(project=self.desk.project).select_related(
            "project", "article__project", "annotator"
        )
        own = rows.filter(annotator=self.desk.people[who]).order_by("pk")
        return one_of(own, row) if row % 2 and own else one_of(rows.order_by("pk"), row // 2)

    def annotation(self, who: str, row: int) -> Any:
        rows = Annotation.objects.live().filter(project=self.desk.project).order_by("id")
        own = rows.filter(layer__annotator=self.desk.people[who])
        chosen = own if row % 4 and own else rows
        return one_of(chosen.select_related("layer__project"), row // 4)

    def _holder(self, article: Article) -> str | None:
        """Who holds the review now."""
        review = Review.objects.filter(article=article).select_related("reviewer").first()
        if review is None or review.reviewer is None or review.lease_expires_at is None:
            return None
        held = review.lease_expires_at > timezone.now()
        return self._name(review.reviewer) if held else None

    def _name(self, user: User) -> str:
        return next(name for name, one in self.desk.people.items() if one == user)


def one_of(rows: Any, row: int) -> Any:
    found = list(rows)
    return found[row % len(found)] if found else None
