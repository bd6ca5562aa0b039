"""Bytes of a file become the one form of a text, or a sentence that says why not."""

import io
import unicodedata
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.canonical import (
    MAX_TEXT_BYTES,
    canonicalise,
    check_article_text,
    decode,
)
from articles.text.errors import (
    NotText,
    TextEmpty,
    TextError,
    TextTooLong,
    TitleOnly,
    WrongEncoding,
)

any_text = st.text(st.characters(exclude_categories=()))
# Texts full of what canonicalise is about: breaks, marks, letters and accents that compose.
messy_text = st.text(
    st.sampled_from(
        "\r\n\v\f\x85\u2028\u2029\t\0\x1b\x9f\ufeff\ud800\uffff\u00ad\u200d\u200fe\u0301🗞 "
    )
)
letters = st.text(st.characters(categories=["L", "M", "N", "P", "Zs"]))


@given(any_text | messy_text)
def test_a_second_pass_changes_nothing(text: str) -> None:
    once = canonicalise(text)

    assert canonicalise(once) == once


@given(any_text | messy_text)
def test_the_canonical_form_is_composed_and_has_no_controls(text: str) -> None:
    clean = canonicalise(text)

    assert unicodedata.is_normalized("NFC", clean)
    controls = {char for char in clean if unicodedata.category(char) in ("Cc", "Cs")}
    assert controls <= {"\n", "\t"}
    assert not any(ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF for char in clean)
    assert not clean.startswith("\ufeff")
    assert clean.encode().decode() == clean


@given(letters)
def test_printed_characters_are_only_composed(text: str) -> None:
    assert canonicalise(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_every_line_break_becomes_one_line_feed(line_break: str) -> None:
    assert canonicalise(f"Rain{line_break}Wind") == "Rain\nWind"


@pytest.mark.parametrize("marks", ["\u0323\u0301", "\u0344"])
def test_a_letter_keeps_no_more_marks_than_any_writing_has(marks: str) -> None:
    # Putting so many in order would take minutes.
    form = canonicalise("a" + marks * 100_000 + "b")

    assert form[-1] == "b"
    assert len(form) <= 66
    assert canonicalise(form) == form


def test_an_accent_behind_a_removed_control_still_composes() -> None:
    assert canonicalise("caf e\0\u0301") == "caf é"


def test_what_emoji_and_arabic_need_stays() -> None:
    text = "👩\u200d🚒 \u200fمی\u200cخواهم so\u00adft\tend"

    assert canonicalise(text) == text


@given(letters)
def test_utf_8_is_read_with_and_without_its_mark(text: str) -> None:
    assert decode(text.encode()) == text
    assert decode(text.encode("utf-8-sig")) == text


@given(letters, st.sampled_from(["utf-16", "utf-32"]))
def test_a_byte_order_mark_names_the_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "windows-1252") == text


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Der Rat tagt über die Brücke.", "ISO-8859-1"),
        ("“The quay is ours,” she said.", "latin-1"),
        ("Совет заседает в среду.", "windows-1251"),
        ("市議会は水曜日に開かれた。", "Shift_JIS"),
        ("市議会は水曜日に開かれた。", "iso-2022-jp"),
        ("议会于星期三开会。", "gb2312"),
        ("The council sits.", "utf-16-le"),
    ],
)
def test_a_declared_charset_is_believed(text: str, charset: str) -> None:
    encoding = {"ISO-8859-1": "cp1252", "latin-1": "cp1252"}.get(charset, charset)

    assert decode(text.encode(encoding), charset) == text


def test_valid_utf_8_outweighs_a_wrong_declaration() -> None:
    assert decode("Die Brücke am Fluß".encode(), "iso-8859-1") == "Die Brücke am Fluß"


@pytest.mark.parametrize(
    "text",
    [
        "“Nobody asked us,” the mayor’s office said – again.",
        "À Évry, le maire a été hué à l’été.",
    ],
)
def test_western_prose_without_a_declaration_is_read_as_windows_1252(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    "data",
    [
        "Совет заседает в среду.".encode("cp1251"),
        "Rada zwołała posiedzenie, wójt płaci".encode("cp1250"),
        "市議会は水曜日に開かれた。".encode("shift_jis"),
        b"Undefined in Windows-1252: \x81",
        b"\xef\xbb\xbfCut in the middle \xe2\x82",
    ],
)
def test_letters_that_cannot_be_read_are_refused(data: bytes) -> None:
    with pytest.raises(WrongEncoding, match="Save it as UTF-8"):
        decode(data)


def test_a_file_that_is_not_in_its_declared_charset_is_refused_by_name() -> None:
    with pytest.raises(WrongEncoding, match="are not big5"):
        decode(b"Quay \xff\xff", "big5")


@pytest.mark.parametrize("charset", ["rot13", "idna", "no-such-charset", "\0"])
def test_a_charset_that_no_browser_knows_is_ignored(charset: str) -> None:
    assert decode("Le maire a été hué.".encode("cp1252"), charset) == "Le maire a été hué."


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Word or Excel file"),
        (b"{\\rtf1\\ansi Hello}", "a rich text (RTF) file"),
        (b"RIFF\x24\0\0\0WEBPVP8", "a WebP picture"),
        (b"\0\0\0\x18ftypheic", "a video or HEIC picture"),
    ],
)
def test_a_known_kind_of_file_is_named(data: bytes, kind: str) -> None:
    with pytest.raises(NotText) as refusal:
        decode(data)

    assert str(refusal.value) == (
        f"This file is not text: it looks like {kind}. Save it as plain text first."
    )


@pytest.mark.parametrize(
    ("member", "kind"),
    [("word/document.xml", "a Word document"), ("a.txt", "a ZIP archive")],
)
def test_a_zipped_file_is_told_by_what_is_in_it(member: str, kind: str) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(member, "Hello")

    with pytest.raises(NotText, match=f"it looks like {kind}"):
        decode(archive.getvalue())


@pytest.mark.parametrize("data", [b"a\0b\0c\0", b"\x01\x02\x03 ok \x04\x05", b"\x00\x80\x90\xff"])
def test_unknown_binary_is_refused(data: bytes) -> None:
    with pytest.raises(NotText, match="This file is not text"):
        decode(data)


@given(st.binary(), st.none() | st.sampled_from(["utf-8", "cp1252", "big5", "utf-16-le"]))
def test_any_bytes_become_text_or_a_refusal(data: bytes, charset: str | None) -> None:
    try:
        text = decode(data, charset)
    except (NotText, WrongEncoding):
        return
    assert canonicalise(text).encode().decode() == canonicalise(text)


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b\u200e\n", "\u00ad\u3000"])
def test_nothing_to_see_is_refused(text: str) -> None:
    with pytest.raises(TextEmpty, match="only white space"):
        check_article_text(text)


def test_the_limit_counts_utf_8_bytes_and_both_sizes_are_said() -> None:
    check_article_text("é" * (MAX_TEXT_BYTES // 2))

    with pytest.raises(TextTooLong) as refusal:
        check_article_text("é" * (MAX_TEXT_BYTES // 2) + "a")
    assert str(refusal.value) == "This text has 2.01 MB; Newsdesk takes up to 2 MB."


@pytest.mark.parametrize("text", ["Council votes for the bridge", "\n 📰 市議会、橋を承認\n"])
def test_a_title_alone_is_refused(text: str) -> None:
    with pytest.raises(TitleOnly, match=r"paste the article's text too"):
        check_article_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "The minister resigned.",
        "“I resign,” she said.”",
        "大臣が辞任した。",
        "Title\n\nand a line",
    ],
)
def test_one_sentence_is_an_article(text: str) -> None:
    check_article_text(text)


@pytest.mark.parametrize(
    "error", [NotText, WrongEncoding, TextEmpty, TextTooLong, TitleOnly, TextError]
)
def test_every_refusal_has_a_code_and_a_sentence(error: type[TextError]) -> None:
    assert error.code.isidentifier()
    assert str(error()) == error.__doc__
    assert str(error()).endswith(".")
