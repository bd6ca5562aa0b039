"""The pure JavaScript modules in Chromium, held against their Python twins."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Route

from articles.text.spans import Span
from articles.text.words import words as python_words

type Evaluate = Callable[[str, Any], Any]

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
PAGE = """<!doctype html><script type="importmap">{"imports": {
  "newsdesk/offsets": "/offsets.js", "newsdesk/words": "/words.js"}}</script>"""

texts = st.text(st.characters(codec="utf-8") | st.sampled_from("é👩‍👩‍👧☕ 記者שלום“”.'£"))
quickly = hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def evaluate(browser: Browser) -> Iterator[Evaluate]:
    """Run an expression that uses the modules ``offsets`` and ``words``, and ``given``."""

    def serve(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name:
            route.fulfill(body=(SCRIPTS / name).read_text(), content_type="text/javascript")
        else:
            route.fulfill(body=PAGE, content_type="text/html")

    page = browser.new_page()
    page.route("**/*", serve)
    page.goto("http://modules.test/")

    def evaluate(expression: str, given: Any) -> Any:
        return page.evaluate(
            """async (given) => {
              const offsets = await import("newsdesk/offsets")
              const words = await import("newsdesk/words")
              return EXPRESSION
            }""".replace("EXPRESSION", expression),
            given,
        )

    yield evaluate
    page.close()


@quickly
@given(text=texts)
def test_offsets_are_those_of_python(evaluate: Evaluate, text: str) -> None:
    every_offset = range(len(text) + 1)

    units = evaluate(
        "[...Array(given[1]).keys()].map((at) => offsets.toUtf16(given[0], at))",
        [text, len(text) + 1],
    )
    back = evaluate("given[1].map((at) => offsets.toCodePoints(given[0], at))", [text, units])

    assert units == [len(text[:offset].encode("utf-16-le")) // 2 for offset in every_offset]
    assert back == list(every_offset)


@quickly
@given(text=texts, start=st.integers(0, 1_000))
def test_words_are_apart_in_order_and_not_blank(evaluate: Evaluate, text: str, start: int) -> None:
    found = evaluate("words.words(given[0], 'en', given[1])", [text, start])

    spans = [(word["start"] - start, word["end"] - start) for word in found]
    assert [text[a:b] for a, b in spans] == [word["segment"].rstrip() for word in found]
    assert all(text[a:b].strip() for a, b in spans)
    assert all(end <= following for (_, end), (following, _) in pairwise(spans))


PIECES = [
    *"abéßЖقكहि07 .,;:!?'’‘“”«»\"()[]-–—/%&@#£$+=<|\n\u0301\u0323",
    "Zoë",
    "don’t",
    "3.5",
    "first_last",
]
EMOJI = [*"📰☕🌊❤️", "👩🏽‍🌾", "👩‍👩‍👧‍👦", "🇪🇺", "🏳️‍🌈", "1️⃣", "👍🏿"]


@quickly
@given(text=st.lists(st.sampled_from(PIECES + EMOJI)).map("".join))
def test_the_words_of_python_are_the_same(evaluate: Evaluate, text: str) -> None:
    found = evaluate("words.words(given, 'en', 0)", text)

    assert [Span(word["start"], word["end"]) for word in found] == python_words(text)


@quickly
@given(text=texts)
def test_no_letter_is_outside_the_words(evaluate: Evaluate, text: str) -> None:
    found = evaluate("words.words(given, 'en', 0)", text)

    inside = {at for word in found for at in range(word["start"], word["end"])}
    assert [text[at] for at in range(len(text)) if text[at].isalpha() and at not in inside] == []


@quickly
@given(text=texts)
def test_sentences_hold_all_but_white_space(evaluate: Evaluate, text: str) -> None:
    found = evaluate("words.sentences(given, 'en', 0)", text)

    said = "".join(text[sentence["start"] : sentence["end"]] for sentence in found)
    assert "".join(said.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "“Nobody asked us, not once,” she said.", "“ Nobody asked us not once ” she said"),
        ("en", "the Pilot café ☕ (Argus)", "the Pilot café ☕ ( Argus )"),
        ("ja", "市長が資料を公開。", "市長 が 資料 を 公開"),
        ("ar", "قال رئيس البلدية", "قال رئيس البلدية"),
        ("", "no language", "no language"),
    ],
)
def test_the_cursor_stops_where_editors_aim(
    evaluate: Evaluate, language: str, text: str, words: str
) -> None:
    found = evaluate("words.words(given[0], given[1], 0)", [text, language])

    assert [text[word["start"] : word["end"]] for word in found] == words.split()
