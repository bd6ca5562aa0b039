"""Our own CSV, an annotation a row, back into articles."""

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from articles.formats.shapes import Found

#: Columns that only our own CSV has all of.
OURS = {"article_id", "annotation_id", "label", "start", "end", "quote", "sha256", "text"}
_WORDS = ("label", "quote", "annotator", "layer", "created_at", "updated_at", "origin", "note")
_DETAILS = (
    *("text", "external_id", "title", "url", "byline", "publisher", "published_at", "language"),
    *("placement", "story", "sha256", "offset_unit"),
)

#: A row: where it stands in a spreadsheet, and its cells by their columns.
type Row = tuple[int, Mapping[str, str]]


def articles_of(rows: Iterator[Row]) -> Iterator[Found]:
    """The articles of rows that follow each other; each is found at its first row.

    Needs memory for the rows of one article.
    """
    for _, of_article in groupby(rows, lambda row: row[1]["article_id"]):
        yield _found(list(of_article))


def _found(rows: list[Row]) -> Found:
    number, first = rows[0]
    record: dict[str, Any] = {name: first[name] for name in _DETAILS if first.get(name)}
    at = number
    try:
        record["metadata"] = json.loads(first.get("metadata") or "{}")
        record["revision"] = int(first.get("revision") or 1)
        annotations = []
        for row in rows:
            at, cells = row
            if cells["annotation_id"]:
                annotations.append(_annotation(cells))
    except (ValueError, RecursionError):
        return Found(number, problem=f"Row {at} has a number or JSON that cannot be read.")
    return Found(number, {**record, "annotations": annotations})


def _annotation(cells: Mapping[str, str]) -> dict[str, Any]:
    return {
        **{name: cells[name] for name in _WORDS if cells.get(name)},
        "id": cells["annotation_id"],
        "start": int(cells["start"]),
        "end": int(cells["end"]),
        "attributes": json.loads(cells.get("attributes") or "{}"),
        "version": int(cells.get("version") or 1),
        "unsure": cells.get("unsure") == "true",
    }
