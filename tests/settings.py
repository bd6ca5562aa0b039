"""Newsdesk's settings for its tests: a database server of their own, quick and forgetful."""

import os
from pathlib import Path

from newsdesk import database

_data = Path(__file__).parent.parent / "var" / "test"
_data = Path(os.environ.setdefault("NEWSDESK_DATA", str(_data)))
# The first to use a server sets its options, so this comes before the settings that use it too.
database.settings_from_environment(_data, ["fsync=off", "full_page_writes=off"])

from newsdesk.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # nothing is collected: the test server finds files where they lie
