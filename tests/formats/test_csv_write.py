"""CSV goes out: an annotation a row, and nothing that a spreadsheet would calculate."""

import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from articles.formats.csv_rows import guarded, unguarded, write
from articles.formats.shapes import ArticleRecord
from tests.formats.drawn import ABOUT, annotation_record, article_record, records


def rows_of(given: list[ArticleRecord]) -> list[dict[str, str]]:
    written = b"".join(write(given, ABOUT)).decode()
    return [
        {name: unguarded(cell) for name, cell in row.items()}
        for row in csv.DictReader(StringIO(written, newline=""))
    ]


@given(st.lists(records(), max_size=3))
def test_each_annotation_is_a_row_with_its_words(given: list[ArticleRecord]) -> None:
    rows = rows_of(given)

    said = [(row["label"], row["start"], row["end"], row["quote"]) for row in rows if row["label"]]
    assert said == [
        (one["label"], str(one["start"]), str(one["end"]), one["quote"])
        for record in given
        for one in record["annotations"]
    ]
    assert [row["text"] for row in rows if row["text"]] == [record["text"] for record in given]


@given(st.text(max_size=5).map(lambda words: f"={words}") | st.sampled_from("+-@\t\r'") | st.text())
def test_no_cell_is_calculated_and_each_comes_back(words: str) -> None:
    assert guarded(words)[:1] not in ("=", "+", "-", "@", "\t", "\r") or not words
    assert unguarded(guarded(words)) == words


def test_an_article_without_annotations_is_a_row_without_a_span() -> None:
    (row,) = rows_of([article_record("Nothing was said.")])

    assert (row["text"], row["label"], row["start"], row["quote"]) == (
        "Nothing was said.", "", "", "",
    )  # fmt: skip


def test_the_text_stands_in_the_first_row_alone() -> None:
    text = "It rained, it poured."
    said = [annotation_record(text, 0, 2), annotation_record(text, 3, 9, "quote")]

    assert [row["text"] for row in rows_of([article_record(text, said)])] == [text, ""]
