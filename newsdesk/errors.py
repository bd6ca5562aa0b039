"""What can go wrong, in words. The message is what the editor or the program reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, OperationalError


class NewsdeskError(Exception):
    """Something went wrong."""

    status = 400
    code = "error"

    def __init__(self, message: str | None = None) -> None:
        self.message = message or (type(self).__doc__ or "").split("\n", 1)[0]
        super().__init__(self.message)

    def facts(self) -> dict[str, Any]:
        """What a program may use beside the words; the API adds it to the problem."""
        return {}


class NotAllowed(NewsdeskError):
    """Your role does not allow this."""

    status = 403
    code = "not_allowed"


class StaleVersion(NewsdeskError):
    """Somebody changed this since you looked at it."""

    status = 409
    code = "stale_version"


class IdReused(NewsdeskError):
    """This id already belongs to something else."""

    status = 409
    code = "id_reused"


class Invalid(NewsdeskError):
    """This is not valid.

    ``field`` is what has to be mended, if it is one thing alone.
    """

    status = 422
    code = "invalid"
    field: str | None = None

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field or self.field


class InvalidQuery(Invalid):
    """This address asks for something that makes no sense."""


def constraint_name(error: IntegrityError) -> str | None:
    """The name of the constraint or trigger rule that refused, or ``None`` if there is none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)


def is_database_away(error: BaseException | None) -> bool:
    """Whether the database could not be reached, or is being stopped or started.

    Source: PostgreSQL, Appendix A, classes 08 and 57P; without a state it said nothing at all.
    """
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


@contextmanager
def refused_by(**refusals: NewsdeskError) -> Iterator[None]:
    """Turn the database's refusal into ours: ``refused_by(annotation_once=DuplicateAnnotation())``.

    Other refusals pass through unchanged. The transaction is broken afterwards;
    use it around a whole ``atomic`` block or a savepoint.
    """
    try:
        yield
    except IntegrityError as error:
        refusal = refusals.get(constraint_name(error) or "")
        if refusal is None:
            raise
        raise refusal from error
