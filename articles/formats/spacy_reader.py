"""spaCy's DocBins read, an archive of them, or the JSON lines of Prodigy.

The bytes are taken apart here and not by spaCy, which believes every number in them.

Source: spaCy 3, ``DocBin`` and ``SpanGroup``, ``to_bytes``.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from articles.formats import archive, prodigy
from articles.formats.foreign import Malformed, a_name, an_object, objects
from articles.formats.pieces import Piece, put_together
from articles.formats.settling import Joined, Marked
from articles.formats.shapes import Found
from articles.formats.stated import annotation_fields, article_fields, stated_relation

#: Bytes of a DocBin, packed or unpacked: a million words with all that spaCy knows of a word. In
#: memory it may take ten times as much, if somebody made it for that.
LARGEST = 128 * 1024 * 1024
_SPAN = struct.Struct(">QQQllll")
#: Numbers of what a DocBin keeps of a word, and of where in an entity it is. Source: spacy/attrs.
_ORTH, _ENT_IOB, _ENT_TYPE = 65, 77, 78
_INSIDE, _BEGINS = 1, 3
_BROKEN = "This is no DocBin of spaCy 3, or it is broken."

type _Says = tuple[str, int, int, str]
"""A label on words: the first of them, the one behind the last, and the span's own id."""


@dataclass(frozen=True, slots=True)
class _Doc:
    """A document: its words, each with whether a space follows, what is labelled, what is said."""

    words: list[tuple[str, bool]]
    labelled: list[_Says]
    said: Mapping[str, Any]

    def piece(self, number: int) -> Piece:
        """What it says, at place ``number`` of its DocBin.

        Raises:
            Malformed: if what it says of itself cannot be.
        """
        return Piece(
            number,
            "".join(word + " " * space for word, space in self.words),
            a_name(self.said.get("layer")),
            self._marks(),
            self._joins(),
            article=a_name(self.said.get("id")),
            fields=article_fields(self.said),
            stated="code_point",
        )

    def _marks(self) -> list[Marked]:
        """The spans by code points. Those of ours have their attributes and all else again."""
        starts, ends, at = [], [], 0
        for word, space in self.words:
            starts.append(at)
            ends.append(at + len(word))
            at = ends[-1] + space
        known = an_object(self.said.get("annotations", {}), "annotations")
        marks = []
        for label, first, behind, key in self.labelled:
            more = an_object(known.get(key, {}), "An annotation")
            attributes = an_object(more.get("attributes", {}), "attributes")
            marks.append(
                Marked(
                    label, starts[first], ends[behind - 1], id=key, attributes=attributes,
                    layer=a_name(self.said.get("layer")), more=annotation_fields(more),
                )
            )  # fmt: skip
        return marks

    def _joins(self) -> list[Joined]:
        return [stated_relation(one) for one in objects(self.said.get("relations"), "relations")]


def read(file: BinaryIO) -> Iterator[Found]:
    """The documents of ``file``; those of ours that are layers of one article are one again.

    A DocBin is read as a whole. Its spans are those of all groups and, where none says the same,
    its entities.
    """
    start = file.read(3)
    file.seek(0)
    if start.startswith(b"PK"):
        yield from archive.read(file)
    elif start == b"\xef\xbb\xbf" or start[:1] in (b"{", b"["):
        yield from prodigy.read(file)
    else:
        yield from put_together(_pieces(file))


def _pieces(file: BinaryIO) -> Iterator[Piece | Found]:
    for number, doc in enumerate(_docs(file), 1):
        if isinstance(doc, str):
            yield Found(number, problem=doc)
            continue
        try:
            yield doc.piece(number)
        except Malformed as malformed:
            yield Found(number, problem=str(malformed))


# --- bytes ----------------------------------------------------------------------------------------


def _docs(file: BinaryIO) -> Iterator[_Doc | str]:
    """The documents of a DocBin; of one that cannot be read, why."""
    packed = file.read(LARGEST + 1)
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(packed, LARGEST)
    except zlib.error:
        yield _BROKEN
        return
    if len(packed) > LARGEST or unpacker.unconsumed_tail:
        yield f"This DocBin has more than {LARGEST // 1024**2} MB, unpacked: divide it."
        return
    if not unpacker.eof:  # it was cut off
        yield _BROKEN
        return
    try:
        packs = _Bin(_unpacked(data))
    except _MISTAKES:
        yield _BROKEN
        return
    for at in range(len(packs.lengths)):
        try:
            yield packs.doc(at)
        except _MISTAKES:
            yield _BROKEN


#: What comes of bytes that are not what they should be.
_MISTAKES = (ValueError, TypeError, LookupError, AttributeError, OverflowError, struct.error)


def _unpacked(data: bytes) -> Any:
    from srsly import msgpack  # comes with spaCy, and takes as long

    try:
        return msgpack.unpackb(data, raw=False)
    except (msgpack.exceptions.UnpackException, RecursionError, MemoryError) as error:
        raise ValueError from error


class _Bin:
    """What is in a DocBin: the numbers of all words in rows, and what belongs to each document.

    Raises what is in ``_MISTAKES`` if it is not what it should be; so does ``doc``.
    """

    def __init__(self, message: Any) -> None:
        from spacy.strings import get_string_id

        self._message = message
        self._attributes = list(message["attrs"])
        self._numbers = memoryview(message["tokens"]).cast("Q")
        self._spaces = memoryview(message["spaces"])
        self._strings = {get_string_id(one): one for one in message["strings"]} | {0: ""}
        self.lengths = memoryview(message["lengths"]).cast("i").tolist()
        self._begun = 0

    def doc(self, at: int) -> _Doc:
        """The next document, which is the one at ``at``."""
        begun, length = self._begun, self.lengths[at]
        self._begun += length
        words = [self._strings[number] for number in self._column(_ORTH, begun, length)]
        spaces = [bool(one) for one in self._spaces[begun : begun + length]]
        flags = self._message.get("flags", {at: {}})[at]
        if flags.get("has_unknown_spaces"):
            spaces = [True] * length
        user_data = self._message.get("user_data", {at: None})[at]
        said = _unpacked(user_data) if user_data else {}
        labelled = list(self._spans(at, length))
        known = {one[:3] for one in labelled}
        labelled += [one for one in self._entities(begun, length) if one[:3] not in known]
        return _Doc(
            list(zip(words, spaces, strict=True)),
            labelled,
            said if isinstance(said, dict) and "offset_unit" in said else {},
        )

    def _column(self, attribute: int, begun: int, length: int) -> list[int]:
        width = len(self._attributes)
        column = self._attributes.index(attribute)
        numbers = self._numbers[begun * width + column : (begun + length) * width : width].tolist()
        if length < 0 or len(numbers) != length:
            raise ValueError
        return numbers

    def _entities(self, begun: int, length: int) -> Iterator[_Says]:
        if _ENT_IOB not in self._attributes or _ENT_TYPE not in self._attributes:
            return
        places = self._column(_ENT_IOB, begun, length)
        kinds = self._column(_ENT_TYPE, begun, length)
        for first, place in enumerate(places):
            if place == _BEGINS:
                behind = first + 1
                while behind < length and places[behind] == _INSIDE:
                    behind += 1
                yield self._strings[kinds[first]], first, behind, ""

    def _spans(self, at: int, length: int) -> Iterator[_Says]:
        """The spans of all groups, each once."""
        given = self._message.get("span_groups", {at: b""})[at]
        groups = _unpacked(given) if given else []
        said: dict[tuple[str, int, int], _Says] = {}
        for group in groups:  # a list of them, or since spaCy 3.1 the keys of an object
            for span in _unpacked(group)["spans"]:
                key, _, label, first, behind, _, _ = _SPAN.unpack(span)
                if not 0 <= first < behind <= length:
                    raise ValueError
                says = self._strings[label], first, behind
                said.setdefault(says, (*says, self._strings.get(key, "")))
        yield from said.values()
