"""What pages and exports need to know about layers; each says what it costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Abs

from articles.annotations.errors import WordsNotFound
from articles.annotations.models import (
    Annotation,
    AnnotationQuerySet,
    Comment,
    Layer,
    Relation,
)
from articles.annotations.near import read_near
from articles.annotations.painting import (
    NAME_LENGTH,
    Labelled,
    Link,
    Painted,
    Part,
    Read,
    named,
    paint,
    shortened,
)
from articles.desk.attributes import missing, parse_schema
from articles.desk.models import RelationRule
from articles.intake.models import Block, Revision
from articles.text.spans import Span, occurrences
from articles.text.words import edge_moved

#: Sources offered for a link; typing narrows them down.
MOST_CANDIDATES = 100
#: Ranges that are cut out of a text in the database, rather than fetching all of it.
FEW_RANGES = 4
#: Code points of an annotation's words where it is named in a sentence or a choice.
NAME_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """An annotation that another could be linked to, and its words."""

    id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class LinkRules:
    """Which relation a project allows from which span label to which, by the labels' ids."""

    triples: frozenset[tuple[UUID, UUID, UUID]]

    def allow(self, relation: UUID, source: UUID, target: UUID | None) -> bool:
        """Whether ``relation`` may go from ``source`` to ``target``, or, without one, to a name."""
        if target is None:
            return any(triple[:2] == (relation, source) for triple in self.triples)
        return (relation, source, target) in self.triples


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at before submitting; ``blocks`` says it must be mended first."""

    kind: str
    message: str
    annotation_id: UUID
    blocks: bool


def painted_page(layer: Layer | None, revision: Revision) -> list[Painted]:
    """Every block of the revision with the layer's marks and notes. Four queries."""

    def read(start: int, end: int) -> str:
        return revision.body[start:end]

    parts = parts_of(revision)
    if layer is None:
        return paint(parts, [], [], read)
    annotations = _labelled(layer.annotations.live().filter(revision=revision))
    relations = _with_ends(Relation.objects.live().filter(layer=layer))
    return paint(parts, annotations, _links(relations, read), read)


def parts_of(revision: Revision) -> list[Part]:
    """The blocks of a revision whose text is at hand. One query."""
    body = revision.body
    return [
        _part(str(row.pk), row.position, row.kind, row.start, row.end, row.version,
              body[row.start : row.end])
        for row in revision.blocks.all()
    ]  # fmt: skip


def painted_blocks(
    layer: Layer, revision_id: UUID, spans: Iterable[tuple[int, int]]
) -> list[Painted]:
    """The blocks that share a character with one of ``spans``, painted. One query.

    Costs what those blocks hold, whatever the length of the article: nothing else is read.
    """
    near = read_near(layer.pk, revision_id, spans)
    names = {named(one.start, one.end): one.words for one in near.annotations}

    def read(start: int, end: int) -> str:
        if (start, end) in names:
            return names[start, end]
        block = next(one for one in near.blocks if one.start <= start and end <= one.end)
        return block.words[start - block.start : end - block.start]

    annotations = [Labelled(*one[:-1]) for one in near.annotations]
    return paint([_part(*one) for one in near.blocks], annotations, near.links, read)


def read_ranges(revision_id: UUID, ranges: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The words at each of ``ranges`` of a revision. One query.

    A few are cut out by PostgreSQL, which counts each from the text's beginning: 0.1 ms in a text
    of 30 kB, 5 ms in one of 2 MB. For more it is quicker to fetch the text, once.
    """
    pairs = sorted(ranges)
    if len(pairs) > FEW_RANGES:
        body = Revision.objects.values_list("body", flat=True).get(pk=revision_id)
        return {(start, end): body[start:end] for start, end in pairs}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s, e, substr(body, s + 1, e - s) FROM articles_revision,"
            " unnest(%s::int[], %s::int[]) AS wanted(s, e) WHERE id = %s",
            [[start for start, _ in pairs], [end for _, end in pairs], revision_id],
        )
        return {(start, end): words for start, end, words in cursor.fetchall()}


def link_rules(project_id: int) -> LinkRules:
    """What a project's relations may join; those of retired labels are in it. One query."""
    rules = RelationRule.objects.filter(project=project_id)
    ends = rules.values_list("relation_label", "source_label", "target_label")
    return LinkRules(frozenset(ends))


def names_of(annotations: Sequence[Annotation], length: int) -> dict[UUID, str]:
    """What lists call each of ``annotations``, all of one revision: its first words, up to
    ``length`` code points. One query, none for no annotations.
    """
    if not annotations:
        return {}
    spans = {one.pk: named(one.start, one.end) for one in annotations}
    words = read_ranges(annotations[0].revision_id, set(spans.values()))
    return {
        one.pk: shortened(words[spans[one.pk]], length, goes_on=spans[one.pk][1] < one.end)
        for one in annotations
    }


def submission_checks(layer: Layer) -> list[Check]:
    """What is missing or doubtful in a layer, in reading order. Three queries."""
    annotations = list(layer.annotations.live().select_related("label").in_reading_order())
    linked = set(Relation.objects.live().filter(layer=layer).values_list("source_id", flat=True))
    wants_source = set(
        RelationRule.objects.filter(
            project=layer.project_id,
            relation_label__retired_at=None,
            source_label__key="quote",
        ).values_list("source_label_id", flat=True)
    )
    names = names_of(annotations, NAME_SHOWN)
    checks = []
    for one in annotations:
        words = names[one.pk]
        for attribute in missing(parse_schema(one.label.attributes), one.attributes):
            message = f"{one.label}: “{words}” has no {attribute.name.lower()} yet."
            checks.append(Check("attribute", message, one.pk, blocks=True))
        if one.label_id in wants_source and one.pk not in linked:
            message = f"{one.label}: “{words}” has no source."
            checks.append(Check("source", message, one.pk, blocks=False))
        if one.unsure:
            message = f"{one.label}: “{words}” is marked unsure."
            checks.append(Check("unsure", message, one.pk, blocks=False))
    return checks


def link_candidates(annotation: Annotation) -> list[Candidate]:
    """Annotations of its layer that it could be linked to, nearest first. Three queries."""
    rules = RelationRule.objects.filter(
        relation_label__retired_at=None, source_label=annotation.label_id
    )
    labels = set(rules.values_list("target_label_id", flat=True))
    if not labels:
        return []
    linked = Relation.objects.live().filter(source=annotation, target__isnull=False)
    others = (
        Annotation.objects.live()
        .filter(layer=annotation.layer_id, label__in=labels)
        .exclude(pk=annotation.pk)
        .exclude(pk__in=linked.values("target_id"))
        .annotate(apart=Abs(F("start") - Value(annotation.start)))
        .order_by("apart", "id")[:MOST_CANDIDATES]
    )
    return [Candidate(key, words) for key, words in names_of(list(others), NAME_SHOWN).items()]


def _labelled(annotations: AnnotationQuerySet) -> list[Labelled]:
    """Two queries: the annotations, and how many comments each has."""
    rows = list(annotations.select_related("label").in_reading_order())
    counted = (
        Comment.objects.filter(annotation__in=[row.pk for row in rows], removed_at=None)
        .values_list("annotation_id")
        .annotate(Count("pk"))
    )
    comments = dict(counted)
    return [
        Labelled(
            id=str(row.pk),
            label=row.label.key,
            label_name=row.label.name,
            start=row.start,
            end=row.end,
            version=row.version,
            unsure=row.unsure,
            noted=bool(row.note),
            comments=comments.get(row.pk, 0),
        )
        for row in rows
    ]


def _with_ends(relations: QuerySet[Relation]) -> QuerySet[Relation]:
    return relations.select_related("source__label", "target").order_by("number", "id")


def _links(relations: Iterable[Relation], read: Read) -> list[Link]:
    return [
        Link(
            id=str(one.pk),
            number=one.number,
            source=str(one.source_id),
            target=str(one.target_id) if one.target_id else None,
            source_name=one.source.label.name,
            target_words=(
                read(*named(one.target.start, one.target.end)) if one.target else one.target_name
            ),
            version=one.version,
        )
        for one in relations
    ]


def _part(
    key: str, position: int, kind: str, start: int, end: int, version: int, words: str
) -> Part:
    """A block, of which the page does not show the white space at its ends."""
    first = start + len(words) - len(words.lstrip("\n"))
    last = max(first, start + len(words.rstrip()))
    return Part(key, position, kind, start, end, first, last, version, words[last - start :])


def find_words(
    revision_id: UUID, *, paragraph: int, words: str, occurrence: int | None
) -> tuple[Span, str]:
    """Where ``words`` stand in a paragraph (blocks count from 1), and the text there. Two queries.

    Raises:
        WordsNotFound: if they are not there, or several times and ``occurrence`` does not say
            which (counting from 1).
    """
    block = Block.objects.filter(revision=revision_id, position=paragraph).first()
    if block is None:
        raise WordsNotFound(f"There is no paragraph {paragraph}.", field="paragraph")
    text = read_ranges(revision_id, [(block.start, block.end)])[block.start, block.end]
    found = occurrences(text, words)
    if not found:
        raise WordsNotFound(f"These words are not in paragraph {paragraph}.", field="words")
    if occurrence is None and len(found) > 1:
        raise WordsNotFound(
            f"These words stand {len(found)} times in paragraph {paragraph}: say which.",
            field="occurrence",
        )
    if not 1 <= (occurrence or 1) <= len(found):
        raise WordsNotFound(
            f"These words stand {len(found)} times in paragraph {paragraph}.", field="occurrence"
        )
    span = found[(occurrence or 1) - 1]
    return Span(block.start + span.start, block.start + span.end), span.text_in(text)


def with_edge_moved(annotation: Annotation, *, edge: str, by: int) -> tuple[Span, str]:
    """The annotation's span with one edge moved by a word, and the text there. One query.

    It looks at most ``NAME_LENGTH`` code points beyond the edges for the next word.
    """
    first = max(0, annotation.start - NAME_LENGTH)
    window = (first, annotation.end + NAME_LENGTH)
    text = read_ranges(annotation.revision_id, [window])[window]
    inner = Span(annotation.start - first, annotation.end - first)
    moved = edge_moved(text, inner, edge=edge, by=by)
    return Span(moved.start + first, moved.end + first), moved.text_in(text)
