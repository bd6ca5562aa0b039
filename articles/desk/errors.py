"""What can go wrong at the desk."""

from newsdesk.errors import NewsdeskError


class Taken(NewsdeskError):
    """Something of that name is there already."""

    status = 409
    code = "taken"

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Repeated(NewsdeskError):
    """This was done already."""

    status = 409
    code = "repeated"


class LabelInUse(NewsdeskError):
    """This label is in use: retire it or merge it into another."""

    status = 409
    code = "label_in_use"


class LastManager(NewsdeskError):
    """A project needs a manager: make somebody else one first."""

    status = 409
    code = "last_manager"


class JobMovedOn(NewsdeskError):
    """This job is not where it was any more."""

    status = 409
    code = "job_moved_on"


class InvitationUsed(NewsdeskError):
    """This invitation was used, withdrawn, or is older than seven days. Ask for a new one."""

    status = 410
    code = "invitation_used"
