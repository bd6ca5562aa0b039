"""API tokens: made, shown once, found by their hash, revoked."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from articles.desk.models import ApiToken, Project, Scope, User
from articles.desk.recording import recorded
from newsdesk.errors import IdReused, Invalid

PREFIX = "nd_"
#: A token's last use is written down at most this often, so that reading stays reading.
NOTED_EVERY = timedelta(minutes=1)
MOST_DAYS = 365
#: Whoever sends the same form again within this time clicked twice, and is shown the secret.
SAME_CLICK = timedelta(minutes=1)


def create_token(
    *,
    actor: User,
    name: str,
    scopes: Sequence[str],
    days: int,
    project: Project | None = None,
    chosen_id: UUID | None = None,
) -> tuple[ApiToken, str]:
    """Make a token of the actor's; returns it and its secret, of which only the hash is kept.

    With a random id of the caller's own, which is not kept either, the same wishes again within a
    minute make nothing new, and return the same.

    Raises:
        Invalid: if a scope is unknown, there is none, or ``days`` is not 1 to 365.
        IdReused: if the id was sent before, longer ago or with other wishes.
    """
    unknown = set(scopes) - set(Scope.values)
    if unknown or not scopes:
        raise Invalid(f"Scopes are {', '.join(Scope.values)}.", field="scopes")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"A token lasts 1 to {MOST_DAYS} days.", field="days")
    if not 1 <= len(name.strip()) <= 80:
        raise Invalid("A token needs a name of 1 to 80 characters.", field="name")
    name, scopes = name.strip(), [scope for scope in Scope.values if scope in scopes]
    secret = _secret(actor, chosen_id)
    with recorded("token.created", actor=actor, project=project) as recording:
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        there = ApiToken.objects.filter(secret_sha256=_sha256(secret)).first()
        if there is not None:
            is_new = there.created_at > timezone.now() - SAME_CLICK and there.revoked_at is None
            lasts = round((there.expires_at - there.created_at) / timedelta(days=1))
            same = (there.project, there.name, there.scopes, lasts)
            if not is_new or same != (project, name, scopes, days):
                raise IdReused("This form was sent before. Open it anew.")
            return there, secret
        token = ApiToken.objects.create(
            user=actor,
            project=project,
            name=name,
            secret_sha256=_sha256(secret),
            ends_in=secret[-4:],
            scopes=scopes,
            expires_at=timezone.now() + timedelta(days=days),
        )
        recording.made(token)
    return token, secret


def revoke_token(*, actor: User, token: ApiToken) -> None:
    """End a token at once; revoking twice changes nothing."""
    with recorded("token.revoked", actor=actor, project=token.project) as recording:
        recording.touching(token)
        ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=Now())


def find_token(secret: str, *, used_from: str | None) -> ApiToken | None:
    """The usable token that ``secret`` is, with its user and project. One query, seldom two."""
    token = (
        ApiToken.objects.usable()
        .select_related("user", "project")
        .filter(secret_sha256=_sha256(secret))
        .first()
    )
    if token is not None:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=timezone.now() - NOTED_EVERY)
        if token.last_used_at is None or token.last_used_at < timezone.now() - NOTED_EVERY:
            ApiToken.objects.filter(stale, pk=token.pk).update(
                last_used_at=Now(), last_used_from=used_from
            )
    return token


def _secret(actor: User, chosen_id: UUID | None) -> str:
    """A secret by chance or, so that a second click finds it again, made from the id that chance
    gave to the form, and the server's key: neither alone is enough, nor is anybody else's id."""
    if chosen_id is None:
        return PREFIX + secrets.token_urlsafe(32)
    digest = salted_hmac("token", f"{actor.pk} {chosen_id}", algorithm="sha256").digest()
    return PREFIX + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _sha256(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
