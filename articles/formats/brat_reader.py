"""brat's standoff format read: each text of an archive, with the annotations that are on it.

The same text under the same name in several folders is one article, and each folder a layer.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import quote
from zipfile import ZipFile, ZipInfo

from articles.formats.archive import LARGEST
from articles.formats.brat_lines import Standoff
from articles.formats.foreign import Malformed
from articles.formats.settling import found
from articles.formats.shapes import Found
from articles.formats.stated import article_fields
from articles.formats.unzipping import Refused, chunks, files_of, name_of, opened
from articles.text.canonical import text_hash

#: The folder with what we say of whole articles.
BESIDE = "newsdesk"
#: Bytes of one file.
LARGEST_FILE = 32 * 1024 * 1024
_LONGEST_NAME = 100


def file_name(name: str) -> str:
    """``name`` as a part of a path: without slashes, never hidden, other for every other name.

    That holds, too, where ``Ada`` and ``ada`` are one folder, as on macOS and Windows.
    """
    safe = quote(name, safe="").replace(".", "%2E")
    if name == name.lower() and len(safe) <= _LONGEST_NAME:
        return safe
    return f"{safe[:_LONGEST_NAME]}~{text_hash(name).hex()[:8]}"


def read(file: BinaryIO) -> Iterator[Found]:
    """The articles of an archive; their place is that of their first text among all texts."""
    try:
        folder = _Folder(opened(file))
    except Refused as refused:
        yield Found(1, problem=str(refused), code=refused.code)
        return
    number = 0
    for name, paths in folder.texts.items():
        try:
            for article in _articles(folder, name, paths):
                number += 1
                yield replace(article, number=number)
        except Malformed as malformed:
            number += 1
            yield Found(number, problem=str(malformed))


class _Folder:
    """An archive's files by their paths; ``texts`` has those of texts, by name, without ending.

    Raises:
        Refused: if there are too many.
    """

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._left = LARGEST
        self._entries: dict[str, ZipInfo] = {}
        self.texts: dict[str, list[str]] = defaultdict(list)
        for entry in files_of(archive):
            path = PurePosixPath(name_of(entry))
            self._entries[str(path)] = entry
            if path.suffix == ".txt":
                self.texts[path.stem].append(str(path.with_suffix("")))

    def text(self, path: str) -> str | None:
        """What is in the file at ``path``; ``None`` if there is none.

        Raises:
            Malformed: if it is too large, broken, encrypted or not in UTF-8.
        """
        entry = self._entries.get(path)
        if entry is None:
            return None
        data = bytearray()
        try:
            for chunk in chunks(self._archive, entry):
                data += chunk
                self._left -= len(chunk)
                if len(data) > LARGEST_FILE or self._left < 0:
                    raise Malformed(f"{path} is too large: up to {LARGEST_FILE:,} bytes are read.")
        except Refused as refused:
            raise Malformed(f"{path}: {refused}") from None
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise Malformed(f"{path} is not UTF-8.") from None


def _articles(folder: _Folder, name: str, paths: list[str]) -> Iterator[Found]:
    """The articles that are called ``name``: one, unless the texts of its folders differ."""
    beside = _beside(folder, name)
    same: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        same[folder.text(f"{path}.txt") or ""].append(path)
    for text, group in same.items():
        readings = []
        for at, path in enumerate(group):
            layer = _layer(beside, path, is_alone=len(group) == 1)
            lines = folder.text(f"{path}.ann") or ""
            readings.append(Standoff(lines, text, f"{path}.ann", layer, f"{at}/" if at else ""))
        yield _article(
            text, readings, article_fields(beside) or {"title": "", "metadata": {"file": name}}
        )


def _article(text: str, readings: list[Standoff], fields: Mapping[str, Any]) -> Found:
    said = " ".join(dict.fromkeys(words for one in readings for words in one.said))
    marks = [mark for one in readings for mark in one.marks]
    joins = [join for one in readings for join in one.joins]
    article = found(1, text, marks, joins, said=said, **fields)
    if article.problem and "\r\n" in text:
        # Programs that read the text with other line ends than it has count them as one.
        other = found(1, text.replace("\r\n", "\n"), marks, joins, said=said, **fields)
        return article if other.problem else other
    return article


def _beside(folder: _Folder, name: str) -> dict[str, Any]:
    """What we said of the article; nothing if the archive is not from here."""
    try:
        given = json.loads(folder.text(f"{BESIDE}/{name}.json") or "{}")
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _layer(beside: Mapping[str, Any], path: str, *, is_alone: bool) -> str:
    """Whose annotations those at ``path`` are, as far as folders tell."""
    folder = str(PurePosixPath(path).parent)
    known = beside.get("folders")
    if isinstance(known, dict):
        return str(known.get(folder, ""))
    return "" if is_alone or folder == "." else folder
