"""Records as anybody may have them, drawn by hypothesis: what every format must carry."""

import hashlib
import unicodedata
from typing import Any, cast
from uuid import UUID

from hypothesis import strategies as st

from articles.formats.shapes import About, AnnotationRecord, ArticleRecord, RelationRecord

#: What bites: emoji of several code points, accents of their own, letters from right to left.
PIECES = ["quay", "Zoë", "“ours”", " ", "\n\n", "a\u0323", "👩‍👩‍👧", "🏗️", "שלום", "مرحبا", "日本",
          ".", "x\ty", "<&>", "'", '"', "\u00a0", "-DOCSTART-", "O", "#"]  # fmt: skip
LABELS = ["claim", "quote", "source"]
WHO = ["ada", "gold", "noor"]
WHEN = "2026-11-22T09:30:00.000000Z"
LATER = "2026-11-23T10:00:00.000000Z"

ABOUT = About("east-quay", "East Quay", [], "https://desk.example")


def article_record(
    text: str,
    annotations: list[AnnotationRecord] | None = None,
    relations: list[RelationRecord] | None = None,
    number: int = 1,
) -> ArticleRecord:
    """An article as the export has it."""
    layers = sorted({one["layer"] for one in annotations or []})
    return {
        "id": str(UUID(int=number)),
        "external_id": f"cms-{number}",
        "title": "Quay opens 🏗️",
        "url": f"https://news.example/{number}",
        "text": text,
        "revision": 2,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "offset_unit": "code_point",
        "blocks": [{"kind": "paragraph", "start": 0, "end": len(text)}],
        "annotations": annotations or [],
        "relations": relations or [],
        "split": None,
        "byline": "Zoë Hart",
        "publisher": "The Pilot",
        "published_at": "2026-11-20T08:00:00.000000Z",
        "language": "en",
        "metadata": {},
        "placement": "ready",
        "story": "quay-1926",
        "layers": [{"name": name, "submitted_at": WHEN} for name in layers],
    }


def annotation_record(
    text: str, start: int, end: int, label: str = "claim", who: str = "ada", **more: Any
) -> AnnotationRecord:
    """A label on ``text[start:end]``; its id says where, what and who."""
    digest = hashlib.md5(f"{start} {end} {label} {who}".encode(), usedforsecurity=False).digest()
    standing: AnnotationRecord = {
        "id": str(UUID(bytes=digest)),
        "label": label,
        "start": start,
        "end": end,
        "quote": text[start:end],
        "attributes": {},
        "annotator": who,
        "layer": who,
        "version": 1,
        "created_at": WHEN,
        "updated_at": LATER,
        "origin": "manual",
        "note": "",
        "unsure": False,
    }
    return cast(AnnotationRecord, {**standing, **more})


def relation_record(
    source: AnnotationRecord, target: AnnotationRecord | None, name: str | None = None
) -> RelationRecord:
    """From ``source`` to ``target``, or to a name that is not in the text."""
    number = int(UUID(source["id"])) ^ (int(UUID(target["id"])) if target else 1)
    return {
        "id": str(UUID(int=number)),
        "type": "attributed_to",
        "from": source["id"],
        "to": target["id"] if target else None,
        "to_name": name,
        "version": 1,
        "created_at": WHEN,
    }


texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map(
    lambda pieces: unicodedata.normalize("NFC", "".join(pieces))
)


@st.composite
def records(draw: st.DrawFn, words: bool = False, number: int = 1) -> ArticleRecord:
    """An article with annotations that may overlap, in several layers, some of them joined.

    With ``words``, no annotation begins or ends with white space, as our own never do.
    """
    text = draw(texts.filter(lambda text: bool(text.strip())))
    stops = [at for at in range(len(text)) if not (words and text[at].isspace())]
    found: dict[str, AnnotationRecord] = {}
    for _ in range(draw(st.integers(0, 6))):
        start, last = sorted((draw(st.sampled_from(stops)), draw(st.sampled_from(stops))))
        one = annotation_record(
            text, start, last + 1, draw(st.sampled_from(LABELS)), draw(st.sampled_from(WHO)),
            attributes=draw(st.sampled_from([{}, {"form": "direct", "checkable": True}])),
            note=draw(st.sampled_from(["", "See the tape 📼"])), unsure=draw(st.booleans()),
        )  # fmt: skip
        found[one["id"]] = one
    annotations = sorted(
        found.values(), key=lambda one: (one["layer"], one["start"], -one["end"], one["label"])
    )
    relations = []
    for source in annotations[: draw(st.integers(0, 2))]:
        others = [one for one in annotations if one["layer"] == source["layer"] and one != source]
        target = draw(st.sampled_from(others)) if others else None
        relations.append(relation_record(source, target, None if target else "the ministry"))
    return article_record(text, annotations, relations, number)


#: Some articles, each with another id.
many_records = st.integers(0, 3).flatmap(
    lambda count: st.tuples(*(records(number=number) for number in range(1, count + 1)))
)


def said(record: ArticleRecord | dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a record says of its text: who, which label, on which span; the words beside it."""
    return sorted(
        (one.get("layer", ""), one["label"], one["start"], one["end"], one["quote"])
        for one in record["annotations"]
    )


def joined(record: ArticleRecord | dict[str, Any]) -> list[tuple[Any, ...]]:
    """The relations of a record, each by what it joins: ids are not the same elsewhere."""
    spans = {
        one["id"]: (one["label"], one["start"], one["end"])
        for one in record["annotations"]
        if "id" in one
    }
    return sorted(
        (one["type"], spans[one["from"]], spans.get(one.get("to") or "", ()),
         one.get("to_name") or "")
        for one in record["relations"]
    )  # fmt: skip
