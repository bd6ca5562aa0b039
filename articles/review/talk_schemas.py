"""What the API takes and gives about comments."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool

from articles.annotations.models import Comment
from articles.review.talk_services import LONGEST_COMMENT
from newsdesk.api_shapes import CHOSEN_ID, Body, Listing, Name, Paging


class CommentQuery(Paging):
    """Which of an article's comments to list."""

    annotation: UUID | None = Field(None, description="Only those on this annotation.")
    decision: UUID | None = Field(None, description="Only those on this decision.")


class CommentIn(Body):
    """Something to say: on an annotation, on a decision, in a thread, or on the article itself."""

    id: UUID | None = Field(None, description=CHOSEN_ID)
    body: Name = Field(
        max_length=LONGEST_COMMENT,
        description="Text only; `@` and a user name tells that person.",
        examples=["Is this his quote, @ada?"],
    )
    annotation: UUID | None = None
    decision: UUID | None = None
    thread: UUID | None = Field(None, description="A comment to answer; then name nothing else.")


class ResolutionIn(Body):
    """Whether the thread is settled."""

    resolved: StrictBool


class CommentOut(BaseModel):
    id: UUID
    article: UUID
    layer: str | None = Field(description="Whose work it is on; null if it is on none.")
    annotation: UUID | None
    decision: UUID | None
    thread: UUID | None = Field(description="The first comment of its thread; null for that one.")
    author: str = Field(description="A user name.")
    body: str = Field(description="Empty when it is removed.")
    created_at: datetime
    edited_at: datetime | None
    removed_at: datetime | None
    resolved_at: datetime | None
    resolved_by: str | None

    @classmethod
    def of(cls, comment: Comment) -> "CommentOut":
        """``comment`` with its layer, author and who resolved it fetched."""
        return cls(
            id=comment.pk,
            article=comment.article_id,
            layer=comment.layer.name if comment.layer else None,
            annotation=comment.annotation_id,
            decision=comment.decision_id,
            thread=comment.thread_id,
            author=comment.author.username,
            body="" if comment.removed_at else comment.body,
            created_at=comment.created_at,
            edited_at=comment.edited_at,
            removed_at=comment.removed_at,
            resolved_at=comment.resolved_at,
            resolved_by=comment.resolved_by.username if comment.resolved_by else None,
        )


Comments = Listing[CommentOut]
