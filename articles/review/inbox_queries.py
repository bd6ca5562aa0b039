"""What waits in somebody's inbox."""

from django.db.models import Q, Value

from articles.desk.models import Project, User
from articles.desk.queries import tokens_ending_soon
from articles.intake.models import Article
from articles.review.models import Notice, NoticeQuerySet
from articles.review.permissions import comments_visible_to


def waiting_for(user: User) -> NoticeQuerySet:
    """What ``user`` has not done with, of all their projects, newest first.

    What a gate hides, what is of a project that they left, and what they may not read any more
    does not wait.
    """
    readable = Q(comment=None) | Q(comment__in=comments_visible_to(user))
    visible = Q(article=None) | Q(article__in=Article.objects.visible_to(user))
    return (
        Notice.objects.waiting()
        .filter(readable, visible, person=user, project__in=Project.objects.visible_to(user))
        .order_by("-created_at", "-id")
    )


def inbox_size(user: User) -> int:
    """How much waits: notices, and tokens that end soon.

    Every page asks. One query, by index, if no notice came; only for those who have one a second,
    because the rules of what they may see of it take PostgreSQL longer to plan than most pages.
    """
    came = Notice.objects.waiting().filter(person=user).values_list(Value(True))[:1]
    tokens = tokens_ending_soon(user).order_by().values_list(Value(False))
    found = [is_notice for (is_notice,) in came.union(tokens, all=True)]
    return found.count(False) + (waiting_for(user).count() if True in found else 0)
