"""The newsroom of the API's tests: here, too, somebody of each role calls."""

import pytest

from articles.intake.models import Article
from tests.api.conftest import Newsroom, article, room
from tests.w3c.calls import Program

__all__ = ["article", "room"]


@pytest.fixture
def ada(room: Newsroom) -> Program:
    """An annotator, who works blind, and her program."""
    return Program(room.people["ada"])


@pytest.fixture
def reviewer(room: Newsroom) -> Program:
    return Program(room.people["reviewer"])


@pytest.fixture
def shelf(room: Newsroom, article: Article) -> str:
    """The path of the project's container."""
    return f"{room.project.slug}/"
