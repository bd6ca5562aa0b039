"""What another program sends, read and settled: against slow and obvious oracles."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.annotations.errors import QuoteMismatch
from articles.text.spans import Span
from articles.w3c.errors import NotAnAnnotation, QuoteAmbiguous
from articles.w3c.received import OWNED, Target, receive
from articles.w3c.target_queries import settled
from newsdesk.errors import Invalid

texts = st.text("ab📰", max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
MEMBERS = (
    "@context", "id", "type", "target", "body", "bodyValue", "motivation", "via", "creator",
    "selector", "state", "source", "exact", "start", "end", "canonical", "rights",
)  # fmt: skip
anything = st.dictionaries(st.sampled_from(MEMBERS), json_values, max_size=6)


def target(exact: str | None, *, prefix: str = "", suffix: str = "", at: Any = None) -> Target:
    start, end = at or (None, None)
    return Target("", exact, prefix, suffix, start, end, [], {})


@given(texts, texts.filter(bool), st.text("ab📰", max_size=2), st.text("ab📰", max_size=2))
def test_a_quote_settles_where_it_stands_alone_between_prefix_and_suffix(
    text: str, exact: str, prefix: str, suffix: str
) -> None:
    places = [
        start
        for start in range(len(text))
        if text[start : start + len(exact)] == exact
        and text[:start].endswith(prefix)
        and text[start + len(exact) :].startswith(suffix)
    ]
    sent = target(exact, prefix=prefix, suffix=suffix)

    if len(places) == 1:
        assert settled(sent, text) == Span(places[0], places[0] + len(exact))
    else:
        with pytest.raises(QuoteAmbiguous if places else QuoteMismatch):
            settled(sent, text)


@given(texts, texts, st.integers(0, 15), st.integers(0, 15))
def test_a_position_settles_where_its_quote_stands_if_it_has_one(
    text: str, exact: str, start: int, end: int
) -> None:
    fits = start < end <= len(text)

    for quote in (None, exact):
        if fits and quote in (None, text[start:end]):
            assert settled(target(quote, at=(start, end)), text) == Span(start, end)
        else:
            with pytest.raises(Invalid):
                settled(target(quote, at=(start, end)), text)


@given(anything, anything)
def test_whatever_is_sent_is_refused_or_kept_without_what_the_server_owns(
    sent: dict[str, Any], inner: dict[str, Any]
) -> None:
    for whole in (sent, {**sent, "type": "Annotation", "target": inner}):
        try:
            received = receive(whole)
        except NotAnAnnotation:
            continue
        given = {key: value for key, value in whole.items() if key not in (*OWNED, "@id", "via")}
        kept = {key: value for key, value in received.document.items() if key != "via"}
        assert {"type": "Annotation", **kept} == given


@pytest.mark.parametrize(
    ("former", "via", "kept"),
    [
        ("urn:x:1", None, "urn:x:1"),
        ("urn:x:1", "urn:x:0", ["urn:x:0", "urn:x:1"]),
        ("urn:x:1", ["urn:x:1"], ["urn:x:1"]),
        ("urn:own", None, None),
        (None, "urn:x:0", "urn:x:0"),
    ],
)
def test_the_id_that_it_had_is_kept_as_via(former: Any, via: Any, kept: Any) -> None:
    sent = {"type": "Annotation", "target": "urn:t", "id": former, "via": via}

    received = receive({key: value for key, value in sent.items() if value}, own_iri="urn:own")

    assert received.document.get("via") == kept
