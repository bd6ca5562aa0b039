"""Take an article into review, keep it, take it over, and give work back to its annotator."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from articles.annotations.models import Comment, Layer
from articles.desk.models import User
from articles.desk.permissions import can_review, role_in
from articles.desk.recording import Recording, recorded
from articles.intake.models import Article
from articles.review.errors import NotInReview, Released, ReviewHeld
from articles.review.listing import ArticleStatus, status_of
from articles.review.merging import merge
from articles.review.models import Notice, Review
from articles.review.notices import notify
from newsdesk.errors import Invalid, NotAllowed

#: How long a review is held for a reviewer who does nothing.
REVIEW_LEASE = timedelta(minutes=15)
#: Code points of the message with which work is returned.
LONGEST_MESSAGE = 4_000

UNDER_REVIEW = {
    ArticleStatus.AWAITING_REVIEW,
    ArticleStatus.IN_REVIEW,
    ArticleStatus.ADJUDICATED,
    ArticleStatus.RELEASED,
}


def open_review(*, actor: User, article: Article, take_over: bool = False) -> Review:
    """Hold the review of ``article`` for the actor, for 15 minutes from now.

    From the first time on, the submitted layers are closed: they can be returned, not taken back.
    Whoever holds it already renews it, which no event tells of. With ``take_over`` it is taken from
    whoever holds it. An adjudicated article can be looked at; ruling on it opens it again.

    Raises:
        NotAllowed: unless the actor reviews here, and may review this article.
        NotInReview: if not all its work is submitted.
        ReviewHeld: if somebody else holds it.
    """
    kind = "review.taken_over" if take_over else "review.opened"
    with reviewing(kind, actor, article, take_over=take_over) as (_recording, review):
        return review


@contextmanager
def reviewing(
    kind: str,
    actor: User,
    article: Article,
    *,
    take_over: bool = False,
    layer_id: int | None = None,
) -> Iterator[tuple[Recording, Review]]:
    """One recorded change in the review of ``article``, which is locked and held by the actor,
    unless it is adjudicated.

    Raises:
        NotAllowed, NotInReview, ReviewHeld: as ``open_review`` does.
    """
    check_reviewer(actor=actor, article=article)
    with recorded(
        kind, actor=actor, project=article.project, article_id=article.pk, layer_id=layer_id
    ) as recording:
        rows = Article.objects.select_for_update(of=["self"]).select_related("project")
        locked = rows.get(pk=article.pk)
        review = Review.objects.select_for_update(of=["self"]).filter(article=locked).first()
        status = status_of(locked)
        if status not in UNDER_REVIEW:
            raise NotInReview(f"This article is {status.words}, not in review.")
        if review is None:  # nobody handed in last: fewer annotators are wanted than before
            review = merge(recording, locked)
        review.article = locked
        if review.adjudicated_at is None:  # else nobody holds it, unless it is opened again
            hold(recording=recording, review=review, actor=actor, take_over=take_over)
        yield recording, review


def leave_review(*, actor: User, article: Article) -> None:
    """Let the review go, so that somebody else can take it at once. Twice changes nothing."""
    with recorded(
        "review.left", actor=actor, project=article.project, article_id=article.pk
    ) as recording:
        review = Review.objects.select_for_update().filter(article=article, reviewer=actor).first()
        if review is not None:
            recording.touching(review)
            review.reviewer, review.lease_expires_at = None, None
            review.save(update_fields=["reviewer", "lease_expires_at"])


def return_layer(
    *, actor: User, layer: Layer, message: str, chosen_id: UUID | None = None
) -> Layer:
    """Give a submitted layer back to its annotator, with a message that says why.

    They find it first in their queue. Verdicts stay; what changes under them waits to be
    confirmed. Returning what is returned changes nothing.

    Raises:
        Invalid: without a message.
        NotInReview: also if it was not handed in.
        NotAllowed, NotInReview, ReviewHeld: as ``open_review`` does.
    """
    article = layer.article
    check_reviewer(actor=actor, article=article)
    message = message.strip()
    if not 1 <= len(message) <= LONGEST_MESSAGE:
        raise Invalid(f"Say why, in 1 to {LONGEST_MESSAGE:,} characters.", field="message")
    if layer.kind != Layer.Kind.WORK or layer.annotator is None:
        raise NotAllowed("There is nobody to whom this could be returned.")
    if layer.returned_at is not None and layer.submitted_at is None:
        return layer
    with reviewing("layer.returned", actor, article, layer_id=layer.pk) as (recording, review):
        if review.adjudicated_at is not None:
            raise NotInReview("This article is adjudicated. Open a decision again first.")
        layer = Layer.objects.select_for_update(of=["self"]).get(pk=layer.pk)
        if layer.submitted_at is None:
            raise NotInReview(f"{layer.name} has not handed this in.")
        recording.touching(layer)
        now = timezone.now()
        layer.submitted_at, layer.closed_at, layer.returned_at = None, None, now
        layer.updated_at = now
        layer.lease_expires_at = None  # it waits for its annotator, however long they are away
        layer.version += 1
        layer.save()
        comment = Comment.objects.create(
            **({"id": chosen_id} if chosen_id else {}),
            project=article.project,
            article=article,
            layer=layer,
            author=actor,
            body=message,
        )
        recording.made(comment)
        people = [layer.annotator] if layer.annotator else []
        notify(
            recording, Notice.Kind.RETURNED, people, article=article, sender=actor, comment=comment
        )
    return layer


def check_reviewer(*, actor: User, article: Article) -> None:
    """Whether the actor may review ``article``.

    Raises:
        NotAllowed: in words.
    """
    if not can_review(role_in(article.project, actor)):
        raise NotAllowed("Only reviewers and managers decide.")
    if article.project.separate_adjudicator and article.layers.filter(annotator=actor).exists():
        raise NotAllowed("You annotated this article: in this project somebody else reviews it.")


def check_free(*, actor: User, article: Article, review: Review) -> None:
    """Whether the actor could hold the review now.

    Raises:
        NotAllowed: unless they may review this article.
        ReviewHeld: if somebody else holds it.
    """
    check_reviewer(actor=actor, article=article)
    ends = review.lease_expires_at
    if review.reviewer_id not in (None, actor.pk) and ends is not None and ends > timezone.now():
        raise ReviewHeld(f"{review.reviewer} is reviewing this article, until {ends:%H:%M} UTC.")


def hold(*, recording: Recording, review: Review, actor: User, take_over: bool = False) -> None:
    """Give the review to the actor, or renew it, and close what was handed in since it was last
    held: the decisions are about exactly that.

    Raises:
        ReviewHeld: if somebody else holds it.
    """
    if not take_over:
        check_free(actor=actor, article=review.article, review=review)
    now = timezone.now()
    recording.touching(review)
    review.reviewer, review.lease_expires_at = actor, now + REVIEW_LEASE
    review.started_at = review.started_at or now
    review.save(update_fields=["reviewer", "lease_expires_at", "started_at"])
    waiting = list(review.article.layers.submitted().filter(closed_at=None))
    recording.touching(*waiting)
    for layer in waiting:
        layer.closed_at = now
    Layer.objects.bulk_update(waiting, ["closed_at"])
    if waiting:
        merge(recording, review.article)


def open_again(*, recording: Recording, review: Review) -> None:
    """An adjudicated article goes back into review, and its gold is no gold until it closes.

    Raises:
        Released: if its gold went into a dataset.
    """
    if review.released_at is not None:
        raise Released(
            f"The gold of this article went into a dataset on {review.released_at:%-d %b %Y}: "
            "its decisions stay as they are."
        )
    gold = list(review.article.layers.gold().select_for_update())
    recording.touching(review, *gold)
    review.adjudicated_at, review.adjudicated_by = None, None
    review.save(update_fields=["adjudicated_at", "adjudicated_by"])
    for layer in gold:
        layer.submitted_at = None
        layer.version += 1
        layer.save(update_fields=["submitted_at", "version"])
