"""Who may listen, and who may hear of what: asked of the database, in a thread."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from articles.annotations.models import Layer
from articles.datasets.models import Snapshot
from articles.datasets.queries import one_instant
from articles.desk.models import Membership, Project, User
from articles.desk.permissions import can_export, can_import, can_see_all_layers, role_in
from articles.imports.models import ImportRun
from articles.intake.models import Article
from newsdesk.errors import NewsdeskError
from newsdesk.live_streams import Reader
from newsdesk.live_wire import Change


class SignedOut(NewsdeskError):
    """You are signed out."""

    status = 401
    code = "signed_out"


class NothingToHear(NewsdeskError):
    """There is no such project or article."""

    status = 404
    code = "not_found"


def admit(
    session: str, slug: str, article: UUID | None, works: frozenset[UUID] = frozenset()
) -> Reader:
    """The reader behind a session, if they may open the project's pages, or those of the article,
    or of all ``works``.

    Raises:
        SignedOut, NothingToHear: if not.
    """
    request = HttpRequest()
    request.session = SessionStore(session)
    user = get_user(request)
    if not isinstance(user, User):
        raise SignedOut()
    project = Project.objects.visible_to(user).filter(slug=slug).first()
    if project is None:
        raise NothingToHear()
    its_articles = Article.objects.visible_to(user).filter(project=project)
    if article is not None and not its_articles.filter(pk=article).exists():
        raise NothingToHear()
    if works and _open_works(project, user, works) != works:
        raise NothingToHear()
    return Reader(session, user.pk, project.pk, slug, article, works)


def is_still_admitted(reader: Reader) -> bool:
    """Whether ``admit`` would let them in today as it did before."""
    try:
        return admit(reader.session, reader.slug, reader.article, reader.works) == reader
    except NewsdeskError:
        return False


def heard(
    project: int, changes: Collection[Change], users: Iterable[int]
) -> dict[int, list[tuple[UUID, int | None]]]:
    """Which article, and which layer of it, each of ``users`` may be told of.

    Nobody hears of an article that they may not see. Who works blind hears of their own layer, and
    of where articles stand, but not in whose layer that changed. In one instant of the database;
    three queries, and two for each standing in the project that any of the users has.
    """
    with one_instant():
        its_project = Project.objects.get(pk=project)
        layers = [change.layer for change in changes if change.layer is not None]
        annotators = dict(Layer.objects.filter(pk__in=layers).values_list("pk", "annotator_id"))
        told: dict[int, list[tuple[UUID, int | None]]] = {}
        for people in _by_standing(its_project, users):
            # Gates and roles ask for nothing but the standing: one of them speaks for all.
            one = people[0]
            sees_all = can_see_all_layers(role_in(its_project, one), its_project)
            articles = {change.article for change in changes}
            visible = Article.objects.visible_to(one).filter(project=project, pk__in=articles)
            seen = set(visible.values_list("pk", flat=True))
            of_seen = [change for change in changes if change.article in seen]
            for person in people:
                mine = {layer for layer, annotator in annotators.items() if annotator == person.pk}
                told[person.pk] = [
                    (change.article, change.layer if sees_all or change.layer in mine else None)
                    for change in of_seen
                    if sees_all or change.is_listed or change.layer in mine
                ]
    return told


def watched(
    project: int, works: Collection[UUID], users: Iterable[int]
) -> dict[int, frozenset[UUID]]:
    """Which of ``works`` each of ``users`` may be told of. Two queries, and three for each standing
    in the project that any of them has."""
    its_project = Project.objects.get(pk=project)
    told: dict[int, frozenset[UUID]] = {}
    for people in _by_standing(its_project, users):
        found = _open_works(its_project, people[0], works)
        told |= {person.pk: found for person in people}
    return told


def _open_works(project: Project, user: User, works: Collection[UUID]) -> frozenset[UUID]:
    """The imports and datasets among ``works`` whose pages somebody in the project may open."""
    role = role_in(project, user)
    imports, datasets = (
        rows.filter(project=project, pk__in=works).values_list("pk", flat=True)
        for rows in (ImportRun.objects.all(), Snapshot.objects.all())
    )
    return frozenset(
        [*(imports if can_import(role) else []), *(datasets if can_export(role) else [])]
    )


def _by_standing(project: Project, users: Iterable[int]) -> Collection[list[User]]:
    """The active ones of ``users``, those together who are the same in the project."""
    memberships = Membership.objects.active().filter(project=project, user__in=users)
    standings = {row.user_id: (row.role, row.cleared) for row in memberships}
    groups: dict[object, list[User]] = {}
    for user in User.objects.filter(pk__in=users, is_active=True):
        groups.setdefault((user.is_superuser, standings.get(user.pk)), []).append(user)
    return groups.values()
