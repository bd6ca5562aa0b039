"""``manage.py load_demo``: a project to look at, with people to sign in as."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.datasets import demo
from articles.feed.demo_webhooks import load_webhooks
from newsdesk.errors import NewsdeskError


class Command(BaseCommand):
    help = "Make the demo project, once, and say who can sign in to it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing if anybody has an account already"
        )

    def handle(self, *, if_empty: bool, **options: Any) -> None:
        try:
            demo.load(if_empty=if_empty, further=[load_webhooks])
        except NewsdeskError as error:
            raise CommandError(error.message) from error
        sign_ins = demo.sign_ins()
        if sign_ins:
            self.stdout.write(f"Sign in to the demo with the password {sign_ins[0][1]} as")
        for person, _ in sign_ins:
            self.stdout.write(f"  {person.username}  {person.name}, {person.role}")
