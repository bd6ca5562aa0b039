"""Rule on decisions, one at a time or those on which all agree, and open them again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from articles.annotations.errors import LabelUnknown, QuoteMismatch, SpanEmpty, SpanOutOfRange
from articles.desk.attributes import check_values, parse_schema
from articles.desk.models import Label, User
from articles.desk.recording import Recording
from articles.intake.models import Article, Revision
from articles.review.errors import AlreadyDecided, NothingToReopen, ReviewHeld
from articles.review.items import Variant, agreed
from articles.review.models import Decision, Review, Verdict
from articles.review.review_services import check_reviewer, hold, open_again, reviewing
from articles.review.stored import is_unanimous, label_by_now, variants_of
from newsdesk.errors import IdReused, Invalid, StaleVersion, refused_by

type Ruling = Verdict.Ruling


@dataclass(frozen=True, slots=True)
class Fix:
    """What belongs where the annotators erred; what is ``None`` stays as in the variant fixed.

    ``quote`` is what the reviewer saw at ``[start, end)``, in code points.
    """

    start: int | None = None
    end: int | None = None
    quote: str | None = None
    label: Label | None = None
    attributes: Mapping[str, Any] | None = field(default=None)


def rule(
    *,
    actor: User,
    decision: Decision,
    ruling: Verdict.Ruling,
    variant: int = 1,
    fix: Fix | None = None,
    reason: str = "",
    version: int | None = None,
    chosen_id: UUID | None = None,
) -> tuple[Verdict, bool]:
    """Decide: accept a variant (counted from 1), fix one, or say that nothing belongs here.

    Returns the verdict and whether it is new: the same id with the same ruling again changes
    nothing. A decision that changed since its verdict is confirmed by ruling on it again.

    Raises:
        AlreadyDecided: if a verdict stands; of two reviewers at once, the database refuses one.
        StaleVersion: if the decision changed since ``version``.
        Invalid: if there is no such variant, or the fix makes no sense.
        NotAllowed, NotInReview, ReviewHeld: as ``open_review`` does.
    """
    if chosen_id is not None and (there := Verdict.objects.filter(pk=chosen_id).first()):
        if (there.decision_id, there.reviewer_id, there.ruling) == (decision.pk, actor.pk, ruling):
            return there, False
        raise IdReused()
    with (
        refused_by(
            verdict_once_per_round=AlreadyDecided(),
            verdict_by_who_holds_the_review=ReviewHeld(),
            annotation_span_inside_revision=SpanOutOfRange(),
            articles_verdict_pkey=IdReused(),
        ),
        reviewing("decision.ruled", actor, decision.article) as (recording, review),
    ):
        standing = _standing(decision)
        if version is not None and standing.version != version:
            raise StaleVersion("What the annotators say here changed since you looked.")
        if standing.is_decided and standing.changed_at is None:
            raise AlreadyDecided(_who_decided(standing))
        outcome = _outcome(standing, review.article, ruling, variant, fix)
        _open_article(recording, review, actor)
        if standing.is_decided:
            _next_round(recording, standing)
        verdict = Verdict.objects.create(
            **({"id": chosen_id} if chosen_id else {}),
            ruling=ruling,
            reason=_checked_reason(reason),
            **_where(standing, actor),
            **outcome,
        )
        recording.made(verdict)
    return verdict, True


def reopen(*, actor: User, decision: Decision) -> Decision:
    """Take the standing verdict back; it stays in history. An open decision stays open.

    An adjudicated article goes back into review: its gold is written again when it closes.

    Raises:
        Released: if its gold is in a dataset.
        NotAllowed, NotInReview, ReviewHeld: as ``open_review`` does.
    """
    with reviewing("decision.reopened", actor, decision.article) as (recording, review):
        standing = _standing(decision)
        if standing.is_decided:
            _open_article(recording, review, actor)
            _next_round(recording, standing)
    return cast("Decision", standing)


def reopen_last(*, actor: User, article: Article) -> Decision:
    """Take back the actor's newest verdict on ``article`` that stands; returns its decision.

    Raises:
        NothingToReopen: if there is none.
        NotAllowed, NotInReview, ReviewHeld: as ``open_review`` does.
    """
    check_reviewer(actor=actor, article=article)
    standing = Verdict.objects.standing().filter(article=article, reviewer=actor)
    last = standing.select_related("decision__article__project").order_by("-id").first()
    if last is None:
        raise NothingToReopen()
    return reopen(actor=actor, decision=last.decision)


def accept_all(*, actor: User, article: Article, at_least: int | None = None) -> list[Decision]:
    """Accept what ``to_accept`` names, at once; returns those decisions."""
    with (
        refused_by(verdict_once_per_round=AlreadyDecided()),
        reviewing("decisions.accepted", actor, article) as (recording, review),
    ):
        found = to_accept(article, at_least=at_least)
        if found:
            _open_article(recording, review, actor)
        verdicts = Verdict.objects.bulk_create(
            Verdict(
                ruling=Verdict.Ruling.ACCEPT,
                **_where(decision, actor),
                **_content(variants_of(decision)[number - 1], number),
            )
            for decision, number in found
        )
        recording.made(*verdicts)
    return [decision for decision, _ in found]


def to_accept(article: Article, *, at_least: int | None = None) -> list[tuple[Decision, int]]:
    """Open decisions that can be accepted at once, with the number of the variant. Two queries.

    Those on which all layers agree or, with ``at_least``, those of which exactly one variant was
    made by so many layers alike. Not the sample that a reviewer looks at anyway, nor where somebody
    was unsure.
    """
    layers = list(article.layers.submitted().values_list("pk", flat=True))
    found = []
    for decision in article.decisions.undecided().in_reading_order():
        if decision.is_to_look_at:
            continue
        variants = variants_of(decision)
        if at_least is None:
            chosen = variants[0] if is_unanimous(decision, layers) else None
        else:
            chosen = agreed(variants, at_least)
        if chosen is not None:
            found.append((decision, variants.index(chosen) + 1))
    return found


def _standing(decision: Decision) -> Any:
    """The decision as it stands now, with ``is_decided``.

    Raises:
        StaleVersion: if nobody says anything here any more, and nobody ever ruled on it.
    """
    rows = Decision.objects.with_standing().select_related("article")
    found = rows.filter(pk=decision.pk).first()
    if found is None:
        raise StaleVersion("What the annotators said here is gone.")
    return found


def _open_article(recording: Recording, review: Review, actor: User) -> None:
    """Open an adjudicated article again, and hold its review."""
    if review.adjudicated_at is not None:
        open_again(recording=recording, review=review)
        hold(recording=recording, review=review, actor=actor)


def _next_round(recording: Recording, decision: Decision) -> None:
    recording.touching(decision)
    decision.round += 1
    decision.version += 1
    decision.changed_at = None
    decision.save(update_fields=["round", "version", "changed_at"])


def _where(decision: Decision, actor: User) -> dict[str, Any]:
    return {
        "project_id": decision.project_id,
        "article_id": decision.article_id,
        "decision": decision,
        "round": decision.round,
        "reviewer": actor,
    }


def _outcome(
    decision: Decision, article: Article, ruling: Ruling, variant: int, fix: Fix | None
) -> dict[str, Any]:
    """The columns of the verdict that say what belongs here."""
    if ruling == Verdict.Ruling.REJECT:
        return {}
    variants = variants_of(decision)
    if not 1 <= variant <= len(variants):
        raise Invalid(f"There are {len(variants)} variants here, not {variant}.", field="variant")
    chosen = variants[variant - 1]
    if ruling == Verdict.Ruling.ACCEPT:
        return _content(chosen, variant)
    if chosen.source is not None:
        raise Invalid("A link is accepted or rejected; its ends are fixed where they are decided.")
    return _fixed(article, chosen, fix or Fix())


def _content(variant: Variant, number: int) -> dict[str, Any]:
    columns: dict[str, Any] = {"variant": number, "label_id": variant.label}
    if variant.source is not None:
        return columns | {
            "source_id": variant.source,
            "target_id": variant.target,
            "target_name": variant.target_name,
        }
    return columns | {
        "start": variant.start,
        "end": variant.end,
        "attributes": dict(variant.attributes),
    }


def _fixed(article: Article, variant: Variant, fix: Fix) -> dict[str, Any]:
    label = fix.label or label_by_now(article, variant.label)
    if label.project_id != article.project_id or label.kind != Label.Kind.SPAN or label.retired_at:
        raise LabelUnknown()
    schema = parse_schema(label.attributes)
    known = {attribute.key for attribute in schema}
    attributes = dict(variant.attributes if fix.attributes is None else fix.attributes)
    if fix.attributes is None:
        attributes = {key: value for key, value in attributes.items() if key in known}
    check_values(schema, attributes)
    start = variant.start if fix.start is None else fix.start
    end = variant.end if fix.end is None else fix.end
    if (start, end) != (variant.start, variant.end):
        _check_words(article, start, end, fix.quote)
    return {"label": label, "start": start, "end": end, "attributes": attributes}


def _check_words(article: Article, start: int, end: int, quote: str | None) -> None:
    if not 0 <= start < end:
        raise SpanEmpty()
    body = Revision.objects.values_list("body", flat=True).get(pk=article.revision_id)
    if end > len(body):
        raise SpanOutOfRange()
    if quote is not None and body[start:end] != quote:
        raise QuoteMismatch()


def _checked_reason(reason: str) -> str:
    if reason and reason not in Verdict.Reason:
        raise Invalid(f"A reason is one of {', '.join(Verdict.Reason)}.", field="reason")
    return reason


def _who_decided(decision: Decision) -> str:
    verdict: Verdict = (
        decision.verdicts.filter(round=decision.round).select_related("reviewer").get()
    )
    return f"{verdict.reviewer} decided this at {verdict.created_at:%H:%M} UTC."
