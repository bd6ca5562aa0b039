"""What can go wrong when a dataset is read."""

from newsdesk.errors import Invalid


class RecordInvalid(Invalid):
    """This record makes no sense."""

    code = "record_invalid"
