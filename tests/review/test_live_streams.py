"""What waits for a page: told once, never without limit, and a heartbeat when there is nothing."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk import live_streams
from newsdesk.live_streams import (
    MOST,
    MOST_EACH,
    MOST_WAITING,
    Reader,
    Stream,
    Streams,
    TooManyStreams,
)

ARTICLE = UUID(int=1)


def stream_of(user: int = 1, project: int = 1, article: UUID | None = None) -> Stream:
    return Stream(Reader(f"session of {user}", user, project, "quay", article))


def events(text: bytes) -> list[dict[str, Any]]:
    """The changes in a piece of a stream."""
    parts = text.decode().split("\n\n")
    assert parts.pop() == ""
    for part in parts:
        assert part.startswith("event: changed\ndata: ")
    return [json.loads(part.partition("data: ")[2]) for part in parts]


def next_of(stream: Stream) -> bytes:
    """What it has next; in a thread of its own: a browser that a test opened has a loop in ours."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, stream.next()).result()


@given(st.lists(st.tuples(st.sampled_from([uuid4() for _ in range(40)]), st.none() | st.just(7))))
def test_each_change_is_told_once_or_the_page_is_told_to_look(
    told: list[tuple[UUID, int | None]],
) -> None:
    stream = stream_of()
    stream.check_soon()  # so that it does not wait where there is nothing

    for article, layer in told:
        stream.tell(article, layer)

    once = [{"article": str(article), "layer": layer} for article, layer in dict.fromkeys(told)]
    look = [{"article": None, "layer": None}]
    assert events(next_of(stream)) == (once if len(once) <= MOST_WAITING else look)


def test_a_page_that_takes_nothing_has_little_waiting() -> None:
    stream = stream_of()

    for _ in range(10_000):
        stream.tell(uuid4(), None)

    assert events(next_of(stream)) == [{"article": None, "layer": None}]


def test_silence_is_broken_by_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_streams, "HEARTBEAT", 0.01)

    assert next_of(stream_of()) == b":\n\n"


def test_who_waits_for_work_looks_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_streams, "HEARTBEAT", 0.01)
    waiting = Stream(Reader("session", 1, 1, "quay", works=frozenset([ARTICLE])))

    assert events(next_of(waiting)) == [{"article": None, "layer": None}]


def test_readers_are_checked_within_a_minute_and_when_asked_for() -> None:
    stream = stream_of()
    assert not stream.must_be_checked()

    stream.check_soon()

    assert [stream.must_be_checked(), stream.must_be_checked()] == [True, False]
    assert live_streams.HEARTBEAT + live_streams.CHECK_AFTER <= 60


def test_a_process_and_a_reader_have_their_limits() -> None:
    streams = Streams()
    for number in range(MOST - 1):
        streams.add(stream_of(user=1 + number % 400, project=number % 3))
    for _ in range(MOST_EACH - 2):
        streams.discard(next(one for one in streams if one.reader.user > 1))
        streams.add(stream_of(user=1))

    with pytest.raises(TooManyStreams, match="You have too many pages open"):
        streams.add(stream_of(user=1))
    streams.add(stream_of(user=2))
    with pytest.raises(TooManyStreams, match="Too many pages are listening"):
        streams.add(stream_of(user=3))


def test_whoever_has_an_article_open_is_here_once() -> None:
    streams = Streams()
    pages = [stream_of(), stream_of(article=ARTICLE), stream_of(article=ARTICLE)]
    for page in [*pages, stream_of(user=2, article=ARTICLE)]:
        streams.add(page)

    assert streams.present() == {(1, ARTICLE, 1), (1, ARTICLE, 2)}
    streams.discard(pages[1])
    assert (1, ARTICLE, 1) in streams.present()
    streams.discard(pages[2])
    assert streams.present() == {(1, ARTICLE, 2)}


def test_stopping_ends_all_and_lets_no_more_in() -> None:
    streams = Streams()
    page = stream_of()
    streams.add(page)

    streams.stop()

    assert page.is_over
    assert next_of(page) == b""
    with pytest.raises(TooManyStreams):
        streams.add(stream_of())
