"""``manage.py export PROJECT``: the project's articles as JSONL, to a file or to stdout."""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.datasets.queries import check_layers
from articles.datasets.sources import Live
from articles.desk.models import Project
from newsdesk.errors import Invalid


class Command(BaseCommand):
    help = (
        "Write a project's articles and what was said about them, one article a line. Articles "
        "under embargo, on hold, withdrawn, not for training or sensitive are left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="the project's address, as in its URLs")
        parser.add_argument(
            "--layers", default="all", help="all, submitted, or a user name (default: all)"
        )
        parser.add_argument("--output", type=Path, help="a file; without it, stdout")

    def handle(self, *, project: str, layers: str, output: Path | None, **options: Any) -> None:
        try:
            found = Project.objects.get(slug=project)
            check_layers(found, layers)
        except Project.DoesNotExist as error:
            raise CommandError(f"There is no project {project}.") from error
        except Invalid as error:
            raise CommandError(str(error)) from error
        if output is None:
            for chunk in Live(found, layers).lines():
                sys.stdout.buffer.write(chunk)
            sys.stdout.flush()
            return
        # Under its own name only when it is whole.
        unfinished = output.with_name(f"{output.name}.unfinished")
        try:
            with unfinished.open("wb") as file:
                for chunk in Live(found, layers).lines():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(output)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
