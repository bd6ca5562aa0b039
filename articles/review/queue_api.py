"""The API of the queue: the next article for the caller."""

from datetime import datetime
from uuid import UUID

from ninja import Router, Status
from pydantic import BaseModel, Field

from articles.review.queue_services import claim_next
from newsdesk.api_auth import ANNOTATE, ApiRequest, find_project
from newsdesk.openapi import problems

router = Router()


class ClaimOut(BaseModel):
    """An article that is yours to annotate."""

    article: UUID
    lease_expires_at: datetime | None = Field(
        description="Until when your place is held if you do nothing; whatever you do renews it."
    )


@router.post(
    "/projects/{slug}/queue",
    auth=ANNOTATE,
    tags=["Queue"],
    response={200: ClaimOut, 204: None, **problems(404)},
)
def claim_article(request: ApiRequest, slug: str) -> Status[ClaimOut | None]:
    """Claim the next article; 204 if none waits for you.

    What a reviewer gave back to you comes first; then the most urgent, what somebody has begun, the
    oldest. An article is never claimed by more people than it asks for, and by you only once: what
    you have begun comes again only if you lost your place there.
    """
    project = find_project(request, slug)
    layer = claim_next(actor=request.user, project=project)
    if layer is None:
        return Status(204, None)
    layer.refresh_from_db(fields=["lease_expires_at"])
    return Status(200, ClaimOut(article=layer.article_id, lease_expires_at=layer.lease_expires_at))
