"""Which work was done before the guidelines changed."""

from dataclasses import dataclass

from django.db.models import Count, Q

from articles.annotations.models import Layer, LayerQuerySet
from articles.desk.models import Project, User
from articles.intake.models import Article


@dataclass(frozen=True, slots=True)
class OldWork:
    """How many of the submitted layers were made under an older version of the guidelines."""

    older: int
    submitted: int


def old_layers(project: Project, reader: User) -> LayerQuerySet:
    """Those submitted layers, with their articles, as far as ``reader`` may know of these; the
    oldest first. One query."""
    older = _submitted(project, reader).filter(guidelines_version__lt=project.guidelines_version)
    return older.select_related("article").order_by("guidelines_version", "pk")


def old_work(project: Project, reader: User) -> OldWork:
    """How many they are. One query."""
    before = Q(guidelines_version__lt=project.guidelines_version)
    return OldWork(
        **_submitted(project, reader).aggregate(
            older=Count("pk", filter=before), submitted=Count("pk")
        )
    )


def _submitted(project: Project, reader: User) -> LayerQuerySet:
    return Layer.objects.submitted().filter(
        article__in=Article.objects.visible_to(reader).filter(project=project)
    )
