"""ZIP archives: whatever can be read in them, and nothing that would hurt."""

import io
import struct
import time
import zipfile
from collections.abc import Mapping

import pytest

from articles.formats import archive, brat_reader, unzipping
from articles.formats.archive import read
from articles.formats.guessing import guess
from articles.formats.shapes import Found, Read

STORY = "Quay opens\n\nThe quay opened on Monday."


def zipped(files: Mapping[str, str | bytes], *, stored: bool = False) -> bytes:
    out = io.BytesIO()
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w", how) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return out.getvalue()


def found_in(data: bytes) -> list[Found]:
    return list(read(io.BytesIO(data)))


def test_files_of_any_format_are_counted_through() -> None:
    files = {
        "a/story.txt": STORY,
        "__MACOSX/a/._story.txt": "x",
        "lines.jsonl": '{"text": "One."}\n\n{broken\n',
        "table.csv": "text\nTwo.\n",
        "empty/": "",
        "Über.txt": STORY,
    }

    found = found_in(zipped(files))

    assert [one.number for one in found] == [1, 2, 3, 4, 5]
    assert [one.said for one in found] == [
        "From a/story.txt.", "From lines.jsonl.", "From lines.jsonl, 3.", "From table.csv, 2.",
        "From Über.txt.",
    ]  # fmt: skip
    assert found[2].problem.startswith("lines.jsonl, 3: This line is not JSON")
    assert [one.record["text"] for one in found if one.record] == [STORY, "One.", "Two.", STORY]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("inner.zip", b"PK", "archive_nested"),
        ("film.mp4", b"\0", "format_unknown"),
        ("bomb.txt", b"a" * 20_000_000, "archive_too_large"),
        ("empty.txt", b"", "text_empty"),
    ],
)
def test_a_file_that_is_not_read_is_named_and_the_next_one_is_read(
    name: str, data: bytes, code: str
) -> None:
    bad, good = found_in(zipped({name: data, "story.txt": STORY}))

    assert (bad.code, name in bad.problem) == (code, True)
    assert good.record == {"text": STORY}


def test_names_are_never_places_on_a_disk(tmp_path: object) -> None:
    names = ["../../../etc/cron.d/x.txt", "/etc/x.txt", "C:\\x.txt", "a\x01.txt"]

    found = found_in(zipped(dict.fromkeys(names, STORY)))

    assert [one.record for one in found] == [{"text": STORY}] * 4


def test_what_an_archive_says_of_its_sizes_is_not_believed() -> None:
    data = bytearray(zipped({"bomb.txt": b"a" * 20_000_000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)  # “ten bytes, really”

    (found,) = found_in(bytes(data))

    assert found.code in ("archive_too_large", "archive_broken", "not_text")


def test_all_files_together_may_not_be_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST", 100)

    found = found_in(zipped({f"{n}.txt": STORY for n in range(4)}))

    assert [bool(one.record) for one in found] == [True, True, False, False]


def test_too_many_files_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unzipping, "MOST_FILES", 2)

    (found,) = found_in(zipped({f"{n}.txt": STORY for n in range(3)}))

    assert found.code == "archive_too_large"


@pytest.mark.parametrize("read", [archive.read, brat_reader.read])
def test_a_list_of_files_that_would_fill_the_memory_is_not_read(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = zipped({f"{n}.txt": STORY for n in range(2_000)})
    monkeypatch.setattr(unzipping, "LARGEST_LIST", 90_000)

    (found,) = read(io.BytesIO(data))

    assert (found.code, found.problem) == (
        "archive_too_large", "This archive has far too many files.",
    )  # fmt: skip
    assert guess("a.zip", io.BytesIO(data)) == "zip"


def test_an_encrypted_file_is_refused() -> None:
    data = bytearray(zipped({"secret.txt": STORY}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1

    (found,) = found_in(bytes(data))

    assert found.code == "archive_encrypted"


def test_names_without_the_flag_may_be_utf_8() -> None:
    data = zipped({"Über.txt": STORY})
    for signature, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        at = data.index(signature) + offset
        data = data[:at] + bytes([data[at] & ~0x08]) + data[at + 1 :]

    assert found_in(data)[0].said == "From Über.txt."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"application/ld+json " * 20_000),
        ("a.json", b'{"text": "' + b'\\"' * 200_000),
        ("a.json", b'{"' * 200_000),
        ("a.json", b'{"a\\' * 100_000),
    ],
    ids=["scripts", "quotes", "keys", "escapes"],
)
def test_no_file_is_looked_at_for_long(name: str, data: bytes) -> None:
    begun = time.process_time()

    guess(name, io.BytesIO(data))

    assert time.process_time() - begun < 2


@pytest.mark.parametrize("cut", [10, 100, -5])
def test_a_broken_archive_says_so(cut: int) -> None:
    (found,) = found_in(zipped({"a.txt": STORY * 20}, stored=True)[:cut])

    assert found.record is None


def test_content_that_was_damaged_is_said_and_the_next_file_is_read() -> None:
    data = bytearray(zipped({"a.txt": STORY, "b.txt": STORY}, stored=True))
    data[data.index(b"Quay")] ^= 0xFF

    bad, good = found_in(bytes(data))

    assert (bad.code, good.record) == ("archive_broken", {"text": STORY})


@pytest.mark.parametrize(
    ("name", "data", "wanted"),
    [
        ("a.txt", b"x", "txt"),
        ("a.txt", b" <!DOCTYPE html><p>", "html"),
        ("a.html", b"<p>", "html"),
        ("a.html", b'<script type="application/ld+json">{"articleBody": ""}', "newsarticle"),
        ("a.html", b'{"articleBody": ""}<script type="application/ld+json">', "html"),
        ("a.jsonl", b'{"text": "x", "label": [[0, 1, "A"]]}', "doccano"),
        ("a.jsonl", b'{"text": "x", "spans": []}', "prodigy"),
        ("a.jsonl", b'{"text": "x", "annotations": []}', "jsonl"),
        ("a.jsonl", b'{"text": "x"}', "jsonl"),
        ("a.json", b'[{"data": {"text": "x"}, "annotations": []}]', "labelstudio"),
        ("a.json", b'{"uri": "x", "type": "text"}', "ninjs"),
        ("a.json", b'{"@context": "http://www.w3.org/ns/anno.jsonld"}', "w3c"),
        ("a.json", b'{"data": {"text": "' + b"x" * 300_000, None),
        ("a.json", b'{"annotations": [], "data": {"text": "' + b"x" * 300_000, "labelstudio"),
        ("a.json", b'{"annotations": [], "data": "' + b"x" * 300_000, None),
        ("a.json", b'{"type": "body_text", "data": "' + b"x" * 300_000, None),
        ("a.xml", b"<rss>", "feed"),
        ("a.csv", b"text", "csv"),
        ("a.spacy", b"x", "spacy"),
        ("a.exe", b"MZ", None),
        ("", b'{"text": "x"}', "jsonl"),
        ("", b'\xef\xbb\xbf{"text": "x"}', "jsonl"),
        ("", b"One sentence.", "txt"),
        ("a.zip", zipped({"a.txt": "x", "a.ann": "T1"}), "brat"),
        ("a.zip", zipped({"a.txt": "x"}), "zip"),
        ("a.zip", b"no archive", "zip"),
    ],
)
def test_formats_are_told_from_names_and_from_within(
    name: str, data: bytes, wanted: str | None
) -> None:
    assert guess(name, io.BytesIO(data)) == wanted
