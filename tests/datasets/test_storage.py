"""Files in a bucket: through the real code, against a server of the same protocol."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage, storages
from pytest_django import Settings

from articles.datasets.models import SnapshotFile
from articles.datasets.snapshot_queries import lines_of
from newsdesk.storage import StorageUrlError, settings_of
from tests.datasets.frozen import gold_desk, make_frozen
from tests.desk.people import signed_in

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Any]:
    """An empty bucket on this machine, where files are kept."""
    # Imported here because they take a second, in every process that collects the tests.
    import boto3
    from moto.server import ThreadedMotoServer

    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket="desk")
    url = f"s3://desk/files?region=us-east-1&endpoint={endpoint}"
    settings.STORAGES = {**settings.STORAGES, "default": settings_of(url)}
    yield client
    server.stop()


@pytest.mark.django_db
def test_a_file_in_a_bucket_is_kept_given_out_in_parts_lost_and_built_again(bucket: Any) -> None:
    frozen = make_frozen(gold_desk(1), formats=["jsonl"])
    whole = b"".join(lines_of(frozen.pk))
    (held,) = bucket.list_objects_v2(Bucket="desk")["Contents"]
    assert held["Key"] == f"files/{SnapshotFile.objects.get().stored}"
    browser = signed_in(frozen.made_by)
    address = f"/p/{frozen.project.slug}/datasets/{frozen.pk}/files/jsonl"

    part = browser.get(address, headers={"Range": "bytes=5-20"})
    assert (part.status_code, b"".join(part)) == (206, whole[5:21])
    bucket.delete_object(Bucket="desk", Key=held["Key"])
    again = b"".join(browser.get(address))

    assert hashlib.sha256(again).hexdigest() == frozen.hash
    assert default_storage.exists(SnapshotFile.objects.get().stored)
    assert storages["default"].__class__.__name__ == "S3Storage"


@pytest.mark.parametrize("url", ["https://desk", "s3://", "s3://desk?acl=public"])
def test_an_address_that_is_no_bucket_is_refused(url: str) -> None:
    with pytest.raises(StorageUrlError, match="NEWSDESK_STORAGE_URL"):
        settings_of(url)
