"""Who may work on a layer, and look at it."""

from articles.annotations.models import Layer
from articles.desk.models import Role, User
from articles.desk.permissions import can_annotate, can_see_all_layers


def can_write(actor: User, role: Role | None, layer: Layer) -> bool:
    """Only its annotator writes on a layer."""
    return can_annotate(role) and layer.annotator_id == actor.pk


def can_read(actor: User, role: Role | None, layer: Layer) -> bool:
    """Its annotator, and whoever sees all layers of the project."""
    mine = layer.annotator_id == actor.pk
    return role is not None and (mine or can_see_all_layers(role, layer.project))
