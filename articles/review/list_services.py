"""Views of the article list that a person keeps: like preferences, no part of any history."""

from articles.desk.models import Project, User
from articles.review.models import SavedView
from newsdesk.errors import Invalid

#: Views that one person keeps of a project's list.
MOST_VIEWS = 20


def save_view(*, actor: User, project: Project, name: str, query: str) -> SavedView:
    """Keep the filters in ``query`` under ``name``; a view of that name has them from then on.

    Raises:
        Invalid: if nothing is filtered, or the actor keeps too many.
    """
    if not query:
        raise Invalid("Filter the list first: a view is what you filter it by.", field="query")
    mine = SavedView.objects.filter(project=project, user=actor)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise Invalid(f"You keep {MOST_VIEWS} views. Forget one first.", field="name")
    view, _ = SavedView.objects.update_or_create(
        project=project, user=actor, name=name, defaults={"query": query}
    )
    return view


def forget_view(*, actor: User, view: SavedView) -> None:
    """Drop a view of the actor's own; somebody else's stays."""
    SavedView.objects.filter(pk=view.pk, user=actor).delete()
