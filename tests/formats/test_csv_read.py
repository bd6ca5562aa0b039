"""CSV comes in: encodings, separators, quotes, and rows that are wrong."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.formats.csv_rows import LONGEST_FIELD, guarded, read, unguarded
from articles.formats.shapes import Found

ROWS = [
    {
        "text": "Zoë said: “Çà, et là; voilà”, and the council agreed.\nTwice.",
        "title": "=SUM(A1)",
        "desk": "sport",
    }
]
cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n,;\"\t'=+-@"))


def found_in(data: bytes) -> list[Found]:
    return list(read(io.BytesIO(data)))


def written(separator: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["text", "title", "desk"], delimiter=separator)
    writer.writeheader()
    writer.writerows({key: guarded(value) for key, value in row.items()} for row in ROWS)
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_and_encodings_are_told(separator: str, encoding: str) -> None:
    data = written(separator).encode(encoding)

    assert found_in(data) == [
        Found(2, {"text": ROWS[0]["text"], "title": "=SUM(A1)", "metadata": {"desk": "sport"}})
    ]


@given(cells)
def test_what_is_guarded_against_calculation_comes_back(cell: str) -> None:
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(cell)) == cell


@given(st.lists(cells.filter(str.strip), min_size=1, max_size=5))
def test_any_texts_come_back(texts: list[str]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([["text"], *([guarded(text)] for text in texts)])

    found = found_in(out.getvalue().encode())

    assert [one.record for one in found] == [{"text": text} for text in texts]


def test_days_become_moments_and_what_is_none_is_left_to_be_refused() -> None:
    data = b"text,published_at\na,2024-03-05\nb,last week\nc,\n"

    days = [(one.record or {}).get("published_at") for one in found_in(data)]

    assert days == ["2024-03-05T00:00:00+00:00", "last week", None]


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    found = found_in(b'text,title\n"two\nlines",A\n\nb,B,too,many\nc\n')

    assert [(one.number, bool(one.record)) for one in found] == [(2, True), (4, False), (5, True)]
    assert found[1].problem == "This row has 4 cells, and the header 2."


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "A column “text” is needed. The columns are: none."),
        (b"title,words\n1,2\n", "A column “text” is needed. The columns are: “title”, “words”."),
        (b"PK\x03\x04", "This file is not text: it looks like a ZIP archive."),
        (b"a\0b\0", "This file is not text."),
    ],
)
def test_what_is_no_table_says_so(data: bytes, problem: str) -> None:
    (found,) = found_in(data)

    assert found.problem.startswith(problem)


def test_a_quotation_mark_that_is_never_closed_ends_the_reading() -> None:
    found = found_in(b'text\nOne.\n"' + b"a" * (LONGEST_FIELD + 10) + b"\nTwo.\n")

    assert [(one.number, bool(one.record)) for one in found] == [(2, True), (3, False)]
    assert "a quotation mark may be missing" in found[1].problem


def test_a_large_file_needs_memory_for_a_row() -> None:
    row = ("A sentence of some length. " * 40).encode() + b",title\n"
    file = io.BytesIO(b"text,title\n" + row * 20_000)

    tracemalloc.start()
    count = sum(1 for _ in read(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (count, file.seek(0, 2) > 20_000_000) == (20_000, True)
    assert peak < 4_000_000
