"""Where files are kept: in the data folder, or in a bucket of ``NEWSDESK_STORAGE_URL``."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

#: Bytes of a file from a bucket that are held in memory; more of it goes to disk.
IN_MEMORY = 8 * 1024 * 1024


class StorageUrlError(Exception):
    """``NEWSDESK_STORAGE_URL`` is not the address of a bucket; the message says why."""


def settings_from_environment(data: Path) -> dict[str, Any]:
    """An entry of Django's ``STORAGES``.

    Raises:
        StorageUrlError: if ``NEWSDESK_STORAGE_URL`` is wrong.
    """
    url = os.environ.get("NEWSDESK_STORAGE_URL")
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": data / "files"},
        }
    return settings_of(url)


def settings_of(url: str) -> dict[str, Any]:
    """An entry of Django's ``STORAGES`` for ``s3://bucket/folder?region=…&endpoint=…``.

    Whoever may see a file asks Newsdesk: objects are private, and have no addresses of their own.
    Keys come from where the AWS libraries look for them.

    Raises:
        StorageUrlError: if it names no bucket.
    """
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise StorageUrlError(f"NEWSDESK_STORAGE_URL is s3://bucket/folder, not {url}.")
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    unknown = given.keys() - {"region", "endpoint"}
    if unknown:
        raise StorageUrlError(
            f"NEWSDESK_STORAGE_URL takes region and endpoint, not {', '.join(sorted(unknown))}."
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "region_name": given.get("region"),
            "endpoint_url": given.get("endpoint"),
            "max_memory_size": IN_MEMORY,
        },
    }
