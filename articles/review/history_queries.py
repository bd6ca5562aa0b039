"""What happened, read from the event log alone; each query says what it costs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Func, JSONField, Q, QuerySet

from articles.annotations.models import Annotation, Layer
from articles.annotations.queries import NAME_SHOWN
from articles.desk.events import Event
from articles.desk.models import Label, Project, User
from articles.desk.permissions import can_see_all_layers, role_in
from articles.intake.models import Article, Revision
from articles.review.telling import Changes, Names, Place, Told, needed, quoted, tell

#: Changed rows of one event that are looked at: an import or a merge may have thousands.
MOST_CHANGES = 30
#: Tables of whose rows an event of a whole project tells; those of articles have their gates.
OF_PROJECTS = {"project", "label", "membership", "invitation", "apitoken", "snapshot"}
#: What others do to somebody's layer that its annotator reads of in their own history.
DONE_TO_LAYERS = ("layer.returned", "layer.assigned", "layer.reassigned", "layer.taken_from")
#: What is compared to say whether an annotation still is as an event left it.
STATE = ("label_id", "start", "end", "attributes", "note", "unsure", "revision_id")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in words; ``restorable`` is the annotation that it left otherwise than it is."""

    event: Event
    told: Told
    restorable: Annotation | None = None
    article: Article | None = None

    @property
    def actor(self) -> str:
        return str(self.event.actor) if self.event.actor else "Newsdesk"


def events_of_article(reader: User, article: Article) -> QuerySet[Event]:
    """The events of ``article`` that ``reader`` may read of, newest first. Two queries before it.

    Who works blind reads what happened in their own layer.
    """
    events = _lightened(Event.objects.filter(article_id=article.pk))
    layer = _only_layer(reader, article)
    if layer is None:
        return events
    theirs = Q(actor=reader) | Q(kind__in=DONE_TO_LAYERS)
    return events.filter(Q(layer_id=layer) | (_touching("layer", layer) & theirs))


def events_of_project(reader: User, project: Project) -> QuerySet[Event]:
    """All events of ``project``, newest first, but those of articles that are kept from
    ``reader``."""
    visible = Article.objects.visible_to(reader).filter(project=project)
    of_visible = Q(article_id=None) | Q(article_id__in=visible.values("pk"))
    return _lightened(Event.objects.filter(of_visible, project=project))


def of_layer(events: QuerySet[Event], layer: Layer) -> QuerySet[Event]:
    """Events in the layer, and those that opened, assigned or returned it."""
    return events.filter(Q(layer_id=layer.pk) | _touching("layer", layer.pk))


def of_annotation(events: QuerySet[Event], annotation_id: object) -> QuerySet[Event]:
    """Events that touched the annotation, its links or its comments."""
    named = Q()
    for table, column in (("relation", "source_id"), ("relation", "target_id"),
                          ("comment", "annotation_id")):  # fmt: skip
        for side in ("before", "after"):
            row = {"table": table, side: {column: str(annotation_id)}}
            named |= Q(changes__contains=[row])
    return events.filter(_touching("annotation", annotation_id) | named)


def entries(
    reader: User, events: Iterable[Event], *, article: Article | None = None
) -> list[Entry]:
    """``events`` in words for ``reader``: of one ``article``, or of a project. Eight queries."""
    events = list(events)
    layer = _only_layer(reader, article) if article is not None else None
    changes = {event.pk: _told_of(event, layer) for event in events}
    names = _names(reader, [one for some in changes.values() for one in some])
    told = {event.pk: tell(event.kind, changes[event.pk], names) for event in events}
    if article is not None:
        standing = _writable(reader, article, told.values())
        return [
            Entry(event, told[event.pk], _restorable(changes[event.pk], standing))
            for event in events
        ]
    articles = Article.objects.visible_to(reader).in_bulk(
        {event.article_id for event in events if event.article_id}
    )
    return [
        Entry(event, told[event.pk], article=articles.get(event.article_id))
        if event.article_id
        else Entry(event, told[event.pk])
        for event in events
    ]


def in_chunks(events: QuerySet[Event], size: int) -> Iterator[list[Event]]:
    """``events``, newest first, ``size`` at a time; memory holds one chunk, and no transaction
    stays open meanwhile. One query for each."""
    some = list(events[:size])
    while some:
        yield some
        some = list(events.filter(pk__lt=some[-1].pk)[:size])


def _lightened(events: QuerySet[Event]) -> QuerySet[Event]:
    """Newest first, with the first of their changes only."""
    first = Func(
        F("changes"),
        template=f"jsonb_path_query_array(%(expressions)s, '$[0 to {MOST_CHANGES - 1}]')",
        output_field=JSONField(),
    )
    lightened = events.defer("changes").annotate(some=first).select_related("actor")
    return lightened.order_by("-id")


def _touching(table: str, row_id: object) -> Q:
    return Q(changes__contains=[{"table": table, "id": str(row_id)}])


def _only_layer(reader: User, article: Article) -> int | None:
    """The layer that is all ``reader`` may read of; ``None`` if they read all; 0 if they have
    none."""
    if can_see_all_layers(role_in(article.project, reader), article.project):
        return None
    mine = Layer.objects.filter(article=article, annotator=reader)
    return mine.values_list("pk", flat=True).first() or 0


def _told_of(event: Any, layer: int | None) -> Changes:
    """The changes of an event that its reader may know of."""
    changes: list[Mapping[str, Any]] = event.some
    if event.article_id is None:
        return [one for one in changes if one["table"] in OF_PROJECTS]
    if layer is None:
        return changes
    return [one for one in changes if _layer_of(one) == layer]


def _layer_of(change: Mapping[str, Any]) -> int | None:
    row = change["after"] or change["before"] or {}
    if change["table"] == "layer":
        return int(change["id"])
    if change["table"] in ("annotation", "relation", "comment"):
        of_layer: int | None = row.get("layer_id")
        return of_layer
    return None


def _names(reader: User, changes: Changes) -> Names:
    """The names of what ``changes`` name, of articles that ``reader`` sees."""
    wanted = needed(changes)
    visible = Article.objects.visible_to(reader)
    about = {
        str(one.pk): one
        for one in Annotation.objects.filter(
            pk__in=wanted.annotations, article__in=visible
        ).select_related("label")
    }
    places = {key: (str(one.revision_id), one.start, one.end) for key, one in about.items()}
    words = _words(visible, wanted.words | set(places.values()))
    labels = Label.objects.filter(pk__in=wanted.labels).values_list("pk", "name")
    return Names(
        labels={str(key): name for key, name in labels},
        people={one.pk: str(one) for one in User.objects.filter(pk__in=wanted.people)},
        layers=dict(Layer.objects.filter(pk__in=wanted.layers).values_list("pk", "name")),
        annotations={
            key: f"{one.label} {quoted(words.get(places[key], '…'))}" for key, one in about.items()
        },
        words=words,
    )


def _words(visible: QuerySet[Article], places: Iterable[Place]) -> dict[Place, str]:
    """The first words of each of ``places``. Two queries."""
    places = list(places)
    texts = {text for text, _, _ in places}
    revisions = Revision.objects.filter(article__in=visible)
    pairs = revisions.filter(Q(pk__in=texts) | Q(article__in=texts, article__revision=F("pk")))
    revision_of = {}
    for revision, article in pairs.values_list("pk", "article_id"):
        revision_of[str(revision)] = revision_of[str(article)] = revision
    known = [place for place in places if place[0] in revision_of]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t, s, e, substr(body, s + 1, least(e - s, %s)), e - s > %s FROM unnest("
            "%s::text[], %s::uuid[], %s::int[], %s::int[]) AS wanted(t, r, s, e)"
            " JOIN articles_revision ON id = r",
            [
                NAME_SHOWN,
                NAME_SHOWN,
                [text for text, _, _ in known],
                [revision_of[text] for text, _, _ in known],
                [start for _, start, _ in known],
                [end for _, _, end in known],
            ],
        )
        rows = cursor.fetchall()
    return {(t, s, e): " ".join(words.split()) + "…" * goes_on for t, s, e, words, goes_on in rows}


def _writable(reader: User, article: Article, told: Iterable[Told]) -> dict[str, Annotation]:
    """The annotations of ``told`` that ``reader`` may change now."""
    ids = {line.id for one in told for line in one.lines if line.table == "annotation"}
    mine = Annotation.objects.filter(pk__in=ids, article=article, layer__annotator=reader)
    still_open = mine.filter(layer__submitted_at=None, layer__lapsed_at=None)
    return {str(one.pk): one for one in still_open}


def _restorable(changes: Changes, standing: Mapping[str, Annotation]) -> Annotation | None:
    """The annotation that an event left as it is no more, if it is the only one."""
    touched = [one for one in changes if one["table"] == "annotation"]
    if len(touched) != 1:
        return None
    [change] = touched
    annotation, left = standing.get(change["id"]), change["after"]
    if annotation is None or left is None or left["deleted_at"] is not None:
        return None
    same = all(str(getattr(annotation, name)) == str(left[name]) for name in STATE)
    return annotation if annotation.deleted_at is not None or not same else None
