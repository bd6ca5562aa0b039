"""Put away what waits in one's inbox."""

from collections.abc import Iterable

from django.db.models.functions import Now

from articles.desk.models import User
from articles.review.models import Notice


def finish_notices(*, actor: User, notices: Iterable[Notice]) -> None:
    """Have done with ``notices``, as far as they are the actor's. Twice changes nothing.

    No event tells of it: what somebody puts away is nobody else's business.
    """
    ids = [notice.pk for notice in notices]
    Notice.objects.waiting().filter(pk__in=ids, person=actor).update(done_at=Now())
