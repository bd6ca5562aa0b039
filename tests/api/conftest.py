"""A project with one person of each role, and what each calls the API with."""

from dataclasses import dataclass

import pytest

from articles.desk.models import Project, Role, User
from articles.intake.models import Article
from tests.api.calls import Caller, caller
from tests.desk.people import join, make_project, make_user, manager_of
from tests.factories import make_article


@dataclass
class Newsroom:
    """The project and its people; ``ada`` and ``ben`` annotate, ``outsider`` is no member.

    Each is also an attribute of that name: somebody who calls the API.
    """

    project: Project
    people: dict[str, User]

    @property
    def path(self) -> str:
        return f"/projects/{self.project.slug}"

    def __getattr__(self, name: str) -> Caller:
        if name not in self.people:
            raise AttributeError(name)
        called: Caller = self.__dict__.setdefault(name, caller(self.people[name]))
        return called


@pytest.fixture
def room() -> Newsroom:
    project = make_project("Harbour inquiry")
    Project.objects.filter(pk=project.pk).update(annotators_per_article=2)
    project.refresh_from_db()
    people = {
        "manager": manager_of(project),
        "engineer": join(project, make_user("eve"), Role.ENGINEER),
        "reviewer": join(project, make_user("rey"), Role.REVIEWER),
        "ada": join(project, make_user("ada"), Role.ANNOTATOR),
        "ben": join(project, make_user("ben"), Role.ANNOTATOR),
        "outsider": make_user("otto"),
    }
    return Newsroom(project, people)


@pytest.fixture
def article(room: Newsroom) -> Article:
    return make_article(room.project)
