"""What can go wrong with datasets."""

from newsdesk.errors import NewsdeskError


class NothingToFreeze(NewsdeskError):
    """No article that may go out is chosen by this."""

    status = 422
    code = "nothing_to_freeze"


class NotReady(NewsdeskError):
    """This dataset is not frozen yet."""

    status = 409
    code = "snapshot_not_ready"


class Withheld(NewsdeskError):
    """Something in this dataset may not go out any more."""

    status = 403
    code = "snapshot_withheld"


class NotCleared(NewsdeskError):
    """This dataset holds sensitive articles, for which you are not cleared."""

    status = 403
    code = "not_cleared"


class FileDiffers(NewsdeskError):
    """The file was built again and has other bytes than before, so it is not given out."""

    status = 500
    code = "file_differs"
