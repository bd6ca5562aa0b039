"""A project's annotations as one long row, of which the protocol shows pages.

First come those on our texts, by layer and then by id, and then what other programs said of
something else. How many a layer has is counted on the layer, so that the place of a page is found
among the layers alone; from there on, and from page to page, one index leads.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Max, Q, Sum, Window

from articles.annotations.models import Annotation, AnnotationQuerySet, Layer, LayerQuerySet
from articles.desk.models import Label, Project, User
from articles.desk.permissions import can_see_all_layers, role_in
from articles.intake.models import Article
from articles.w3c.models import WebAnnotation, WebAnnotationQuerySet
from newsdesk.errors import InvalidQuery

#: Annotations of a page.
PAGE_SIZE = 100
#: What a cursor has in place of a layer for what is on none.
NO_LAYER = 0


class CursorUnknown(InvalidQuery):
    """This is no place in a container. Start again at its first page."""

    code = "cursor_invalid"


@dataclass(frozen=True, slots=True)
class Container:
    """A project's annotations as somebody may read them.

    ``on_texts`` is how many are on our texts, of ``total``. ``state`` differs whenever anything in
    it does.
    """

    layers: LayerQuerySet
    kept: WebAnnotationQuerySet
    on_texts: int
    total: int
    modified: datetime
    state: str

    @property
    def annotations(self) -> AnnotationQuerySet:
        """Those on our texts, in their order, with what their documents show."""
        rows = Annotation.objects.live().filter(layer__in=self.layers)
        return rows.select_related("label", "layer", "article", "web").order_by("layer_id", "id")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some annotations of a container that follow each other, the first being number ``start``."""

    start: int
    annotations: list[Annotation]
    kept: list[WebAnnotation]

    def __len__(self) -> int:
        return len(self.annotations) + len(self.kept)

    @property
    def end(self) -> str:
        """The cursor behind its last annotation."""
        if self.kept:
            return f"{NO_LAYER}.{self.kept[-1].pk}"
        return f"{self.annotations[-1].layer_id}.{self.annotations[-1].pk}"


def readable_layers(user: User, project: Project) -> LayerQuerySet:
    """The project's layers that the user may read: as in the API. One query, for their role."""
    layers = Layer.objects.filter(project=project, article__in=Article.objects.visible_to(user))
    return layers if sees_all(user, project) else layers.filter(annotator=user)


def readable_kept(user: User, project: Project) -> WebAnnotationQuerySet:
    """What other programs said of something else, deleted or not, that the user may read: their
    own, or that of all if they see all layers. One query, for their role."""
    rows = WebAnnotation.objects.filter(project=project, annotation=None)
    return rows if sees_all(user, project) else rows.filter(made_by=user)


def sees_all(user: User, project: Project) -> bool:
    """Whether the user sees what others annotate. One query."""
    return can_see_all_layers(role_in(project, user), project)


def container_of(user: User, project: Project) -> Container:
    """What of ``project`` is there for ``user``. Five queries, none of which reads annotations."""
    layers, kept = readable_layers(user, project), readable_kept(user, project)
    # Products, so that no other layers with the same versions in sum look the same.
    of_layers = layers.aggregate(
        n=Sum("annotation_count", default=0), sum=Sum(F("id") * F("version")),
        versions=Sum("version"), layers=Count("id"), at=Max("updated_at"),
    )  # fmt: skip
    of_kept = kept.aggregate(
        n=Count("id", filter=Q(deleted_at=None)), rows=Count("id"), versions=Sum("version"),
        at=Max("updated_at"),
    )  # fmt: skip
    of_labels = Label.objects.filter(project=project).aggregate(versions=Sum("version"))
    state = repr((project.version, of_layers, of_kept, of_labels))
    times = (project.created_at, of_layers["at"], of_kept["at"])
    return Container(
        layers=layers,
        kept=kept.live().select_related("made_by").order_by("id"),
        on_texts=of_layers["n"],
        total=of_layers["n"] + of_kept["n"],
        modified=max(at for at in times if at is not None),
        state=hashlib.sha256(state.encode()).hexdigest(),
    )


def piece_at(container: Container, start: int, size: int = PAGE_SIZE) -> Piece:
    """``size`` annotations from number ``start`` on, or those that are left. Three queries."""
    running = Window(Sum("annotation_count"), order_by=F("id").asc())
    layers = container.layers.annotate(running=running).filter(running__gt=start).order_by("id")
    found = layers.values_list("id", F("running") - F("annotation_count")).first()
    annotations: list[Annotation] = []
    if found is not None:
        layer, begins = found
        rows = container.annotations.filter(layer_id__gte=layer)
        annotations = list(rows[start - begins : start - begins + size])
    first = max(0, start - container.on_texts)
    kept = list(container.kept[first : first + size - len(annotations)])
    return Piece(start, annotations, kept)


def piece_after(container: Container, cursor: str, size: int = PAGE_SIZE) -> Piece:
    """What follows the annotation that ``cursor`` names, whatever came or went before it.
    Four queries.

    Raises:
        CursorUnknown: if that is no place in a container.
    """
    layer, key = _read(cursor)
    if layer == NO_LAYER:
        start = container.on_texts + container.kept.filter(pk__lte=key).count()
        return Piece(start, [], list(container.kept.filter(pk__gt=key)[:size]))
    before = container.layers.filter(pk__lt=layer).aggregate(n=Sum("annotation_count", default=0))
    same_layer = container.annotations.filter(layer_id=layer, pk__lte=key)
    rows = container.annotations.filter(
        Q(layer_id__gt=layer) | Q(pk__gt=key), layer_id__gte=layer
    )  # the second condition lets the index begin there
    annotations = list(rows[:size])
    kept = list(container.kept[: size - len(annotations)])
    return Piece(before["n"] + same_layer.count(), annotations, kept)


def _read(cursor: str) -> tuple[int, UUID]:
    layer, _, key = cursor.partition(".")
    try:
        if not (layer.isdecimal() and len(layer) < 19):
            raise ValueError(cursor)
        return int(layer), UUID(key)
    except ValueError as error:
        raise CursorUnknown(field="after") from error
