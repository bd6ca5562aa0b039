"""The key that signs sessions and links: given by the environment, or made once and kept."""

import os
import secrets
from pathlib import Path


def from_environment(data: Path) -> str:
    """``NEWSDESK_SECRET_KEY``, else the one in the folder ``data``, made on the first call.

    Two processes that make it at once agree: a link cannot replace a file, so the first wins.
    """
    if key := os.environ.get("NEWSDESK_SECRET_KEY"):
        return key
    path = data / "secret_key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        made = data / f"secret_key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50))
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text()
