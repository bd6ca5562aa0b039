"""Gathers the folders' models, so that Django sees one app."""

from articles.annotations.models import Annotation, Comment, Layer, Relation
from articles.datasets.models import Snapshot, SnapshotFile, SnapshotRecord
from articles.desk.events import Event
from articles.desk.models import (
    ApiToken,
    Invitation,
    Label,
    Membership,
    Project,
    RelationRule,
    TokenUse,
    User,
)
from articles.feed.models import Delivery, Webhook
from articles.imports.models import ImportLine, ImportRun
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
from articles.suggestions.models import Suggestion, SuggestionVerdict
from articles.w3c.models import WebAnnotation

__all__ = [
    "Annotation",
    "ApiToken",
    "Article",
    "Block",
    "Comment",
    "Decision",
    "Delivery",
    "Event",
    "ImportLine",
    "ImportRun",
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
    "Snapshot",
    "SnapshotFile",
    "SnapshotRecord",
    "Suggestion",
    "SuggestionVerdict",
    "TokenUse",
    "User",
    "Verdict",
    "WebAnnotation",
    "Webhook",
]
