"""How a webhook's receiver knows that it is us: a secret, and a signature under each request."""

import base64
import hashlib
import hmac
from uuid import UUID

PREFIX = "nd_whs_"


def secret_of(key: str, webhook: UUID, generation: int) -> str:
    """A webhook's secret, made from the server's ``key``: nothing that could be stolen is stored.

    The next ``generation`` has another one; with another ``key``, all have.
    """
    said = f"newsdesk webhook {webhook} {generation}"
    digest = hmac.digest(key.encode(), said.encode(), hashlib.sha256)
    return PREFIX + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What ``Newsdesk-Signature`` says: the version of the scheme, and HMAC-SHA256 in hexadecimal
    over the timestamp, a full stop and the body."""
    said = f"{timestamp}.".encode() + body
    return "v1=" + hmac.digest(secret.encode(), said, hashlib.sha256).hex()
