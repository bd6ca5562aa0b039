"""What became of one annotator's work on an article, once it is adjudicated."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from articles.annotations.models import Annotation, Layer
from articles.annotations.painting import shortened
from articles.desk.models import Label
from articles.intake.models import Revision
from articles.review.clustering import cluster
from articles.review.items import Marked, Variant
from articles.review.models import Decision, Verdict
from articles.review.review_queries import REASONS
from articles.review.stored import variants_of

#: Code points of an annotation's words.
WORDS_LENGTH = 160


class Fate(StrEnum):
    """What adjudication did with an annotation."""

    KEPT = "kept"
    MOVED = "moved"
    RELABELLED = "relabelled"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Said:
    """A label on words."""

    label: Label
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One place: what the annotator said there, what gold says, and why.

    ``mine`` is ``None`` for what was added, ``gold`` for what was removed.
    """

    fate: Fate
    mine: Said | None
    gold: Said | None
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of an annotator's outcomes, in reading order."""

    outcomes: tuple[Outcome, ...]

    @property
    def counts(self) -> Counter[Fate]:
        return Counter(one.fate for one in self.outcomes)

    @property
    def finding(self) -> str:
        """Such as "You marked 5 of 6; one has other edges, and 1 of yours was removed"."""
        counts = self.counts
        gold = sum(one.gold is not None for one in self.outcomes)
        marked = gold - counts[Fate.ADDED]
        said = [f"You marked {marked} of {gold}"]
        phrases = {
            Fate.MOVED: "with other edges",
            Fate.RELABELLED: "with another label",
            Fate.CHANGED: "with other details",
            Fate.REMOVED: "of yours not kept",
        }
        said += [f"{counts[fate]} {words}" for fate, words in phrases.items() if counts[fate]]
        return "; ".join(said) + "."


def compared_with_gold(layer: Layer) -> Comparison:
    """The spans of a submitted layer beside what the standing verdicts say, or, of practice,
    beside the gold. At most five queries.

    Links are not listed: what became of them follows from their ends, and from gold.
    """
    if layer.kind == Layer.Kind.PRACTICE:
        return _practice_compared(layer)
    decisions = layer.article.decisions.exclude(kind=Decision.Kind.RELATION).in_reading_order()
    standing = Verdict.objects.standing().filter(article=layer.article_id)
    verdicts = {one.decision_id: one for one in standing}
    labels = {label.pk: label for label in layer.project.labels.all()}
    body = Revision.objects.values_list("body", flat=True).get(pk=layer.article.revision_id)
    found = (
        _outcome(decision, verdicts[decision.pk], layer.pk, labels, body)
        for decision in decisions
        if decision.pk in verdicts
    )
    return Comparison(tuple(one for one in found if one is not None))


def _practice_compared(layer: Layer) -> Comparison:
    gold = layer.article.layers.gold().get()
    rows = Annotation.objects.live().filter(layer__in=[layer, gold])
    marks = [
        Marked(one.pk, one.layer_id, one.label_id, one.start, one.end, one.attributes)
        for one in rows
    ]
    labels = {label.pk: label for label in layer.project.labels.all()}
    body = Revision.objects.values_list("body", flat=True).get(pk=layer.article.revision_id)
    found = []
    for item in cluster(marks, [], [layer.pk, gold.pk]):
        by_layer = {key: variant for variant in item.variants for key in variant.layers}
        mine, true = by_layer.get(layer.pk), by_layer.get(gold.pk)
        said, held = (
            _said(labels, body, one.label, one.start, one.end) if one else None
            for one in (mine, true)
        )
        fate = _fate(mine, true.label, (true.start, true.end), true.attributes) if true else None
        found.append(Outcome(fate or Fate.REMOVED, said, held, ""))
    return Comparison(tuple(found))


def _outcome(
    decision: Decision, verdict: Verdict, layer: int, labels: Mapping[UUID, Label], body: str
) -> Outcome | None:
    mine = next((one for one in variants_of(decision) if layer in one.layers), None)
    reason = REASONS[Verdict.Reason(verdict.reason)] if verdict.reason else ""
    ours = _said(labels, body, mine.label, mine.start, mine.end) if mine else None
    if verdict.label_id is None or verdict.start is None or verdict.end is None:
        return Outcome(Fate.REMOVED, ours, None, reason) if ours else None
    gold = _said(labels, body, verdict.label_id, verdict.start, verdict.end)
    fate = _fate(mine, verdict.label_id, (verdict.start, verdict.end), verdict.attributes)
    return Outcome(fate, ours, gold, reason)


def _fate(
    mine: Variant | None, label: UUID, span: tuple[int, int], attributes: Mapping[str, Any]
) -> Fate:
    """What became of ``mine`` where gold has ``label`` on ``span``."""
    if mine is None:
        return Fate.ADDED
    if mine.label != label:
        return Fate.RELABELLED
    if (mine.start, mine.end) != span:
        return Fate.MOVED
    return Fate.KEPT if mine.attributes == attributes else Fate.CHANGED


def _said(labels: Mapping[UUID, Label], body: str, label: UUID, start: int, end: int) -> Said:
    return Said(labels[label], shortened(body[start:end], WORDS_LENGTH))
