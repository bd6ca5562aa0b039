"""CoNLL read: of 2003 or alike, with tags of IOB1, IOB2, BIO, BILOU or IOBES, ours or another's."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import unquote

from articles.formats.pieces import Piece, put_together
from articles.formats.settling import Marked
from articles.formats.shapes import Found
from articles.text.canonical import MAX_TEXT_BYTES, text_hash

#: How the line begins that begins a document.
DOCUMENT = "-DOCSTART-"
_LONGEST_LINE = 64 * 1024
_UNDECODED = re.compile("[\udc80-\udcff]")
_NUMBER = re.compile("[0-9]{1,9}")
_TAG = re.compile(r"([BILUESM])-(\S+)")
_BEGINS, _ENDS = "BUS", "LUSE"

# How CoNLL-U and UDPipe write the white space around a token.
_SIGNS = {" ": "\\s", "\t": "\\t", "\n": "\\n"}
_ESCAPED = re.compile(r"\\(?:([stn])|u([0-9a-f]{4}))")

_NONE_BEFORE = re.compile(r"[.,:;!?)\]}%…’”»]+$|n't$|['’](s|d|m|ll|re|ve)?$", re.IGNORECASE)
_NONE_BEHIND = re.compile(r"[(\[{“‘«$£€¥#]+$|``$")


@dataclass(slots=True)
class _Document:
    """The lines of one document; ``facts`` are what ours say of themselves at their beginning."""

    line: int
    facts: Mapping[str, str] = field(default_factory=dict)
    sentences: list[list[tuple[str, str, str]]] = field(default_factory=lambda: [[]])
    size: int = 0
    problem: str = ""


def read(file: BinaryIO) -> Iterator[Found]:
    """The documents of ``file``; those of ours that are layers of one article are one again.

    A text of which only tokens are known gets its spaces as print has them, and a line for each
    sentence.
    """
    return put_together(map(_piece, _documents(file)))


# --- lines ----------------------------------------------------------------------------------------


def _documents(file: BinaryIO) -> Iterator[_Document]:
    """The documents that have tokens, one after the other."""
    document = _Document(1)
    for number, data in _lines(file):
        line = data.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n").decode(errors="surrogateescape")
        if line.startswith(DOCUMENT):
            if document.size:
                yield document
            facts = (fact.partition("=") for fact in line.split(" ") if "=" in fact)
            document = _Document(number, {key: value for key, _, value in facts})
        elif line and not document.problem:
            _add(document, number, line)
        elif document.sentences[-1]:
            document.sentences.append([])
    if document.size:
        yield document


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of ``file``, counted from 1; of one that is too long only the beginning."""
    number = 0
    is_over = True
    while data := file.readline(_LONGEST_LINE):
        if is_over:
            number += 1
            yield number, data
        is_over = data.endswith(b"\n")


def _add(document: _Document, number: int, line: str) -> None:
    """Put a token to its document, unless that is more than a text may be."""
    columns = re.split("[ \t]+", line)
    document.size += len(columns[0].encode(errors="surrogateescape")) + 1
    if _UNDECODED.search(line):
        document.problem = f"Line {number} is not UTF-8."
    elif document.size > MAX_TEXT_BYTES:
        document.problem = f"This document has more than {MAX_TEXT_BYTES:,} bytes of text."
    elif len(columns) < 2:
        document.problem = f"Line {number} has a token and no tag: “{line[:60]}”."
    elif columns[-1] != "O" and not _TAG.fullmatch(columns[-1]):
        document.problem = f"The tag in line {number} is neither O nor B-…: “{columns[-1][:60]}”."
    if document.problem:
        document.sentences = [[]]
    else:
        document.sentences[-1].append((columns[0], columns[-2], columns[-1]))


# --- text and spans -------------------------------------------------------------------------------


def _piece(document: _Document) -> Piece | Found:
    """A document as text and what is labelled in it, or why it cannot be taken."""
    if document.problem:
        return Found(document.line, problem=document.problem)
    facts = document.facts
    article, layer = facts.get("article", ""), unquote(facts.get("layer", ""))
    pieces = [_told(facts.get("SpacesBefore", ""))] if article else []
    length = len("".join(pieces))
    marks = []
    for sentence in filter(None, document.sentences):
        words = [token for token, _, _ in sentence]
        behind = [_space(told) for _, told, _ in sentence] if article else _spaces(words)
        spans = []
        for word, space in zip(words, behind, strict=True):
            spans.append((length, length + len(word)))
            pieces += [word, space]
            length += len(word) + len(space)
        for label, first, last in _labelled([tag for _, _, tag in sentence]):
            marks.append(Marked(label, spans[first][0], spans[last][1], layer=layer))
    text = "".join(pieces)
    return Piece(
        document.line, text, layer, marks, article=article, fields=_fields(facts),
        stated="code_point", said=list(_said(facts, text)),
    )  # fmt: skip


def _fields(facts: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if _NUMBER.fullmatch(facts.get("revision", "")):
        fields["revision"] = int(facts["revision"])
    if "layer" in facts:
        fields["layers"] = [{"name": unquote(facts["layer"])}]
    return fields


def _said(facts: Mapping[str, str], text: str) -> Iterator[str]:
    digest = text_hash(text).hex()
    if facts.get("sha256", digest) != digest:
        yield "The text is not the one that was written: its hash is another."
    if dropped := facts.get("dropped", "").replace(",", ", ").replace(":", " "):
        layer = unquote(facts.get("layer", ""))
        yield f"Not in layer {layer}, because tags cannot overlap: {dropped}."


def _labelled(tags: list[str]) -> list[tuple[str, int, int]]:
    """The label, the first and the last token of what is tagged, whatever the scheme.

    What begins is told by its prefix, or because nothing of its label comes before it.
    """
    found: list[tuple[str, int, int]] = []
    is_open = False
    for at, tag in enumerate(tags):
        match = _TAG.fullmatch(tag)
        if not match:
            is_open = False
            continue
        prefix, label = match.groups()
        if is_open and prefix not in _BEGINS and found[-1][0] == label:
            found[-1] = (label, found[-1][1], at)
        else:
            found.append((label, at, at))
        is_open = prefix not in _ENDS
    return found


def spacing_told(space: str) -> str:
    """The white space behind a token as a column; ``_`` is one space."""
    if space in (" ", ""):
        return "_" if space else "SpaceAfter=No"
    return f"SpacesAfter={escaped(space)}"


def escaped(space: str) -> str:
    """White space as something that can be seen."""
    return "".join(_SIGNS.get(sign, f"\\u{ord(sign):04x}") for sign in space)


def _space(column: str) -> str:
    """What ``spacing_told`` told."""
    if column == "SpaceAfter=No":
        return ""
    return _told(column.removeprefix("SpacesAfter=")) if "=" in column else " "


def _told(signs: str) -> str:
    named = {value[1]: key for key, value in _SIGNS.items()}
    return _ESCAPED.sub(lambda sign: named[sign[1]] if sign[1] else chr(int(sign[2], 16)), signs)


def _spaces(words: list[str]) -> list[str]:
    """What is printed behind each word of a sentence; quotation marks open and close in turn."""
    spaces = []
    is_quoting = False
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        is_quoting ^= word == '"'
        sticks = (
            _NONE_BEHIND.match(word)
            or (word == '"' and is_quoting)
            or _NONE_BEFORE.match(following)
            or (following == '"' and is_quoting)
        )
        spaces.append("" if sticks else " ")
    spaces[-1] = "\n"
    return spaces
