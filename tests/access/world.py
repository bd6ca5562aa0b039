"""A project with one of everything, a foreign one beside it, and everybody who may come along."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from articles.datasets.freezing import freeze
from articles.datasets.snapshot_services import Wanted, make_snapshot
from articles.desk import services, token_services
from articles.desk.events import Event
from articles.desk.models import Project, Role, Scope, User
from articles.desk.recording import recorded
from articles.feed.webhook_services import add_webhook
from articles.review.list_services import save_view
from articles.review.models import Notice
from articles.review.submission_services import submit_layer
from articles.review.talk_services import add_comment, reply
from newsdesk.jobs import job
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.factories import make_article, make_layer, make_relation
from tests.imports.runs import imported
from tests.suggestions.suggesting import make_suggestion

#: Everybody who may come along. The author is an annotator, the colleague another one; the
#: outsider is a member of another project only.
PEOPLE = (
    "anonymous", "outsider", "author", "colleague", "reviewer", "engineer", "manager",
)  # fmt: skip
MEMBERS = {
    "author": Role.ANNOTATOR,
    "colleague": Role.ANNOTATOR,
    "reviewer": Role.REVIEWER,
    "engineer": Role.ENGINEER,
    "manager": Role.MANAGER,
}
#: Calls about an article that is under review.
OF_THE_REVIEWED = ("api:list_decisions", "api:close_review")
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """A URL pattern of ours: its name, its route, and what the route asks for."""

    name: str
    route: str

    @property
    def is_call(self) -> bool:
        """Whether programs call it, with a token; the rest is for browsers."""
        return self.route.startswith("api/") or self.name.startswith("w3c-")

    @property
    def wanted(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route)

    def path(self, ids: dict[str, Any]) -> str:
        """The address of the things with these ``ids``."""
        if "review/" in self.route or self.name in OF_THE_REVIEWED:
            ids = ids | {"article_id": ids["reviewed_id"]}
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), self.route)


def addresses() -> Iterator[Address]:
    """Every URL pattern, but for those of the administration and of django-allauth."""
    return (
        one
        for one in _walk(get_resolver())
        if not one.name.startswith("admin:") and not one.name.startswith("account_")
    )


def _walk(resolver: URLResolver, route: str = "", space: str = "") -> Iterator[Address]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inside = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one, route + str(one.pattern), inside)
        elif isinstance(one, URLPattern):
            yield Address(space + (one.name or ""), route + str(one.pattern))


@job(says="An errand")
def errand() -> None:
    """A job that nobody runs."""


def failed_job(project: Project) -> int:
    """The number of a job that failed."""
    errand.enqueue(project=project.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE args @> %s::jsonb RETURNING id",
            [json.dumps({"project": project.pk, "says": "An errand"})],
        )
        number: int = cursor.fetchone()[0]
    return number


class World:
    """One project with one of everything."""

    def __init__(self, name: str) -> None:
        self.project: Project = make_project(name)
        services.change_project(
            actor=self.manager, project=self.project, version=1, annotators_per_article=5
        )
        self.project.refresh_from_db()
        self.people: dict[str, User] = {"manager": self.manager}
        for person, role in MEMBERS.items():
            if person != "manager":
                user = make_user(f"{person}-{self.project.slug}")
                self.people[person] = join(self.project, user, role)
        # Not staff: whoever opens a project without being staff must manage one.
        User.objects.filter(pk=self.manager.pk).update(is_staff=False)
        self.article = make_article(self.project)
        self.relation = make_relation(make_layer(self.article, self.people["author"]))
        self.comment, _ = add_comment(
            actor=self.people["author"], on=self.relation.source, body="Is it?"
        )
        reply(actor=self.people["reviewer"], to=self.comment, body="It is.")
        self.reviewed = make_article(self.project)
        with recorded(
            "article.raised", actor=self.manager, project=self.project, article_id=self.reviewed.pk
        ) as recording:
            recording.touching(self.reviewed)
            self.reviewed.annotators_wanted = 1
            self.reviewed.version += 1
            self.reviewed.save()
        handed_in = make_relation(make_layer(self.reviewed, self.people["author"])).layer
        self.handed_in = submit_layer(actor=self.people["author"], layer=handed_in)
        self.notice = Notice.objects.get(person=self.people["author"])
        save_view(
            actor=self.people["author"], project=self.project, name="Mine", query="status=ready"
        )
        self.run = imported(
            self.project, b'{"text": "Ferries sail.\\n\\nAgain."}', name="a.jsonl", is_dry=True
        )
        self.webhook, _ = add_webhook(
            actor=self.manager, project=self.project, url="https://data.example.org/newsdesk"
        )
        self.snapshot, _ = make_snapshot(
            actor=self.manager,
            project=self.project,
            wanted=Wanted("Everything", layers="all", formats=[]),
        )
        freeze(self.snapshot.pk)
        _, self.token_secret = self.token_of(self.people["author"])

    @cached_property
    def manager(self) -> User:
        return manager_of(self.project)

    @staticmethod
    def token_of(user: User) -> tuple[Any, str]:
        return token_services.create_token(actor=user, name="All", scopes=list(Scope), days=1)

    @cached_property
    def ids(self) -> dict[str, Any]:
        """What addresses ask for, of this project's things."""
        invitation, secret = services.invite(
            actor=self.manager, project=self.project, email="zoe@example.org", role=Role.ANNOTATOR
        )
        colleague = self.project.memberships.get(user=self.people["colleague"])
        return {
            "slug": self.project.slug,
            "article_id": self.article.pk,
            "reviewed_id": self.reviewed.pk,
            "decision_id": self.reviewed.decisions.get(kind="relation").pk,
            "revision_id": self.article.revision_id,
            "annotation_id": self.relation.source_id,
            "name": self.relation.source_id,
            "relation_id": self.relation.pk,
            "comment_id": self.comment.pk,
            "notice_id": self.notice.pk,
            "webhook_id": self.webhook.pk,
            "event_id": Event.objects.get(changes__0__id=str(self.relation.source_id)).pk,
            "block_id": self.article.revision.blocks.get(position=2).pk,
            "figure": "pairs",
            "label_id": self.project.labels.get(key="caption").pk,
            "member_id": colleague.pk,
            "user": self.people["colleague"].username,
            "invitation_id": invitation.pk,
            "secret": secret,
            "view_id": self.people["author"].saved_views.get().pk,
            "job_id": failed_job(self.project),
            "run_id": self.run.pk,
            "suggestion_id": make_suggestion(self.article).pk,
            "snapshot_id": self.snapshot.pk,
            "other_id": self.snapshot.pk,
            "file_format": "jsonl",
            "token_id": self.people["author"].api_tokens.get().pk,
        }


class Everybody:
    """The people of one world, each with a browser and, but for the anonymous, an API token."""

    def __init__(self, world: World) -> None:
        self.browsers: dict[str, Client] = {"anonymous": Client()}
        self.tokens: dict[str, str] = {}
        outsider = manager_of(make_project("Elsewhere"))
        User.objects.filter(pk=outsider.pk).update(is_staff=False)
        for person, user in {**world.people, "outsider": outsider}.items():
            self.browsers[person] = signed_in(user)
            self.tokens[person] = (
                world.token_secret if person == "author" else world.token_of(user)[1]
            )
