"""Who may do what. A role is found once and handed to the questions about it."""

from articles.desk.models import Membership, Project, Role, User

#: Roles that look at every layer of an article; the others see only their own.
SEE_ALL_LAYERS = {Role.REVIEWER, Role.ENGINEER, Role.MANAGER}


def role_in(project: Project, user: User) -> Role | None:
    """The role of ``user`` in ``project``; administrators count as managers. One query."""
    if not user.is_active:
        return None
    if user.is_superuser:
        return Role.MANAGER
    role = (
        Membership.objects.active()
        .filter(project=project, user=user)
        .values_list("role", flat=True)
        .first()
    )
    return Role(role) if role else None


def can_create_projects(user: User) -> bool:
    """Staff, and whoever manages a project already. One query for others than staff."""
    managed = Membership.objects.active().filter(user=user.pk, role=Role.MANAGER)
    return user.is_active and (user.is_staff or user.is_superuser or managed.exists())


def can_manage(role: Role | None) -> bool:
    """Labels, members, guidelines, rules, and where articles are placed."""
    return role is Role.MANAGER


def can_import(role: Role | None) -> bool:
    return role in (Role.MANAGER, Role.ENGINEER)


def can_export(role: Role | None) -> bool:
    return role in (Role.MANAGER, Role.ENGINEER, Role.REVIEWER)


def can_annotate(role: Role | None) -> bool:
    """Everybody who works with texts; engineers only read."""
    return role in (Role.ANNOTATOR, Role.REVIEWER, Role.MANAGER)


def can_review(role: Role | None) -> bool:
    """Deciding between annotators, and returning their work to them."""
    return role in (Role.REVIEWER, Role.MANAGER)


def can_see_all_layers(role: Role | None, project: Project) -> bool:
    """Whoever reviews or takes out; all members where the project's work is not blind."""
    return role in SEE_ALL_LAYERS or (role is not None and not project.blind)
