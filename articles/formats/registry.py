"""Every format that Newsdesk reads or writes, by the name that the API and the pages use.

A format is one module with ``read``, ``write`` or both. Modules are imported when they are first
asked for: some stand on libraries that take seconds to load.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module

from articles.formats.shapes import Read, Write


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is called, and what its files look like.

    ``endings`` are those of files that are read, ``ending`` that of the file that is written.
    ``options`` are its own choices when it is written, each with all its values, the default first.
    """

    name: str
    title: str
    module: str
    reads: bool = False
    writes: bool = False
    endings: tuple[str, ...] = ()
    ending: str = ""
    media_type: str = "application/octet-stream"
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def read(self) -> Read:
        """Its reader."""
        reader: Read = import_module(f"articles.formats.{self.module}").read
        return reader

    @property
    def write(self) -> Write:
        """Its writer."""
        writer: Write = import_module(f"articles.formats.{self.module}").write
        return writer


_ALL = [
    Format("jsonl", "Newsdesk JSONL", "jsonl", reads=True, writes=True,
           endings=(".jsonl", ".ndjson"), ending=".jsonl", media_type="application/x-ndjson"),
    Format("csv", "CSV", "csv_rows", reads=True, writes=True, endings=(".csv",), ending=".csv",
           media_type="text/csv; charset=utf-8"),
    Format("parquet", "Parquet", "parquet", writes=True, ending=".zip",
           media_type="application/zip"),
    Format("conll", "CoNLL-2003", "conll", reads=True, writes=True, endings=(".conll",),
           ending=".conll", media_type="text/plain; charset=utf-8",
           options={"scheme": ("bio", "bilou")}),
    Format("spacy", "spaCy", "spacy_docs", reads=True, writes=True, endings=(".spacy",),
           ending=".zip", media_type="application/zip", options={"as": ("docbin", "jsonl")}),
    Format("brat", "brat", "brat", reads=True, writes=True, endings=(".zip",), ending=".zip",
           media_type="application/zip"),
    Format("w3c", "W3C Web Annotation", "web_annotation", reads=True, writes=True,
           endings=(".jsonld", ".json"), ending=".jsonld", media_type="application/ld+json"),
    Format("labelstudio", "Label Studio", "labelstudio", reads=True, writes=True,
           endings=(".json",), ending=".json", media_type="application/json"),
    Format("labelstudio_config", "Label Studio: labeling interface", "labelstudio_config",
           writes=True, ending=".xml", media_type="application/xml"),
    Format("doccano", "doccano", "doccano", reads=True, writes=True, endings=(".jsonl",),
           ending=".jsonl", media_type="application/x-ndjson",
           options={"for": ("spans", "relations"), "offsets": ("code_point", "utf_16")}),
    Format("prodigy", "Prodigy", "prodigy", reads=True, writes=True, endings=(".jsonl",),
           ending=".jsonl", media_type="application/x-ndjson"),
    Format("uima", "UIMA XMI", "uima", writes=True, ending=".zip", media_type="application/zip"),
    Format("claimreview", "ClaimReview", "claimreview", writes=True, ending=".jsonld",
           media_type="application/ld+json"),
    Format("txt", "Plain text", "plain_text", reads=True, endings=(".txt", ".text", ".md")),
    Format("html", "Web page", "html", reads=True, endings=(".html", ".htm", ".xhtml")),
    Format("newsarticle", "schema.org NewsArticle", "newsarticle", reads=True,
           endings=(".html", ".htm")),
    Format("ninjs", "ninjs", "ninjs", reads=True, endings=(".json",)),
    Format("feed", "RSS or Atom", "feeds", reads=True, endings=(".xml", ".rss", ".atom")),
    Format("zip", "Archive of files", "archive", reads=True, endings=(".zip",)),
]  # fmt: skip

FORMATS: Mapping[str, Format] = {one.name: one for one in _ALL}
READABLE = [one for one in _ALL if one.reads]
WRITABLE = [one for one in _ALL if one.writes]
#: The formats' own options, by name.
OPTION_NAMES = {name for one in WRITABLE for name in one.options}
