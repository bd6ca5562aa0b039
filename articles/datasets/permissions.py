"""Who makes datasets, and who takes them out."""

from articles.desk.models import Role


def can_freeze(role: Role | None) -> bool:
    """Whoever answers for what goes out; what is frozen can never be taken back."""
    return role in (Role.MANAGER, Role.ENGINEER)
