"""Close a review: the gold layer follows from the verdicts, and says from which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.queries import LinkRules, link_rules
from articles.annotations.writing import fitting, truth
from articles.desk.attributes import parse_schema
from articles.desk.models import User
from articles.desk.recording import Recording
from articles.intake.models import Article, Revision
from articles.review.errors import StillOpen
from articles.review.models import Notice, Provenance, Review, Verdict
from articles.review.notices import notify
from articles.review.review_services import reviewing
from articles.review.stored import label_by_now
from articles.text.canonical import text_hash

#: The layer that adjudication writes; nobody's own.
GOLD = "gold"

type Key = tuple[UUID, int, int]
type LinkKey = tuple[UUID, UUID, UUID | None, str]


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """The gold layer as it was written; ``left_out`` counts links whose ends were not kept."""

    layer: Layer
    left_out: int


def adjudicate(*, actor: User, article: Article) -> Adjudicated:
    """Close the review and write the gold layer. Closing what is closed changes nothing.

    Gold that follows from the same verdicts as before stays as it is; the rest is deleted or made.

    Raises:
        StillOpen: if a decision has no verdict, or waits to be confirmed.
        LabelUnknown: if a label that a verdict gives was retired meanwhile.
        NotAllowed, NotInReview, ReviewHeld: as ``open_review`` does.
    """
    with (
        truth(),
        reviewing("article.adjudicated", actor, article) as (recording, review),
    ):
        article = review.article
        if review.adjudicated_at is not None:
            return Adjudicated(article.layers.gold().get(), 0)
        still_open = article.decisions.open().count()
        if still_open:
            plural = "s are" if still_open > 1 else " is"
            raise StillOpen(f"{still_open} decision{plural} still open.")
        standing = Verdict.objects.standing().filter(article=article).select_related("label")
        verdicts = [_as_of_now(article, one) for one in standing.order_by("decision__start", "id")]
        layer = _gold_layer(recording, article)
        made = _write_annotations(recording, layer, [one for one in verdicts if one.is_span])
        left_out = _write_relations(
            recording, layer, [one for one in verdicts if one.source_id is not None], made
        )
        _close(recording, review, layer, actor)
        annotators = [one.annotator for one in _layers_of_people(article) if one.annotator]
        notify(recording, Notice.Kind.ADJUDICATED, annotators, article=article, sender=actor)
    return Adjudicated(layer, left_out)


def _as_of_now(article: Article, verdict: Verdict) -> Verdict:
    """The verdict, whose row never changes, with the label into which its own was merged since."""
    if verdict.label is not None and verdict.label.merged_into_id is not None:
        verdict.label = label_by_now(article, verdict.label.pk)
        verdict.attributes = fitting(parse_schema(verdict.label.attributes), verdict.attributes)
    return verdict


def _gold_layer(recording: Recording, article: Article) -> Layer:
    layer = article.layers.filter(kind=Layer.Kind.GOLD).select_for_update().first()
    if layer is None:
        layer = Layer.objects.create(
            project=article.project,
            article=article,
            kind=Layer.Kind.GOLD,
            name=GOLD,
            guidelines_version=article.project.guidelines_version,
        )
        recording.made(layer)
    return layer


def _write_annotations(
    recording: Recording, layer: Layer, verdicts: Sequence[Verdict]
) -> dict[UUID, Annotation]:
    """Gold annotations by the decision that they follow from. Two that say the same are one."""
    wanted: dict[Key, Verdict] = {}
    for verdict in verdicts:
        wanted.setdefault(_key(verdict), verdict)
    standing = {_key(one): one for one in layer.annotations.live()}
    kept = {
        key: one
        for key, one in standing.items()
        if key in wanted and one.attributes == wanted[key].attributes
    }
    _delete(recording, layer, [one for key, one in standing.items() if key not in kept])
    body = Revision.objects.values_list("body", flat=True).get(pk=layer.article.revision_id)
    added = {
        key: Annotation(
            project_id=layer.project_id,
            article_id=layer.article_id,
            revision_id=layer.article.revision_id,
            layer=layer,
            label_id=key[0],
            start=key[1],
            end=key[2],
            quote_sha256=text_hash(body[key[1] : key[2]]),
            attributes=verdict.attributes,
            origin=Annotation.Origin.ADJUDICATION,
        )
        for key, verdict in wanted.items()
        if key not in kept
    }
    Annotation.objects.bulk_create(added.values())
    recording.made(*added.values())
    gold = kept | added
    _trace(recording, layer, {gold[key].pk: wanted[key] for key in wanted}, "annotation_id")
    return {verdict.decision_id: gold[_key(verdict)] for verdict in verdicts}


def _write_relations(
    recording: Recording,
    layer: Layer,
    verdicts: Sequence[Verdict],
    made: Mapping[UUID, Annotation],
) -> int:
    """Gold links between gold annotations; how many had to be left out."""
    rules = link_rules(layer.project_id)
    wanted: dict[LinkKey, Verdict] = {}
    left_out = 0
    for verdict in verdicts:
        key = _link_key(verdict, made, rules)
        if key is None:
            left_out += 1
        else:
            wanted.setdefault(key, verdict)
    standing = {
        (one.label_id, one.source_id, one.target_id, one.target_name): one
        for one in Relation.objects.live().filter(layer=layer)
    }
    gone = [one for key, one in standing.items() if key not in wanted]
    _delete_links(recording, gone)
    kept = {key: one for key, one in standing.items() if key in wanted}
    numbers: dict[object, int] = {}
    added = {}
    for key in wanted:
        number = numbers.setdefault(key[2] or key[3], len(numbers) + 1)
        if key not in kept:
            label, source, target, name = key
            added[key] = Relation(
                project_id=layer.project_id,
                article_id=layer.article_id,
                layer=layer,
                label_id=label,
                source_id=source,
                target_id=target,
                target_name=name,
                number=number,
            )
    Relation.objects.bulk_create(added.values())
    recording.made(*added.values())
    gold = kept | added
    _trace(recording, layer, {gold[key].pk: wanted[key] for key in wanted}, "relation_id")
    return left_out


def _link_key(
    verdict: Verdict, made: Mapping[UUID, Annotation], rules: LinkRules
) -> LinkKey | None:
    """What the link joins; ``None`` if an end was not kept, or the labels do not fit any more."""
    source = made.get(verdict.source_id) if verdict.source_id else None
    target = made.get(verdict.target_id) if verdict.target_id else None
    if source is None or verdict.label_id is None or (verdict.target_id and target is None):
        return None
    if target is not None and target.pk == source.pk:
        return None
    if not rules.allow(verdict.label_id, source.label_id, target.label_id if target else None):
        return None
    return verdict.label_id, source.pk, target.pk if target else None, verdict.target_name


def _trace(
    recording: Recording, layer: Layer, verdicts: Mapping[UUID, Verdict], column: str
) -> None:
    """Say of each gold row which verdict it follows from."""
    standing = {
        getattr(one, column): one
        for one in Provenance.objects.filter(**{f"{column}__in": list(verdicts)})
    }
    moved = [one for key, one in standing.items() if one.verdict_id != verdicts[key].pk]
    recording.touching(*moved)
    for one in moved:
        verdict = verdicts[getattr(one, column)]
        one.verdict, one.decision_id = verdict, verdict.decision_id
    Provenance.objects.bulk_update(moved, ["verdict", "decision"])
    recording.made(
        *Provenance.objects.bulk_create(
            Provenance(
                project_id=layer.project_id,
                article_id=layer.article_id,
                decision_id=verdict.decision_id,
                verdict=verdict,
                **{column: key},
            )
            for key, verdict in verdicts.items()
            if key not in standing
        )
    )


def _delete(recording: Recording, layer: Layer, annotations: Sequence[Annotation]) -> None:
    links = Relation.objects.live().ending_at(*annotations).filter(layer=layer)
    _delete_links(recording, list(links))
    recording.touching(*annotations)
    now = timezone.now()
    for one in annotations:
        one.deleted_at, one.updated_at = now, now
        one.version += 1
    Annotation.objects.bulk_update(annotations, ["deleted_at", "updated_at", "version"])


def _delete_links(recording: Recording, links: Sequence[Relation]) -> None:
    recording.touching(*links)
    for one in links:
        one.deleted_at = timezone.now()
        one.version += 1
    Relation.objects.bulk_update(links, ["deleted_at", "version"])


def _close(recording: Recording, review: Review, layer: Layer, actor: User) -> None:
    now = timezone.now()
    recording.touching(layer, review)
    layer.annotation_count = layer.annotations.live().count()
    layer.relation_count = Relation.objects.live().filter(layer=layer).count()
    layer.submitted_at, layer.updated_at = now, now
    layer.version += 1
    layer.save()
    review.adjudicated_at, review.adjudicated_by = now, actor
    review.reviewer, review.lease_expires_at = None, None
    review.version += 1
    review.save()


def _layers_of_people(article: Article) -> Any:
    return article.layers.submitted().select_related("annotator")


def _key(one: Annotation | Verdict) -> Key:
    assert one.label_id is not None
    assert one.start is not None
    assert one.end is not None
    return one.label_id, one.start, one.end
