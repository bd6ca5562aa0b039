"""A desk with gold on it, and a server that answers programs."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from newsdesk_client import Newsdesk
from pytest_django.live_server_helper import LiveServer

from articles.desk.models import Project, User
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.models import Verdict
from articles.review.review_services import open_review
from articles.review.verdict_services import rule
from tests.api.calls import token_of
from tests.datasets.frozen import make_frozen
from tests.desk.people import manager_of
from tests.factories import make_article
from tests.review.disputes import QUOTE, SOURCE, TEXT, annotate, make_desk


@dataclass
class Desk:
    """``article`` is adjudicated, with a quote and a source; ``waiting`` is nobody's yet."""

    project: Project
    article: Article
    waiting: Article
    manager: User
    url: str
    token: str


@pytest.fixture
def desk(live_server: LiveServer) -> Desk:
    project, (ada,), rhea = make_desk(annotators=1)
    article = make_article(project, TEXT)
    annotate(article, ada, [("quote", QUOTE), ("source", SOURCE)])
    open_review(actor=rhea, article=article)
    for decision in article.decisions.select_related("article__project"):
        rule(actor=rhea, decision=decision, ruling=Verdict.Ruling.ACCEPT, variant=1)
    adjudicate(actor=rhea, article=article)
    waiting = make_article(project, "A café opens\n\n☕ “At last,” said Zoë Hart.\n")
    manager = manager_of(project)
    make_frozen(project, manager, name="Gold", formats=[])
    return Desk(project, article, waiting, manager, live_server.url, token_of(manager))


@pytest.fixture
def newsdesk(desk: Desk) -> Iterator[Newsdesk]:
    """The client as its users have it, with the manager's token."""
    with Newsdesk(desk.url, desk.token) as newsdesk:
        yield newsdesk
