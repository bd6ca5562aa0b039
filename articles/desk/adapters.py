"""How django-allauth lets people in: by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from articles.desk.services import find_invitation


class InvitedOnly(DefaultAccountAdapter):
    """Sign-up is open only to somebody who came by an open invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        secret = request.session.get("invitation")
        return bool(secret and find_invitation(secret))
