"""Make the decisions of an article from its submitted layers, and again when they change.

Merging again respects every verdict: a decision goes on as long as anything of it is left, a
rejected one is never asked about again, and a decision whose work changed under its verdict waits
to be confirmed.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import combinations
from typing import Any
from uuid import UUID

from django.utils import timezone

from articles.annotations.models import Annotation, Comment, Layer, Relation
from articles.desk.recording import Recording
from articles.intake.models import Article
from articles.review.clustering import cluster
from articles.review.items import Item, Kind, Linked, Marked
from articles.review.matching import Matching, Standing, kept_variants, match, must_confirm
from articles.review.models import Decision, Review, Verdict
from articles.review.stored import stored, variants_of


def merge(recording: Recording, article: Article) -> Review:
    """Bring the decisions of ``article``, which is locked, up to its submitted layers.

    Makes its review if there is none. A number of queries that does not grow with the work.
    """
    review = Review.objects.select_for_update(of=["self"]).filter(article=article).first()
    if review is None:
        review = Review.objects.create(project=article.project, article=article)
        recording.made(review)
    layers = list(Layer.objects.submitted().filter(article=article))
    marks, links = _work(article, layers)
    items = cluster(marks, links, [layer.pk for layer in layers])
    decisions = {one.pk: one for one in article.decisions.with_standing()}
    found = match((_standing(one) for one in decisions.values()), items)
    ids = {item.key: standing.id for standing, item in found.pairs}
    added = _add(recording, article, found.new, ids)
    _go_on(recording, found, ids, decisions)
    _leave(recording, article, found.vanished, decisions)
    _draw_sample(recording, article, added)
    agreement = exact_f1(marks, [layer.pk for layer in layers])
    if review.agreement != agreement:
        recording.touching(review)
        review.agreement = agreement
        review.save(update_fields=["agreement"])
    return review


def exact_f1(marks: Iterable[Marked], layers: Sequence[int]) -> float | None:
    """How many annotations another layer has too, label and edges alike, over all pairs of
    ``layers``; ``None`` without two layers or without annotations. See ``agreement_f1``."""
    said: dict[int, set[tuple[UUID, int, int]]] = {layer: set() for layer in layers}
    for mark in marks:
        said[mark.layer].add((mark.label, mark.start, mark.end))
    pairs = list(combinations(said.values(), 2))
    made = sum(len(one) + len(other) for one, other in pairs)
    return sum(2 * len(one & other) for one, other in pairs) / made if made else None


def _work(article: Article, layers: Sequence[Layer]) -> tuple[list[Marked], list[Linked]]:
    """What stands on ``layers``. Two queries."""
    annotations = Annotation.objects.live().filter(layer__in=layers, revision=article.revision_id)
    relations = Relation.objects.live().filter(layer__in=layers, source__in=annotations)
    marks = [
        Marked(one.pk, one.layer_id, one.label_id, one.start, one.end, one.attributes, one.unsure)
        for one in annotations
    ]
    links = [
        Linked(one.pk, one.layer_id, one.label_id, one.source_id, one.target_id, one.target_name)
        for one in relations
    ]
    return marks, links


def _add(
    recording: Recording, article: Article, new: Sequence[Item], ids: dict[UUID, UUID]
) -> list[Decision]:
    """Decisions for new items: spans first, so that links can name them; ``ids`` grows."""
    added: list[Decision] = []
    for links in (False, True):
        items = [item for item in new if (item.kind is Kind.RELATION) is links]
        rows = Decision.objects.bulk_create(
            Decision(project_id=article.project_id, article=article, **_columns(item, ids, links))
            for item in items
        )
        ids.update((item.key, row.pk) for item, row in zip(items, rows, strict=True))
        added += rows
    recording.made(*added)
    return added


def _go_on(
    recording: Recording,
    found: Matching,
    ids: Mapping[UUID, UUID],
    decisions: Mapping[UUID, Decision],
) -> None:
    """Decisions that go on say what their items say now."""
    changed = []
    for standing, item in found.pairs:
        decision = decisions[standing.id]
        columns = _columns(item, ids, item.kind is Kind.RELATION)
        if must_confirm(standing, kept_variants(item, ids)):
            columns["changed_at"] = timezone.now()
        if any(getattr(decision, key) != value for key, value in columns.items()):
            changed.append((decision, columns))
    _change(recording, changed)


def _leave(
    recording: Recording,
    article: Article,
    vanished: Sequence[Standing],
    decisions: Mapping[UUID, Decision],
) -> None:
    """Open decisions about nothing go away, unless something was ever said about them; decided
    ones stay, since what they decided may come back. What was kept there has to be looked at
    again, once."""
    undecided = {one.id for one in vanished if not one.is_decided}
    gone = undecided - _spoken_of(article, undecided, decisions)
    recording.touching(*(decisions[key] for key in gone))
    Decision.objects.filter(pk__in=gone).delete()
    empty = [decisions[one.id] for one in vanished if one.id not in gone and one.members]
    decided = {one.pk for one in empty} - undecided
    rejected = set(
        Verdict.objects.standing()
        .filter(decision__in=decided, ruling=Verdict.Ruling.REJECT)
        .values_list("decision_id", flat=True)
    )
    to_confirm = decided - rejected
    _change(
        recording,
        [
            (
                one,
                {
                    "variants": [{**each, "members": [], "layers": []} for each in one.variants],
                    **({"changed_at": timezone.now()} if one.pk in to_confirm else {}),
                },
            )
            for one in empty
        ],
    )


def _spoken_of(
    article: Article, undecided: Set[UUID], decisions: Mapping[UUID, Decision]
) -> set[UUID | None]:
    """The decisions that verdicts, of whatever round, or comments are about, and the ends of all
    links that stay. Two queries."""
    verdicts = Verdict.objects.filter(article=article)
    comments = Comment.objects.filter(article=article, decision__isnull=False)
    named: set[UUID | None] = {
        key
        for row in (
            *verdicts.values_list("decision", "source", "target"),
            *comments.values_list("decision"),
        )
        for key in row
    }
    ends = {
        UUID(variant[end])
        for key, decision in decisions.items()
        if key not in undecided or key in named
        for variant in decision.variants
        for end in ("source", "target")
        if variant[end]
    }
    return named | ends


def _draw_sample(recording: Recording, article: Article, added: Sequence[Decision]) -> None:
    """Choose which unanimous decisions a reviewer is shown anyway, without favour: by a hash."""
    unanimous = [one for one in added if one.kind == Decision.Kind.UNANIMOUS]
    wanted = -(-len(unanimous) * article.project.audit_sample // 100)
    drawn = sorted(unanimous, key=lambda one: hashlib.sha256(one.pk.bytes).digest())[:wanted]
    Decision.objects.filter(pk__in=[one.pk for one in drawn]).update(is_sampled=True)


def _change(recording: Recording, changed: Sequence[tuple[Decision, dict[str, Any]]]) -> None:
    recording.touching(*(decision for decision, _ in changed))
    for decision, columns in changed:
        for key, value in columns.items():
            setattr(decision, key, value)
        decision.version += 1
    Decision.objects.bulk_update(
        [decision for decision, _ in changed],
        ["kind", "start", "end", "variants", "is_unsure", "changed_at", "version"],
    )


def _columns(item: Item, ids: Mapping[UUID, UUID], is_link: bool) -> dict[str, Any]:
    variants = kept_variants(item, ids) if is_link else item.variants
    return {
        "kind": item.kind.value,
        "start": item.start,
        "end": item.end,
        "variants": [stored(variant) for variant in variants],
        "is_unsure": item.unsure,
    }


def _standing(decision: Any) -> Standing:
    return Standing(decision.pk, variants_of(decision), decision.is_decided)
