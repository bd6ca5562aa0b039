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
from articles.review.models import (
    Decision,
    Measurement,
    Notice,
    Presence,
    Provenance,
    Review,
    SavedView,
    Verdict,
)

__all__ = [
    "Annotation",
    "ApiToken",
    "Article",
    "Block",
    "Comment",
    "Decision",
    "Event",
    "Invitation",
    "Label",
    "Layer",
    "Measurement",
    "Membership",
    "Notice",
    "Presence",
    "Project",
    "Provenance",
    "Relation",
    "RelationRule",
    "Review",
    "Revision",
    "SavedView",
    "User",
    "Verdict",
]
