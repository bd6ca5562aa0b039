"""``manage.py import_articles PROJECT FILE…``: bring articles in from files."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from articles.desk.models import Membership, Project, Role, User
from articles.formats.jsonl import read
from articles.formats.shapes import Found
from articles.imports.record_services import import_record
from articles.intake.errors import DuplicateArticle
from articles.intake.file_services import Outcome, add_file
from articles.intake.models import Article
from articles.intake.readers import MAX_FILE_BYTES
from newsdesk.errors import NewsdeskError, NotAllowed


class Command(BaseCommand):
    help = (
        "Bring the articles in text (.txt), web page (.html) and our own export (.jsonl) files "
        "into a project. One that cannot be read, or is there already, is named, and the others "
        "come in all the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="the project's address, such as harbour-inquiry")
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--as", dest="username", metavar="USER", help="who imports; else the first manager"
        )
        parser.add_argument("--publisher", default="", help="where they appeared")
        parser.add_argument("--language", default="", help="theirs, such as en or pt-BR")
        parser.add_argument(
            "--check-first", action="store_true", help="let them wait to be checked by a manager"
        )

    def handle(
        self,
        *,
        project: str,
        files: list[Path],
        username: str | None,
        check_first: bool,
        **options: Any,
    ) -> None:
        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")
        actor = _actor(found, username)
        placement = Article.Placement.IMPORTED if check_first else Article.Placement.READY
        details = {name: options[name] for name in ("publisher", "language") if options[name]}
        counts = dict.fromkeys(("imported", "duplicate", "refused"), 0)
        # A bar only for people who watch: in a pipe it would be noise.
        with tqdm(files, unit="file", disable=None, leave=False) as bar:
            for path in bar:
                if path.suffix == ".jsonl":
                    outcomes = self._add_lines(actor, found, path)
                else:
                    outcomes = iter([self._add(actor, found, path, placement=placement, **details)])
                for outcome in outcomes:
                    counts[outcome.status] += 1
                    if outcome.status != "imported":
                        bar.clear()
                        self.stderr.write(f"{outcome.name}: {outcome.words}")
        self.stdout.write(
            f"{counts['imported']} imported, {counts['duplicate']} there already, "
            f"{counts['refused']} refused"
        )
        if counts["refused"]:
            raise CommandError("Not every file could be read.")

    def _add(self, actor: User, project: Project, path: Path, **details: Any) -> Outcome:
        try:
            with path.open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            return Outcome(str(path), "refused", f"{error.strerror}.")
        try:
            outcome = add_file(actor=actor, project=project, name=path.name, data=data, **details)
            return replace(outcome, name=str(path))
        except NotAllowed as error:
            raise CommandError(error.message) from error

    def _add_lines(self, actor: User, project: Project, path: Path) -> Iterator[Outcome]:
        """Each line of an export is an article, with the work on it; one at a time in memory."""
        try:
            with path.open("rb") as file, tqdm(unit="article", disable=None, leave=False) as bar:
                for line in read(file):
                    bar.update()
                    yield _add_record(actor, project, f"{path}:{line.number}", line)
        except OSError as error:
            yield Outcome(str(path), "refused", f"{error.strerror}.")


def _add_record(actor: User, project: Project, name: str, line: Found) -> Outcome:
    if line.record is None:
        return Outcome(name, "refused", line.problem)
    try:
        import_record(actor=actor, project=project, record=line.record)
    except NotAllowed as error:
        raise CommandError(error.message) from error
    except DuplicateArticle as error:
        return Outcome(name, "duplicate", error.message)
    except NewsdeskError as error:
        return Outcome(name, "refused", error.message)
    return Outcome(name, "imported", "")


def _actor(project: Project, username: str | None) -> User:
    """Whoever has this user name; without one, the manager who has been there the longest."""
    if username:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is nobody called {username}.")
        return user
    managers = Membership.objects.active().filter(project=project, role=Role.MANAGER)
    first = managers.select_related("user").order_by("pk").first()
    if first is None:
        raise CommandError(f"Nobody manages {project.slug}: say who imports with --as.")
    return first.user
