"""What an importer chose for all articles of a file, and what that makes of each record.

Works on records as readers give them, before anybody checked them: what is of the wrong type is
left for that.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from articles.desk.models import KEY
from articles.text.blocks import Block, BlockKind, divide
from articles.text.canonical import canonicalise

#: What becomes of annotations that a file brings.
ANNOTATIONS = ("layer", "suggestions", "none")
#: The layer of annotations that name none, unless another was chosen.
LAYER = "imported"
#: Labels that a mapping may have.
MOST_LABELS = 500

type Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """What was chosen. Empty means: as the file has it.

    ``language`` and ``publisher`` go before what the file says. ``annotations`` is one of
    ``ANNOTATIONS``; in a layer, those that name none belong to ``layer``. ``labels`` calls the
    file's labels by ours, or leaves them out where it has nothing. ``struck`` are the blocks,
    counted from 0, that are left out of the article of a line.
    """

    language: str = ""
    publisher: str = ""
    check_first: bool = False
    keep_captions: bool = True
    annotations: str = "layer"
    layer: str = LAYER
    labels: Mapping[str, str] = field(default_factory=dict)
    create_labels: bool = False
    struck: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Those that say something, to be kept; ``Options(**…)`` reads them again."""
        standard = asdict(Options())
        return {key: value for key, value in asdict(self).items() if value != standard[key]}


def applied(options: Options, number: int, record: Mapping[str, Any]) -> Given:
    """The record of line ``number`` as it is to be taken."""
    given = dict(record)
    if options.language:
        given["language"] = options.language
    if options.publisher:
        given["publisher"] = options.publisher
    if options.check_first:
        given["placement"] = "imported"
    annotations, relations = _objects(given, "annotations"), _objects(given, "relations")
    if annotations is None or relations is None:
        return given  # whoever checks the record says what is wrong with it
    annotations, relations = _renamed(options.labels, annotations, relations)
    if options.annotations == "none":
        annotations, relations = [], []
        given.pop("layers", None)
    if "annotations" in given or "relations" in given:
        given |= {"annotations": annotations, "relations": relations}
    for one in annotations:
        if not one.get("layer") and not one.get("annotator"):
            one["layer"] = options.layer
    if not annotations:
        _strike(given, options.struck.get(str(number), ()), captions=not options.keep_captions)
    return given


def key_of(name: str) -> str:
    """The key that a label of this name has with us: ``Person name`` is ``person_name``."""
    if re.fullmatch(KEY, name):
        return name
    key = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40]
    return key if re.match("[a-z]", key) else f"label_{key}"[:40].rstrip("_")


def blocks_of(given: Mapping[str, Any]) -> tuple[str, list[Block]]:
    """The canonical text of a record and its blocks: those that it gives, or else our division."""
    text = canonicalise(given["text"])
    if blocks := given.get("blocks"):
        return text, [Block(BlockKind(one["kind"]), one["start"], one["end"]) for one in blocks]
    return text, list(divide(text, title=given.get("title") or None))


def _objects(given: Given, key: str) -> list[Given] | None:
    """A copy of a list of objects; None if it is no such list."""
    value = given.get(key) or []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return None
    return [dict(one) for one in value]


def _renamed(
    labels: Mapping[str, str], annotations: list[Given], relations: list[Given]
) -> tuple[list[Given], list[Given]]:
    """Both by our labels, without those that are left out and the relations that hang on them."""
    for items, key in ((annotations, "label"), (relations, "type")):
        for one in items:
            theirs = one.get(key)
            if isinstance(theirs, str):
                ours = labels.get(theirs, theirs)
                one[key] = key_of(ours) if ours else ""
    gone = {one.get("id") for one in annotations if one.get("label") == ""}
    return (
        [one for one in annotations if one.get("label") != ""],
        [one for one in relations
         if one.get("type") != "" and not {one.get("from"), one.get("to")} & (gone - {None})],
    )  # fmt: skip


def _strike(given: Given, struck: Collection[int], *, captions: bool) -> None:
    """Leave blocks out of the text of a record on which nothing stands."""
    if not (struck or captions) or not isinstance(given.get("text"), str):
        return
    try:
        text, blocks = blocks_of(given)
    except (KeyError, TypeError, ValueError):
        return
    left_out = {BlockKind.CAPTION, BlockKind.CREDIT} if captions else set()
    kept = [
        block
        for index, block in enumerate(blocks)
        if index not in struck and block.kind not in left_out
    ]
    if len(kept) == len(blocks):
        return
    at, parts = 0, []
    divided: list[tuple[BlockKind, int, int]] = []
    for index, block in enumerate(kept):
        words = text[block.start : block.end]
        words = words.rstrip() if index == len(kept) - 1 else words
        parts.append(words)
        divided.append((block.kind, at, at + len(words)))
        at += len(words)
    given["text"] = "".join(parts)
    given["blocks"] = [
        {"kind": str(kind), "start": start, "end": end}
        for kind, start, end in divided
        if start < end
    ]
    given.pop("sha256", None)
