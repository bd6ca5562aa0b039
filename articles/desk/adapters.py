"""How django-allauth lets people in: by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.shortcuts import resolve_url

from articles.desk.services import find_invitation


class InvitedOnly(DefaultAccountAdapter):
    """Sign-up is open only to somebody who came by an open invitation, and leads back to it.

    The invitation page keeps the secret in the session.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        secret = request.session.get("invitation")
        return bool(secret and find_invitation(secret))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        secret: str = request.session["invitation"]
        return resolve_url("invitation", secret)
