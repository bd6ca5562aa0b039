"""CoNLL-2003: a token a line with its tag, sentences between empty lines.

Each layer is a document of its own, and all layers of an article have the same tokens. Columns
are those that readers expect, first the token and last the tag. The two between, parts of speech
and chunks, we do not know: the second of them says what follows the token, as CoNLL-U does, so
that the text can be had back. A tag is one label, and of spans that overlap only one is kept:
the longest, of those the leftmost, of those the first by label. The line that begins a document
says how many were not.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import quote

from articles.formats.conll_reader import DOCUMENT, escaped, read, spacing_told
from articles.formats.shapes import About, AnnotationRecord, ArticleRecord
from articles.formats.works import works_of
from articles.text.spans import Span
from articles.text.tokens import sentences, tokens

__all__ = ["flattened", "read", "write"]

#: Prefixes of the first, a middle and the last token of several, and of one that is alone.
_PREFIXES = {"bio": "BIIB", "bilou": "BILU"}


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """A document for each layer, by BIO or, with the option ``scheme``, BILOU.

    Articles that nobody worked on are left out: no tag there would mean that there is nothing.
    """
    prefixes = _PREFIXES[about.options.get("scheme", "bio")]
    for record in records:
        for document in _documents(record, prefixes):
            yield document.encode()


def flattened(annotations: Iterable[AnnotationRecord]) -> list[AnnotationRecord]:
    """Those of ``annotations`` that are kept where none may overlap, in reading order."""
    kept: list[AnnotationRecord] = []
    for one in sorted(
        annotations,
        key=lambda one: (one["start"] - one["end"], one["start"], one["label"], one["id"]),
    ):
        at = bisect_left(kept, one["start"], key=lambda other: other["start"])
        ends_before = at == 0 or kept[at - 1]["end"] <= one["start"]
        if ends_before and (at == len(kept) or one["end"] <= kept[at]["start"]):
            kept.insert(at, one)
    return kept


def _documents(record: ArticleRecord, prefixes: str) -> Iterator[str]:
    works = works_of(record)
    if not works:
        return
    text = record["text"]
    spans = [Span(one["start"], one["end"]) for one in record["annotations"]]
    found = tokens(text, (edge for span in spans for edge in (span.start, span.end)))
    parts = sentences(text, found, spans, (block["start"] for block in record["blocks"]))
    starts = [token.start for token in found]
    columns = [
        f"{token.text_in(text)} _ {spacing_told(text[token.end : following])}"
        for token, following in zip(found, [*starts[1:], len(text)], strict=False)
    ]
    for work in works:
        tags = ["O"] * len(found)
        left_out = Counter(one["label"] for one in work.annotations)
        for one in flattened(work.annotations):
            first, behind = (bisect_left(starts, one[edge]) for edge in ("start", "end"))
            tags[first:behind] = _tags(one["label"], behind - first, prefixes)
            left_out[one["label"]] -= first < behind
        yield f"{_head(record, work.layer, found, +left_out)}\n\n"
        lines = (f"{column} {tag}\n" for column, tag in zip(columns, tags, strict=True))
        for part in parts:
            yield "".join(islice(lines, len(part))) + "\n"


def _tags(label: str, number: int, prefixes: str) -> list[str]:
    """The tags of a span of so many tokens; white space alone has none."""
    first, middle, last, alone = iter(prefixes)
    used = alone * number if number < 2 else first + middle * (number - 2) + last
    return [f"{prefix}-{label}" for prefix in used]


def _head(record: ArticleRecord, layer: str, tokens: Sequence[Span], left_out: Counter[str]) -> str:
    """The line that begins a document.

    It begins with the columns that readers look for, and ends with another O, because spaCy's
    converter takes what is between for a token.
    """
    before = record["text"][: tokens[0].start] if tokens else record["text"]
    facts = {
        "article": record["id"],
        "revision": str(record["revision"]),
        "sha256": record["sha256"],
        "offset_unit": record["offset_unit"],
        "layer": quote(layer, safe=""),
        "dropped": ",".join(f"{label}:{left_out[label]}" for label in sorted(left_out)),
        "SpacesBefore": escaped(before),
    }
    told = " ".join(f"{key}={value}" for key, value in facts.items() if value)
    return f"{DOCUMENT} -X- O O {told} O"
