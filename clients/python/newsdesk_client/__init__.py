"""Newsdesk from Python: ``Newsdesk(url, token).project("harbour").frame()``."""

from newsdesk_client.client import Newsdesk, Project, Snapshot
from newsdesk_client.problems import Problem
from newsdesk_client.shapes import Annotation, Record, Relation, Suggestion

__all__ = [
    "Annotation",
    "Newsdesk",
    "Problem",
    "Project",
    "Record",
    "Relation",
    "Snapshot",
    "Suggestion",
]
