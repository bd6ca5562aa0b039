"""``manage.py measure``: take the numbers of a project's dashboard, for cron and for the pages."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from articles.desk.models import Project, User
from articles.review.measuring import as_seen_by, key_of, lock_of, measure


class Command(BaseCommand):
    help = "Measure what a project's dashboard shows, for all its members or as one of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="by its address")
        parser.add_argument("--reader", default="", help="only what this user sees")
        parser.add_argument("--days", type=int, default=0, help="work of the last days; 0 is all")
        parser.add_argument("--label", default="", help="only annotations with this label's key")
        parser.add_argument("--annotator", default="", help="articles of this user name's layers")

    def handle(
        self,
        *,
        project: str,
        reader: str,
        days: int,
        label: str,
        annotator: str,
        **options: Any,
    ) -> None:
        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock_of(found))
            if cursor.fetchone() != (True,):
                self.stdout.write("It is being measured.")
                return
            try:
                self._measure(found, _readers(found, reader), days or None, label, annotator)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock_of(found))

    def _measure(
        self, project: Project, readers: list[User], days: int | None, label: str, annotator: str
    ) -> None:
        done = set()
        for reader in readers:
            view = as_seen_by(project, reader, days=days, label=label, annotator=annotator)
            key = key_of(view)
            if key not in done:  # many see the same
                measure(view, key)
                done.add(key)
        self.stdout.write(
            f"Measured for {len(done)} kind{'' if len(done) == 1 else 's'} of reader."
        )


def _readers(project: Project, username: str) -> list[User]:
    if not username:
        members = project.memberships.active().select_related("user").order_by("pk")
        return [member.user for member in members]
    reader = User.objects.filter(username=username).first()
    if reader is None:
        raise CommandError(f"There is no user {username}.")
    return [reader]
