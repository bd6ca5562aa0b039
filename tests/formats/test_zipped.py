"""Archives: what the library reads back is what went in, and the same goes in as the same bytes."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st

from articles.formats.zipped import zipped

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"),
                min_size=1, max_size=20)  # fmt: skip
ENTRIES = st.dictionaries(NAMES, st.lists(st.binary(max_size=50), max_size=4), max_size=5)


@given(ENTRIES)
def test_an_archive_holds_the_files_that_went_in(entries: dict[str, list[bytes]]) -> None:
    data = b"".join(zipped(entries.items()))

    with ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {name: b"".join(pieces) for name, pieces in entries.items()}
    assert b"".join(zipped(entries.items())) == data


def test_an_archive_is_written_while_its_files_are_read() -> None:
    read: list[str] = []

    def entries() -> Iterator[tuple[str, list[bytes]]]:
        yield "first", [b"1"]
        read.append("second")
        yield "second", [b"2"]

    assert b"1" in next(zipped(entries()))
    assert read == []
