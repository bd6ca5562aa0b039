"""What must hold in the life of an article, looked up row by row: slow, plain, and not by queries
of the code under test."""

from typing import Any

from django.utils import timezone

from articles.annotations.models import Annotation, Layer, Relation
from articles.desk.models import Membership, RelationRule
from articles.intake.models import Article
from articles.review.models import Decision, Provenance, Review, Verdict

#: From where to where each thing that people do may move an article. What is not here stays.
_OPENED = {("ready", "annotating")}
_GIVEN_UP = {("annotating", "ready")}
#: The project may ask for more annotators by then.
_REOPENED = {("adjudicated", "in_review"), ("adjudicated", "annotating")}
_PLACED = ("parked", "excluded", "imported")
_UNDER_WAY = ("ready", "annotating", "awaiting_review", "in_review")
LEGAL: dict[str, set[tuple[str, str]]] = {
    "claim": _OPENED,
    "open": _OPENED,
    "write": _OPENED,  # it renews a lease that was over
    "submit": {
        ("ready", "annotating"), ("ready", "awaiting_review"), ("ready", "in_review"),
        ("annotating", "awaiting_review"), ("annotating", "in_review"),
        ("awaiting_review", "annotating"), *_REOPENED,
        ("in_review", "annotating"),
    },
    "take_back": {
        ("awaiting_review", "annotating"), ("awaiting_review", "ready"),
        ("in_review", "annotating"), ("annotating", "ready"),
    },
    "review": {("awaiting_review", "in_review")},
    "leave": set(),
    "decide": {("awaiting_review", "in_review"), *_REOPENED},
    "reopen": {("awaiting_review", "in_review"), *_REOPENED},
    "return": {
        ("awaiting_review", "annotating"), ("awaiting_review", "in_review"),
        ("in_review", "annotating"),
    },
    "adjudicate": {("awaiting_review", "adjudicated"), ("in_review", "adjudicated")},
    "assign": _OPENED,
    "take_from": _GIVEN_UP,
    "place": {(a, b) for a in _PLACED for b in (*_PLACED, *_UNDER_WAY, "adjudicated")}
    | {(a, b) for a in _UNDER_WAY for b in _PLACED},
    "want": {(a, "annotating") for a in ("awaiting_review", "in_review")},
    "gate": set(),
}  # fmt: skip


def status_by_hand(article: Article) -> str:
    """Where the article stands, from its rows."""
    if article.placement != "ready":
        return str(article.placement)
    review = Review.objects.filter(article=article).first()
    if review is not None and review.adjudicated_at is not None:
        return "adjudicated"
    layers = [one for one in Layer.objects.filter(article=article) if one.kind == "work"]
    submitted = [one for one in layers if one.submitted_at is not None]
    if len(submitted) >= article.places:
        return "in_review" if review is not None and review.started_at else "awaiting_review"
    working = [one for one in layers if one.slot is not None and not _is_idle(one)]
    return "annotating" if submitted or working else "ready"


def _is_idle(layer: Layer) -> bool:
    if layer.submitted_at is not None:
        return False
    member = Membership.objects.filter(project=layer.project_id, user=layer.annotator_id).first()
    if member is not None and member.deactivated_at is not None:
        return True
    return layer.lease_expires_at is not None and layer.lease_expires_at < timezone.now()


def decisions_hold_the_work(article: Article) -> None:
    """Every live annotation and link of work that is closed is a member of exactly one decision;
    and an adjudicated article has none open."""
    closed = [one for one in Layer.objects.filter(article=article) if one.closed_at is not None]
    rows = [
        *Annotation.objects.filter(layer__in=closed),
        *Relation.objects.filter(layer__in=closed),
    ]
    live = [str(row.pk) for row in rows if row.deleted_at is None]
    decisions = list(Decision.objects.filter(article=article))
    members = [
        member for one in decisions for variant in one.variants for member in variant["members"]
    ]
    assert len(set(members)) == len(members)
    assert set(members) & {str(row.pk) for row in rows} == set(live)
    if Review.objects.filter(article=article, adjudicated_at__isnull=False).exists():
        assert all(_standing(one) and one.changed_at is None for one in decisions)


def _standing(decision: Decision) -> Verdict | None:
    return Verdict.objects.filter(decision=decision, round=decision.round).first()


def gold_by_hand(article: Article) -> None:
    """Gold is what the standing verdicts say, each thing once, and each row says from which."""
    layer = Layer.objects.filter(article=article, kind="gold").first()
    review = Review.objects.filter(article=article).first()
    is_adjudicated = review is not None and review.adjudicated_at is not None
    assert is_adjudicated == (layer is not None and layer.submitted_at is not None)
    if layer is None or not is_adjudicated:
        return
    standing = {one.pk: _standing(one) for one in Decision.objects.filter(article=article)}
    spans = {key: _said(one) for key, one in standing.items() if one and one.start is not None}
    live = {_said(one): one for one in Annotation.objects.filter(layer=layer, deleted_at=None)}
    assert live.keys() == set(spans.values())
    for one in live.values():
        origin = Provenance.objects.get(annotation=one)
        assert spans[origin.decision_id] == _said(one)
        assert standing[origin.decision_id] == origin.verdict
    wanted = set()
    for verdict in standing.values():
        if verdict is not None and verdict.source_id is not None:
            source = spans.get(verdict.source_id)
            target = spans.get(verdict.target_id) if verdict.target_id else None
            if source and (target or verdict.target_name) and source != target:
                allowed = RelationRule.objects.filter(
                    relation_label=verdict.label_id, source_label=source[0],
                    **({"target_label": target[0]} if target else {}),
                )  # fmt: skip
                if allowed.exists():
                    wanted.add((verdict.label_id, source, target, verdict.target_name))
    links = Relation.objects.filter(layer=layer, deleted_at=None)
    made = [
        (one.label_id, _said(one.source), _said(one.target) if one.target else None,
         one.target_name)
        for one in links.select_related("source", "target")
    ]  # fmt: skip
    assert len(set(made)) == len(made)
    assert set(made) == wanted


def _said(one: Annotation | Verdict) -> tuple[Any, int | None, int | None]:
    return one.label_id, one.start, one.end
