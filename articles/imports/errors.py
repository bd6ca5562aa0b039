"""What can go wrong when something is imported."""

from newsdesk.errors import Invalid, NewsdeskError


class RecordInvalid(Invalid):
    """This record makes no sense."""

    code = "record_invalid"


class FormatUnknown(Invalid):
    """Newsdesk does not read this format."""

    code = "format_unknown"
    field = "format"


class FileRefused(Invalid):
    """This file cannot be imported."""

    code = "file_invalid"
    field = "file"


class FileTooLarge(FileRefused):
    """This file is too large."""

    status = 413
    code = "too_large"


class LengthMissing(NewsdeskError):
    """Say in Content-Length how long the file is."""

    status = 411
    code = "length_missing"


class NothingToConfirm(NewsdeskError):
    """Only a dry run that went to its end can be confirmed."""

    status = 409
    code = "nothing_to_confirm"


class FileGone(NewsdeskError):
    """The file of this import was deleted, as all are after a while. Send it again."""

    status = 409
    code = "file_gone"


class NotFetched(Invalid):
    """The page at this address was not fetched."""

    code = "not_fetched"
