"""What can go wrong between the feed and who reads it."""

from newsdesk.errors import Invalid, InvalidQuery, NewsdeskError


class CursorMalformed(InvalidQuery):
    """This is no cursor of a feed. Send one that the feed gave you, or none to begin anew."""

    code = "cursor_invalid"
    field = "after"


class CursorGone(NewsdeskError):
    """This feed has no such place, or not for you: it is of another project, or from before the
    database was restored, or what you may see has changed. Forget what you have and begin anew,
    without a cursor."""

    status = 410
    code = "cursor_gone"

    def __init__(self) -> None:
        super().__init__(" ".join((type(self).__doc__ or "").split()))


class FeedUnordered(NewsdeskError):
    """These events were loaded from a dump of another server, so their order is not known here."""

    status = 503
    code = "feed_unordered"

    def __init__(self) -> None:
        super().__init__(f"{self.__doc__} Your administrator runs manage.py renumber_feed.")


class AddressRefused(Invalid):
    """A webhook is a public https address, without a user name in it."""

    code = "address_refused"


class NothingToReplay(Invalid):
    """There is nothing between these two cursors."""

    code = "nothing_to_replay"


class SwitchedOff(NewsdeskError):
    """This webhook is switched off. Switch it on first."""

    status = 409
    code = "webhook_off"
