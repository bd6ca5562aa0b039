"""CSV goes out: an annotation a row, and nothing that a spreadsheet would calculate."""

import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.formats.csv_rows import guarded, read, unguarded, write
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


@given(st.lists(records(), max_size=3, unique_by=lambda record: record["id"]))
def test_what_was_written_is_read_again(given: list[ArticleRecord]) -> None:
    found = list(read(BytesIO(b"".join(write(given, ABOUT)))))

    assert not [one.problem for one in found if one.problem]
    read_again = [one.record for one in found if one.record]
    for record, again in zip(given, read_again, strict=True):
        for name in ("text", "title", "revision", "sha256", "metadata", "language", "story"):
            assert again[name] == record[name]
        assert [{"note": "", **one} for one in again["annotations"]] == record["annotations"]


@pytest.mark.parametrize(("column", "value"), [("start", "two"), ("attributes", "{"), ("end", "")])
def test_an_article_that_was_damaged_is_named_and_the_next_is_read(column: str, value: str) -> None:
    text = "It rained, it poured."
    articles = [article_record(text, [annotation_record(text, 0, 2)], number=n) for n in (1, 2)]
    rows = rows_of(articles)
    rows[0][column] = value
    file = StringIO(newline="")
    table = csv.DictWriter(file, list(rows[0]))
    table.writeheader()
    table.writerows(rows)

    first, second = read(BytesIO(file.getvalue().encode()))

    assert (first.number, first.problem) == (
        2, "Row 2 has a number or JSON that cannot be read.",
    )  # fmt: skip
    assert second.record


def test_an_article_without_annotations_is_a_row_without_a_span() -> None:
    (row,) = rows_of([article_record("Nothing was said.")])

    assert (row["text"], row["label"], row["start"], row["quote"]) == (
        "Nothing was said.", "", "", "",
    )  # fmt: skip


def test_the_text_stands_in_the_first_row_alone() -> None:
    text = "It rained, it poured."
    said = [annotation_record(text, 0, 2), annotation_record(text, 3, 9, "quote")]

    assert [row["text"] for row in rows_of([article_record(text, said)])] == [text, ""]
