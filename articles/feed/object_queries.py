"""What the feed tells of, in the shapes of the API, as it all stands at the moment of reading."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.schemas import AnnotationOut, RelationOut, annotator_of
from articles.datasets.models import Snapshot
from articles.desk.models import Label
from articles.desk.schemas import LabelOut
from articles.feed.news import Kind
from articles.intake.models import Article, Revision
from articles.review.schemas import BlockOut, RevisionOut

#: Spans that are cut out of one text in the database; for more it is quicker to fetch the text.
FEW_SPANS = 4
#: Texts in memory at a time.
TEXTS_AT_ONCE = 10

type Object = dict[str, Any]
type Objects = dict[tuple[Kind, str], Object]
type Place = tuple[UUID, int, int]


@dataclass(slots=True)
class Wanted:
    """What is to be looked up: ids by kind, and the articles that come with their text."""

    ids: defaultdict[Kind, set[str]] = field(default_factory=lambda: defaultdict(set))
    texts: set[str] = field(default_factory=set)


def in_utc(at: datetime | None) -> str | None:
    """A time as the API writes it, in RFC 3339."""
    return at.isoformat().replace("+00:00", "Z") if at is not None else None


def whole_articles(articles: Iterable[str]) -> dict[str, list[tuple[Kind, str]]]:
    """All that stands on each of ``articles``, the article itself first. Three queries."""
    found: dict[str, list[tuple[Kind, str]]] = {one: [("article", one)] for one in articles}
    if not found:
        return found
    layers = _told_layers().filter(article__in=found)
    annotations = Annotation.objects.live().filter(layer__in=layers)
    relations = Relation.objects.live().filter(layer__in=layers)
    tables: list[tuple[Kind, Any]] = [
        ("layer", layers), ("annotation", annotations), ("relation", relations)
    ]  # fmt: skip
    for kind, rows in tables:
        for article, key in rows.order_by("pk").values_list("article_id", "pk"):
            found[str(article)].append((kind, str(key)))
    return found


def objects_of(wanted: Wanted) -> Objects:
    """What stands of what is wanted. As many queries, however much it is."""
    return {
        **_labels(wanted.ids["label"]),
        **_articles(wanted.ids["article"], wanted.texts),
        **_layers(wanted.ids["layer"]),
        **_annotations(wanted.ids["annotation"]),
        **_relations(wanted.ids["relation"]),
        **_snapshots(wanted.ids["snapshot"]),
    }


def _told_layers() -> Any:
    """Practice is nobody's data."""
    return Layer.objects.exclude(kind=Layer.Kind.PRACTICE)


def _labels(ids: set[str]) -> Objects:
    rows = Label.objects.filter(pk__in=ids).select_related("project", "merged_into")
    rules = rows.prefetch_related("rules__source_label", "rules__target_label")
    return {("label", str(row.pk)): LabelOut.of(row).model_dump(mode="json") for row in rules}


def _articles(ids: set[str], texts: set[str]) -> Objects:
    if not ids:
        return {}
    rows = (
        Article.objects.filter(pk__in=ids)
        .select_related("revision")
        .prefetch_related("revision__blocks")
        .defer("revision__body", "revision__original")
    )
    found: Objects = {("article", str(row.pk)): _article(row) for row in rows}
    bodies = Article.objects.filter(pk__in=texts).values_list("pk", "revision__body")
    for key, body in bodies:
        found["article", str(key)]["text"] = body
    return found


def _article(row: Article) -> Object:
    columns = ("external_id", "story", "title", "url", "byline", "publisher", "language")
    return {
        "id": str(row.pk),
        **{name: getattr(row, name) for name in columns},
        "published_at": in_utc(row.published_at),
        "metadata": row.metadata,
        "placement": row.placement,
        "revision": RevisionOut.of(row.revision).model_dump(mode="json"),
        "blocks": [BlockOut.of(one).model_dump(mode="json") for one in row.revision.blocks.all()],
        "version": row.version,
        "created_at": in_utc(row.created_at),
        "updated_at": in_utc(row.updated_at),
    }


def _layers(ids: set[str]) -> Objects:
    rows = _told_layers().filter(pk__in=ids).select_related("annotator")
    return {
        ("layer", str(row.pk)): {
            "id": str(row.pk),
            "article": str(row.article_id),
            "name": row.name,
            "annotator": annotator_of(row),
            "kind": row.kind,
            "guidelines_version": row.guidelines_version,
            "submitted_at": in_utc(row.submitted_at),
            "created_at": in_utc(row.created_at),
        }
        for row in rows
    }


def _annotations(ids: set[str]) -> Objects:
    rows = list(
        Annotation.objects.live()
        .filter(pk__in=ids)
        .exclude(layer__kind=Layer.Kind.PRACTICE)
        .select_related("label", "layer__annotator")
    )
    words = _words({(row.revision_id, row.start, row.end) for row in rows})
    return {
        ("annotation", str(row.pk)): AnnotationOut.of(
            row, words[row.revision_id, row.start, row.end]
        ).model_dump(mode="json")
        for row in rows
    }


def _relations(ids: set[str]) -> Objects:
    rows = (
        Relation.objects.live()
        .filter(pk__in=ids)
        .exclude(layer__kind=Layer.Kind.PRACTICE)
        .select_related("label", "layer__annotator")
    )
    return {
        ("relation", str(row.pk)): RelationOut.of(row).model_dump(mode="json", by_alias=True)
        for row in rows
    }


def _snapshots(ids: set[str]) -> Objects:
    return {
        ("snapshot", str(row.pk)): {
            "id": str(row.pk),
            "name": row.name,
            "version": row.number,
            "layers": row.layers,
            "status": row.status,
            "sha256": bytes(row.sha256).hex() if row.sha256 else None,
            "size": row.size,
            "created_at": in_utc(row.created_at),
            "frozen_at": in_utc(row.frozen_at),
        }
        for row in Snapshot.objects.filter(pk__in=ids)
    }


def _words(places: set[Place]) -> dict[Place, str]:
    """The words at each of ``places``, each in its revision. Two queries, for how many ever."""
    by_text: dict[UUID, list[Place]] = defaultdict(list)
    for place in places:
        by_text[place[0]].append(place)
    few = [place for some in by_text.values() if len(some) <= FEW_SPANS for place in some]
    words = _cut(few)
    many = [key for key, some in by_text.items() if len(some) > FEW_SPANS]
    texts = Revision.objects.filter(pk__in=many).values_list("pk", "body")
    for key, body in texts.iterator(chunk_size=TEXTS_AT_ONCE):
        words |= {(key, start, end): body[start:end] for _, start, end in by_text[key]}
    return words


def _cut(places: list[Place]) -> dict[Place, str]:
    if not places:
        return {}
    revisions, starts, ends = zip(*places, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, s, e, substr(body, s + 1, e - s) FROM articles_revision"
            " JOIN unnest(%s::uuid[], %s::int[], %s::int[]) AS wanted(r, s, e) ON r = id",
            [list(revisions), list(starts), list(ends)],
        )
        return {(key, start, end): words for key, start, end, words in cursor.fetchall()}
