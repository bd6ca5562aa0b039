"""Which layers of an article somebody may read, and the words that annotations mark."""

from collections.abc import Callable
from uuid import UUID

from articles.annotations.models import Annotation, Layer, LayerQuerySet
from articles.desk.models import User
from articles.desk.permissions import can_see_all_layers, role_in
from articles.intake.models import Article, Revision
from newsdesk.errors import NotAllowed

#: The layer that adjudication writes; nobody's own.
GOLD = "gold"


def layers_named(actor: User, article: Article, name: str) -> LayerQuerySet:
    """The article's layers that ``name`` means to ``actor``: ``mine``, ``gold``, ``all``, or
    somebody's user name. One query, for the actor's role.

    ``all`` are those that they may read.

    Raises:
        NotAllowed: if they work blind and ask for what is not theirs.
    """
    layers = Layer.objects.filter(article=article)
    mine = layers.filter(annotator=actor)
    if name in ("mine", actor.username):
        return mine
    sees_all = can_see_all_layers(role_in(article.project, actor), article.project)
    if name == "all":
        return layers if sees_all else mine
    if not sees_all:
        raise NotAllowed("You work blind here: only reviewers see what others annotated.")
    if name == GOLD:
        return layers.filter(annotator=None, name=GOLD)
    return layers.filter(name=name)


def words_reader() -> Callable[[Annotation], str]:
    """A function that gives the words of annotations. One query for each revision they are on."""
    bodies: dict[UUID, str] = {}

    def words(annotation: Annotation) -> str:
        revision = annotation.revision_id
        if revision not in bodies:
            bodies[revision] = Revision.objects.values_list("body", flat=True).get(pk=revision)
        return bodies[revision][annotation.start : annotation.end]

    return words
