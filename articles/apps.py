"""The one Django app."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    default = True
