"""The demo's imports: a file that was tried, with what is wrong in some of its lines."""

from pathlib import Path

from articles.desk.models import Project, User
from articles.imports.run_services import run_import
from articles.imports.services import start_import


def load_imports(project: Project, manager: User, file: Path) -> None:
    """Try ``file``; whoever looks at it may confirm it."""
    data = file.read_bytes()
    run, _ = start_import(
        actor=manager,
        project=project,
        chunks=[data],
        most=len(data),
        name=file.name,
        format_name="jsonl",
        is_dry=True,
    )
    run_import(run_id=run.pk)
