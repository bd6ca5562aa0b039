"""Submit a layer, and take it back for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from articles.annotations.errors import LayerClosed, TooLate
from articles.annotations.models import Layer
from articles.annotations.permissions import can_write
from articles.annotations.queries import Check, submission_checks
from articles.desk.models import User
from articles.desk.permissions import role_in
from articles.desk.recording import Recording, recorded
from articles.intake.models import Article
from articles.review.merging import merge
from articles.review.raising import raise_on_disagreement
from articles.review.review_services import open_again
from newsdesk.errors import NewsdeskError, NotAllowed, StaleVersion

#: How long a submitted layer can be taken back.
GRACE = timedelta(minutes=10)


class NotReady(NewsdeskError):
    """Something is missing before this can be submitted."""

    status = 409
    code = "not_ready"

    def __init__(self, checks: list[Check]) -> None:
        super().__init__(" ".join(check.message for check in checks))
        self.checks = checks

    def facts(self) -> dict[str, Any]:
        return {
            "checks": [
                {"kind": one.kind, "annotation": str(one.annotation_id), "message": one.message}
                for one in self.checks
            ]
        }


def submit_layer(*, actor: User, layer: Layer, version: int | None = None) -> Layer:
    """Hand the layer in; from then on it is closed. Submitting twice changes nothing.

    When it was the last that the article waited for, what its annotators said becomes decisions.

    Raises:
        NotReady: if a check that blocks fails; its ``checks`` say where.
        StaleVersion: if ``version`` is given and the layer has moved on.
        LayerClosed: if its place went to somebody else.
        NotAllowed: if it is not the actor's.
    """
    with _handing_over("layer.submitted", actor, layer) as (recording, layer):
        if layer.submitted_at is not None:
            return layer
        if layer.lapsed_at is not None:
            raise LayerClosed()
        if version is not None and layer.version != version:
            raise StaleVersion("Your work on this article changed since you looked. Look again.")
        blocking = [check for check in submission_checks(layer) if check.blocks]
        if blocking:
            raise NotReady(blocking)
        _write(recording, layer, submitted_at=timezone.now())
        _go_to_review(recording, layer)
    return layer


def take_back(*, actor: User, layer: Layer) -> Layer:
    """Open a submitted layer again. Doing it twice changes nothing.

    Raises:
        TooLate: if it was submitted more than ten minutes ago, or its review began.
        NotAllowed: if it is not the actor's.
    """
    with _handing_over("layer.taken_back", actor, layer) as (recording, layer):
        if layer.submitted_at is None:
            return layer
        if layer.closed_at is not None:
            raise TooLate("The review of this article began. Ask the reviewer to return it to you.")
        if timezone.now() - layer.submitted_at > GRACE:
            raise TooLate("Submitted work can be taken back for ten minutes. Ask a reviewer.")
        _write(recording, layer, submitted_at=None)
    return layer


def _go_to_review(recording: Recording, layer: Layer) -> None:
    """Make the decisions once the last of the article's layers is in.

    One that comes late, when the article is adjudicated, opens it again if it says anything new;
    if its gold is in a dataset, it does not.
    """
    article = layer.article
    if layer.kind != Layer.Kind.WORK:  # practice is compared with the gold that is there
        return
    if Layer.objects.submitted().filter(article=article).count() < article.places:
        return
    review = merge(recording, article)
    if review.adjudicated_at is not None:
        if review.released_at is not None or not article.decisions.open().exists():
            return
        open_again(recording=recording, review=review)
    if raise_on_disagreement(recording, article, review.agreement):
        return
    if review.reviewer_id is not None:  # who returned it waits for it
        layer.closed_at = layer.submitted_at
        layer.save(update_fields=["closed_at"])


@contextmanager
def _handing_over(kind: str, actor: User, layer: Layer) -> Iterator[tuple[Recording, Layer]]:
    """One recorded change of the actor's own layer, submitted or not. Its article is locked, and
    first: whoever opens a layer holds the article, too."""
    if not can_write(actor, role_in(layer.project, actor), layer):
        raise NotAllowed("Only its annotator submits a layer.")
    with recorded(
        kind,
        actor=actor,
        project=layer.project,
        article_id=layer.article_id,
        layer_id=layer.pk,
    ) as recording:
        articles = Article.objects.select_for_update(of=["self"]).select_related("project")
        article = articles.get(pk=layer.article_id)
        layer = Layer.objects.select_for_update().get(pk=layer.pk)
        layer.article, layer.project = article, article.project
        yield recording, layer


def _write(recording: Recording, layer: Layer, *, submitted_at: datetime | None) -> None:
    recording.touching(layer)
    layer.submitted_at, layer.updated_at = submitted_at, timezone.now()
    layer.version += 1
    layer.save(update_fields=["submitted_at", "updated_at", "version"])
