"""What a page shows of a text with annotations, and that a change repaints the same."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.annotations.errors import DuplicateAnnotation, DuplicateRelation
from articles.annotations.models import LONG_SPAN, Annotation
from articles.annotations.painting import (
    KICKERS,
    NOTE_LENGTH,
    Labelled,
    Link,
    Painted,
    Part,
    named,
    paint,
    shortened,
)
from articles.annotations.queries import painted_blocks, painted_page
from articles.desk.models import User
from articles.review.talk_services import add_comment
from articles.text.blocks import BlockKind
from tests.desk.people import manager_of
from tests.factories import blocks_cut, make_annotation, make_article, make_layer, make_relation

LETTERS = "ab é\u0301 \n\n\n📰👩‍🚀🏽שלا日本<&\"'"
texts = st.text(LETTERS, min_size=1, max_size=60)


def part(text: str, position: int, since: int, until: int) -> Part:
    """A part as the queries cut it: without the white space at its end."""
    words = text[since:until]
    start = since + len(words) - len(words.lstrip("\n"))
    end = max(start, since + len(words.rstrip()))
    return Part(f"p{position}", position, "paragraph", since, until, start, end, version=1)


@st.composite
def annotated_texts(draw: st.DrawFn) -> tuple[str, list[Part], list[Labelled]]:
    """A text in parts, with annotations anywhere: across parts, and in the gaps between them."""
    text = draw(texts)
    offsets = st.integers(0, len(text))
    edges = sorted({0, len(text), *draw(st.lists(offsets, max_size=5))})
    parts = [part(text, n, *ends) for n, ends in enumerate(pairwise(edges), start=1)]
    spans = draw(st.lists(st.tuples(offsets, offsets).map(sorted), max_size=8))
    labelled = [
        Labelled(f"a{n}", "quote", "Quote", start, end, version=1, unsure=draw(st.booleans()))
        for n, (start, end) in enumerate(spans)
        if start < end
    ]
    return text, parts, labelled


def painted(text: str, parts: list[Part], labelled: list[Labelled]) -> list[Painted]:
    return paint(parts, labelled, [], lambda start, end: text[start:end])


@given(annotated_texts())
def test_the_marks_of_a_block_are_its_text_to_the_character(
    drawn: tuple[str, list[Part], list[Labelled]],
) -> None:
    text, parts, labelled = drawn
    blocks = painted(text, parts, labelled)

    shown = ["".join(mark.text for mark in block.marks) for block in blocks]

    assert shown == [text[one.start : one.end] for one in parts]


@given(annotated_texts())
def test_each_character_on_the_page_carries_what_is_over_it(
    drawn: tuple[str, list[Part], list[Labelled]],
) -> None:
    text, parts, labelled = drawn
    for block in painted(text, parts, labelled):
        at = block.part.start
        for mark in block.marks:
            for _ in mark.text:
                over = {one.id for one in labelled if one.start <= at < one.end}
                unsure = any(one.unsure for one in labelled if one.id in over)
                assert (set(mark.over), mark.unsure) == (over, unsure)
                at += 1


@given(annotated_texts())
def test_each_annotation_has_one_note_at_the_block_where_it_starts(
    drawn: tuple[str, list[Part], list[Labelled]],
) -> None:
    text, parts, labelled = drawn
    noted = Counter(
        (block.part.id, note.id) for block in painted(text, parts, labelled) for note in block.notes
    )

    assert noted == Counter(
        (one.id, annotation.id)
        for one in parts
        for annotation in labelled
        if one.since <= annotation.start < one.until
    )


def test_an_annotation_of_the_gap_between_two_blocks_is_listed_all_the_same() -> None:
    text = "One.\n\nTwo."
    parts = [part(text, 1, 0, 6), part(text, 2, 6, 10)]
    gap = Labelled("gap", "quote", "Quote", 4, 6, version=1)

    first, second = painted(text, parts, [gap])

    assert [note.id for note in first.notes] == ["gap"]
    assert second.notes == ()
    assert [mark.over for mark in (*first.marks, *second.marks)] == [(), ()]


def test_a_chip_numbers_the_links_and_counts_what_found_no_lane() -> None:
    text = "abcdefgh"
    labelled = [Labelled(f"{n}", "quote", "Quote", 0, 8 - n, version=1) for n in range(5)]
    links = [
        Link("r1", 2, "0", "1", "Quote", "bcd", version=1),
        Link("r2", 3, "0", None, "Quote", "A neighbour", version=1),
    ]

    (block,) = paint([part(text, 1, 0, 8)], labelled, links, lambda start, end: text[start:end])

    assert block.marks[0].chip == "Q →2,3 Q 2← Q Q Q +2"
    assert block.notes[0].say == "Quote, abcdefgh, linked to bcd, linked to A neighbour"
    assert block.notes[1].say == "Quote, abcdefg, source of 1 quote"


@given(st.text("ab \n,;", max_size=40), st.integers(5, 30))
def test_a_shortened_text_is_one_line_of_its_first_words(words: str, length: int) -> None:
    line = " ".join(words.split())
    short = shortened(words, length)

    assert len(short) <= length
    assert short == line if len(line) <= length else line.startswith(short.removesuffix("…"))
    assert shortened(words, length, goes_on=True).endswith("…")


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_span_is_named_by_its_beginning(start: int, length: int) -> None:
    assert named(start, start + length) == (start, start + min(length, 120))
    assert NOTE_LENGTH < 120


def test_every_kicker_is_of_a_kind_that_there_is() -> None:
    assert set(KICKERS) <= {kind.value for kind in BlockKind}


# --- the blocks that a change repaints are what the whole page shows ------------------------------

#: More than two long spans; white space in runs; letters of one, two and more UTF-16 units.
BODY = "".join(
    f"Line {n} says “no” 📰 to {'the' + ' ' * 70 + 'quay' if n % 7 == 0 else 'it'}.\n\n"
    for n in range(LONG_SPAN // 10)
)
ends = st.integers(0, len(BODY))
spans_near = st.tuples(ends, st.integers(1, 60))
spans_far = st.tuples(ends, st.integers(LONG_SPAN - 2, 2 * LONG_SPAN))
some_spans = st.lists(
    (spans_near | spans_far)
    .map(lambda pair: (pair[0], min(sum(pair), len(BODY))))
    .filter(lambda span: span[0] < span[1]),
    min_size=1,
    max_size=12,
)


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_blocks_of_a_change_are_those_of_the_whole_page(data: st.DataObject) -> None:
    cuts = data.draw(st.lists(ends, max_size=25))
    article = make_article(text=BODY, blocks=blocks_cut(BODY, cuts))
    layer = make_layer(article)
    made: list[Annotation] = []
    for span in data.draw(some_spans):
        label = data.draw(st.sampled_from(["quote", "source"]))
        try:
            made.append(make_annotation(layer, span=span, label=label))
        except DuplicateAnnotation:
            continue
    actor = manager_of(article.project)
    _join(data, made, actor)
    changed = data.draw(st.lists(st.sampled_from(made), min_size=1, max_size=3))
    spans = [(one.start, one.end) for one in changed]

    repainted = painted_blocks(layer, article.revision_id, spans)

    whole = painted_page(layer, article.revision)
    assert repainted == [
        block
        for block in whole
        if any(start < block.part.until and end > block.part.since for start, end in spans)
    ]


def _join(data: st.DataObject, made: list[Annotation], actor: User) -> None:
    """Links from quotes to sources and to names, and a comment."""
    quotes = [one for one in made if one.label.key == "quote"]
    sources = [one for one in made if one.label.key == "source"]
    for quote in quotes:
        is_named, is_linked = data.draw(st.tuples(st.booleans(), st.booleans()))
        try:
            if sources and not is_named:
                make_relation(source=quote, target=data.draw(st.sampled_from(sources)))
            elif is_linked:
                make_relation(source=quote, target_name="A neighbour")
        except DuplicateRelation:
            continue
    if data.draw(st.booleans()):
        add_comment(actor=actor, on=data.draw(st.sampled_from(made)), body="Is it?")
