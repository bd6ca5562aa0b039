"""The one Django app."""

from importlib import import_module

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    default = True

    def ready(self) -> None:
        """Let those listen whom other folders tell what happened."""
        import_module("articles.review.import_notices")
