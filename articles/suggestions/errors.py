"""What can go wrong with suggestions."""

from newsdesk.errors import Invalid, NewsdeskError


class SuggestionInvalid(Invalid):
    """This cannot be suggested."""

    code = "suggestion_invalid"


class SuggestionDecided(NewsdeskError):
    """You have decided on this suggestion already, the other way."""

    status = 409
    code = "suggestion_decided"
