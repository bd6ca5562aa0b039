"""spaCy: DocBins of documents, one for each layer of an article, or the lines that Prodigy reads.

Spans are in the group that ``spancat`` learns from, where they may overlap; those that remain when
none may (as in CoNLL) are the entities that ``ner`` learns from. Words and spaces make up the very
text. The archive has a DocBin for so many words each, and ``spacy train`` takes the folder: one
DocBin of everything would have to be in memory, here and wherever it is read.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from articles.formats import prodigy
from articles.formats.conll import flattened
from articles.formats.shapes import About, ArticleRecord
from articles.formats.spacy_reader import read
from articles.formats.stated import about_article, all_about_annotation
from articles.formats.works import Work, works_of
from articles.formats.zipped import zipped
from articles.text.spans import Span
from articles.text.tokens import sentences, spaced

__all__ = ["read", "write"]

#: The group of spans that spaCy's own components use.
SPANS_KEY = "sc"
#: Words after which a DocBin is full. It takes about 400 bytes a word to make one.
MOST_WORDS = 20_000
#: What a DocBin keeps of a word besides itself and the space behind it.
_ATTRIBUTES = ("ENT_IOB", "ENT_TYPE", "SENT_START")
_LARGEST_BLOCK = 0xFFFF


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """An archive of DocBins, or with the option ``as`` of one file of JSON lines.

    Articles that nobody worked on are in no DocBin. Needs memory for one DocBin.
    """
    if about.options.get("as", "docbin") == "jsonl":
        return zipped([(f"{about.project}.jsonl", prodigy.write(records, about))])
    return zipped(
        (f"{about.project}-{number:05}.spacy", [data]) for number, data in enumerate(_bins(records))
    )


def _bins(records: Iterable[ArticleRecord]) -> Iterator[bytes]:
    # Imported here because it takes a second, which only those who ask for it should wait for.
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    docs, vocab, size = DocBin(_ATTRIBUTES, store_user_data=True), Vocab(), 0
    for record in records:
        for doc in _docs(record, vocab):
            docs.add(doc)
            size += len(doc)
        if size >= MOST_WORDS:
            yield stored(zlib.decompress(docs.to_bytes()))
            docs, vocab, size = DocBin(_ATTRIBUTES, store_user_data=True), Vocab(), 0
    if len(docs):
        yield stored(zlib.decompress(docs.to_bytes()))


def _docs(record: ArticleRecord, vocab: Any) -> Iterator[Any]:
    from spacy.tokens import Doc
    from spacy.tokens import Span as Words

    works = works_of(record)
    if not works:
        return
    text = record["text"]
    spans = [Span(one["start"], one["end"]) for one in record["annotations"]]
    words, spaces = zip(*spaced(text, spans), strict=True)
    first = {word.start: at for at, word in enumerate(words)}
    last = {word.end: at for at, word in enumerate(words, 1)}
    texts = [word.text_in(text) for word in words]
    seen = [word for word, its_text in zip(words, texts, strict=True) if not its_text.isspace()]
    breaks = [block["start"] for block in record["blocks"]]
    starts = {sentence[0].start for sentence in sentences(text, seen, spans, breaks)}
    for work in works:
        doc = Doc(
            vocab,
            words=texts,
            spaces=list(spaces),
            sent_starts=[word.start in starts for word in words],
        )
        labelled = {
            one["id"]: Words(
                doc, first[one["start"]], last[one["end"]], one["label"], span_id=one["id"]
            )
            for one in work.annotations
        }
        doc.spans[SPANS_KEY] = list(labelled.values())
        doc.set_ents([labelled[one["id"]] for one in flattened(work.annotations)])
        doc.user_data.update(_packable(_about(record, work)))
        yield doc


def _about(record: ArticleRecord, work: Work) -> dict[str, Any]:
    """What a document says of itself, for ``Doc.user_data``."""
    return about_article(record) | {
        "layer": work.layer,
        "annotations": {one["id"]: all_about_annotation(one) for one in work.annotations},
        "relations": work.relations,
    }


def _packable(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same without whole numbers that only JSON has room for."""

    def number(digits: str) -> int | float:
        return int(digits) if -(2**63) <= int(digits) < 2**63 else float(digits)

    packable: dict[str, Any] = json.loads(json.dumps(value), parse_int=number)
    return packable


def stored(data: bytes) -> bytes:
    """``data`` as zlib has what it could not compress: always the same bytes, by any version.

    Source: RFC 1950 and RFC 1951, 3.2.4.
    """
    pieces = [b"\x78\x01"]
    for start in range(0, len(data) or 1, _LARGEST_BLOCK):
        block = data[start : start + _LARGEST_BLOCK]
        is_last = start + _LARGEST_BLOCK >= len(data)
        size = len(block)
        pieces += [bytes([is_last]), size.to_bytes(2, "little"),
                   (size ^ 0xFFFF).to_bytes(2, "little"), block]  # fmt: skip
    return b"".join([*pieces, zlib.adler32(data).to_bytes(4, "big")])
