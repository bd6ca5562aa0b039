"""Put something into people's inboxes, as part of the change that it tells of."""

from collections.abc import Iterable
from uuid import UUID

from articles.annotations.models import Comment
from articles.desk.models import Project, User
from articles.desk.recording import Recording
from articles.intake.models import Article
from articles.review.models import Notice


def notify(
    recording: Recording,
    kind: Notice.Kind,
    people: Iterable[User],
    *,
    article: Article,
    sender: User,
    comment: Comment | None = None,
) -> None:
    """Tell ``people``, but never somebody about what they did themselves."""
    notices = Notice.objects.bulk_create(
        Notice(
            project_id=article.project_id,
            article=article,
            person=person,
            sender=sender,
            kind=kind,
            comment=comment,
        )
        for person in people
        if person != sender
    )
    recording.made(*notices)


def notify_of(
    recording: Recording,
    kind: Notice.Kind,
    people: Iterable[User],
    *,
    project: Project,
    about: UUID,
    words: str,
) -> None:
    """Tell ``people`` what became of something that Newsdesk did aside: ``words``, such as
    “Gold v2 is ready”; ``about`` is its id."""
    notices = Notice.objects.bulk_create(
        Notice(project=project, person=person, kind=kind, about=about, words=words)
        for person in people
    )
    recording.made(*notices)
