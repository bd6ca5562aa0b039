"""Take in what machines propose, and let each annotator decide on it for themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from articles.annotations.errors import (
    LabelUnknown,
    QuoteMismatch,
    RevisionNotCurrent,
    SpanEmpty,
    SpanOutOfRange,
)
from articles.annotations.models import Annotation
from articles.annotations.queries import read_ranges
from articles.annotations.services import create_annotation, open_layer
from articles.annotations.writing import truth, writing
from articles.desk.attributes import AttributeInvalid, check_values, parse_schema
from articles.desk.models import Label, User
from articles.desk.permissions import can_import, role_in
from articles.desk.recording import Recording, recorded, requested
from articles.intake.models import Article, Revision
from articles.suggestions.errors import SuggestionDecided, SuggestionInvalid
from articles.suggestions.models import Suggestion, SuggestionVerdict
from articles.text.canonical import text_hash
from newsdesk.errors import IdReused, Invalid, NotAllowed, refused_by

#: Suggestions of one request.
MOST = 1_000
#: Code points of an origin.
LONGEST_ORIGIN = 100

type Key = tuple[str, UUID, int, int]


@dataclass(frozen=True, slots=True)
class GivenSuggestion:
    """A label that ``origin`` proposes for ``[start, end)``, which reads ``quote``.

    ``at`` is where it stood in what was sent, for whoever has to mend it.
    """

    label: str
    start: int
    end: int
    quote: str
    origin: str
    score: float | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    id: UUID | None = None
    at: str = ""


def suggest(
    *, actor: User, article: Article, given: Sequence[GivenSuggestion]
) -> tuple[list[Suggestion], int]:
    """Propose spans of an article's current text; returns them in order, and how many are new.

    What the same origin proposed before stays once, as it was.

    Raises:
        NotAllowed: unless the actor may import into the project.
        IdReused: if a chosen id belongs to something else.
        SpanEmpty, SpanOutOfRange, QuoteMismatch, LabelUnknown, AttributeInvalid,
        SuggestionInvalid: to be mended, with where it stood; then none is taken.
        Invalid: if there are too many.
    """
    if not can_import(role_in(article.project, actor)):
        raise NotAllowed("Only managers and engineers bring suggestions in.")
    if len(given) > MOST:
        raise Invalid(f"Send up to {MOST:,} suggestions at once.", field="items")
    with recorded(
        "suggestion.made", actor=actor, project=article.project, article_id=article.pk
    ) as recording:
        return _suggest(recording, actor, article, given)


def decide(
    *, actor: User, suggestion: Suggestion, decision: SuggestionVerdict.Decision
) -> tuple[SuggestionVerdict, bool]:
    """Accept or reject a suggestion, for the actor's own layer; whether that is new.

    Accepting makes an annotation there, which is theirs to change. Either takes a free place of
    the article if they have none. Deciding the same again changes nothing.

    Raises:
        SuggestionDecided: if the actor decided otherwise before.
        RevisionNotCurrent: if it is about an older text.
        NotAllowed, ArticleNotOpen, NoFreeSlot, LayerClosed, DuplicateAnnotation, LabelUnknown,
        AttributeInvalid: as for any annotation.
    """
    article = suggestion.article
    given = SuggestionVerdict.objects.filter(suggestion=suggestion, layer__annotator=actor)
    if there := given.first():
        return _same(there, decision), False
    if suggestion.revision_id != article.revision_id:
        raise RevisionNotCurrent()
    how = "accepted" if decision == SuggestionVerdict.Decision.ACCEPTED else "rejected"
    with transaction.atomic():
        with requested(None):  # the request is known by the verdict alone
            layer = open_layer(actor=actor, article=article)
        with writing(f"suggestion.{how}", actor, layer) as (recording, layer):
            if there := given.first():  # meanwhile, in another tab
                return _same(there, decision), False
            verdict = SuggestionVerdict.objects.create(
                project_id=suggestion.project_id,
                article=article,
                suggestion=suggestion,
                layer=layer,
                decision=decision,
                annotation=_accept(actor, suggestion) if how == "accepted" else None,
            )
            recording.made(verdict)
    return verdict, True


def _suggest(
    recording: Recording, actor: User, article: Article, given: Sequence[GivenSuggestion]
) -> tuple[list[Suggestion], int]:
    if not given:
        return [], 0
    # Whoever suggests holds the article: of two that send the same, one finds it there.
    article = Article.objects.select_for_update(of=["self"], no_key=True).get(pk=article.pk)
    labels = {
        one.key: one for one in Label.objects.spans().active().filter(project=article.project_id)
    }
    body = Revision.objects.values_list("body", flat=True).get(pk=article.revision_id)
    for one in given:
        _check(one, labels, body)
    there = _there(article, given)
    new: dict[Key, Suggestion] = {}
    for one in given:
        key = (one.origin, labels[one.label].pk, one.start, one.end)
        if key not in there and key not in new:
            new[key] = Suggestion(
                **({"id": one.id} if one.id else {}),
                project_id=article.project_id,
                article=article,
                revision_id=article.revision_id,
                label=labels[one.label],
                start=one.start,
                end=one.end,
                quote_sha256=text_hash(one.quote),
                attributes=dict(one.attributes),
                score=one.score,
                origin=one.origin,
                made_by=actor,
            )
    reused = IdReused("This id already belongs to another suggestion.")
    with truth(), refused_by(articles_suggestion_pkey=reused), transaction.atomic():
        recording.made(*Suggestion.objects.bulk_create(new.values(), batch_size=MOST))
    there |= new
    keys = ((one.origin, labels[one.label].pk, one.start, one.end) for one in given)
    return [there[key] for key in dict.fromkeys(keys)], len(new)


def _accept(actor: User, suggestion: Suggestion) -> Annotation:
    span = (suggestion.start, suggestion.end)
    annotation, _ = create_annotation(
        actor=actor,
        article=suggestion.article,
        label=suggestion.label,
        start=suggestion.start,
        end=suggestion.end,
        quote=read_ranges(suggestion.revision_id, [span])[span],
        revision_id=suggestion.revision_id,
        attributes=suggestion.attributes,
        origin=Annotation.Origin.SUGGESTION,
    )
    return annotation


def _same(there: SuggestionVerdict, decision: str) -> SuggestionVerdict:
    if there.decision != decision:
        raise SuggestionDecided()
    return there


def _check(given: GivenSuggestion, labels: Mapping[str, Label], body: str) -> None:
    refusal = next(_refusals(given, labels, body), None)
    if refusal is not None:
        at, prefix = (f"{given.at}: ", f"{given.at}.") if given.at else ("", "")
        raise type(refusal)(f"{at}{refusal.message}", field=f"{prefix}{refusal.field}")


def _refusals(given: GivenSuggestion, labels: Mapping[str, Label], body: str) -> Iterator[Invalid]:
    """What keeps it from being taken, the first first."""
    if not 0 <= given.start < given.end:
        yield SpanEmpty()
    if given.end > len(body):
        yield SpanOutOfRange()
    if body[given.start : given.end] != given.quote:
        yield QuoteMismatch(
            "These words are not at this place in the text. Offsets count code points, "
            "and the end is exclusive."
        )
    if given.label not in labels:
        yield LabelUnknown()
    try:
        check_values(parse_schema(labels[given.label].attributes), given.attributes)
    except AttributeInvalid as error:
        yield error
    if not 0 < len(given.origin) <= LONGEST_ORIGIN:
        yield SuggestionInvalid(
            f"An origin has 1 to {LONGEST_ORIGIN} characters: what proposed this.", field="origin"
        )
    if given.score is not None and not 0 <= given.score <= 1:
        yield SuggestionInvalid("A score is between 0 and 1.", field="score")


def _there(article: Article, given: Sequence[GivenSuggestion]) -> dict[Key, Suggestion]:
    """What these origins have proposed for the current text already."""
    rows = Suggestion.objects.filter(
        article=article, revision=article.revision_id, origin__in={one.origin for one in given}
    ).select_related("label")
    return {(row.origin, row.label_id, row.start, row.end): row for row in rows}
