"""What a view of the workbench has in hand: the article, the reader, and the layer looked at."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.permissions import can_read
from articles.desk.models import Label, Project, Role
from articles.desk.permissions import can_annotate, can_see_all_layers, role_in
from articles.intake.models import Article, Revision
from newsdesk.http import EditorRequest


@dataclass
class Desk:
    """An article as one reader works on it.

    ``layer`` is the reader's own, or another's that they may look at; ``None`` before any work.
    """

    request: EditorRequest
    project: Project
    article: Article
    layer: Layer | None

    @cached_property
    def revision(self) -> Revision:
        """The article's text as it is now. One query."""
        return Revision.objects.without_original().get(pk=self.article.revision_id)

    @cached_property
    def role(self) -> Role | None:
        return role_in(self.project, self.request.user)

    @property
    def is_own(self) -> bool:
        return self.layer is None or self.layer.annotator_id == self.request.user.pk

    @cached_property
    def labels(self) -> list[Label]:
        """The project's labels for spans, retired ones too: what carries one keeps its colour."""
        return list(self.project.labels.spans().in_order())

    @property
    def span_labels(self) -> list[Label]:
        """Those that can be given."""
        return [label for label in self.labels if label.retired_at is None]

    @property
    def may_annotate(self) -> bool:
        return can_annotate(self.role)

    @property
    def is_practice(self) -> bool:
        """Whether the reader's work here is compared with gold, and counts nowhere."""
        if self.layer is None:
            return self.project.practice_id == self.article.pk
        return self.layer.kind == Layer.Kind.PRACTICE

    @property
    def practises_first(self) -> bool:
        """Whether a newcomer could practise on another article. At most one query."""
        chosen = self.project.practice_id
        if chosen is None or self.is_practice or not self.may_annotate:
            return False
        return not self.request.user.layers.filter(
            project=self.project, submitted_at__isnull=False
        ).exists()

    @property
    def is_full(self) -> bool:
        """Whether there is no place for another annotator. At most one query."""
        if self.is_practice:
            return False
        return self.article.layers.in_place().count() >= self.article.places

    @cached_property
    def to_look_at(self) -> list[str]:
        """Whose work on the article the reader may look at, besides their own. One query."""
        if not can_see_all_layers(self.role, self.project):
            return []
        others = self.article.layers.exclude(annotator=self.request.user)
        return list(others.order_by("name").values_list("name", flat=True))

    @property
    def page_url(self) -> str:
        return reverse("workbench", args=[self.project.slug, self.article.pk])

    @property
    def here(self) -> str:
        """The page that the reader looks at, ready for one more parameter."""
        layer = f"layer={quote(self.layer.name)}&" if self.layer and not self.is_own else ""
        return f"{self.page_url}?{layer}"

    def url(self, name: str, *args: object) -> str:
        """The address ``name`` of this article."""
        return reverse(name, args=[self.project.slug, self.article.pk, *args])

    def label(self, key: str | None) -> Label | None:
        """The span label with ``key``; a retired or unknown one is ``None``."""
        return next((label for label in self.span_labels if label.key == key), None)

    def annotation(self, annotation_id: UUID) -> Annotation:
        """An annotation of this article that the reader may see, deleted or not; else 404."""
        rows = Annotation.objects.select_related("label", "layer", "project")
        return self._readable(rows, annotation_id)

    def relation(self, relation_id: UUID) -> Relation:
        """A relation of this article that the reader may see; else 404."""
        rows = Relation.objects.select_related("layer", "project", "source", "target")
        return self._readable(rows, relation_id)

    def _readable[Row: (Annotation, Relation)](self, rows: QuerySet[Row], row_id: UUID) -> Row:
        row = get_object_or_404(rows, pk=row_id, article=self.article.pk, project=self.project.pk)
        row.layer.project = self.project
        if not can_read(self.request.user, self.role, row.layer):
            raise Http404
        return row


def find_desk(request: EditorRequest, slug: str, article_id: UUID, layer: str = "") -> Desk:
    """The article at this address as the reader may see it; 404 if they may not. Two queries.

    ``layer`` names somebody's layer to look at; without it, it is the reader's own.
    """
    visible = Article.objects.visible_to(request.user).select_related("project")
    article = get_object_or_404(visible, project__slug=slug, pk=article_id)
    wanted = {"name": layer} if layer else {"annotator": request.user}
    if "\0" in layer:  # which no name has, and PostgreSQL refuses to look for
        raise Http404
    found = Layer.objects.filter(article=article, **wanted).first()
    if found is not None:
        found.article, found.project = article, article.project
    desk = Desk(request, article.project, article, found)
    if layer and (found is None or not can_read(request.user, desk.role, found)):
        raise Http404
    return desk
