"""``manage.py import_articles PROJECT FILE…``: bring articles in from files, here and now."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from articles.desk.models import Membership, Project, Role, User
from articles.formats.guessing import guess
from articles.formats.registry import FORMATS, READABLE
from articles.formats.shapes import Found
from articles.imports.line_services import take_now
from articles.imports.models import ImportLine
from articles.imports.options import ANNOTATIONS, LAYER, Options
from articles.imports.services import checked_options
from newsdesk.errors import Invalid, NotAllowed

#: Formats with one article a file.
ONE_EACH = ("txt", "html")
#: What became of an article, in the word that the summary has for it.
WORDS = {"created": "imported", "duplicate": "there already", "failed": "refused"}


class Command(BaseCommand):
    help = (
        "Bring the articles of files into a project, in any format that Newsdesk reads. One that "
        "cannot be read, or is there already, is named, and the others come in all the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="the project's address, such as harbour-inquiry")
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--as", dest="username", metavar="USER", help="who imports; else the first manager"
        )
        parser.add_argument(
            "--format",
            dest="format_name",
            default="",
            choices=["", *(one.name for one in READABLE)],
            help="of all files; else it is told from each",
        )
        parser.add_argument("--publisher", default="", help="where they appeared")
        parser.add_argument("--language", default="", help="theirs, such as en or pt-BR")
        parser.add_argument(
            "--check-first", action="store_true", help="let them wait to be checked by a manager"
        )
        parser.add_argument(
            "--annotations", default="layer", choices=ANNOTATIONS, help="what becomes of the files'"
        )
        parser.add_argument("--layer", default=LAYER, help="for annotations that name none")

    def handle(
        self,
        *,
        project: str,
        files: list[Path],
        username: str | None,
        format_name: str,
        **given: Any,
    ) -> None:
        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")
        self._project, self._actor = found, _actor(found, username)
        names = ("publisher", "language", "check_first", "annotations", "layer")
        try:
            self._options = checked_options(Options(**{name: given[name] for name in names}))
        except Invalid as error:
            raise CommandError(error.message) from error
        self._counts = dict.fromkeys(WORDS, 0)
        # A bar only for people who watch: in a pipe it would be noise.
        with tqdm(unit="article", disable=None, leave=False) as bar:
            for path in files:
                self._import(path, format_name, bar)
        self.stdout.write(", ".join(f"{self._counts[key]} {word}" for key, word in WORDS.items()))
        if self._counts["failed"]:
            raise CommandError("Not every file could be read.")

    def _import(self, path: Path, format_name: str, bar: Any) -> None:
        """The articles of one file, one at a time in memory."""
        try:
            with path.open("rb") as file:
                chosen = format_name or guess(path.name, file)
                if chosen is None:
                    words = f"Newsdesk does not read {path.suffix} files."
                    self._tell(str(path), ImportLine.Outcome.FAILED, words, bar)
                    return
                file.seek(0)
                for one in FORMATS[chosen].read(file):
                    line = self._take(one)
                    at = f"{path}" if chosen in ONE_EACH else f"{path}:{one.number}"
                    self._tell(at, line.outcome, line.detail, bar)
        except OSError as error:
            self._tell(str(path), ImportLine.Outcome.FAILED, f"{error.strerror}.", bar)

    def _take(self, found: Found) -> ImportLine:
        try:
            return take_now(
                actor=self._actor, project=self._project, found=found, options=self._options
            )
        except NotAllowed as error:
            raise CommandError(error.message) from error

    def _tell(self, at: str, outcome: str, words: str, bar: Any) -> None:
        self._counts[outcome] += 1
        bar.update()
        if outcome != ImportLine.Outcome.CREATED:
            bar.clear()
            self.stderr.write(f"{at}: {words}")


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
