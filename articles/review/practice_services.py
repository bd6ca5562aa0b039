"""Choose the article on which newcomers try their hand."""

from articles.desk.models import Project, User
from articles.desk.permissions import can_manage, role_in
from articles.desk.recording import recorded
from articles.intake.models import Article
from articles.review.errors import NotAdjudicated
from articles.review.listing import status_of
from newsdesk.errors import NotAllowed


def set_practice(*, actor: User, project: Project, article: Article | None) -> Project:
    """Let newcomers practise on ``article``, or on none. Choosing it twice changes nothing.

    Raises:
        NotAllowed: unless the actor manages the project.
        NotAdjudicated: if the article has no gold to compare with.
    """
    if not can_manage(role_in(project, actor)):
        raise NotAllowed("Only managers choose what newcomers practise on.")
    if article is not None and not status_of(article).has_gold:
        raise NotAdjudicated()
    with recorded(
        "project.practice_set",
        actor=actor,
        project=project,
        article_id=article.pk if article else None,
    ) as recording:
        project = Project.objects.select_for_update(of=["self"]).get(pk=project.pk)
        recording.touching(project)
        project.practice = article
        project.save(update_fields=["practice"])
    return project
