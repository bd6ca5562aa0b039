"""From the bytes of a file to the one form of a text that Newsdesk stores and counts in."""

import codecs
import hashlib
import re
import unicodedata

from articles.text.errors import (
    NotText,
    TextEmpty,
    TextTooLong,
    TitleOnly,
    WrongEncoding,
)

MAX_TEXT_BYTES = 2_000_000
"""The longest text taken, in UTF-8 bytes: about forty times a long magazine story."""

MAX_TITLE_LENGTH = 200
"""A single line up to this many code points may be a title."""

# C0 but for tab and the line breaks, DEL, C1 but for NEL, lone surrogates, noncharacters.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
    + "]"
)
# What PostgreSQL keeps in no text: NUL, and halves of a surrogate pair.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_LINE_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_BYTE_ORDER_MARK = "\ufeff"
# Marks on one letter, such as accents. No writing has more than 30 (UAX #15, stream-safe text), and
# putting n of them in order takes n² steps.
_MARK = "".join(chr(c) for c in range(0x300, 0x1E94B) if unicodedata.combining(chr(c)))
_STACKED = re.compile(f"[{_MARK}]{{65,}}")
_MAY_STACK = re.compile("[\u0300-\U0001e94a]{65,}")  # found ten times as fast


def canonicalise(text: str) -> str:
    """The form of ``text`` that is stored: LF line ends, NFC, no control characters, and no letter
    with more than 64 marks on it.

    Tabs stay, and so do soft hyphens, joiners and direction marks: emoji and Arabic break
    without them. A second pass changes nothing.
    """
    # Nothing to take out or to replace is printable, and that is known ten times as fast.
    if not text.replace("\n", "").replace("\t", "").isprintable():
        text = _LINE_BREAK.sub("\n", _FORBIDDEN.sub("", text).lstrip(_BYTE_ORDER_MARK))
    # Composing comes last: a removed control may have stood between a letter and its accent.
    text = _few_marks(text)
    composed = unicodedata.normalize("NFC", text)
    return text if composed == text else _few_marks(composed)  # some marks become two


def _few_marks(text: str) -> str:
    return _MAY_STACK.sub(lambda run: _STACKED.sub(lambda marks: marks[0][:64], run[0]), text)


def text_hash(text: str) -> bytes:
    """SHA-256 of a text in UTF-8: what is kept of a revision and of a quote, to compare by.

    What cannot be stored has a hash as well, which is no stored text's.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def is_storable(text: str) -> bool:
    """Whether the database can keep ``text`` as it is, in canonical form or not."""
    return _UNSTORABLE.search(text) is None


def check_article_text(text: str, *, may_be_title: bool = False) -> None:
    """Refuse a canonical text that cannot be an article.

    Raises:
        TextEmpty: if there is nothing to see in it.
        TextTooLong: if it takes more than ``MAX_TEXT_BYTES``.
        TitleOnly: if it is one short line without a sentence, unless it ``may_be_title``.
    """
    if not any(_is_visible(char) for char in text):
        raise TextEmpty()
    size = len(text.encode())
    if size > MAX_TEXT_BYTES:
        raise TextTooLong(
            f"This text has {_megabytes(size)}; Newsdesk takes up to {_megabytes(MAX_TEXT_BYTES)}."
        )
    if not may_be_title and _is_title(text.strip()):
        raise TitleOnly()


def _is_title(line: str) -> bool:
    return "\n" not in line and len(line) <= MAX_TITLE_LENGTH and not _SENTENCE_END.search(line)


# Full stops of the Latin, CJK, Devanagari, Urdu, Armenian and Ethiopic scripts, then what closes.
_SENTENCE_END = re.compile("[.!?…。！？।۔؟։።][\"'”’»)\\]」』]*(?:\\s|$)|[。！？]")


def _is_visible(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) != "Cf"


def _megabytes(size: int) -> str:
    """``size`` bytes for people, rounded up, so that too long never reads as the limit."""
    return f"{-(-size // 10_000) / 100:g} MB"


def decode(data: bytes, charset: str | None = None) -> str:
    """The text in the bytes of a file; ``charset`` is what its sender declared.

    A byte order mark decides; then valid UTF-8, because files are declared wrongly more often
    than other encodings look like UTF-8; then the declared charset; then Windows-1252, if the
    outcome looks like prose.

    Raises:
        NotText: if the bytes are a picture, an archive, a word processor's file or the like.
        WrongEncoding: if no encoding gives plausible text.
    """
    if kind := _recognise(data):
        raise NotText(f"This file is not text: it looks like {kind}. Save it as plain text first.")
    text = _decode_marked(data)
    if text is None:
        text = _decode_unmarked(data, charset)
    if len(_CONTROL.findall(text)) > len(text) * _MOST_CONTROLS:
        raise NotText()
    return text


_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_MOST_CONTROLS = 0.01  # stray ones come with old systems; a binary file has far more

# First bytes of what editors drop on the page by mistake. Source: the PRONOM registry.
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"ID3", "a sound recording"),
    (b"OggS", "a sound recording"),
    (b"SQLite format 3", "a database"),
)
_ZIP = b"PK\x03\x04"
_ZIPPED = (
    (b"word/", "a Word document (DOCX)"),
    (b"xl/", "an Excel workbook (XLSX)"),
    (b"opendocument.text", "an OpenDocument text (ODT)"),
)


def _recognise(data: bytes) -> str | None:
    """What kind of file that is not text begins like this, in words; None if it may be text."""
    if data.startswith(_ZIP):
        return next((kind for name, kind in _ZIPPED if name in data), "a ZIP archive")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a WebP picture"
    if data[4:8] == b"ftyp":
        return "a video or HEIC picture"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


# UTF-32 comes first: its little-endian mark begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# The charsets that browsers know, by Python's names. Not every codec Python has: some are no
# charsets (rot13, idna), and a sender must not be able to choose them.
_CHARSET = re.compile(
    "utf-(8|16(-[lb]e)?)|cp(866|874|932|949|125[0-8])|iso8859-[0-9]+|koi8-[ru]"
    "|mac-(roman|cyrillic)|gb18030|big5(hkscs)?|euc_jp|iso2022_jp"
)
# Source: WHATWG Encoding Standard, "Names and labels": who writes the first means the second.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}


def _decode_marked(data: bytes) -> str | None:
    """The text behind a byte order mark; None if there is no mark."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(name)
            except UnicodeDecodeError:
                raise WrongEncoding() from None
    return None


def _decode_unmarked(data: bytes, charset: str | None) -> str:
    # NUL and ESC are valid UTF-8, but stand for UTF-16 without a mark and for ISO-2022.
    if b"\0" not in data and b"\x1b" not in data:
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass
    if charset and (name := _known_charset(charset)):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            raise WrongEncoding(
                f"The letters of this file are not {charset}, which it claims to be. "
                "Save it as UTF-8 and bring it in again."
            ) from None
    if b"\0" in data:
        raise NotText()
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise WrongEncoding() from None
    if not _looks_western(text):
        raise WrongEncoding()
    return text


def _known_charset(charset: str) -> str | None:
    """Python's name for a declared charset; None if no browser knows it."""
    try:
        name = codecs.lookup(charset.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if _CHARSET.fullmatch(name) else None


# A sign inside a word: what Polish ł or Czech ě become when Central European is read as Western.
_BROKEN_WORD = re.compile(r"[a-zA-Z][¢£¤¥¦¨¬¯±¹²³´¶¸¼½¾¿¡][a-z]")
_LEAST_LETTERS_AND_SPACES = 0.7
_MOST_ACCENTED_LETTERS = 0.4  # French has 0.05, Cyrillic in its own encoding nearly 1


def _looks_western(text: str) -> bool:
    """Whether text read as Windows-1252 may be prose of a language written with it."""
    letters = sum(map(str.isalpha, text))
    accented = sum(char.isalpha() and char > "\x7f" for char in text)
    return (
        letters + sum(map(str.isspace, text)) >= len(text) * _LEAST_LETTERS_AND_SPACES
        and accented <= letters * _MOST_ACCENTED_LETTERS
        and not _BROKEN_WORD.search(text)
    )
