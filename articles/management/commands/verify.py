"""``manage.py verify``: is everything in the database as it must be? Exit code 1 if not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.datasets.verification import violations
from articles.desk.models import Project


class Command(BaseCommand):
    help = "Check every invariant, and that the event log tells what the tables say. Reads only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", nargs="?", help="only this project, by its address")

    def handle(self, *, project: str | None, **options: Any) -> None:
        found = None
        if project is not None:
            found = Project.objects.filter(slug=project).first()
            if found is None:
                raise CommandError(f"There is no project {project}.")
        wrong = 0
        for violation in violations(found):
            self.stdout.write(str(violation))
            wrong += 1
        if wrong:
            self.stderr.write(f"{wrong} violation{'s' if wrong > 1 else ''} found.")
            sys.exit(1)
        self.stdout.write("Everything is as it must be.")
