"""What goes out when somebody asks for it."""

from collections.abc import Iterator

from articles.datasets.queries import check_layers
from articles.datasets.sources import Live, gathered
from articles.desk.models import Project, User
from articles.desk.permissions import can_export, role_in
from newsdesk.errors import NotAllowed


def export_jsonl(*, actor: User, project: Project, layers: str = "all") -> Iterator[bytes]:
    """The project for somebody who asks for it. What is refused is refused before it begins.

    Raises:
        NotAllowed: unless the actor may export from the project.
        InvalidQuery: if there are no such layers.
    """
    require_export(actor=actor, project=project)
    check_layers(project, layers, actor)
    return gathered(Live(project, layers, actor).lines())


def require_export(*, actor: User, project: Project) -> None:
    """Refuse whoever may not take the project's articles out. One query.

    Raises:
        NotAllowed: in words.
    """
    if not can_export(role_in(project, actor)):
        raise NotAllowed("Only reviewers, engineers and managers take a project's articles out.")
