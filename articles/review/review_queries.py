"""What the pages of review show; each says what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from articles.annotations.models import Layer
from articles.annotations.painting import Part, shortened
from articles.annotations.queries import parts_of
from articles.desk.models import Label, Project, User
from articles.intake.models import Article, Revision
from articles.review.heat import Disputed, WarmBlock, warm
from articles.review.items import Change, Variant, agreed, compared
from articles.review.listing import ArticleStatus, with_status
from articles.review.models import Decision, Review, Verdict
from articles.review.stored import is_unanimous, variants_of
from articles.review.telling import quoted

#: Code points of words that stay the same in all variants, and of an end of a link.
KEPT_LENGTH, END_LENGTH = 160, 60
#: What a reviewer reads for each kind of decision, and each reason.
KINDS = {
    Decision.Kind.UNANIMOUS: "Unanimous",
    Decision.Kind.BOUNDARY: "Boundary",
    Decision.Kind.LABEL: "Label",
    Decision.Kind.MISSING: "Missing",
    Decision.Kind.RELATION: "Link",
}
REASONS = {
    Verdict.Reason.GUIDELINE_GAP: "guideline gap",
    Verdict.Reason.AMBIGUOUS: "ambiguous",
    Verdict.Reason.SLIP: "slip",
    Verdict.Reason.WRONG_LABEL: "wrong label",
    Verdict.Reason.EDGE_HABIT: "edge habit",
}


@dataclass(frozen=True, slots=True)
class Annotator:
    """Somebody whose work is compared; blind review shows the letter for the name."""

    layer: Layer
    letter: str
    name: str


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of a variant's words; ``change`` compares it with the proposed variant."""

    text: str
    change: Change


@dataclass(frozen=True, slots=True)
class Answer:
    """A variant as its card shows it; ``who`` has each annotator, and whether it is theirs."""

    number: int
    words: tuple[Words, ...]
    label: Label
    shows_label: bool
    attributes: str
    who: tuple[tuple[Annotator, bool], ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A decision as the page shows it; ``number`` counts all of the article's in reading order."""

    decision: Decision
    number: int
    paragraph: int
    label: Label
    answers: tuple[Answer, ...]
    missing: tuple[Annotator, ...]
    is_unanimous: bool
    verdict: Verdict | None
    words: str
    fix_words: str
    fix_start: int
    fix_end: int

    @property
    def kind(self) -> str:
        return KINDS[Decision.Kind(self.decision.kind)]

    @property
    def gist(self) -> str:
        """What it is about, in a line."""
        if self.decision.kind != Decision.Kind.RELATION:
            return self.words
        return "".join(part.text for part in self.answers[0].words)

    @property
    def places(self) -> str:
        """The decisions whose marks in the text show where this one is: of a link, its ends."""
        if self.decision.kind != Decision.Kind.RELATION:
            return str(self.decision.pk)
        variants = self.decision.variants
        ends = [one[end] for one in variants for end in ("source", "target") if one[end]]
        return " ".join(dict.fromkeys(ends))

    @property
    def is_open(self) -> bool:
        return self.verdict is None or self.decision.changed_at is not None

    @property
    def state(self) -> str:
        """``open``, ``changed``, ``accepted``, ``fixed`` or ``rejected``."""
        if self.verdict is None:
            return "open"
        if self.decision.changed_at is not None:
            return "changed"
        return {"accept": "accepted", "fix": "fixed", "reject": "rejected"}[self.verdict.ruling]

    @property
    def reason(self) -> str:
        verdict = self.verdict
        return REASONS[Verdict.Reason(verdict.reason)] if verdict and verdict.reason else ""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """An article under review: its text with heat, and its decisions in reading order."""

    review: Review
    annotators: tuple[Annotator, ...]
    blocks: tuple[WarmBlock, ...]
    cards: tuple[Card, ...]

    @property
    def decided(self) -> int:
        return sum(not card.is_open for card in self.cards)

    @property
    def open(self) -> int:
        return len(self.cards) - self.decided

    @property
    def unanimous(self) -> int:
        """Those that can be accepted at once."""
        return sum(
            card.is_unanimous and card.verdict is None and not card.decision.is_to_look_at
            for card in self.cards
        )

    @property
    def thresholds(self) -> list[tuple[int, list[Card]]]:
        """For each number of annotators short of all, the cards that so many settle alike."""
        found = []
        for least in range(2, len(self.annotators)):
            settled = [card for card in self.cards if _settled(card, least)]
            if settled:
                found.append((least, settled))
        return found

    @property
    def counts(self) -> dict[str, int]:
        """How many open decisions there are of each kind, by its name; none is not listed."""
        counted = dict.fromkeys(KINDS.values(), 0)
        for card in self.cards:
            counted[card.kind] += card.is_open
        return {kind: number for kind, number in counted.items() if number}


def waiting_for_review(project: Project, reader: User) -> QuerySet[Any]:
    """Articles whose work is all in and which have no gold yet, with ``status``, ``open_count``,
    ``decision_count``, ``unsure_count`` and ``waiting_since``; lowest agreement first. One query.
    """
    decisions = Decision.objects.filter(article=OuterRef("pk")).order_by().values("article")
    still_open = Decision.objects.open().filter(article=OuterRef("pk")).order_by()
    submitted = Layer.objects.submitted().filter(article=OuterRef("pk"))
    articles: QuerySet[Any] = with_status(
        Article.objects.visible_to(reader)
        .filter(Exists(submitted), project=project)
        .exclude(review__adjudicated_at__isnull=False)
    )
    waiting: QuerySet[Any] = (
        articles.filter(status__in=[ArticleStatus.AWAITING_REVIEW, ArticleStatus.IN_REVIEW])
        .select_related("review__reviewer")
        .annotate(
            decision_count=_count(decisions),
            unsure_count=_count(decisions.filter(is_unsure=True)),
            open_count=_count(still_open.values("article")),
            waiting_since=Subquery(submitted.order_by("-submitted_at").values("submitted_at")[:1]),
            was_returned=Exists(submitted.filter(returned_at__isnull=False)),
            agreement=F("review__agreement"),
        )
        .order_by(F("review__agreement").asc(nulls_last=True), "created_at", "id")
    )
    return waiting


def review_page(review: Review) -> ReviewPage:
    """All of the page. Seven queries, whatever the number of decisions."""
    article = review.article
    revision = Revision.objects.without_original().get(pk=article.revision_id)
    annotators = annotators_of(article)
    parts = parts_of(revision)
    decisions = list(article.decisions.in_reading_order())
    standing = Verdict.objects.standing().filter(article=article)
    verdicts = {one.decision_id: one for one in standing.select_related("label", "reviewer")}
    labels = {label.pk: label for label in article.project.labels.all()}
    cards = _Cards(revision.body, parts, annotators, decisions, verdicts, labels).all()

    def read(start: int, end: int) -> str:
        return revision.body[start:end]

    disputes = [_disputed(card, len(annotators)) for card in cards if _is_span(card)]
    return ReviewPage(review, annotators, tuple(warm(parts, disputes, read)), tuple(cards))


def annotators_of(article: Article) -> tuple[Annotator, ...]:
    """Those whose submitted work is compared, with a letter each, in a settled order. One query."""
    layers = article.layers.submitted().select_related("annotator").order_by("pk")
    return tuple(
        Annotator(
            layer,
            letter,
            f"Annotator {letter}" if article.project.blind else str(layer.annotator or layer.name),
        )
        for letter, layer in zip(ascii_uppercase, layers, strict=False)
    )


@dataclass(frozen=True, slots=True)
class _Cards:
    """Makes the cards of one article."""

    body: str
    parts: Sequence[Part]
    annotators: Sequence[Annotator]
    decisions: Sequence[Decision]
    verdicts: Mapping[UUID, Verdict]
    labels: Mapping[UUID, Label]

    def all(self) -> list[Card]:
        by_id = {one.pk: one for one in self.decisions}
        return [self._card(one, number, by_id) for number, one in enumerate(self.decisions, 1)]

    def _card(self, decision: Decision, number: int, by_id: Mapping[UUID, Decision]) -> Card:
        variants = variants_of(decision)
        verdict = self.verdicts.get(decision.pk)
        layers = {layer for one in variants for layer in one.layers}
        start, end = self._belongs(variants[0], verdict)
        shows_label = len({one.label for one in variants}) > 1
        label = self.labels[verdict.label_id if verdict and verdict.label_id else variants[0].label]
        return Card(
            decision=decision,
            number=number,
            paragraph=next((p.position for p in self.parts if p.since <= start < p.until), 0),
            label=label,
            answers=tuple(
                Answer(
                    number=place,
                    words=tuple(self._words(variants[0], one, by_id)),
                    label=self.labels[one.label],
                    shows_label=shows_label,
                    attributes=", ".join(
                        f"{key.replace('_', ' ')}: {_shown(value)}"
                        for key, value in one.attributes.items()
                    ),
                    who=tuple((who, who.layer.pk in one.layers) for who in self.annotators),
                    is_chosen=bool(verdict and verdict.variant == place),
                )
                for place, one in enumerate(variants, 1)
            ),
            missing=tuple(who for who in self.annotators if who.layer.pk not in layers),
            is_unanimous=is_unanimous(decision, [who.layer.pk for who in self.annotators]),
            verdict=verdict,
            words=shortened(self.body[start:end], KEPT_LENGTH),
            fix_words=self.body[start:end],
            fix_start=start,
            fix_end=end,
        )

    def _belongs(self, proposed: Variant, verdict: Verdict | None) -> tuple[int, int]:
        """What a verdict found to belong here, else what is proposed."""
        if verdict is not None and verdict.start is not None and verdict.end is not None:
            return verdict.start, verdict.end
        return proposed.start, proposed.end

    def _words(
        self, proposed: Variant, variant: Variant, by_id: Mapping[UUID, Decision]
    ) -> list[Words]:
        if variant.source is None:
            return [
                Words(shortened(self.body[start:end], KEPT_LENGTH), change)
                for start, end, change in compared(proposed, variant)
            ]
        ours = self._end_of(variant.target, variant.target_name, by_id)
        theirs = self._end_of(proposed.target, proposed.target_name, by_id)
        words = [Words(f"{self._end_of(variant.source, '', by_id)} → ", Change.KEPT)]
        if ours == theirs:
            return [*words, Words(ours, Change.KEPT)]
        return [*words, Words(theirs, Change.LEFT_OUT), Words(ours, Change.ADDED)]

    def _end_of(self, key: UUID | None, name: str, by_id: Mapping[UUID, Decision]) -> str:
        decision = by_id.get(key) if key else None
        if decision is None:
            return name or "what is decided elsewhere"
        start, end = self._belongs(variants_of(decision)[0], self.verdicts.get(decision.pk))
        return quoted(shortened(self.body[start:end], END_LENGTH))


def _shown(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _is_span(card: Card) -> bool:
    return card.decision.kind != Decision.Kind.RELATION


def _disputed(card: Card, everybody: int) -> Disputed:
    spans = [(one.start, one.end) for one in variants_of(card.decision) for _ in one.layers]
    sign = {"open": "", "changed": " ≠", "accepted": " ✓", "fixed": " ✎", "rejected": " ✕"}
    if card.state == "open" and card.decision.kind in ("boundary", "label"):
        sign["open"] = " ≠"
    return Disputed(
        id=str(card.decision.pk),
        label=card.label.key,
        start=card.decision.start,
        end=card.decision.end,
        said=tuple(spans),
        chip=f"{card.label.chip} {len(spans)}/{everybody}{sign[card.state]}",
    )


def _settled(card: Card, least: int) -> bool:
    if card.verdict is not None or card.decision.is_to_look_at:
        return False
    return agreed(variants_of(card.decision), least) is not None


def _count(rows: QuerySet[Any, Any]) -> Coalesce:
    counted = rows.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
