"""The demo's imports: a file whose article was there already, and one that was only tried, with
what is wrong in some of its lines."""

from pathlib import Path

from articles.desk.models import Project, User
from articles.imports.run_services import run_import
from articles.imports.services import start_import


def load_imports(project: Project, manager: User, file: Path) -> None:
    """Send an article of the demo once more, and try ``file``: whoever looks at it may confirm it.

    What was imported is told in the manager's inbox.
    """
    sent_again = project.articles.get(external_id="demo-01").revision.body.encode()
    _run(project, manager, "from-the-wire.txt", sent_again, is_dry=False)
    _run(project, manager, file.name, file.read_bytes(), is_dry=True)


def _run(project: Project, manager: User, name: str, data: bytes, *, is_dry: bool) -> None:
    run, _ = start_import(
        actor=manager,
        project=project,
        chunks=[data],
        most=len(data),
        name=name,
        is_dry=is_dry,
    )
    run_import(run_id=run.pk)
