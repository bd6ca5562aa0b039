"""A project in every format, as HTTP sends it: named, encoded, known again, broken off."""

import gzip
import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pyarrow.parquet as pq
import pytest
import zstandard
from django.db import connection
from django.test import Client

from articles.annotations.models import Layer
from articles.datasets.sources import Live, about, written
from articles.desk.models import Project, Scope
from articles.formats.parquet import write
from articles.formats.registry import FORMATS, WRITABLE, Format
from articles.formats.shapes import ArticleRecord
from articles.imports.records import parse_record
from articles.intake.models import Article
from newsdesk.api import api
from newsdesk.sending import accepted
from tests.datasets.test_export import api_address, make_export, received, with_token
from tests.desk.people import make_project, manager_of
from tests.factories import make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db


def client_of(project: Project) -> Client:
    return with_token(manager_of(project), Scope.EXPORT)


def asked(project: Project, query: str = "?format=jsonl", **headers: str) -> Any:
    return client_of(project).get(api_address(project, query), headers=headers)


@pytest.mark.parametrize("form", WRITABLE, ids=lambda form: form.name)
def test_every_format_is_a_file_with_a_name(form: Format) -> None:
    project, _ = make_export()

    response = asked(project, f"?format={form.name}")

    assert len(received(response)) > 0
    assert response["Content-Type"] == form.media_type
    name = f'attachment; filename="{project.slug}{form.ending}"'
    assert response["Content-Disposition"] == name


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?format=conll&scheme=iobes", "scheme"),
        ("?format=csv&scheme=bio", "scheme"),
        ("?format=txt", "format"),
        ("?after=01900000-0000-7000-8000-000000000000", "after"),
        ("?after=yesterday", "after"),
    ],
)
def test_what_cannot_be_asked_for_is_said(query: str, field: str) -> None:
    project, _ = make_export()

    response = asked(project, query)

    assert response.status_code == 422
    assert [one["loc"] for one in response.json()["errors"]] == [["query", field]]


def test_an_option_of_the_format_is_heard() -> None:
    project, _ = make_export()

    both = [received(asked(project, f"?format=conll&scheme={one}")) for one in ("bio", "bilou")]

    assert both[0] != both[1]


def test_live_parquet_has_the_rows_of_the_lines() -> None:
    project = make_project()
    make_relation(make_layer(make_article(project)))
    make_article(project, "Nothing was said here.")
    said = about(project, "http://testserver", {})

    live = b"".join(written(Live(project), FORMATS["parquet"], said))
    lines = b"".join(write(map(json.loads, Live(project).lines()), said))

    def tables(data: bytes) -> dict[str, Any]:
        with ZipFile(BytesIO(data)) as archive:
            return {
                name: pq.read_table(BytesIO(archive.read(name))).to_pylist()
                for name in archive.namelist()
                if name.endswith(".parquet")
            }

    assert tables(live) == tables(lines)
    assert len(tables(live)["articles/train-00000.parquet"]) == 2


def test_gold_can_be_chosen_and_practice_never_goes_out() -> None:
    layer = make_layer()
    make_annotation(layer)
    project = layer.project
    Layer.objects.filter(pk=layer.pk).update(
        kind="gold", name="gold", annotator=None, slot=None, submitted_at="2026-01-01T00:00Z"
    )
    practice = make_layer(layer.article)
    make_annotation(practice)
    Layer.objects.filter(pk=practice.pk).update(kind="practice", slot=None)

    def layers(query: str) -> set[str]:
        record = json.loads(received(asked(project, f"?layers={query}")))
        return {one["layer"] for one in record["annotations"]}

    assert (layers("all"), layers("gold"), layers("submitted")) == ({"gold"}, {"gold"}, set())
    assert asked(project, f"?layers={practice.name}").status_code == 422


def test_whoever_was_cut_off_goes_on_after_the_last_line() -> None:
    project = make_project()
    for day in ("Monday", "Tuesday", "Wednesday"):
        make_article(project, f"It rained on {day}.")
    first, *rest = received(asked(project)).splitlines(keepends=True)

    following = received(asked(project, f"?after={json.loads(first)['id']}"))

    assert following == b"".join(rest)


@pytest.mark.django_db(transaction=True)
def test_what_did_not_change_is_not_sent_again() -> None:
    article = make_article()
    first = asked(article.project)
    received(first)

    again = asked(article.project, **{"If-None-Match": first["ETag"]})
    other = asked(article.project, "?format=csv", **{"If-None-Match": first["ETag"]})
    Article.objects.filter(pk=article.pk).update(embargo_until="2100-01-01T00:00Z")
    gated = asked(article.project, **{"If-None-Match": first["ETag"]})

    assert (again.status_code, other.status_code, gated.status_code) == (304, 200, 200)
    assert (again["ETag"], again.content) == (first["ETag"], b"")
    assert first["ETag"].startswith('W/"')
    received(other), received(gated)


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", ""),
        ("gzip, deflate, br", "gzip"),
        ("gzip, zstd", "zstd"),
        ("zstd;q=0.5, gzip;q=0.8", "gzip"),
        ("gzip;q=0, identity", ""),
        ("*", "zstd"),
        ("gzip;q=0.2, identity;q=0.9", ""),
        ("gzip;q=nonsense", ""),
    ],
)
def test_the_encoding_is_what_the_reader_likes_best(header: str, encoding: str) -> None:
    project, lines = make_export()

    response = asked(project, **{"Accept-Encoding": header})

    decoded: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        "gzip": gzip.decompress,
        "zstd": zstandard.ZstdDecompressor().decompressobj().decompress,
    }
    assert accepted(header) == encoding
    assert decoded[encoding](received(response)) == lines
    assert response.get("Content-Encoding", "") == encoding


def test_the_line_in_the_document_can_be_brought_in() -> None:
    call = api.get_openapi_schema()["paths"]["/api/v1/projects/{slug}/export"]["get"]

    record = json.loads(call["responses"]["200"]["content"]["application/x-ndjson"]["example"])

    assert parse_record(record).incoming.story == "east-quay"
    assert record.keys() == ArticleRecord.__annotations__.keys()


def test_an_archive_is_not_compressed_again() -> None:
    project, _ = make_export()

    response = asked(project, "?format=parquet", **{"Accept-Encoding": "gzip, zstd"})

    assert "Content-Encoding" not in response
    assert ZipFile(BytesIO(received(response))).testzip() is None


def test_head_tells_of_the_file_without_it() -> None:
    project, _ = make_export()

    response = client_of(project).head(api_address(project))

    assert (response.status_code, received(response)) == (200, b"")
    assert response["Content-Disposition"].endswith('.jsonl"')
    assert response["ETag"]


@pytest.mark.django_db(transaction=True)
def test_whoever_stops_reading_frees_the_connection() -> None:
    project = make_project()
    for day in ("Monday", "Tuesday", "Wednesday"):
        make_article(project, f"It rained on {day}. " * 50_000)
    response = asked(project)
    next(iter(response))

    response.close()

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert not connection.in_atomic_block
