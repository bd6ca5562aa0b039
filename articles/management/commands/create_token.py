"""Make an API token for somebody, from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.desk.models import Project, Scope, User
from articles.desk.token_services import create_token
from newsdesk.errors import Invalid


class Command(BaseCommand):
    help = "Make an API token and print it once, alone on standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="user name")
        parser.add_argument("--project", metavar="SLUG", help="only for this project")
        parser.add_argument(
            "--scope",
            nargs="+",
            action="extend",
            choices=Scope.values,
            required=True,
            help="what it may do",
        )
        parser.add_argument("--days", type=int, default=30, help="how long it lasts (default 30)")
        parser.add_argument("--name", default="From the command line", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user “{options['user']}”.")
        project = None
        if options["project"]:
            project = Project.objects.visible_to(user).filter(slug=options["project"]).first()
            if project is None:
                raise CommandError(f"{user} is in no project “{options['project']}”.")
        try:
            _, secret = create_token(
                actor=user,
                name=options["name"],
                scopes=options["scope"],
                days=options["days"],
                project=project,
            )
        except Invalid as error:
            raise CommandError(error.message) from error
        self.stdout.write(secret)
