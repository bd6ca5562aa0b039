"""People and projects for the desk's tests, made as the desk makes them."""

from django.contrib.auth.hashers import make_password
from django.test import Client

from articles.desk import services
from articles.desk.models import Label, Project, Role, User

PASSWORD = "correct horse battery"
_HASHED = make_password(PASSWORD)  # once: slow on purpose


def make_user(username: str, *, staff: bool = False) -> User:
    user = User(username=username, email=f"{username}@example.org", is_staff=staff)
    user.password = _HASHED
    user.save()
    return user


def make_project(name: str = "Harbour inquiry", *, manager: User | None = None) -> Project:
    """A project with the newsroom labels, managed by ``manager`` or by somebody new."""
    actor = manager or make_user(f"manager-of-{name.lower().replace(' ', '-')}", staff=True)
    if not actor.is_staff:
        User.objects.filter(pk=actor.pk).update(is_staff=True)
        actor.is_staff = True
    return services.create_project(actor=actor, name=name)


def manager_of(project: Project) -> User:
    return project.memberships.get(role=Role.MANAGER).user


def join(project: Project, user: User, role: Role) -> User:
    services.set_member(actor=manager_of(project), project=project, user=user, role=role)
    return user


def label_of(project: Project, key: str) -> Label:
    return project.labels.get(key=key)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
