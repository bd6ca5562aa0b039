"""What can go wrong while reviewing."""

from newsdesk.errors import NewsdeskError


class NotInReview(NewsdeskError):
    """This article is not waiting for review."""

    status = 409
    code = "not_in_review"


class ReviewHeld(NewsdeskError):
    """Somebody else is reviewing this article."""

    status = 409
    code = "review_held"


class AlreadyDecided(NewsdeskError):
    """This is decided already. Open it again to decide otherwise."""

    status = 409
    code = "already_decided"


class StillOpen(NewsdeskError):
    """Some decisions are still open."""

    status = 409
    code = "decisions_open"


class NothingToReopen(NewsdeskError):
    """There is no verdict of yours to take back."""

    status = 409
    code = "nothing_to_undo"


class IllegalMove(NewsdeskError):
    """Where this article stands, that cannot be done."""

    status = 409
    code = "illegal_move"


class OutOfSight(NewsdeskError):
    """They may not see this article."""

    status = 409
    code = "out_of_sight"


class NotAdjudicated(NewsdeskError):
    """This article has no gold yet."""

    status = 409
    code = "not_adjudicated"


class Released(NewsdeskError):
    """This article's gold is in a dataset, and stays as it is."""

    status = 409
    code = "released"
