"""What of the feed touches no database: cursors, news, addresses, signatures."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.feed.cursors import Cursor, check_of, read_cursor
from articles.feed.errors import AddressRefused, CursorMalformed
from articles.feed.news import News, brings_text, news_of, turns_a_gate
from articles.feed.posting import checked_address
from articles.feed.signing import secret_of, signature

checks = st.text("0123456789abcdef", min_size=8, max_size=8)
cursors = st.builds(Cursor, st.integers(1, 10**18 - 1), checks, st.booleans())
WEBHOOK = UUID("019ab0c4-5f1e-7c3a-9a57-2f6d0e8b1c44")


@given(cursors)
def test_a_cursor_is_read_as_it_was_written(cursor: Cursor) -> None:
    assert read_cursor(str(cursor)) == cursor
    assert len(str(cursor)) <= 60


@given(st.text(max_size=30))
def test_whatever_else_is_said_is_no_cursor(text: str) -> None:
    with suppress(CursorMalformed):
        assert str(read_cursor(text)) == text


def test_an_event_with_another_time_has_another_check() -> None:
    first, second = (datetime(2026, 11, 22, 9, 30, 0, at, tzinfo=UTC) for at in (1, 2))

    assert check_of(7, "article.held", first) != check_of(7, "article.held", second)


def change(table: str, before: Any, after: Any, row_id: str = "A1") -> dict[str, Any]:
    return {"table": table, "id": row_id, "before": before, "after": after}


LIVE, DELETED = {"article_id": "T1", "deleted_at": None}, {"article_id": "T1", "deleted_at": "x"}


@pytest.mark.parametrize(
    ("before", "after", "action"),
    [
        (None, LIVE, "created"), (LIVE, LIVE, "updated"), (LIVE, DELETED, "deleted"),
        (DELETED, LIVE, "created"), (LIVE, None, "deleted"), (DELETED, DELETED, None),
        (None, DELETED, None),
    ],
)  # fmt: skip
def test_a_row_is_news_by_whether_it_stood_and_stands(before: Any, after: Any, action: Any) -> None:
    expected = [News("annotation", "A1", action, "T1")] if action else []

    assert news_of([change("annotation", before, after)], "T1") == expected


def test_parts_are_news_of_the_whole_which_is_told_once_and_first() -> None:
    article = change("article", None, {"id": "T1"}, "T1")
    revision = change("revision", None, {"article_id": "T1"}, "R1")
    blocks = [change("block", None, {"revision_id": "R1"}, f"B{n}") for n in range(3)]
    layer = change("layer", None, {"article_id": "T1"}, "7")

    changes = [layer, revision, *blocks, article]

    assert [(one.kind, one.action) for one in news_of(changes, "T1")] == [
        ("article", "created"), ("layer", "created")
    ]  # fmt: skip
    assert brings_text(changes)
    assert not brings_text([article])


def test_what_is_between_people_is_no_news() -> None:
    tables = ("comment", "notice", "membership", "apitoken", "invitation", "review", "webhook")

    assert news_of([change(one, None, {"article_id": "T1"}) for one in tables], "T1") == []


def test_a_gate_turns_when_what_it_hangs_on_changes() -> None:
    free, held = {"held_at": None, "title": "A"}, {"held_at": "x", "title": "A"}

    assert turns_a_gate([change("article", free, held)])
    assert turns_a_gate([change("article", held, free)])
    assert not turns_a_gate([change("article", free, {**free, "title": "B"})])
    assert not turns_a_gate([change("article", None, held)])


@pytest.mark.parametrize(
    "url",
    [
        "", "http://data.example.org/", "https://", "ftp://data.example.org/", "data.example.org",
        "https://localhost/", "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/",
        "https://169.254.169.254/latest/", "https://db.internal/", "https://db.internal./",
        "https://newsdesk/",
        "https://[::ffff:10.0.0.1]/", "https://ada:secret@data.example.org/",
        "https://data.example.org/#top", "https://data.example.org:99999/",
        "https://data.example.org/a b", "https://[::1", "https://data.example.org/\\x",
        "https://dätä.example.org/", "https://data.example.org/" + "x" * 2000,
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_https_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        checked_address(url)


@pytest.mark.parametrize(
    "url", ["https://data.example.org/hook?desk=1", "https://1.1.1.1:8443/", " https://a.example "]
)
def test_a_public_address_is_taken_without_the_space_around_it(url: str) -> None:
    assert checked_address(url) == url.strip()


def test_the_signature_is_what_the_documents_say() -> None:
    # Computed by: printf '1763802600.{}' | openssl dgst -sha256 -hmac nd_whs_secret
    expected = "8a29bafce96913b2b2124038bc33e59e23d53e84ea8cdef72e0b3b7cfdfca8f3"

    assert signature("nd_whs_secret", 1763802600, b"{}") == f"v1={expected}"


def test_each_webhook_and_each_generation_has_a_secret_of_its_own() -> None:
    other = UUID(int=WEBHOOK.int + 1)
    secrets = {
        secret_of("key", WEBHOOK, 1), secret_of("key", WEBHOOK, 2), secret_of("key", other, 1),
        secret_of("another key", WEBHOOK, 1),
    }  # fmt: skip

    assert len(secrets) == 4
    assert {len(one) for one in secrets} == {len("nd_whs_") + 43}
