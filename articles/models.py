"""Gathers the folders' models, so that Django sees one app."""

from articles.annotations.models import Annotation, Comment, Layer, Relation
from articles.desk.events import Event
from articles.desk.models import (
    ApiToken,
    Invitation,
    Label,
    Membership,
    Project,
    RelationRule,
    User,
)
from articles.intake.models import Article, Block, Revision

__all__ = [
    "Annotation",
    "ApiToken",
    "Article",
    "Block",
    "Comment",
    "Event",
    "Invitation",
    "Label",
    "Layer",
    "Membership",
    "Project",
    "Relation",
    "RelationRule",
    "Revision",
    "User",
]
