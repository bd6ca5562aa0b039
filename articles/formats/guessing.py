"""Which format a file is in, told from its name and, where several share an ending, from within."""

import json
import re
from pathlib import PurePath
from typing import Any, BinaryIO

from articles.formats.registry import READABLE
from articles.formats.unzipping import Refused, opened

#: Bytes that are looked at.
_HEAD = 256 * 1024
# A string and what follows it; each is gone through once, also one that does not end.
_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)"?\s*(:?)\s*(\{?)', re.DOTALL)
_NINJS = {"body_text", "body_xhtml", "bodies", "headlines", "versioncreated", "versionCreated"}


def guess(name: str, file: BinaryIO) -> str | None:
    """The name of the format of ``file``; ``None`` if none that is read looks like it.

    The file is left wherever it was read to.
    """
    ending = PurePath(name).suffix.lower()
    possible = [one.name for one in READABLE if ending in one.endings]
    file.seek(0)
    if "zip" in possible:
        return _of_archive(file)
    head = file.read(_HEAD)
    if not possible:
        if ending:
            return None
        return "html" if _is_page(head) else "jsonl" if _begun(head)[:1] == b"{" else "txt"
    if len(possible) == 1:
        return "html" if possible == ["txt"] and _is_page(head) else possible[0]
    if "html" in possible:
        _, _, behind = head.partition(b"application/ld+json")
        return "newsarticle" if b'"articleBody"' in behind else "html"
    told = _of_json(_first_object(head))
    return told if told in possible else "jsonl" if "jsonl" in possible else None


def _begun(head: bytes) -> bytes:
    """``head`` from what is to be seen of it on."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()


def _is_page(head: bytes) -> bool:
    return _begun(head)[:15].lower().startswith((b"<!doctype html", b"<html"))


def _of_archive(file: BinaryIO) -> str:
    try:
        with opened(file) as archive:
            return "brat" if any(one.endswith(".ann") for one in archive.namelist()) else "zip"
    except Refused:
        return "zip"  # whose reader says what is wrong with it


def _of_json(value: dict[str, Any]) -> str | None:
    """The format of a JSON object, by the fields that only one of them has."""
    keys = value.keys()
    if "@context" in keys:
        return "w3c"
    if isinstance(value.get("data"), dict) and keys & {"annotations", "completions", "predictions"}:
        return "labelstudio"
    if keys & _NINJS or ("type" in keys and "uri" in keys):
        return "ninjs"
    if keys & {"_input_hash", "_task_hash", "spans", "_view_id"}:
        return "prodigy"
    if keys & {"offset_unit", "annotations", "blocks"}:
        return "jsonl"
    return "doccano" if keys & {"label", "labels", "entities"} else None


def _first_object(head: bytes) -> dict[str, Any]:
    """The first object of JSON that begins with ``head``; of one that goes on, its own fields."""
    text = head.decode("utf-8-sig", "ignore").lstrip().removeprefix("[").lstrip()
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        # Cut off: the names of its fields are enough, values that are objects count as such.
        return {key: {} if opens else None for key, colon, opens in _STRING.findall(text) if colon}
    return value if isinstance(value, dict) else {}
